from odoo import models
from odoo.exceptions import UserError


class AccessOrderNew(models.TransientModel):
    """The visit that a connection by us needs is booked on the way to the order."""

    _inherit = "oiconnect.access.order.new"

    def action_book_visit(self):
        """Choose a slot, then come back to the order with its visit."""
        self.ensure_one()
        self.env["oiconnect.appointment"].check_access("write")
        if not self.operator_id:
            raise UserError(self.env._("Choose the operator that orders first."))
        if not self.building_id:
            raise UserError(
                self.env._("Choose the building first: it tells which teams go there.")
            )
        return self.env["oiconnect.appointment.choice"]._open_for_new(self)

    def _rest_on(self, appointment):
        """The order rests on ``appointment``: who takes it and the operator agree."""
        appointment.sudo()._fire("confirm")
        self.appointment_id = appointment
        self._onchange_appointment_id()

    def _reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_new_action"
        )
        return action | {"res_id": self.id}
