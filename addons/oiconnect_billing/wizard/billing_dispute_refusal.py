from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingDisputeRefusal(models.TransientModel):
    """Refuse contested lines, with the reason that the operator reads."""

    _name = "oiconnect.billing.dispute.refusal"
    _description = "Refusal of contested lines"

    line_ids = fields.Many2many(
        "oiconnect.billing.dispute.line",
        "oiconnect_billing_dispute_refusal_rel",
        string="Contested lines",
        default=lambda self: self._default_lines(),
    )
    line_count = fields.Integer("Lines refused", compute="_compute_line_count")
    reason = fields.Text("Reason of the refusal", required=True)

    @api.model
    def _default_lines(self):
        lines = self.env["oiconnect.billing.dispute.line"]
        is_from_lines = self.env.context.get("active_model") == lines._name
        return lines.browse(self.env.context.get("active_ids") if is_from_lines else ())

    @api.depends("line_ids")
    def _compute_line_count(self):
        for refusal in self:
            refusal.line_count = len(refusal.line_ids)

    def action_refuse(self):
        self.ensure_one()
        reason = " ".join(self.reason.split())
        if not reason:
            raise UserError(self.env._("Say why: the operator reads it."))
        if not self.line_ids:
            raise UserError(self.env._("Choose the lines to refuse in their list."))
        self.line_ids._refuse(reason)
        return {"type": "ir.actions.act_window_close"}
