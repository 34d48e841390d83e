"""Link orders of the demo, in each of their states. Plain Python."""

from .pm_orders import (
    AMBRONAY,
    AMBRONAY_NEW,
    AMBRONAY_SOUTH,
    AMBUTRIX,
    CHATEAU,
    CHATEAU_EAST,
    DOUVRES,
    GIVEN_UP,
    SAINT_DENIS,
    SAINT_DENIS_STATION,
)
from .stories import HAND, LINK, Story

AVAILABLE = ("decides", ("make_available", {}))
DELIVER = ("decides", ("deliver", {}))
ACCEPTED = ("says", ("CRVALLIEN", {}))
FOUR = {"fibre_count": 4}

_VALIDATED = (
    # One fibre was given back since.
    Story(
        LINK,
        "validated",
        "OCAA",
        CHATEAU,
        165,
        (
            (20, *AVAILABLE),
            (22, *DELIVER),
            (25, *ACCEPTED),
            (
                100,
                "says",
                ("ANNRESLIEN", {"operation": "RESILIATION", "fibre_number": 4}),
            ),
        ),
        FOUR,
    ),
    Story(
        LINK,
        "validated",
        "OCAA",
        AMBRONAY,
        150,
        ((18, *AVAILABLE), (21, *DELIVER), (26, *ACCEPTED)),
        FOUR,
    ),
    Story(
        LINK,
        "validated",
        "OCBB",
        AMBRONAY,
        125,
        ((12, *AVAILABLE), (14, *DELIVER), (17, *ACCEPTED)),
        FOUR,
    ),
    # An extension; the operator said nothing of its delivery.
    Story(
        LINK,
        "validated",
        "OCAA",
        AMBRONAY,
        90,
        ((10, *AVAILABLE), (12, *DELIVER), (27, "runs", "deem")),
        {"order_type": "EXTE", "fibre_count": 2, "existing_fibre_count": 4},
    ),
)
_IN_PROGRESS = (
    # To make available: in time, late, once the link is there, by telephone
    Story(LINK, "ar_ok", "OCAA", SAINT_DENIS, 7, line={"fibre_count": 2}),
    Story(LINK, "ar_ok", "OCAA", CHATEAU_EAST, 45, line={"fibre_count": 2}),
    Story(LINK, "ar_ok", "OCAA", AMBRONAY_NEW, 22, line=FOUR),
    Story(LINK, "ar_ok", "OCCC", AMBUTRIX, 6, line={"fibre_count": 2}, begins=HAND),
    # To deliver: in time, late
    Story(
        LINK, "available", "OCCC", SAINT_DENIS_STATION, 25, ((23, *AVAILABLE),), FOUR
    ),
    Story(LINK, "available", "OCBB", DOUVRES, 50, ((20, *AVAILABLE),), FOUR),
    # Delivered: the operator looks at it, and refuses another one.
    Story(
        LINK,
        "delivered",
        "OCBB",
        SAINT_DENIS,
        30,
        ((22, *AVAILABLE), (26, *DELIVER)),
        FOUR,
    ),
    Story(
        LINK,
        "rejected",
        "OCAA",
        DOUVRES,
        16,
        (
            (6, *AVAILABLE),
            (8, *DELIVER),
            (
                13,
                "says",
                (
                    "CRVALLIEN",
                    {
                        "result": "KO",
                        "reason_code": "FINT05",
                        "comment": "Fibre 2 mesurée à 4,8 dB.",
                    },
                ),
            ),
        ),
        FOUR,
    ),
)
_ENDED = (
    Story(
        LINK,
        "mad_ko",
        "OCBB",
        SAINT_DENIS_STATION,
        100,
        (
            (
                15,
                "decides",
                (
                    "abandon",
                    {"reason": "FINT04", "comment": "Câble à remplacer sur 300 m."},
                ),
            ),
        ),
        {"fibre_count": 2},
    ),
    Story(
        LINK,
        "cancelled",
        "OCCC",
        AMBRONAY_SOUTH,
        80,
        ((5, "says", ("ANNRESLIEN", {"operation": "ANNULATION"})),),
        {"fibre_count": 2},
    ),
    Story(
        LINK,
        "terminated",
        "OCBB",
        CHATEAU_EAST,
        160,
        (
            (20, *AVAILABLE),
            (22, *DELIVER),
            (25, *ACCEPTED),
            (100, "says", ("ANNRESLIEN", {"operation": "RESILIATION"})),
        ),
        {"fibre_count": 2},
    ),
)
_REFUSED = (
    # Given up; its first order again; too much; another one is in progress
    Story(LINK, "ar_ko", "OCAA", GIVEN_UP, 34, line=FOUR),
    Story(LINK, "ar_ko", "OCAA", AMBRONAY, 41, line=FOUR),
    Story(LINK, "ar_ko", "OCCC", AMBRONAY, 56, line={"fibre_count": 100}),
    Story(LINK, "ar_ko", "OCCC", CHATEAU_EAST, 13, line=FOUR),
    Story(
        LINK,
        "ar_ko",
        "OCCC",
        SAINT_DENIS,
        8,
        line={"fibre_count": 2, "link_reference": "LIEN-01345-0001-09"},
    ),
)
LINK_STORIES = (*_VALIDATED, *_IN_PROGRESS, *_ENDED, *_REFUSED)
# The fibres that these operators have at these PMs come of an order.
ORDERED = {
    (story.operator, story.pm)
    for story in LINK_STORIES
    if story.goal in ("validated", "available", "delivered", "rejected")
}
