from odoo import api, fields, models

from ..delays.clock import due_state


class DueMixin(models.AbstractModel):
    """A record with a limit in time, and a moment from which it is due soon."""

    _name = "oiconnect.due.mixin"
    _description = "Has a limit in time"

    due_date = fields.Datetime("Due", readonly=True, copy=False)
    warning_date = fields.Datetime("Due soon from", readonly=True, copy=False)
    due_state = fields.Selection(
        [("late", "Late"), ("soon", "Due soon"), ("in_time", "In time")],
        "Delay",
        compute="_compute_due_state",
    )

    @api.depends("due_date", "warning_date")
    def _compute_due_state(self):
        now = fields.Datetime.now()
        for record in self:
            record.due_state = due_state(record.due_date, record.warning_date, now)
