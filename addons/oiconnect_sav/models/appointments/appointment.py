from odoo import api, fields, models
from odoo.fields import Domain


class Appointment(models.Model):
    """Visits for a ticket: they rest on a task, as others rest on an order."""

    _inherit = "oiconnect.appointment"

    ticket_task_id = fields.Many2one(
        "oiconnect.ticket.task",
        "Task of a ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    ticket_id = fields.Many2one(related="ticket_task_id.ticket_id")

    def write(self, vals):
        result = super().write(vals)
        if "start" in vals:
            self._plan_tasks()
        return result

    def _plan_tasks(self):
        """A visit that is moved moves its task."""
        for visit in self.sudo().filtered("ticket_task_id"):
            task = visit.ticket_task_id
            if task.planned_date != visit.start and task._can_fire("plan"):
                task._fire("plan", date=visit.start)

    def _attach_task(self, task):
        """Rest ``task`` on this appointment: from now on it does not expire."""
        self.write({"ticket_task_id": task.id, "awaits": False, "expiry_date": False})
        self._can_fire("confirm")._fire("confirm")

    # ------------------------------------------------------------------
    # What nobody ordered expires; a visit of a ticket does not
    # ------------------------------------------------------------------

    def _is_not_ordered(self, values):
        free = super()._is_not_ordered(values)
        return free.filtered(lambda visit: not visit.ticket_task_id)

    def _set_expiry(self):
        super()._set_expiry()
        self.filtered("ticket_task_id").write({"expiry_date": False})

    @api.model
    def _due(self):
        return super()._due() & Domain("ticket_task_id", "=", False)
