from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.bulk import filter_alike

from ..appointment_states import LIVE_STATES

# What becomes of the appointments of an order, by its event
FOLLOWED = {
    "connected": "visit",
    "cancel": "cancel",
    "abandon": "cancel",
    "terminate": "cancel",
    "overwrite": "cancel",
}


class AccessOrder(models.Model):
    """Orders that we connect rest on an appointment, which follows them."""

    _inherit = "oiconnect.access.order"

    appointment_ids = fields.One2many(
        "oiconnect.appointment", "order_id", "Appointments"
    )
    appointment_count = fields.Integer(
        "Number of appointments", compute="_compute_appointment"
    )
    appointment_id = fields.Many2one(
        "oiconnect.appointment",
        compute="_compute_appointment",
        help="The visit that is awaited, or the last one",
    )

    @api.depends("appointment_ids.start", "appointment_ids.state")
    def _compute_appointment(self):
        for order in self:
            found = order.appointment_ids.sorted("start")
            awaited = found.filtered(lambda one: one.state in LIVE_STATES)
            order.appointment_count = len(found)
            order.appointment_id = awaited[:1] or found[-1:]

    def _needs_visit(self):
        """Return the orders for which we go to the customer's."""
        return filter_alike(
            self,
            ("connection_type", "existing_socket"),
            lambda order: order.connection_type == "oi" and not order.existing_socket,
        )

    # ------------------------------------------------------------------
    # The appointment follows the order
    # ------------------------------------------------------------------

    def _move_appointments(self, transition, values, origin):
        # Orders that nobody visits, all of a file most often, cost nothing here.
        visited = self._needs_visit()
        if visited:
            visited._follow_by_appointments(transition.event, origin)

    def _follow_by_appointments(self, event, origin):
        if event == "accept":
            self._link_appointments(origin)
        elif event == "connection_failed":
            absent = self.filtered("reason_id.customer_absent")
            absent._end_appointments("miss", origin)
            (self - absent)._end_appointments("visit", origin)
        elif event in FOLLOWED:
            self._end_appointments(FOLLOWED[event], origin)

    def _link_appointments(self, origin):
        """The order confirms the appointment that it names."""
        found = self._named_appointments()
        linked = self.env["oiconnect.appointment"]
        for order in self:
            key = (order.network_id, order.operator_id, order.appointment_reference)
            # The first order of a batch that names it has it.
            appointment = found.pop(key, linked.browse())
            if appointment:
                appointment._serve(order)
                linked |= appointment
        linked._can_fire("confirm")._fire("confirm", origin)

    def _named_appointments(self):
        """Return the awaited appointments that the orders name, in one query.

        :return: ``{(network, operator, reference): appointment}``
        """
        names = [name for name in self.mapped("appointment_reference") if name]
        found = (
            self.env["oiconnect.appointment"]
            .sudo()
            .search(
                Domain("reference", "in", names)
                & Domain("state", "in", LIVE_STATES)
                & Domain("order_id", "=", False)
            )
        )
        return {(one.network_id, one.operator_id, one.reference): one for one in found}

    def _end_appointments(self, event, origin):
        """Fire ``event`` on what is still awaited of these orders."""
        live = (
            self.env["oiconnect.appointment"]
            .sudo()
            .search(
                Domain("order_id", "in", self.ids) & Domain("state", "in", LIVE_STATES)
            )
        )
        live._fire(event, origin)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_resume(self):
        """A failed visit is made again at a new appointment."""
        for order in self._needs_visit():
            last = order.appointment_id
            if last and last.state not in LIVE_STATES:
                raise UserError(
                    self.env._(
                        "%(order)s: the visit failed. Move the appointment "
                        "%(appointment)s to another slot and confirm it: the "
                        "connection resumes by itself.",
                        order=order.display_name,
                        appointment=last.reference,
                    )
                )
        return super().action_resume()

    def action_book_appointment(self):
        """Book a visit for an order that awaits none."""
        self.ensure_one()
        self.check_access("write")
        return self.env["oiconnect.appointment.choice"]._open_for_order(self)

    def _rest_on(self, appointment):
        """The visit is made at ``appointment`` from now on."""
        appointment.sudo()._serve(self)
        appointment.sudo().awaits = "us"
        self.appointment_reference = appointment.reference

    def action_view_appointments(self):
        self.ensure_one()
        if self.appointment_count == 1:
            return {
                "type": "ir.actions.act_window",
                "res_model": "oiconnect.appointment",
                "res_id": self.appointment_id.id,
                "views": [[False, "form"]],
            }
        return self._open_related(
            "oiconnect.appointment", self.appointment_ids, self.env._("Appointments")
        )
