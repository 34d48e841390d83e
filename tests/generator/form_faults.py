"""Faults against the rules of form: markup in texts, unknown communes."""

from .breaking import rule_kind
from .faults import WARNING, Kind, Place, anywhere
from .ipe import Line


def form_kinds() -> list[Kind]:
    return [*_markup_kinds(), *_commune_kinds()]


def _with_pm(place: Place) -> bool:
    return place.has_pm


def _markup_kinds() -> list[Kind]:
    """F2, which leaves the line out."""
    texts = ("TypeVoie", "NomVoie", "Batiment", "Commune")
    of_building = ("IdentifiantImmeuble", *(f"{text}Immeuble" for text in texts))
    of_pm = ("ReferencePM", *(f"{text}PM" for text in texts))
    return [
        rule_kind("F2", name, "markup", fits, _opened(name))
        for names, fits in ((of_building, anywhere), (of_pm, _with_pm))
        for name in names
    ]


def _opened(name: str):
    """Keep what tells a line from the others."""

    def changes(place: Place) -> Line:
        return {name: f"<{place.get(name)[:20]}"}

    return changes


def _commune_kinds() -> list[Kind]:
    """F3, a warning."""
    return [
        rule_kind("F3", name, "unknown_commune", fits, {name: "99999"}, WARNING)
        for name, fits in (("CodeInseeImmeuble", anywhere), ("CodeInseePM", _with_pm))
    ]
