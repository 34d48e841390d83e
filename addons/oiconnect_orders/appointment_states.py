"""States of an appointment, and what they mean to others. Plain Python."""

STATES = [
    ("created", "Booked"),
    ("postponed", "Moved"),
    ("confirmed", "Confirmed"),
    ("done", "Carried out"),
    ("customer_absent", "Customer absent"),
    ("cancelled", "Called off"),
    ("expired", "Expired"),
]
# States in which the slot is taken.
LIVE_STATES = ("created", "postponed", "confirmed")
# States that await an agreement.
OPEN_STATES = ("created", "postponed")
# The only product for which visits are booked.
PRODUCT = "FTTH_ACCES"
