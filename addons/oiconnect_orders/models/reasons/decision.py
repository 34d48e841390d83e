from odoo import fields, models

from ...personal import CUSTOMER_GROUPS

# In their order, with the one that all records have
KINDS = [
    ("receipt", "Receipt"),
    ("study", "Study"),
    ("override",),
    ("route", "Choice of the route"),
]


class Decision(models.Model):
    """Decisions on orders have a reason, and may repeat what operators wrote."""

    _inherit = "oiconnect.decision"

    kind = fields.Selection(
        selection_add=KINDS,
        ondelete={name: "cascade" for name, *label in KINDS if label},
    )
    reason_id = fields.Many2one("oiconnect.reason", ondelete="restrict")
    # Both may repeat what the operator wrote of its customer.
    controls = fields.Json(groups=CUSTOMER_GROUPS)
    note = fields.Char(groups=CUSTOMER_GROUPS)

    def _reason_label(self):
        return self.reason_id.display_name
