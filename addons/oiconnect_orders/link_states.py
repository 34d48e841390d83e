"""States of a link order, and what they mean to others. Plain Python."""

STATES = [
    ("received", "Received"),
    ("ar_ko", "Rejected (AR)"),
    ("ar_ok", "Acknowledged"),
    ("mad_ko", "Production failed"),
    ("available", "Made available"),
    ("delivered", "Delivered"),
    ("rejected", "Delivery to correct"),
    ("validated", "Validated"),
    ("cancelled", "Cancelled"),
    ("terminated", "Terminated"),
]
# Nothing is awaited any more: the guide's "Archivé".
CLOSED_STATES = ("ar_ko", "mad_ko", "validated", "cancelled", "terminated")
# From the report of availability on, the operator holds fibres of the link.
HELD = ("available", "delivered", "rejected", "validated")
# States in which an order has fibres, reserved at least
LIVE_STATES = ("ar_ok", *HELD)
# States in which a link may be ordered
ORDERED_LINKS = ("planned", "deploying", "deployed")
