"""Planned works of the demo: what, where and when. Plain Python."""

from typing import NamedTuple

# Days before their beginning at which works are announced
NOTICE_DAYS = 21
# Days since the last change of those that have not begun
CHANGED_DAYS_AGO = 1


class Planned(NamedTuple):
    """Works that begin in ``days`` (they began, if it is negative) for ``hours``.

    :param event: what became of them, ``None`` where nothing did
    """

    days: int
    hours: int
    nature: str
    equipment: str
    comment: str
    event: str | None = None
    contact: str = ""
    operator_comment: str = ""


WORKS = (
    Planned(9, 6, "EXTE", "pm", "Pose d'un module de 144 positions."),
    Planned(4, 3, "REFE", "pbo", "Reprise du boîtier, lovage refait.", event="replan"),
    Planned(
        16,
        8,
        "REC MODE OI",
        "pm",
        "Remise en conformité du PM.",
        contact="01 00 00 00 01",
        operator_comment="Soyez présents à 8 h, un technicien par opérateur.",
    ),
    Planned(-3, 4, "DSCM", "link", "Désaturation de la colonne.", event="close"),
)
