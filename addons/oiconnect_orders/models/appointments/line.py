from odoo import models

from ...appointment_states import LIVE_STATES


class Appointment(models.Model):
    """The header of an appointment: the line of its order, or the place alone."""

    _inherit = "oiconnect.appointment"

    def _line_order(self):
        return self.order_id

    def _line_address(self):
        """Return the place of the visit as it was given."""
        if not self.place:
            return super()._line_address()
        building = self._line_link("building_id") or {"model": "", "id": False}
        return building | {"text": self.place}

    def _line_next(self):
        return self._line_visit(self)

    def _line_due(self):
        """Return when the slot is given back."""
        if not self.expiry_date or self.state not in LIVE_STATES:
            return None
        return self._line_date(self.env._("Slot kept until"), self.expiry_date)

    def _line_actions(self):
        actions = super()._line_actions()
        if not self.order_id and self.state in LIVE_STATES and self._may_order_here():
            label = self.env._("Order")
            actions.append(("action_order_here", "fa-file-text-o", label))
        return actions

    def _order_here_defaults(self):
        """An order for this visit, whose operator and place it has."""
        visit = {"appointment_id": self.id, "connection_type": "oi"}
        return super()._order_here_defaults() | visit
