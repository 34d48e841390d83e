"""Link orders of the demo, in each of their states. Plain Python."""

from .stories import LINK, decides, read_stories, says

KNOWN = {
    "two": {"fibre_count": 2},
    "four": {"fibre_count": 4},
    "too_many": {"fibre_count": 100},
    "two_more": {"order_type": "EXTE", "fibre_count": 2, "existing_fibre_count": 4},
    "two_of_the_other": {"fibre_count": 2, "link_reference": "LIEN-01345-0001-09"},
    "make": decides("make_available"),
    "deliver": decides("deliver"),
    "abandon": decides(
        "abandon", reason="FINT04", comment="Câble à remplacer sur 300 m."
    ),
    "deem": ("runs", "deem"),
    "accept": says("CRVALLIEN"),
    "measured": says(
        "CRVALLIEN",
        result="KO",
        reason_code="FINT05",
        comment="Fibre 2 mesurée à 4,8 dB.",
    ),
    "cancel": says("ANNRESLIEN", operation="ANNULATION"),
    "leave": says("ANNRESLIEN", operation="RESILIATION"),
    "part": says("ANNRESLIEN", operation="RESILIATION", fibre_number=4),
}
LINK_STORIES = read_stories(
    LINK,
    KNOWN,
    """
# One fibre was given back since.
validated  OCAA CHATEAU             165 four | 20 make, 22 deliver, 25 accept, 100 part
validated  OCAA AMBRONAY            150 four | 18 make, 21 deliver, 26 accept
validated  OCBB AMBRONAY            125 four | 12 make, 14 deliver, 17 accept
# An extension; the operator said nothing of its delivery.
validated  OCAA AMBRONAY             90 two_more | 10 make, 12 deliver, 27 deem
# To make available: in time, late, once the link is there, by telephone
ar_ok      OCAA SAINT_DENIS           7 two
ar_ok      OCAA CHATEAU_EAST         45 two
ar_ok      OCAA AMBRONAY_NEW         22 four
ar_ok      OCCC AMBUTRIX              6 hand two
# To deliver: in time, late
available  OCCC SAINT_DENIS_STATION  25 four | 23 make
available  OCBB DOUVRES              50 four | 20 make
# Delivered: the operator looks at it, and refuses another one.
delivered  OCBB SAINT_DENIS          30 four | 22 make, 26 deliver
rejected   OCAA DOUVRES              16 four | 6 make, 8 deliver, 13 measured
# Ended
mad_ko     OCBB SAINT_DENIS_STATION 100 two | 15 abandon
cancelled  OCCC AMBRONAY_SOUTH       80 two | 5 cancel
terminated OCBB CHATEAU_EAST        160 two | 20 make, 22 deliver, 25 accept, 100 leave
# Refused: given up; its first order again; too much; another one is in progress
ar_ko      OCAA GIVEN_UP             34 four
ar_ko      OCAA AMBRONAY             41 four
ar_ko      OCCC AMBRONAY             56 too_many
ar_ko      OCCC CHATEAU_EAST         13 four
ar_ko      OCCC SAINT_DENIS           8 two_of_the_other
""",
)
# The fibres that these operators have at these PMs come of an order.
ORDERED = {
    (story.operator, story.pm)
    for story in LINK_STORIES
    if story.goal in ("validated", "available", "delivered", "rejected")
}
