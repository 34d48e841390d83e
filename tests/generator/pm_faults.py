"""Faults against the rules of the PM that a line names, or does not name."""

from .breaking import (
    LATER,
    LONG_AGO,
    PM_VALUES,
    SHARED,
    half_point_kind,
    in_states,
    rule_kind,
)
from .faults import WARNING, Kind, Place, Report
from .ipe import Line


def _with_pm(place: Place) -> bool:
    return place.has_pm


def _pm_not_open(place: Place) -> bool:
    """A PM that is not deployed, seen from a building that is not."""
    return in_states("not DEPLOYE", "not DEPLOYE")(place)


def no_pm_kinds() -> list[Kind]:
    """R3c: the columns of a PM that no reference tells."""
    values = PM_VALUES | {"EtatPM": "EN COURS DE DEPLOIEMENT", "FibreDedieeLibre": "O"}
    return [_no_pm_kind(name, value, values) for name, value in values.items()]


def _no_pm_kind(name: str, value: str, values: Line) -> Kind:
    point = ("CoordonneePMX", "CoordonneePMY")
    changes = {each: values[each] for each in point} if name in point else {name: value}

    def apply(place: Place) -> list[Report]:
        place.line.update(changes)
        return [
            place.say(each, "R3c", "useless_without_pm", WARNING) for each in changes
        ]

    return Kind(
        "R3c", name, "useless_without_pm", lambda place: not place.has_pm, apply
    )


def pm_kinds() -> list[Kind]:
    return [
        rule_kind(
            "R4",
            "ReferencePM",
            "planned_pm",
            _pm_not_open,
            {"EtatPM": "PLANIFIE"},
        ),
        rule_kind(
            "R10",
            "EtatPM",
            "pm_abandoned_too_long",
            lambda place: (
                _pm_not_open(place) and place.get("EtatImmeuble") != "ABANDONNE"
            ),
            {"EtatPM": "ABANDONNE", "DateDerniereModification": LONG_AGO},
            WARNING,
        ),
        *_required_kinds(),
        *_open_pm_kinds(),
        *(_differing_kind(name, value) for name, value in SHARED.items()),
        *(
            half_point_kind(name, _with_pm)
            for name in ("CoordonneePMX", "CoordonneePMY")
        ),
        *(
            rule_kind(
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
        rule_kind("R3", "EtatPM", "required_with_pm", _pm_not_open, {"EtatPM": ""}),
        *(
            rule_kind("R3", name, "required_with_pm", _with_pm, {name: ""})
            for name in blocking
        ),
        *(
            rule_kind("R3b", name, "required_with_pm", _with_pm, {name: ""}, WARNING)
            for name in ("TypeEmplacementPM", "NombreLogementsPM")
        ),
    ]


def _open_pm_kinds() -> list[Kind]:
    """R5, R5b, R6: the dates of a PM that is deployed."""
    opened = in_states("DEPLOYE")
    sold, delivered = "DateMiseEnServiceCommercialePM", "DatePremiereMADPM"
    required = "required_with_deployed_pm"
    return [
        rule_kind("R5", sold, required, opened, {sold: ""}),
        rule_kind("R5", delivered, required, opened, {delivered: ""}),
        rule_kind("R5b", sold, "three_months", opened, {sold: LATER}, WARNING),
        rule_kind(
            "R6",
            "DateInstallationPM",
            "installed_after_file",
            opened,
            {"DateInstallationPM": LATER},
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

    def apply(place: Place) -> list[Report]:
        place.line[name] = value
        return [place.say(name, "P1", "pm_differs", WARNING)]

    return Kind("P1", name, "pm_differs", fits, apply)
