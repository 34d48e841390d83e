from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.workflow import JOB, Transition, Workflow

from ...appointment_states import LIVE_STATES, OPEN_STATES
from ...personal import CUSTOMER_GROUPS

# Interop'Fibre access protocol, states of an appointment. What the table refuses is
# reported as FRDV04, "state not valid".
APPOINTMENT_WORKFLOW = Workflow(
    [
        Transition("confirm", OPEN_STATES, "confirmed"),
        Transition("move", ("created",), "created"),
        Transition("move", ("postponed", "confirmed", "customer_absent"), "postponed"),
        # A visit that took place and failed is made again.
        Transition("move", ("done",), "postponed", guard="_is_to_visit"),
        Transition("propose", ("created",), "created", guard="_is_not_ordered"),
        Transition(
            "propose",
            ("postponed", "confirmed"),
            "postponed",
            guard="_is_not_ordered",
        ),
        Transition("cancel", LIVE_STATES, "cancelled", effect="_on_end"),
        Transition(
            "expire", LIVE_STATES, "expired", guard="_is_not_ordered", effect="_on_end"
        ),
        Transition("visit", LIVE_STATES, "done", effect="_on_end"),
        Transition("miss", LIVE_STATES, "customer_absent", effect="_on_end"),
    ],
    initial="created",
    default_code="FRDV04",
    # A visit that failed, or that the customer missed, is moved to another slot.
    irreversible=("cancel", "expire", "visit"),
)
EXPIRY_BATCH = 200


class Appointment(models.Model):
    """Life of an appointment: workflow, expiry, and its place in the work list."""

    _inherit = "oiconnect.appointment"

    _workflow = APPOINTMENT_WORKFLOW
    _subject = "appointment"
    _subject_fields = ("reference", "oc_reference", "start", "stop")

    _todo_group = "oiconnect_base.group_access_user"
    _free_text_groups = CUSTOMER_GROUPS

    def write(self, vals):
        result = super().write(vals)
        if "awaits" in vals:
            self._sync_todos()
        # The expiry is written last of all that a new slot changes.
        if vals.keys() & {"expiry_date", "order_id"}:
            # The report of a visit is due when the visit takes place.
            self.order_id.sudo()._sync_todos()
        return result

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

    def _is_not_ordered(self, values):
        return self.filtered(lambda appointment: not appointment.order_id)

    def _is_to_visit(self, values):
        return self.filtered(lambda one: one.order_id.state == "connect_ko")

    def _on_confirm(self, values, origin):
        self.write({"awaits": False})
        self._set_expiry()
        self._resume_orders(origin)

    def _on_move(self, values, origin):
        """Count the move of the operator; the new slot awaits our confirmation."""
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
        """Resume the failed orders that have a new visit."""
        failed = self.order_id.filtered(lambda order: order.state == "connect_ko")
        failed._fire("resume", origin)

    def _attach_order(self, order):
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

    def _step_after_failure(self):
        """Return what leads to another visit; nothing when one is confirmed."""
        self.ensure_one()
        if self.state in OPEN_STATES:
            return "confirm"
        if self.state in LIVE_STATES:
            return False
        return "move" if self._can_fire("move") else "book"

    @api.model
    def _cron_expire(self):
        """Expire what is due, oldest first, one transaction a batch."""
        self._apply_by_batches(
            "expire",
            self._due(),
            EXPIRY_BATCH,
            lambda some: some._can_fire("expire")._fire("expire", JOB),
        )

    @api.model
    def _due(self):
        return Domain("expiry_date", "<=", fields.Datetime.now()) & Domain(
            "order_id", "=", False
        )

    # ------------------------------------------------------------------
    # Work list: a request for a visit waits for our answer
    # ------------------------------------------------------------------

    def _sync_todos(self):
        answered = self.filtered(
            lambda one: one.todo_kind and not one._required_todo_kind()
        )
        answered._count_answers()
        return super()._sync_todos()

    def _count_answers(self):
        """Count the answers to requests for a visit, in time and late."""
        now = fields.Datetime.now()
        ended, late = Counter(), Counter()
        for todo in self.sudo().todo_ids:
            key = (todo.network_id, todo.operator_id, todo.kind, "us")
            ended[key] += 1
            late[key] += todo.due_date < now
        self.env["oiconnect.delay.count"].sudo()._append(
            {key: (number, late[key]) for key, number in ended.items()}
        )

    def _required_todo_kind(self):
        waits = self.awaits == "us" and self.state in OPEN_STATES
        return waits and "appointment"

    @api.model
    def _todo_trigger_fields(self):
        return (*super()._todo_trigger_fields(), "awaits")

    def _todo_row(self):
        return super()._todo_row() | {"name": self.reference}

    def _todo_detail(self):
        return self.team_id.name

    def _todo_limit(self):
        """Return ``(due, warning)``: the visit itself waits for no answer."""
        delays = self.env["oiconnect.delay"]
        rule = delays._rules(self.network_id.id, self.operator_id.id).get("appointment")
        if not rule:
            return self.start, self.start
        due, warning = delays._limit(rule, fields.Datetime.now())
        return min(due, self.start), min(warning, self.start)

    def _follow_todo_limits(self):
        """Do nothing: an answer is due from the request on."""

    @api.model
    def _todo_domain(self):
        return Domain("awaits", "=", "us") & Domain("state", "in", OPEN_STATES)
