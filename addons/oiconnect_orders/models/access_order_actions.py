from odoo import api, models
from odoo.exceptions import UserError


class AccessOrder(models.Model):
    """Buttons of the form: each checks the right, then fires its event."""

    _inherit = "oiconnect.access.order"

    def _act(self, event, **values):
        self.check_access("write")
        return self.sudo()._fire(event, **values)

    def action_start(self):
        self._act("start")

    def action_deliver(self):
        self._act("deliver")

    def action_connected(self):
        self._act("connected")

    def action_resume(self):
        self._act("resume")

    def action_activate(self):
        self._act("activate")

    def action_decide(self):
        """Open the dialog of an event that needs a reason or a confirmation."""
        self.ensure_one()
        self.check_access("write")
        event = self.env.context.get("decision")
        if not self._can_fire(event):
            raise self._refusal(event)
        return {
            "type": "ir.actions.act_window",
            "name": self._event_label(event),
            "res_model": "oiconnect.access.order.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "default_event": event},
        }

    def action_view_routes(self):
        self.ensure_one()
        return self._open_related(
            "oiconnect.route", self.route_ids, self.env._("Optical routes")
        )

    def _open_related(self, model, records, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(
            self.env._("An order is kept for ever: cancel or terminate it instead.")
        )
