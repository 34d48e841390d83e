"""Faults between the columns of a line, and between lines: the rules of the file."""

from collections.abc import Callable
from functools import cache

from . import tables
from .faults import ERROR, WARNING, Kind, Place, Said, anywhere
from .ipe import Line

_LATER = "20270101"
_LONG_AGO = "20260501"
_SIGNED = ("SIGNE", "EN COURS DE DEPLOIEMENT", "DEPLOYE")

#: columns of a PM, each with a good value that no line has
PM_VALUES = {
    "EtatPM": "ABANDONNE",
    "DateInstallationPM": "20200102",
    "TypeEmplacementPM": "PME-Shelter",
    "CommentairePM": "FACE AU 12",
    "CapaciteMaxPM": "36",
    "CodeVoieRivoliPM": "0042",
    "CodeInseePM": "01999",
    "CodePostalPM": "01999",
    "CommunePM": "AUTREVILLE",
    "CodeAdressePM": "0199900042",
    "TypeVoiePM": "QUAI",
    "NomVoiePM": "DU PORT",
    "NumeroVoiePM": "7",
    "ComplementNumeroVoiePM": "T",
    "BatimentPM": "LOCAL B",
    "TypeIngenierie": "BI",
    "NombreLogementsPM": "99999",
    "NombreColonnesMontantesPM": "7",
    "DateMiseEnServiceCommercialePM": "20271231",
    "ReferenceConsultationNative": "CONSULTATION 2026-1",
    "NombrePMTechniques": "4",
    "CoordonneePMX": "900000,01",
    "CoordonneePMY": "6550000,01",
    "RefRegroupementPM": "LOT-AUTRE",
    "EmplacementActifDisponible": "O",
    "QualiteAdressePM": "APPROXIMATIVE",
    "DatePremiereMADPM": "20270930",
}
#: columns of a PM that may be given without its reference
_SHARED = PM_VALUES | {"BrassageOI": "O", "DateRetablissementPM": "20261231"}
#: what two lines of one address code have in common
_ADDRESS = (
    "CodeInseeImmeuble",
    "CodePostalImmeuble",
    "CommuneImmeuble",
    "TypeVoieImmeuble",
    "NomVoieImmeuble",
    "NumeroVoieImmeuble",
    "ComplementNumeroVoieImmeuble",
)

Fits = Callable[[Place], bool]
Changes = Callable[[Place], Line]


@cache
def rule_kinds(version: str) -> tuple[Kind, ...]:
    """Return the faults against each rule that holds in a first file of ``version``.

    The rarer the lines that a kind fits, the sooner it comes.
    """
    known = set(tables.header("IPE", version))
    found = [*_no_pm_kinds(version), *_pm_kinds(), *_building_kinds(), *_key_kinds()]
    if version not in tables.BEFORE_PLANNED:
        found = [kind for kind in found if kind.code != "R4"]
    return tuple(kind for kind in found if kind.column in known)


def _kind(code, column, key, fits: Fits, changes: Line | Changes, severity=ERROR):
    """A rule that one line breaks by ``changes``, ``column`` being to blame."""

    def apply(place: Place) -> list[Said]:
        made = changes(place) if callable(changes) else changes
        said = [place.say(column, code, key, severity)]
        if severity == WARNING and place.has_pm:
            said += _not_as_first(place, made)
        place.line.update(made)
        return said

    return Kind(code, column, key, fits, apply)


def _not_as_first(place: Place, changes: Line) -> list[Said]:
    """What is told of a line whose PM is not as the first line of the PM has it."""
    return [
        place.say(name, "P1", "pm_differs", WARNING)
        for name, value in changes.items()
        if name in _SHARED and place.get(name) != value
    ]


def _is_state(pm: str = "", building: str = "", agreement: str = "") -> Fits:
    """Fit the lines in the states given, each a state or those after "not "."""

    def fits(place: Place) -> bool:
        return (
            (not pm or _matches(pm, place.get("EtatPM")))
            and (not building or _matches(building, place.get("EtatImmeuble")))
            and agreement in ("", place.get("AccordGestionnaireImmeubleNecessaire"))
        )

    return fits


def _matches(wanted: str, state: str) -> bool:
    if wanted.startswith("not "):
        return bool(state) and state != wanted.removeprefix("not ")
    return state == wanted


# -- PM --------------------------------------------------------------------------------


def _with_pm(place: Place) -> bool:
    return place.has_pm


def _pm_not_open(place: Place) -> bool:
    """A PM that is not deployed, seen from a building that is not."""
    return _is_state("not DEPLOYE", "not DEPLOYE")(place)


def _no_pm_kinds(version: str) -> list[Kind]:
    """R3c: the columns of a PM that no reference tells."""
    values = PM_VALUES | {"EtatPM": "EN COURS DE DEPLOIEMENT", "FibreDedieeLibre": "O"}
    return [_no_pm_kind(name, value, values) for name, value in values.items()]


def _no_pm_kind(name: str, value: str, values: Line) -> Kind:
    point = ("CoordonneePMX", "CoordonneePMY")
    changes = {each: values[each] for each in point} if name in point else {name: value}

    def apply(place: Place) -> list[Said]:
        place.line.update(changes)
        return [
            place.say(each, "R3c", "useless_without_pm", WARNING) for each in changes
        ]

    return Kind(
        "R3c", name, "useless_without_pm", lambda place: not place.has_pm, apply
    )


def _pm_kinds() -> list[Kind]:
    return [
        _kind(
            "R4",
            "ReferencePM",
            "planned_pm",
            _pm_not_open,
            {"EtatPM": "PLANIFIE"},
        ),
        _kind(
            "R10",
            "EtatPM",
            "pm_abandoned_too_long",
            lambda place: (
                _pm_not_open(place) and place.get("EtatImmeuble") != "ABANDONNE"
            ),
            {"EtatPM": "ABANDONNE", "DateDerniereModification": _LONG_AGO},
            WARNING,
        ),
        *_required_kinds(),
        *_open_pm_kinds(),
        *(_differing_kind(name, value) for name, value in _SHARED.items()),
        *(
            _half_point_kind(name, _with_pm)
            for name in ("CoordonneePMX", "CoordonneePMY")
        ),
        *(
            _kind(
                "N1",
                name,
                "negative",
                _with_pm,
                {name: "-1"},
            )
            for name in (
                "CapaciteMaxPM",
                "NombreLogementsPM",
                "NombreColonnesMontantesPM",
                "NombrePMTechniques",
            )
        ),
    ]


def _required_kinds() -> list[Kind]:
    """R3, R3b: what a PM that is named must say."""
    blocking = (
        "DateInstallationPM",
        "CodeInseePM",
        "CodePostalPM",
        "CommunePM",
        "NomVoiePM",
        "NumeroVoiePM",
        "TypeIngenierie",
    )
    return [
        _kind("R3", "EtatPM", "required_with_pm", _pm_not_open, {"EtatPM": ""}),
        *(
            _kind("R3", name, "required_with_pm", _with_pm, {name: ""})
            for name in blocking
        ),
        *(
            _kind("R3b", name, "required_with_pm", _with_pm, {name: ""}, WARNING)
            for name in ("TypeEmplacementPM", "NombreLogementsPM")
        ),
    ]


def _open_pm_kinds() -> list[Kind]:
    """R5, R5b, R6: the dates of a PM that is deployed."""
    opened = _is_state("DEPLOYE")
    sold, delivered = "DateMiseEnServiceCommercialePM", "DatePremiereMADPM"
    required = "required_with_deployed_pm"
    return [
        _kind("R5", sold, required, opened, {sold: ""}),
        _kind("R5", delivered, required, opened, {delivered: ""}),
        _kind("R5b", sold, "three_months", opened, {sold: _LATER}, WARNING),
        _kind(
            "R6",
            "DateInstallationPM",
            "installed_after_file",
            opened,
            {"DateInstallationPM": _LATER},
            WARNING,
        ),
    ]


def _differing_kind(name: str, value: str) -> Kind:
    """P1: a line that tells another thing of its PM than the first line did."""
    not_open = name in (
        "EtatPM",
        "DateMiseEnServiceCommercialePM",
        "DatePremiereMADPM",
    )

    def fits(place: Place) -> bool:
        if not place.has_pm or place.get(name) == value:
            return False
        return not not_open or _pm_not_open(place)

    def apply(place: Place) -> list[Said]:
        place.line[name] = value
        return [place.say(name, "P1", "pm_differs", WARNING)]

    return Kind("P1", name, "pm_differs", fits, apply)


def _half_point_kind(name: str, fits: Fits) -> Kind:
    return _kind("G2", name, "half_point", fits, {name: ""}, WARNING)


# -- building --------------------------------------------------------------------------


def _building_kinds() -> list[Kind]:
    return [*_agreement_kinds(), *_state_kinds(), *_place_kinds(), *_list_kinds()]


def _is_signed(place: Place) -> bool:
    """A manager's agreement is needed, and signed."""
    return bool(place.get("DateSignatureConvention")) and (
        place.get("EtatImmeuble") in _SIGNED
    )


def _cabled_too_late(place: Place) -> Line:
    signed = tables.day_of(place.get("DateSignatureConvention"))
    return {"DateCablageAdresse": tables.wire(tables.months_later(signed, 7))}


def _agreement_kinds() -> list[Kind]:
    signed = "DateSignatureConvention"
    return [
        _kind("R7", signed, "required_with_agreement", _is_signed, {signed: ""}),
        *(
            _kind("R7b", name, "required_with_signature", _is_signed, {name: ""})
            for name in (
                "GestionnaireImmeuble",
                "CodePostalGestionnaire",
                "CommuneGestionnaire",
                "NomVoieGestionnaire",
            )
        ),
        _kind(
            "R8",
            "EtatImmeuble",
            "signed_without_agreement",
            _is_state("", "CIBLE", "N"),
            {"EtatImmeuble": "SIGNE"},
        ),
        _kind(
            "R14",
            "DateCablageAdresse",
            "six_months",
            lambda place: _is_signed(place) and place.get("EtatImmeuble") != "DEPLOYE",
            _cabled_too_late,
            WARNING,
        ),
    ]


def _state_kinds() -> list[Kind]:
    cabled, changed = "DateCablageAdresse", "DateDerniereModification"
    house = _is_state("", "DEPLOYE", "N")
    return [
        _kind(
            "R9",
            "EtatImmeuble",
            "deployed_before_pm",
            _is_state("EN COURS DE DEPLOIEMENT", "not DEPLOYE", "N"),
            {"EtatImmeuble": "DEPLOYE", cabled: "20260110"},
            WARNING,
        ),
        _kind("R9b", cabled, "cabled_after_file", house, {cabled: _LATER}, WARNING),
        _kind("R9c", cabled, "deployed_without_date", house, {cabled: ""}, WARNING),
        _kind(
            "R10",
            "EtatImmeuble",
            "abandoned_too_long",
            lambda place: place.get("EtatPM") != "ABANDONNE",
            {"EtatImmeuble": "ABANDONNE", changed: _LONG_AGO},
            WARNING,
        ),
        _kind(
            "R13", changed, "changed_after_file", anywhere, {changed: _LATER}, WARNING
        ),
        _kind(
            "R15",
            "DateDebutFournitureCRCmdAcces",
            "answers_before_orders",
            anywhere,
            {
                "DateDebutAcceptationCmdAcces": "20260301",
                "DateDebutFournitureCRCmdAcces": "20260228",
            },
        ),
    ]


def _has_identifier(place: Place) -> bool:
    return bool(place.get("IdentifiantImmeuble"))


def _place_kinds() -> list[Kind]:
    point = ("CoordonneeImmeubleX", "CoordonneeImmeubleY")
    ways = ("CodeAdresseImmeuble", "CodeVoieRivoliImmeuble", "CodeHexacleVoie", *point)
    projection = "TypeProjectionGeographique"
    return [
        _kind(
            "R16",
            "CodeAdresseImmeuble",
            "not_located",
            _has_identifier,
            dict.fromkeys(ways, ""),
            WARNING,
        ),
        _kind("G1", projection, "no_projection", anywhere, {projection: ""}),
        *(_half_point_kind(name, anywhere) for name in point),
    ]


def _list_kinds() -> list[Kind]:
    return [
        _kind("K3", "CodeOI", "other_network", anywhere, {"CodeOI": "AUTR"}),
        _kind("L1", "TypePBO", "unknown_code", anywhere, {"TypePBO": "PERGOLA"}),
        _kind(
            "L2",
            "TypeRaccoPBPTO",
            "unknown_code",
            anywhere,
            {"TypeRaccoPBPTO": "PAR LE TOIT"},
        ),
        *(
            _kind("N1", name, "negative", anywhere, {name: value})
            for name, value in (
                ("NombreLogementsAdresseIPE", "-1"),
                ("LongueurLigneImmeuble", "-0,50"),
            )
        ),
    ]


# -- keys ------------------------------------------------------------------------------


def _key_kinds() -> list[Kind]:
    identifier, address = "IdentifiantImmeuble", "CodeAdresseImmeuble"
    return [
        _kind("K1", identifier, "no_key", anywhere, {identifier: "", address: ""}),
        Kind("R1", identifier, "doubled", _has_other, _same_identifier),
        Kind("R2", address, "same_address", _has_other, _same_nameless),
        Kind("R2b", address, "address_differs", _has_other, _same_address),
    ]


def _other(place: Place) -> int | None:
    """Return the rank of a good line before this one that has both keys."""
    for rank in place.free():
        line = place.lines[rank]
        if line["IdentifiantImmeuble"] and line["CodeAdresseImmeuble"]:
            return rank
    return None


def _has_other(place: Place) -> bool:
    return _has_identifier(place) and _other(place) is not None


def _both(place: Place, column: str, code: str, key: str) -> list[Said]:
    other = _other(place)
    place.touched.add(other)
    told = place.say(column, code, key)
    return [told, told._replace(rank=other)]


def _same_identifier(place: Place) -> list[Said]:
    other = place.lines[_other(place)]
    place.line["IdentifiantImmeuble"] = other["IdentifiantImmeuble"]
    return _both(place, "IdentifiantImmeuble", "R1", "doubled")


def _same_nameless(place: Place) -> list[Said]:
    """Two lines without identifier, one address code and one name of building."""
    said = _both(place, "CodeAdresseImmeuble", "R2", "same_address")
    other = place.lines[said[1].rank]
    name = other.get("BatimentImmeuble", "")
    address = other["CodeAdresseImmeuble"]
    place.line.update(CodeAdresseImmeuble=address, BatimentImmeuble=name)
    for line in (place.line, other):
        line["IdentifiantImmeuble"] = ""
    return said


def _same_address(place: Place) -> list[Said]:
    """The code of an earlier address, which the line does not have in common."""
    rank = _other(place)
    place.touched.add(rank)
    other = place.lines[rank]
    place.line["CodeAdresseImmeuble"] = other["CodeAdresseImmeuble"]
    return [
        place.say(name, "R2b", "address_differs", WARNING)
        for name in _ADDRESS
        if place.get(name) != other.get(name, "")
    ]
