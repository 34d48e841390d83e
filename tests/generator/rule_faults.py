"""Faults between the columns of a line, and between lines: the rules of the file."""

from functools import cache

from . import tables
from .breaking import LATER, LONG_AGO, half_point_kind, in_states, rule_kind
from .faults import WARNING, Kind, Place, Report, anywhere
from .form_faults import form_kinds
from .ipe import Line
from .pm_faults import no_pm_kinds, pm_kinds

_SIGNED = ("SIGNE", "EN COURS DE DEPLOIEMENT", "DEPLOYE")

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


@cache
def rule_kinds(version: str) -> tuple[Kind, ...]:
    """Return the faults against each rule that holds in a first file of ``version``.

    The rarer the lines that a kind fits, the sooner it comes.
    """
    known = set(tables.header("IPE", version))
    found = [
        *no_pm_kinds(),
        *pm_kinds(),
        *_building_kinds(),
        *form_kinds(),
        *_key_kinds(),
    ]
    if version not in tables.BEFORE_PLANNED:
        found = [kind for kind in found if kind.code != "R4"]
    return tuple(kind for kind in found if kind.column in known)


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
        rule_kind("R7", signed, "required_with_agreement", _is_signed, {signed: ""}),
        *(
            rule_kind("R7b", name, "required_with_signature", _is_signed, {name: ""})
            for name in (
                "GestionnaireImmeuble",
                "CodePostalGestionnaire",
                "CommuneGestionnaire",
                "NomVoieGestionnaire",
            )
        ),
        rule_kind(
            "R8",
            "EtatImmeuble",
            "signed_without_agreement",
            in_states("", "CIBLE", "N"),
            {"EtatImmeuble": "SIGNE"},
        ),
        rule_kind(
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
    house = in_states("", "DEPLOYE", "N")
    return [
        rule_kind(
            "R9",
            "EtatImmeuble",
            "deployed_before_pm",
            in_states("EN COURS DE DEPLOIEMENT", "not DEPLOYE", "N"),
            {"EtatImmeuble": "DEPLOYE", cabled: "20260110"},
            WARNING,
        ),
        rule_kind("R9b", cabled, "cabled_after_file", house, {cabled: LATER}, WARNING),
        rule_kind("R9c", cabled, "deployed_without_date", house, {cabled: ""}, WARNING),
        rule_kind(
            "R10",
            "EtatImmeuble",
            "abandoned_too_long",
            lambda place: place.get("EtatPM") != "ABANDONNE",
            {"EtatImmeuble": "ABANDONNE", changed: LONG_AGO},
            WARNING,
        ),
        rule_kind(
            "R13", changed, "changed_after_file", anywhere, {changed: LATER}, WARNING
        ),
        rule_kind(
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
        rule_kind(
            "R16",
            "CodeAdresseImmeuble",
            "not_located",
            _has_identifier,
            dict.fromkeys(ways, ""),
            WARNING,
        ),
        rule_kind("G1", projection, "no_projection", anywhere, {projection: ""}),
        *(half_point_kind(name, anywhere) for name in point),
    ]


def _list_kinds() -> list[Kind]:
    return [
        rule_kind("K3", "CodeOI", "other_network", anywhere, {"CodeOI": "AUTR"}),
        rule_kind("L1", "TypePBO", "unknown_code", anywhere, {"TypePBO": "PERGOLA"}),
        rule_kind(
            "L2",
            "TypeRaccoPBPTO",
            "unknown_code",
            anywhere,
            {"TypeRaccoPBPTO": "PAR LE TOIT"},
        ),
        *(
            rule_kind("N1", name, "negative", anywhere, {name: value})
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
        rule_kind("K1", identifier, "no_key", anywhere, {identifier: "", address: ""}),
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


def _both(place: Place, column: str, code: str, key: str) -> list[Report]:
    other = _other(place)
    place.touched.add(other)
    report = place.say(column, code, key)
    return [report, report._replace(line=other)]


def _same_identifier(place: Place) -> list[Report]:
    other = place.lines[_other(place)]
    place.line["IdentifiantImmeuble"] = other["IdentifiantImmeuble"]
    return _both(place, "IdentifiantImmeuble", "R1", "doubled")


def _same_nameless(place: Place) -> list[Report]:
    """Two lines without identifier, one address code and one name of building."""
    said = _both(place, "CodeAdresseImmeuble", "R2", "same_address")
    other = place.lines[said[1].line]
    name = other.get("BatimentImmeuble", "")
    address = other["CodeAdresseImmeuble"]
    place.line.update(CodeAdresseImmeuble=address, BatimentImmeuble=name)
    for line in (place.line, other):
        line["IdentifiantImmeuble"] = ""
    return said


def _same_address(place: Place) -> list[Report]:
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
