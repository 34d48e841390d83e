"""A CPN file with faults of every kind."""

from functools import cache

from . import cpn, ipe, tables
from .faults import (
    ERROR,
    WARNING,
    Kind,
    Place,
    Report,
    anywhere,
    cell_kinds,
    line_kinds,
)
from .faulty_file import FaultyFile
from .ipe import Line

_LINK, _NRO = "ReferenceLienPMPRDM", "ReferenceNRO"
_POINT = ("CoordonneeNROX", "CoordonneeNROY")

#: columns of a NRO, each with a good value that no line has
NRO_VALUES = {
    "TypeNRO": "",
    "EtatNRO": "PLANIFIE",
    "CodeInseeNRO": "01999",
    "CommuneNRO": "AUTREVILLE",
    "NomVoieNRO": "DU PORT",
    "NumeroVoieNRO": "777",
    "TypeProjectionGeographique": "LAMB2E",
    "CoordonneeNROX": "900000,01",
    "CoordonneeNROY": "6550000,01",
}
#: columns of a link, each with a good value
LINK_VALUES = {
    "EtatLienPMPRDM": "PLANIFIE",
    "EtatLienNROPM": "PLANIFIE",
    "DateInstallationLienPMPRDM": "20261231",
    "LongueurLienPMPRDM": "1,25",
    "CapaciteLienPMPRDM": "12",
    "NbFODisponibles": "3",
}


class CpnFile(FaultyFile):
    """The CPN of the PMs of an IPE of ``count`` lines, into a network that has them."""

    flow = token = "CPN"
    free_text = "ReferencePMTechnique"

    def __init__(
        self,
        count: int,
        seed: int = 1,
        version: str = tables.VERSION,
        errors: float = 0.02,
        lines_per_pm: int = ipe.LINES_PER_PM,
    ):
        lines = cpn.clusters(count, seed, version, lines_per_pm)
        super().__init__(lines, all_kinds(version), version, seed, errors)


@cache
def all_kinds(version: str) -> tuple[Kind, ...]:
    """Return every kind of fault of a first file, those that fit few lines first."""
    known = set(tables.header("CPN", version))
    rules = [*_pm_kinds(), *_link_kinds(), *_nro_kinds(), *_number_kinds()]
    return (
        *(kind for kind in rules if kind.column in known),
        *line_kinds(),
        *cell_kinds("CPN", version),
    )


def _kind(code, column, key, fits, changes: Line, severity=ERROR) -> Kind:
    def apply(place: Place) -> list[Report]:
        said = [place.say(column, code, key, severity)]
        if severity == WARNING:
            said += _not_as_first(place, changes)
        place.line.update(changes)
        return said

    return Kind(code, column, key, fits, apply)


def _not_as_first(place: Place, changes: Line) -> list[Report]:
    """Return reports on a line whose NRO is not as the first line of the NRO has it."""
    return [
        place.say(name, "C5", "nro_differs", WARNING)
        for name, value in changes.items()
        if name in NRO_VALUES and place.get(name) != value
    ]


def _has_link(place: Place) -> bool:
    return bool(place.get(_LINK))


def _pm_kinds() -> list[Kind]:
    return [
        Kind("C7", "LongueurMaxLignes", "pm_differs", _is_second, _other_length),
        *(
            _kind(
                "C2",
                name,
                "useless_without_link",
                lambda place: not _has_link(place),
                {name: value},
                WARNING,
            )
            for name, value in LINK_VALUES.items()
        ),
        _kind("C1", "ReferencePM", "unknown_pm", anywhere, {"ReferencePM": "OICN-X"}),
        _kind("K3", "CodeOI", "other_network", anywhere, {"CodeOI": "AUTR"}),
    ]


def _is_second(place: Place) -> bool:
    """The second link of a PM, whose first one is good."""
    before = place.rank - 1
    return before not in place.touched and place.lines[before][
        "ReferencePM"
    ] == place.get("ReferencePM")


def _other_length(place: Place) -> list[Report]:
    place.touched.add(place.rank - 1)
    place.line["LongueurMaxLignes"] = "77,77"
    return [place.say("LongueurMaxLignes", "C7", "pm_differs", WARNING)]


def _link_kinds() -> list[Kind]:
    free = "NbFODisponibles"
    return [
        Kind("C8", _LINK, "doubled_link", _has_other, _same_link),
        *(
            _kind("C3", name, "required_with_link", _has_link, {name: ""}, WARNING)
            for name in ("EtatLienPMPRDM", "EtatLienNROPM", "LongueurLienPMPRDM")
        ),
        _kind("C4", free, "more_free_than_fibres", _has_link, {free: "99"}, WARNING),
    ]


def _other(place: Place) -> int | None:
    return next((rank for rank in place.free() if place.lines[rank].get(_LINK)), None)


def _has_other(place: Place) -> bool:
    return _has_link(place) and _other(place) is not None


def _same_link(place: Place) -> list[Report]:
    other = _other(place)
    place.touched.add(other)
    place.line[_LINK] = place.lines[other][_LINK]
    report = place.say(_LINK, "C8", "doubled_link")
    return [report, report._replace(line=other)]


def _nro_kinds() -> list[Kind]:
    projection = "TypeProjectionGeographique"
    return [
        _kind("G1", projection, "no_projection", anywhere, {projection: ""}),
        *(
            _kind("G2", name, "half_point", anywhere, {name: ""}, WARNING)
            for name in _POINT
        ),
        *(_differing_kind(name, value) for name, value in NRO_VALUES.items()),
        Kind("C6", _NRO, "prdm_differs", anywhere, _other_nro),
    ]


def _differing_kind(name: str, value: str) -> Kind:
    def apply(place: Place) -> list[Report]:
        place.line[name] = value
        return [place.say(name, "C5", "nro_differs", WARNING)]

    return Kind("C5", name, "nro_differs", anywhere, apply)


def _other_nro(place: Place) -> list[Report]:
    """A NRO that no other line names, though the PRDM is that of the first line."""
    place.line[_NRO] = f"NRO-{place.get('ReferencePM')[-8:]}-{place.rank}"
    return [place.say(_NRO, "C6", "prdm_differs", WARNING)]


def _number_kinds() -> list[Kind]:
    names = ("LongueurLienPMPRDM", "CapaciteLienPMPRDM", "NbFODisponibles")
    longest, free = "LongueurMaxLignes", "NbFODisponibles"
    return [
        _kind("N1", longest, "negative", anywhere, {longest: "-1"}),
        # None is free, which would be more than less than none.
        *(
            _kind("N1", name, "negative", _has_link, {free: "", name: "-1"})
            for name in names
        ),
    ]
