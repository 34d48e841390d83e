from collections import defaultdict
from types import MappingProxyType

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...bulk import group_by_values
from .todo import todo_kinds

BATCH = 1000


class TodoMixin(models.AbstractModel):
    """Keeps the tasks of a record in the work list.

    A model declares what is to do in which state (``_todo_of_state``), or works it out
    (``_required_todo_kind``); things open and close by themselves, with each
    transition.
    """

    _name = "oiconnect.todo.mixin"
    _description = "Has things to do"
    _inherit = ["oiconnect.scheduled.mixin", "oiconnect.workflow"]

    _transition_effects = ("_update_todos",)
    # {state: kind of what is to do}
    _todo_of_state = MappingProxyType({})

    todo_kind = fields.Selection(todo_kinds, "To do", readonly=True, copy=False)
    todo_user_id = fields.Many2one(
        "res.users", "Taken by", compute="_compute_todo_user_id"
    )

    # Records with something to do: the nightly check of the work list.
    _todo_idx = models.Index("(id) WHERE todo_kind IS NOT NULL")

    @api.depends("todo_ids.user_id")
    def _compute_todo_user_id(self):
        for record in self:
            record.todo_user_id = record.todo_ids.user_id[:1]

    def action_take_todo(self):
        self.todo_ids.action_take()

    def _required_todo_kind(self):
        """Return the kind of what is to do of a record, False when nothing is."""
        return self._todo_of_state.get(self.state, False)

    @api.model
    def _todo_trigger_fields(self):
        """Return the columns on which what there is to do depends."""
        return ("state", "todo_kind")

    def _todo_groups(self):
        """Return the records in groups of which the same is to do."""
        return group_by_values(self, *self._todo_trigger_fields())

    def _follow_todo_limits(self):
        """Let what stays to do be due when its records say so now."""
        limits = [(record.id, *record._todo_limit()) for record in self]
        self.env["oiconnect.todo"].sudo()._set_due(self._name, limits)

    @api.model
    def _todo_domain(self):
        """Return the domain of the records that may have something to do."""
        return Domain("state", "not in", tuple(self._workflow.final_states))

    def _update_todos(self, transition, values, origin):
        self._sync_todos()

    def _sync_todos(self):
        """Open and close what is to do of these records, by its causes as they are.

        The database is not queried where nothing changes.
        """
        todos = self.env["oiconnect.todo"].sudo()
        moved = defaultdict(list)
        for records in self._todo_groups():
            kind = records[:1]._required_todo_kind() or False
            if kind != records[:1].todo_kind:
                moved[kind] += records.ids
        changed = self.browse([id_ for ids in moved.values() for id_ in ids])
        todos._close(self._name, changed.filtered("todo_kind").ids)
        for kind, ids in moved.items():
            records = self.browse(ids)
            records.write({"todo_kind": kind})
            if kind:
                rows = [record._todo_row() for record in records]
                todos._open(self._name, kind, rows)
        unchanged = (self - changed).filtered("todo_kind")
        unchanged._follow_todo_limits()
        (changed | unchanged).invalidate_recordset(["todo_ids"], flush=False)

    @api.model
    def _reconcile(self):
        """Recompute the tasks of the records that may have one."""
        self._reopen_lost_todos()
        may_have = self._todo_domain() | Domain("todo_kind", "!=", False)
        self._apply_by_batches(
            "reconcile", may_have, BATCH, lambda some: some._reconcile_batch()
        )

    def _reconcile_batch(self):
        self._sync_todos()

    @api.model
    def _reopen_lost_todos(self):
        """Reset ``todo_kind`` of the records without an open task."""
        self.flush_model(["todo_kind"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE %s target SET todo_kind = NULL
                WHERE todo_kind IS NOT NULL AND NOT EXISTS (
                    SELECT FROM oiconnect_todo todo
                    WHERE todo.state = 'open' AND todo.kind = target.todo_kind
                        AND todo.res_model = %s AND todo.res_id = target.id
                )
                """,
                SQL.identifier(self._table),
                self._name,
            )
        )
        self.invalidate_model(["todo_kind"], flush=False)
