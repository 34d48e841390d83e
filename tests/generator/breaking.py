"""Ways in which a line breaks a rule: by some changes, one column being to blame."""

from collections.abc import Callable

from .faults import ERROR, WARNING, Kind, Place, Report
from .ipe import Line

#: days after and long before the file
LATER = "20270101"
LONG_AGO = "20260501"

#: columns of a PM, each with a good value that no line has
PM_VALUES = {
    "EtatPM": "ABANDONNE",
    "DateInstallationPM": "20200102",
    "TypeEmplacementPM": "PME-Shelter",
    "CommentairePM": "FACE AU 12",
    "CapaciteMaxPM": "36",
    "CodeVoieRivoliPM": "0042",
    "CodeInseePM": "01001",
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
SHARED = PM_VALUES | {"BrassageOI": "O", "DateRetablissementPM": "20261231"}
Fits = Callable[[Place], bool]
Changes = Callable[[Place], Line]


def rule_kind(code, column, key, fits: Fits, changes: Line | Changes, severity=ERROR):
    """A rule that one line breaks by ``changes``, ``column`` being to blame."""

    def apply(place: Place) -> list[Report]:
        made = changes(place) if callable(changes) else changes
        said = [place.say(column, code, key, severity)]
        if severity == WARNING and place.has_pm:
            said += _not_as_first(place, made)
        place.line.update(made)
        return said

    return Kind(code, column, key, fits, apply)


def _not_as_first(place: Place, changes: Line) -> list[Report]:
    """Return reports on a line whose PM is not as the first line of the PM has it."""
    return [
        place.say(name, "P1", "pm_differs", WARNING)
        for name, value in changes.items()
        if name in SHARED and place.get(name) != value
    ]


def in_states(pm: str = "", building: str = "", agreement: str = "") -> Fits:
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


def half_point_kind(name: str, fits: Fits) -> Kind:
    return rule_kind("G2", name, "half_point", fits, {name: ""}, WARNING)
