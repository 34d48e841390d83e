from odoo import api, fields, models
from odoo.exceptions import UserError

NEEDS_REASON = ("reject", "connection_failed", "abandon")
CONSEQUENCES = ("cancel", "terminate")


class AccessOrderDecision(models.TransientModel):
    """Ask for the reason of a refusal, or to confirm an end."""

    _name = "oiconnect.access.order.decision"
    _description = "Decision on an access order"

    order_id = fields.Many2one("oiconnect.access.order", required=True)
    event = fields.Selection("_selection_event", required=True)
    reason_id = fields.Many2one("oiconnect.reason")
    comment = fields.Char()
    needs_reason = fields.Boolean(compute="_compute_needs_reason")

    @api.model
    def _selection_event(self):
        return self.env["oiconnect.access.order"]._event_labels()

    @api.depends("event")
    def _compute_needs_reason(self):
        for decision in self:
            decision.needs_reason = decision.event in NEEDS_REASON

    def action_confirm(self):
        self.ensure_one()
        self.order_id.check_access("write")
        if self.event not in NEEDS_REASON + CONSEQUENCES:
            raise UserError(self.env._("This decision is not taken by this dialog."))
        if self.needs_reason and not self.reason_id:
            raise UserError(self.env._("Choose the reason that the operator is told."))
        order = self.order_id.sudo()
        if self.needs_reason:
            order.write(
                {"reason_id": self.reason_id.id, "reason_comment": self.comment}
            )
        order._fire(self.event, note=self.comment or None)
        return {"type": "ir.actions.act_window_close"}
