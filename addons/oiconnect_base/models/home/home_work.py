from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...home import DANGER, WARNING, Block, Number
from ...time_zone import local_today, start_of_day

FIRST = 5


class Home(models.AbstractModel):
    """Tasks: by whom they are taken, and when they are due."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        return [*super()._blocks(), *self._declared(self._work_block)]

    @api.model
    def _work_block(self):
        return Block(
            "work",
            self.env._("Work list"),
            10,
            tuple(self._work_numbers()),
            self.env._("Nothing is to do. What needs a person comes here by itself."),
            "work",
            self._first_todos,
            (self.env._("Open the work list"), "oiconnect_base.todo_action"),
        )

    @api.model
    def _work_numbers(self):
        open_todos = Domain("state", "=", "open")
        for whose, (of_whom, labels) in self._work_rows().items():
            for when, (due, tone) in self._work_columns().items():
                yield Number(
                    f"{whose}_{when}",
                    labels[when],
                    "oiconnect.todo",
                    open_todos & of_whom & due,
                    "oiconnect_base.todo_action",
                    tone,
                    {"row": whose, "column": when},
                )

    @api.model
    def _work_columns(self):
        """Return ``{when: (domain, tone)}``: each open task is in one of them."""
        now = fields.Datetime.now()
        tomorrow = start_of_day(local_today() + timedelta(days=1))
        due = "due_date"
        return {
            "late": (Domain(due, "<", now), DANGER),
            "today": (Domain(due, ">=", now) & Domain(due, "<", tomorrow), WARNING),
            "later": (Domain(due, ">=", tomorrow) | Domain(due, "=", False), ""),
        }

    @api.model
    def _work_rows(self):
        """Return ``{whose: (domain, labels by when)}``; mine for who may take tasks."""
        rows = {
            "mine": (
                Domain("user_id", "=", self.env.uid),
                {
                    "late": self.env._("My work, late"),
                    "today": self.env._("My work due today"),
                    "later": self.env._("My work, later"),
                },
            ),
            "unassigned": (
                Domain("user_id", "=", False),
                {
                    "late": self.env._("Taken by nobody, late"),
                    "today": self.env._("Taken by nobody, due today"),
                    "later": self.env._("Taken by nobody, later"),
                },
            ),
            "all": (
                Domain.TRUE,
                {
                    "late": self.env._("All work, late"),
                    "today": self.env._("All work due today"),
                    "later": self.env._("All work, later"),
                },
            ),
        }
        if not self.env["oiconnect.todo"].has_access("write"):
            del rows["mine"]
        return rows

    @api.model
    def _first_todos(self, _counts):
        """Return the next things to do: mine, else those without owner."""
        todos = self.env["oiconnect.todo"]
        for user in (self.env.uid, False):
            domain = [("state", "=", "open"), ("user_id", "=", user)]
            if found := todos.search(self._on_screen(todos, domain), limit=FIRST):
                break
        return {
            "rows": {
                "mine": self.env._("Mine"),
                "unassigned": self.env._("Nobody's"),
                "all": self.env._("All"),
            },
            "columns": {
                "late": self.env._("Late"),
                "today": self.env._("Today"),
                "later": self.env._("Later"),
            },
            "title": self.env._("Next for me") if user else self.env._("To be taken"),
            "todos": [self._todo_line(todo) for todo in found],
        }

    @api.model
    def _todo_line(self, todo):
        """Return a task as the page tells it; a click opens its record."""
        kinds = dict(todo._fields["kind"]._description_selection(self.env))
        due = todo.due_date
        return {
            "id": todo.id,
            "model": todo.res_model,
            "record_id": todo.res_id,
            "name": todo.name,
            "kind": kinds[todo.kind],
            "operator": todo.operator_id.display_name or "",
            "due": format_datetime(self.env, due, dt_format="short") if due else "",
            "state": todo.due_state or "",
        }
