from odoo import api, models

from ...states import CLOSED_STATES

PLACE = ("street_number", "street_number_suffix", "street_type", "street_name")
TOWN = ("postal_code", "city")


class AccessOrder(models.Model):
    """The header of an access order: the line is its own."""

    _inherit = "oiconnect.access.order"

    @api.depends_context("by_line", "formatted_display_name")
    def _compute_display_name(self):
        """People choose a line by who lives where, not by the number of its order."""
        done = super()._compute_display_name()
        context = self.env.context
        if context.get("by_line") or context.get("formatted_display_name"):
            for order in self:
                order.display_name = order._line_name()
        return done

    def _line_name(self):
        """Return customer, address, PTO, operator and number, as far as known."""
        names = (self._line_customer(), (self._line_address() or {}).get("text"))
        codes = (self.sudo().pto_id.reference, self.operator_id.interop_code)
        return " · ".join(filter(None, (*names, *codes, self.oc_reference)))

    def _line_order(self):
        return self

    def _line_address(self):
        """Return the building; before it is known, what the operator ordered."""
        if found := super()._line_address():
            return found
        parts = (" ".join(filter(None, map(self.__getitem__, names))) for names in (PLACE, TOWN))  # fmt: skip  # noqa: E501
        text = ", ".join(filter(None, parts))
        return {"text": text, "model": "", "id": False} if text else None

    def _line_related(self):
        related = super()._line_related()
        if self.appointment_id:
            kind = self.env._("Appointment")
            related.append(self._line_record(self.appointment_id) | {"kind": kind})
        return related

    def _line_actions(self):
        actions = super()._line_actions()
        if self._may_book_visit() and self.has_access("write"):
            label = self.env._("Book an appointment")
            actions.append(("action_book_appointment", "fa-calendar-plus-o", label))
        if self.state in CLOSED_STATES and self._may_order_here():
            label = self.env._("Order here")
            actions.append(("action_order_here", "fa-file-text-o", label))
        return actions

    def _may_book_visit(self):
        """Tell whether a visit of ours is what this order lacks."""
        if self.visit_step:
            return self.visit_step == "book"
        awaits = self.state in ("cr_ok", "connecting", "connect_ko")
        by_us = self.connection_type == "oi" and not self.existing_socket
        return awaits and by_us and not self.appointment_count

    def _order_here_defaults(self):
        """Another operator takes the line over by its socket, where there is one."""
        socket = {"existing_socket": bool(self.pto_id), "pto_id": self.pto_id.id}
        return super()._order_here_defaults() | socket
