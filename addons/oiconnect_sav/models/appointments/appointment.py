from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_orders.appointment_states import LIVE_STATES

from ...personal import CUSTOMER_GROUPS
from ...states import AWAITED_TASK_STATES, CLOSED_STATES


class Appointment(models.Model):
    """Visits for a ticket: they rest on a task, as others rest on an order."""

    _inherit = "oiconnect.appointment"

    _called_off_reasons = ("rejected", "ended", "ticket")
    # The work list of the visit stays last.
    _transition_effects = ("_unplan_tasks", "_update_todos")

    ticket_task_id = fields.Many2one(
        "oiconnect.ticket.task",
        "Task of a ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    ticket_id = fields.Many2one(related="ticket_task_id.ticket_id")
    needless_reason = fields.Selection(selection_add=[("ticket", "The ticket is over")])

    def _with_readable_words(self):
        """After-sales visits are those of tickets; people of tickets read no others."""
        readable = super()._with_readable_words()
        if not self.env.user.has_groups(CUSTOMER_GROUPS):
            return readable
        # By sudo: the kind of a visit that the user may not see is looked at too.
        repairs = self.sudo().filtered(lambda visit: visit.kind == "repair")
        return readable | repairs.sudo(False)

    def write(self, vals):
        result = super().write(vals)
        if "start" in vals:
            self._plan_tasks()
        return result

    def _plan_tasks(self):
        """Move the task of a visit that is moved.

        :raises WorkflowError: the task is over: no one would go to another visit
        """
        for visit in self.sudo().filtered("ticket_task_id"):
            task = visit.ticket_task_id
            is_over = task.state not in AWAITED_TASK_STATES
            if is_over and visit.state in LIVE_STATES:
                raise WorkflowError(
                    self.env._(
                        "The task of %s is over: add another one to its ticket.",
                        visit.reference,
                    ),
                    self._workflow.code("move"),
                )
            if not is_over and task.planned_date != visit.start:
                task._fire("plan", date=visit.start)

    def _unplan_tasks(self, transition, values, origin):
        """A visit that does not take place leaves its task to plan again."""
        if transition.target not in ("cancelled", "customer_absent"):
            return
        self.sudo().ticket_task_id._ready_for("unplan")._fire("unplan", origin)

    def _attach_task(self, task):
        """Rest ``task`` on this appointment: from now on it does not expire."""
        self.write({"ticket_task_id": task.id, "awaits": False, "expiry_date": False})
        self._can_fire("confirm")._fire("confirm")

    # ------------------------------------------------------------------
    # A visit without an order expires; that of a ticket does not
    # ------------------------------------------------------------------

    def _is_not_ordered(self, values):
        free = super()._is_not_ordered(values)
        return free.filtered(lambda visit: not visit.ticket_task_id)

    def _set_expiry(self):
        result = super()._set_expiry()
        self.filtered("ticket_task_id").write({"expiry_date": False})
        return result

    @api.model
    def _due(self):
        return super()._due() & Domain("ticket_task_id", "=", False)

    @api.model
    def _needless_query(self):
        return SQL(
            """
            %s
            UNION ALL
            SELECT a.id, 'ticket'
              FROM oiconnect_appointment a
              JOIN oiconnect_ticket_task k ON k.id = a.ticket_task_id
              JOIN oiconnect_ticket t ON t.id = k.ticket_id
             WHERE a.state = ANY(%s) AND t.state = ANY(%s) AND a.is_held IS NOT TRUE
            """,
            super()._needless_query(),
            list(LIVE_STATES),
            list(CLOSED_STATES),
        )
