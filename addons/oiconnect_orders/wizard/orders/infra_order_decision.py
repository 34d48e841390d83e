from odoo import api, fields, models
from odoo.exceptions import UserError


class InfraOrderDecision(models.TransientModel):
    """Ask before what cannot be undone, and for its reason; for one order or many."""

    _name = "oiconnect.infra.order.decision"
    _description = "Decision on orders of the network"

    res_model = fields.Char("Kind of orders", required=True)
    res_ids = fields.Json("Chosen orders", required=True)
    event = fields.Char("Decision", required=True)
    order_count = fields.Integer("Orders", compute="_compute_order_count")
    reason_id = fields.Many2one("oiconnect.reason")
    comment = fields.Char()
    needs_reason = fields.Boolean(compute="_compute_needs_reason")

    @api.depends("res_ids")
    def _compute_order_count(self):
        for decision in self:
            decision.order_count = len(decision.res_ids or ())

    @api.depends("event", "res_model")
    def _compute_needs_reason(self):
        for decision in self:
            orders = decision._orders()
            decision.needs_reason = decision.event in orders._reason_events

    def _orders(self):
        """Return the chosen orders, of a kind that this dialog is for."""
        model = self.env.get(self.res_model)
        decides = getattr(model, "_decision_events", None)
        if not decides or self.event not in decides:
            raise UserError(self.env._("This decision is not taken by this dialog."))
        return model.browse(self.res_ids or ())

    def action_confirm(self):
        self.ensure_one()
        orders = self._orders()
        orders.check_access("write")
        if self.needs_reason and not self.reason_id:
            raise UserError(self.env._("Choose the reason that the operator is told."))
        orders = orders.sudo()
        if self.needs_reason:
            orders.write(
                {"reason_id": self.reason_id.id, "reason_comment": self.comment}
            )
        orders._fire(self.event, **self._event_values())
        return {"type": "ir.actions.act_window_close"}

    def _event_values(self):
        """Return the values of the event; other kinds of orders ask for more."""
        return {"note": self.comment or None}
