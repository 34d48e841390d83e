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
