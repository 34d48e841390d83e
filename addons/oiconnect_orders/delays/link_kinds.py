"""Delays of link orders, and what is to do of them. Plain Python."""

from odoo.addons.oiconnect_base.delays.clock import Delays

KINDS = [
    ("link_receipt", "Link: receipt (AR)"),
    ("link_mad", "Link: making available (MAD)"),
    ("link_delivery", "Link: delivery"),
    ("link_correction", "Link: correction of a delivery"),
    ("link_validation", "Link: validation, deemed given after it"),
]
# Who is awaited where no delay says it.
AWAITED = {"link_validation": "operator"}

LINK_ORDER_DELAYS = Delays(
    running={
        "ar_ok": "link_mad",
        "available": "link_delivery",
        "rejected": "link_correction",
        "delivered": "link_validation",
    },
    starts={
        "link_mad": "receipt_date",
        "link_delivery": "available_date",
        "link_correction": "rejected_date",
        "link_validation": "delivered_date",
    },
    answers={"acknowledge": "link_receipt", "refuse_receipt": "link_receipt"},
    dropped_in=("cancelled", "terminated"),
)

TODO_KINDS = [
    ("link_available", "Make a link available"),
    ("link_deliver", "Deliver a link"),
    ("link_correct", "Correct the delivery of a link"),
]
TODO_OF_STATE = {
    "ar_ok": "link_available",
    "available": "link_deliver",
    "rejected": "link_correct",
}
