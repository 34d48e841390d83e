"""PM orders of the demo, in each of their states, and co-financings. Plain Python."""

from .orders import PMS
from .stories import AT, PM, Engagement, SentBatch, decides, read_stories, says

ENGAGEMENTS = (
    # Also a PM that is being built: it is made available once it is there.
    Engagement(
        "COFI-OCBB-01",
        "OCBB",
        "Plaine de l'Ain",
        (*PMS["OCBB"], AT["DOUVRES_NEW"]),
        400,
        20,
        4,
    ),
    Engagement("COFI-OCCC-01", "OCCC", "Douvres", (AT["DOUVRES"],), 70, 5),
    # What was rented there is co-financed since.
    Engagement("COFI-OCCC-02", "OCCC", "Ambronay sud", (AT["AMBRONAY_SOUTH"],), 20, 5),
    Engagement(
        "COFI-OCAA-01", "OCAA", "Ambronay nord", (AT["AMBRONAY_NEW"],), -30, 10, 2
    ),
)
BATCHES = (SentBatch(AT["SAINT_DENIS"], 60),)
KNOWN = {
    "cofi": {"kind": "COFI"},
    "dedicated": {"technical_choice": "D"},
    "deliver": decides("deliver"),
    "inform": decides("inform_manager"),
    "withdraw": decides(
        "withdraw", reason="FAUT01", comment="Emplacement du PM à revoir."
    ),
    "read": says("ARMAD"),
    "unreadable": says(
        "ARMAD",
        result="KO",
        reason_code="FIMP16",
        comment="Positions du tiroir absentes du compte rendu.",
    ),
    "works": says("INTERP"),
    "adducted": says("ADDU"),
    "cancel": says("AnnRes", operation="ANNULATION"),
    "leave": says("AnnRes", operation="RESILIATION", comment="Passage en COFI."),
}
PM_STORIES = read_stories(
    PM,
    KNOWN,
    """
# Rentals, from the order to the adduction
adducted   OCBB CHATEAU_EAST        130 | 3 deliver, 5 read, 15 works, 30 adducted
mad_ok     OCCC AMBRONAY_SOUTH      120 | 2 deliver, 4 read
delivered  OCCC CHATEAU               6 | 3 deliver
# Inside a building: one manager is to be informed, another one was.
announced  OCCC AMBUTRIX             25 | 3 deliver, 5 read, 22 works
informed   OCBB AMBUTRIX             24 | 3 deliver, 5 read, 9 works, 12 inform
# The report cannot be read.
mad_ko     OCCC CHATEAU_EAST          5 | 2 deliver, 3 unreadable
# To do: in time, late, and once the PM is there
ar_ok      OCAA SAINT_DENIS_STATION   2
ar_ok      OCAA CHATEAU              20
ar_ok      OCAA AMBRONAY_NEW         40
# Ordered again
answered   OCAA AMBRONAY             50 | 2 deliver
answered   OCBB AMBRONAY             35 cofi | 1 deliver
answered   OCCC AMBRONAY              7 hand | 2 deliver
# Ended
cancelled  OCCC CHATEAU_EAST        110 | 1 cancel
terminated OCCC DOUVRES             145 | 3 deliver, 5 read, 65 leave
withdrawn  OCCC DOUVRES_NEW          62 | 30 withdraw
# Refused
ar_ko      OCAA DOUVRES              75 cofi
ar_ko      OCBB NOWHERE              48
ar_ko      OCCC GIVEN_UP             33
ar_ko      OCAA AMBUTRIX             18 dedicated
# Without any order: by the batch that was sent, or by an engagement
announced  OCAA SAINT_DENIS          59 found | 2 read, 30 works
adducted   OCBB SAINT_DENIS          58 found | 2 read, 8 works, 20 adducted
mad_ok     OCCC SAINT_DENIS          57 found | 3 read
adducted   OCCC DOUVRES              69 found | 1 deliver, 3 read, 10 works, 20 adducted
ar_ok      OCBB DOUVRES_NEW         399 found
""",
)
