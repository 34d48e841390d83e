from odoo import api, fields, models

from ..delays.clock import due_state

# Of Odoo's palette: red is late, and nothing else is red
COLORS = {"late": 1, "soon": 2, "in_time": 10}


def due_states(model):
    """Return ``[(state, label)]``.

    No list: its labels would be terms of this addon about models of others, which
    Odoo cannot translate before it has loaded these.
    """
    states = {"late": model.env._("Late")}
    states["soon"] = model.env._("Due soon")
    states["in_time"] = model.env._("In time")
    return list(states.items())


class DueMixin(models.AbstractModel):
    """A record with a limit in time, and a moment from which it is due soon."""

    _name = "oiconnect.due.mixin"
    _description = "Has a limit in time"

    due_date = fields.Datetime("Due", readonly=True, copy=False)
    warning_date = fields.Datetime("Due soon from", readonly=True, copy=False)
    due_state = fields.Selection(due_states, "Delay", compute="_compute_due_state")
    due_color = fields.Integer("Colour of the delay", compute="_compute_due_state")

    @api.depends("due_date", "warning_date")
    def _compute_due_state(self):
        now = fields.Datetime.now()
        for record in self:
            record.due_state = due_state(record.due_date, record.warning_date, now)
            record.due_color = COLORS.get(record.due_state, 0)
