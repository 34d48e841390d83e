"""Parts that the resources of all kinds of orders share."""

from odoo.addons.oiconnect_base.resource import Dialog

# What every kind of order tells its operator
ORDER_FIELDS = (
    "network_id",
    "state",
    "is_open",
    "oc_reference",
    "service_reference",
    "order_date",
    "receipt_date",
    "report_date",
    "end_date",
    "reason_id",
    "due_date",
)


def decision_dialog(model):
    """Return the dialog that decides on orders of the network."""
    return Dialog(
        "oiconnect.infra.order.decision",
        lambda records: {"res_model": model, "res_ids": records.ids},
        ("reason_id", "comment", "pb_date", "pbo_id", "fibre_ids"),
    )
