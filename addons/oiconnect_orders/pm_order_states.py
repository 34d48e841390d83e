"""States of a PM order, and what they mean to others. Plain Python."""

STATES = [
    ("received", "Received"),
    ("ar_ko", "Rejected (AR)"),
    ("ar_ok", "Acknowledged"),
    ("delivered", "Made available"),
    ("mad_ko", "Report refused"),
    ("mad_ok", "Report received"),
    ("announced", "Works announced"),
    ("informed", "Manager informed"),
    ("adducted", "Adducted"),
    ("answered", "Information sent"),
    ("withdrawn", "PM withdrawn"),
    ("cancelled", "Cancelled"),
    ("terminated", "Terminated"),
]
# Nothing is awaited any more: the guide's "Archivé"
CLOSED_STATES = (
    "ar_ko",
    "adducted",
    "answered",
    "withdrawn",
    "cancelled",
    "terminated",
)
# The operator has the PM.
HELD = ("delivered", "mad_ko", "mad_ok", "announced", "informed", "adducted")
# States that an operator may be told about: all but the one nobody has answered
TOLD = tuple(state for state, _label in STATES if state != "received")

_RENTAL = ("received", "ar_ok", "delivered", "mad_ok", "announced", "adducted")
_UPDATE = ("received", "ar_ok", "answered")


def steps_of(state, passed, purpose):
    """Return the states that the state bar of an order shows, in order.

    :param passed: states that the order went through, oldest first
    """
    way = list(_UPDATE if purpose == "update" else _RENTAL)
    if state == "informed" or "informed" in passed:
        way.insert(-1, "informed")
    if state in way:
        return way
    return [step for step in way if step in passed] + [state]
