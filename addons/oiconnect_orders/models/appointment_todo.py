from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

from ..appointment_states import OPEN_STATES


class Appointment(models.Model):
    """A request for a visit waits for our answer: it is in the work list."""

    _inherit = "oiconnect.appointment"

    _todo_group = "oiconnect_base.group_access_user"

    def write(self, vals):
        result = super().write(vals)
        if "awaits" in vals:
            self._sync_todos()
        # The expiry is written last of all that a new slot changes.
        if vals.keys() & {"expiry_date", "order_id"}:
            # The report of a visit is due when the visit takes place.
            self.order_id.sudo()._sync_todos()
        return result

    def _sync_todos(self):
        answered = self.filtered(lambda one: one.todo_kind and not one._wanted_todo())
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

    def _wanted_todo(self):
        waits = self.awaits == "us" and self.state in OPEN_STATES
        return waits and "appointment"

    @api.model
    def _todo_causes(self):
        return (*super()._todo_causes(), "awaits")

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
        """The answer is due from the request on, whatever moves meanwhile."""

    @api.model
    def _todo_domain(self):
        return Domain("awaits", "=", "us") & Domain("state", "in", OPEN_STATES)
