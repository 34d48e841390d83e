from datetime import timedelta

from odoo import fields, models

from odoo.addons.oiconnect_base.workflow import Transition, Workflow

from ..appointment_states import LIVE_STATES, OPEN_STATES

# Interop'Fibre access protocol, states of an appointment. What the table refuses is
# told as FRDV04, "state not valid".
APPOINTMENT_WORKFLOW = Workflow(
    [
        Transition("confirm", OPEN_STATES, "confirmed", effect="_on_confirm"),
        Transition("move", ("created",), "created", effect="_on_move"),
        Transition(
            "move",
            ("postponed", "confirmed", "customer_absent"),
            "postponed",
            effect="_on_move",
        ),
        # A visit that took place and failed is made again.
        Transition(
            "move", ("done",), "postponed", guard="_is_to_visit", effect="_on_move"
        ),
        Transition(
            "propose",
            ("created",),
            "created",
            guard="_is_not_ordered",
            effect="_on_propose",
        ),
        Transition(
            "propose",
            ("postponed", "confirmed"),
            "postponed",
            guard="_is_not_ordered",
            effect="_on_propose",
        ),
        Transition("cancel", LIVE_STATES, "cancelled", effect="_on_end"),
        Transition(
            "expire",
            LIVE_STATES,
            "expired",
            guard="_is_not_ordered",
            effect="_on_end",
        ),
        Transition("visit", LIVE_STATES, "done", effect="_on_end"),
        Transition("miss", LIVE_STATES, "customer_absent", effect="_on_end"),
    ],
    initial="created",
    default_code="FRDV04",
    # A visit that failed, or that the customer missed, is moved to another slot.
    irreversible=("cancel", "expire", "visit"),
)


class Appointment(models.Model):
    _inherit = "oiconnect.appointment"

    _workflow = APPOINTMENT_WORKFLOW

    def _event_labels(self):
        labels = {
            "create": self.env._("Booking"),
            "confirm": self.env._("Agreement"),
            "move": self.env._("Change of slot"),
            "propose": self.env._("Counter-proposal"),
            "cancel": self.env._("Cancellation"),
            "expire": self.env._("Expiry"),
            "visit": self.env._("Visit done"),
            "miss": self.env._("Customer absent"),
        }
        return list(labels.items())

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _is_not_ordered(self, values):
        return self.filtered(lambda appointment: not appointment.order_id)

    def _is_to_visit(self, values):
        return self.filtered(lambda one: one.order_id.state == "connect_ko")

    # ------------------------------------------------------------------
    # Effects
    # ------------------------------------------------------------------

    def _on_confirm(self, values, origin):
        self.write({"awaits": False})
        self._set_expiry()
        self._resume_orders(origin)

    def _on_move(self, values, origin):
        """The slot is the operator's wish: we have yet to say yes."""
        for appointment in self:
            # Another slot than the one we proposed is our doing, no change of mind.
            if appointment.awaits != "operator":
                appointment.move_count += 1
        self.write({"awaits": "us"})

    def _on_propose(self, values, origin):
        self.write({"awaits": "operator"})

    def _on_end(self, values, origin):
        self.write({"awaits": False, "expiry_date": False})

    def _set_expiry(self):
        """A slot without an order is given back, at its beginning at the latest."""
        now = fields.Datetime.now()
        for appointment in self:
            hours = appointment.network_id.appointment_hold_hours
            limit = min(now + timedelta(hours=hours), appointment.start)
            appointment.expiry_date = False if appointment.order_id else limit

    def _resume_orders(self, origin):
        """A new visit is agreed: what had failed goes on."""
        failed = self.order_id.filtered(lambda order: order.state == "connect_ko")
        failed._fire("resume", origin)

    # ------------------------------------------------------------------
    # The order that confirms it
    # ------------------------------------------------------------------

    def _serve(self, order):
        """Rest ``order`` on this appointment: from now on it does not expire."""
        self.write(
            {
                "order_id": order.id,
                "oc_reference": order.oc_reference,
                "building_id": order.building_id.id,
                "awaits": False,
                "expiry_date": False,
            }
        )
