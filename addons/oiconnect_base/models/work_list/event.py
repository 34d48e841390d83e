from odoo import api, fields, models
from odoo.fields import Domain

from ..about_mixin import models_inheriting
from .todo import TODOS

PLANNED = "oiconnect_base.todos_of_events"


class Event(models.Model):
    """Messages that no file can take are for a person to look at.

    What is wrong with a format is wrong with each of its messages: there is one thing
    to do for all that an operator was to hear by a flow.
    """

    _inherit = "oiconnect.event"

    # Messages in error, of which the work list tells.
    _error_idx = models.Index("(operator_id, flow, id) WHERE state = 'error'")

    def write(self, vals):
        result = super().write(vals)
        commits = self.env.cr.precommit
        if "state" in vals and not commits.data.get(PLANNED):
            # Once a transaction, however many messages are set aside in it.
            commits.data[PLANNED] = True
            commits.add(self.browse()._sync_todos)
        return result

    @api.model
    def _sync_todos(self):
        """Open and close what is to do of messages, by their states as they are."""
        names = [model._name for model in models_inheriting(self.env, TODOS)]
        stuck = self.sudo()._stuck_groups(Domain("res_model", "in", names))
        rows = [self.browse(first)._todo_row(count) for first, count in stuck]
        todos = self.env["oiconnect.todo"].sudo()
        known = todos.search([("state", "=", "open"), ("res_model", "=", self._name)])
        first = {row["res_id"] for row in rows}
        todos._close(self._name, set(known.mapped("res_id")) - first)
        todos._open(self._name, "message", rows)

    @api.model
    def _stuck_groups(self, domain):
        """Return ``[(first id, count)]`` of the messages that are one thing to do.

        For channels to extend: what is wrong with theirs may concern one record.
        """
        groups = self._read_group(
            Domain("state", "=", "error") & domain,
            ["operator_id", "network_id", "flow"],
            ["id:min", "__count"],
        )
        return [(first, count) for *_key, first, count in groups]

    def _todo_row(self, count):
        event = self.sudo()
        date = event.create_date or fields.Datetime.now()
        about = event.res_name or ""
        return {
            "res_id": event.id,
            "name": f"{event.flow} {about if count == 1 else f'× {count}'}",
            # What is wrong may quote the end customer's data: the message tells it.
            "detail": False,
            "network_id": event.network_id.id,
            "company_id": event.company_id.id,
            "operator_id": event.operator_id.id,
            "due_date": date,
            "warning_date": date,
        }
