"""Purposes of a PM order, its states and their meaning to others. Plain Python."""

KINDS = [("unit", "Unit (UNIT)"), ("cofi", "Co-financing (COFI)")]
CHOICES = [("D", "Dedicated fibre"), ("P", "Shareable fibre")]
# What an operator has of a PM
SERVICE_KINDS = [("loca", "Rental"), ("cofi", "Co-financing")]
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
# What the operator tells of its report moves nothing any more.
SETTLED = ("announced", "informed", "adducted", "answered")
# States that an operator may be notified of: all but the one without an answer
NOTIFIABLE = tuple(state for state, _label in STATES if state != "received")
