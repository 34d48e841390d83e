from odoo import api, fields, models

from ..appointment_states import LIVE_STATES, OPEN_STATES


class AccessOrder(models.Model):
    """What makes a failed connection go on: the step of its visit that works now."""

    _inherit = "oiconnect.access.order"

    visit_step = fields.Selection(
        [
            ("confirm", "Confirm the appointment"),
            ("move", "Move the appointment"),
            ("book", "Book another appointment"),
        ],
        "Step of the visit",
        compute="_compute_visit_step",
        compute_sudo=True,
    )

    @api.depends("state", "connection_type", "existing_socket", "appointment_id")
    def _compute_visit_step(self):
        failed = self.filtered(lambda order: order.state == "connect_ko")
        visited = failed._needs_visit()
        for order in self:
            visit = order.appointment_id if order in visited else None
            order.visit_step = visit._step_after_failure() if visit else False

    def action_confirm_visit(self):
        self.ensure_one()
        self.appointment_id.action_confirm()

    def action_move_visit(self):
        """Open the free slots for the visit of the order."""
        self.ensure_one()
        return self.appointment_id.action_move()


class Appointment(models.Model):
    _inherit = "oiconnect.appointment"

    def _step_after_failure(self):
        """Return what leads to another visit; nothing when one is confirmed."""
        self.ensure_one()
        if self.state in OPEN_STATES:
            return "confirm"
        if self.state in LIVE_STATES:
            return False
        return "move" if self._can_fire("move") else "book"
