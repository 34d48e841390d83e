"""States of an access order, and what they mean to others. Plain Python."""

STATES = [
    ("received", "Received"),
    ("ar_ko", "Rejected (AR)"),
    ("ar_ok", "Acknowledged"),
    ("cr_ko", "Rejected (CR)"),
    ("cr_ok", "Accepted"),
    ("connecting", "Connecting"),
    ("connect_ko", "Failed, to resume"),
    ("delivered", "Made available"),
    ("mad_ko", "Production failed"),
    ("in_service", "In service"),
    ("cancelled", "Cancelled"),
    ("overwritten", "Taken over"),
    ("terminated", "Terminated"),
]
# An order is closed when nothing is awaited any more: the guide's "Archivé".
CLOSED_STATES = (
    "ar_ko",
    "cr_ko",
    "mad_ko",
    "in_service",
    "cancelled",
    "overwritten",
    "terminated",
)
# States in which the operator holds the line and its fibre.
LIVE_STATES = ("cr_ok", "connecting", "connect_ko", "delivered", "in_service")

# Steps of an order that goes well; a line that needs no work has no connection.
_WAY = ("received", "ar_ok", "cr_ok", "connecting", "delivered", "in_service")


def steps_of(state, passed, needs_no_work=False):
    """Return the states that the state bar of an order shows, in order.

    :param passed: states that the order went through, oldest first
    :param needs_no_work: the line exists and the operator patches it itself
    """
    way = [step for step in _WAY if not (needs_no_work and step == "connecting")]
    if state == "connect_ko":
        return [*_WAY[:4], state, *_WAY[4:]]
    if state in way:
        return way
    return [step for step in _WAY if step in passed] + [state]
