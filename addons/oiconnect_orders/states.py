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
