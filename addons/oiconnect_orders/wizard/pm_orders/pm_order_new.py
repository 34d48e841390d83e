from odoo import fields, models

from ...pm_order_states import CHOICES, KINDS


class PmOrderNew(models.TransientModel):
    """A PM order taken by hand for an operator, checked as those that come by file."""

    _name = "oiconnect.pm.order.new"
    _description = "PM order taken by hand"
    _inherit = "oiconnect.order.new.mixin"
    _order_model = "oiconnect.pm.order"
    _place_field = "pm_id"
    _checked_fields = ("kind", "pm_id", "technical_choice")

    kind = fields.Selection(KINDS, "Type", default="unit", required=True)
    pm_id = fields.Many2one("oiconnect.pm", "PM")
    technical_choice = fields.Selection(CHOICES, default="P")
    contract_reference = fields.Char("Contract", size=50)
    contact = fields.Char("Operator's contact", size=100)

    def _line(self):
        return {
            **super()._line(),
            "kind": self.kind,
            "pm_reference": self.pm_id.reference,
            "technical_choice": self.technical_choice,
            "contract_reference": self.contract_reference,
            "contact": self.contact,
        }
