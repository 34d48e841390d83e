from odoo import models


class Appointment(models.Model):
    """Buttons of the form: each checks the right, then fires its event."""

    _inherit = "oiconnect.appointment"

    def action_confirm(self):
        self._act("confirm")

    def action_visit(self):
        self._act("visit")

    def action_miss(self):
        self._act("miss")

    def action_cancel(self):
        self._act("cancel")

    def action_book(self):
        """Book for an operator that calls."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book an appointment"),
            "res_model": "oiconnect.appointment.choice",
            "view_mode": "form",
            "target": "new",
        }

    def action_move(self):
        return self._open_choice("move")

    def action_propose(self):
        return self._open_choice("propose")

    def _open_choice(self, purpose):
        """Open the dialog of free slots, if the state allows another one."""
        self.ensure_one()
        self.check_access("write")
        event = "move" if purpose == "move" else "propose"
        if not self._can_fire(event):
            raise self._refusal(event)
        return self.env["oiconnect.appointment.choice"]._open_for(self, purpose)

    def action_view_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.access.order",
            "res_id": self.order_id.id,
            "views": [[False, "form"]],
        }

    def action_show_on_map(self):
        """Open the map where the visit takes place."""
        self.ensure_one()
        return self.building_id.action_show_on_map()
