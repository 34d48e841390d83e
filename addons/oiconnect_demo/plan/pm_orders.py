"""PM orders of the demo, in each of their states, and co-financings. Plain Python."""

from .orders import PMS
from .stories import FOUND, HAND, PM, Engagement, Story, Told

AMBRONAY, AMBRONAY_SOUTH, AMBRONAY_NEW = (f"OICN-01007-000{n}" for n in (1, 2, 3))
CHATEAU, CHATEAU_EAST = "OICN-01089-0001", "OICN-01089-0002"
SAINT_DENIS, SAINT_DENIS_STATION = "OICN-01345-0001", "OICN-01345-0002"
GIVEN_UP = "OICN-01345-0003"
DOUVRES, DOUVRES_NEW = "OICN-01149-0001", "OICN-01149-0002"
# The PM that stands inside a building
AMBUTRIX = "OICN-01008-0001"
NOWHERE = "OICN-01999-0001"

DELIVER = ("decides", ("deliver", {}))
READ = ("says", ("ARMAD", {}))
WORKS = ("says", ("INTERP", {}))
ADDUCTED = ("says", ("ADDU", {}))
COFI = {"kind": "COFI"}

ENGAGEMENTS = (
    # Also a PM that is being built: it is made available once it is there.
    Engagement(
        "COFI-OCBB-01",
        "OCBB",
        "Plaine de l'Ain",
        (*PMS["OCBB"], DOUVRES_NEW),
        400,
        20,
        4,
    ),
    Engagement("COFI-OCCC-01", "OCCC", "Douvres", (DOUVRES,), 70, 5),
    # What was rented there is co-financed since.
    Engagement("COFI-OCCC-02", "OCCC", "Ambronay sud", (AMBRONAY_SOUTH,), 20, 5),
    Engagement("COFI-OCAA-01", "OCAA", "Ambronay nord", (AMBRONAY_NEW,), -30, 10, 2),
)
BATCHES = (Told(SAINT_DENIS, 60),)

_MADE = (
    # Rentals, from the order to the adduction
    Story(
        PM,
        "adducted",
        "OCBB",
        CHATEAU_EAST,
        130,
        ((3, *DELIVER), (5, *READ), (15, *WORKS), (30, *ADDUCTED)),
    ),
    Story(PM, "mad_ok", "OCCC", AMBRONAY_SOUTH, 120, ((2, *DELIVER), (4, *READ))),
    Story(PM, "delivered", "OCCC", CHATEAU, 6, ((3, *DELIVER),)),
    # Inside a building: one manager is to be informed, another one was.
    Story(
        PM,
        "announced",
        "OCCC",
        AMBUTRIX,
        25,
        ((3, *DELIVER), (5, *READ), (22, *WORKS)),
    ),
    Story(
        PM,
        "informed",
        "OCBB",
        AMBUTRIX,
        24,
        (
            (3, *DELIVER),
            (5, *READ),
            (9, *WORKS),
            (12, "decides", ("inform_manager", {})),
        ),
    ),
    # The report cannot be read.
    Story(
        PM,
        "mad_ko",
        "OCCC",
        CHATEAU_EAST,
        5,
        (
            (2, *DELIVER),
            (
                3,
                "says",
                (
                    "ARMAD",
                    {
                        "result": "KO",
                        "reason_code": "FIMP16",
                        "comment": "Positions du tiroir absentes du compte rendu.",
                    },
                ),
            ),
        ),
    ),
    # To do: in time, late, and once the PM is there
    Story(PM, "ar_ok", "OCAA", SAINT_DENIS_STATION, 2),
    Story(PM, "ar_ok", "OCAA", CHATEAU, 20),
    Story(PM, "ar_ok", "OCAA", AMBRONAY_NEW, 40),
)
_ASKED_AGAIN = (
    Story(PM, "answered", "OCAA", AMBRONAY, 50, ((2, *DELIVER),)),
    Story(PM, "answered", "OCBB", AMBRONAY, 35, ((1, *DELIVER),), COFI),
    Story(PM, "answered", "OCCC", AMBRONAY, 7, ((2, *DELIVER),), begins=HAND),
)
_ENDED = (
    Story(
        PM,
        "cancelled",
        "OCCC",
        CHATEAU_EAST,
        110,
        ((1, "says", ("AnnRes", {"operation": "ANNULATION"})),),
    ),
    Story(
        PM,
        "terminated",
        "OCCC",
        DOUVRES,
        145,
        (
            (3, *DELIVER),
            (5, *READ),
            (
                65,
                "says",
                ("AnnRes", {"operation": "RESILIATION", "comment": "Passage en COFI."}),
            ),
        ),
    ),
    Story(
        PM,
        "withdrawn",
        "OCCC",
        DOUVRES_NEW,
        62,
        (
            (
                30,
                "decides",
                (
                    "withdraw",
                    {"reason": "FAUT01", "comment": "Emplacement du PM à revoir."},
                ),
            ),
        ),
    ),
)
_REFUSED = (
    Story(PM, "ar_ko", "OCAA", DOUVRES, 75, line=COFI),
    Story(PM, "ar_ko", "OCBB", NOWHERE, 48),
    Story(PM, "ar_ko", "OCCC", GIVEN_UP, 33),
    Story(PM, "ar_ko", "OCAA", AMBUTRIX, 18, line={"technical_choice": "D"}),
)
# What nobody ordered: by the batch that was told, or by an engagement
_TAKEN_UP = (
    Story(
        PM,
        "announced",
        "OCAA",
        SAINT_DENIS,
        59,
        ((2, *READ), (30, *WORKS)),
        begins=FOUND,
    ),
    Story(
        PM,
        "adducted",
        "OCBB",
        SAINT_DENIS,
        58,
        ((2, *READ), (8, *WORKS), (20, *ADDUCTED)),
        begins=FOUND,
    ),
    Story(PM, "mad_ok", "OCCC", SAINT_DENIS, 57, ((3, *READ),), begins=FOUND),
    Story(
        PM,
        "adducted",
        "OCCC",
        DOUVRES,
        69,
        ((1, *DELIVER), (3, *READ), (10, *WORKS), (20, *ADDUCTED)),
        begins=FOUND,
    ),
    Story(PM, "ar_ok", "OCBB", DOUVRES_NEW, 399, begins=FOUND),
)
PM_STORIES = (*_MADE, *_ASKED_AGAIN, *_ENDED, *_REFUSED, *_TAKEN_UP)
