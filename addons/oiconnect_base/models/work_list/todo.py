from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...fields import Many2oneWithoutForeignKey
from ..about_mixin import models_inheriting
from ..guarded import EVERY_FIELD

TODOS = "oiconnect.todo.mixin"
SCHEDULED = "oiconnect.scheduled.mixin"
#: kind of what scheduled work fails on at each run
FAILED = "failed_step"
COLUMNS = (
    "res_id",
    "name",
    "detail",
    "network_id",
    "company_id",
    "operator_id",
    "due_date",
    "warning_date",
)


def todo_kinds(model):
    """Return ``[(kind, label)]``: the selection of the records with things to do."""
    field = model.env["oiconnect.todo"]._fields["kind"]
    return field._description_selection(model.env)


class Todo(models.Model):
    """Task of the work list; it is closed when its cause no longer holds.

    Each addon adds the kinds of what is to do of its records (``selection_add``), which
    have ``oiconnect.todo.mixin``; others may have failed steps only.
    """

    _name = "oiconnect.todo"
    _description = "Thing to do"
    _inherit = ["oiconnect.about.mixin", "oiconnect.due.mixin"]
    # What is late comes first.
    _order = "due_date, id"
    _about = SCHEDULED
    _event_fields = EVERY_FIELD
    _free_fields = ("user_id",)

    kind = fields.Selection(
        [
            ("late", "Late step of ours"),
            ("message", "Message that cannot be written"),
            (FAILED, "Automatic step that fails"),
        ],
        "To do",
        required=True,
        readonly=True,
    )
    name = fields.Char("Subject", readonly=True)
    detail = fields.Char(readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    # Warranted by the record: it has the same operator and network, and keeps them.
    network_id = Many2oneWithoutForeignKey(
        "oiconnect.network", required=True, readonly=True
    )
    company_id = Many2oneWithoutForeignKey(related="network_id.company_id", store=True)
    operator_id = Many2oneWithoutForeignKey("oiconnect.operator", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Taken by",
        domain=lambda self: [("all_group_ids", "in", self._doers().ids)],
        ondelete="set null",
    )
    state = fields.Selection(
        [("open", "To do"), ("done", "Done")], default="open", readonly=True
    )
    done_date = fields.Datetime("Done on", readonly=True)

    # One open thing of a kind and a record.
    _open_uniq = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE state = 'open'",
        "This is already in the work list.",
    )
    # The work list and its first screen, by due time.
    _open_idx = models.Index("(due_date, id) WHERE state = 'open'")
    # "Mine" and the count of each person.
    _user_idx = models.Index("(user_id, due_date, id) WHERE state = 'open'")
    # The work list filtered or grouped by kind, by operator.
    _kind_idx = models.Index("(kind, due_date, id) WHERE state = 'open'")
    _operator_idx = models.Index("(operator_id, due_date, id) WHERE state = 'open'")
    # What was done, and all: by due time too.
    _due_idx = models.Index("(due_date, id)")
    # The form of an order.
    _record_idx = models.Index("(res_model, res_id, id)")

    # ------------------------------------------------------------------
    # Opened and closed by what happens, all at once
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _open(self, model, kind, rows):
        """Open a thing of ``kind`` for each row (values of ``COLUMNS``)."""
        if not rows:
            return
        self.flush_model()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_todo (
                    res_model, kind, state, create_uid, create_date, write_date, %s
                )
                SELECT %s, %s, 'open', %s, %s, %s, given.*
                FROM unnest(
                    %s::int[], %s::varchar[], %s::varchar[], %s::int[], %s::int[],
                    %s::int[], %s::timestamp[], %s::timestamp[]
                ) AS given
                ON CONFLICT (res_model, res_id, kind) WHERE state = 'open'
                DO NOTHING
                """,
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                model,
                kind,
                self.env.uid,
                now,
                now,
                *([row[column] or None for row in rows] for column in COLUMNS),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    @api.private
    def _close(self, model, ids, kind=None):
        """Close what is open of records; of one kind only when it is given."""
        if not ids:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_todo SET state = 'done', done_date = %s
                WHERE state = 'open' AND res_model = %s AND res_id = ANY(%s) AND %s
                """,
                fields.Datetime.now(),
                model,
                list(ids),
                SQL("kind = %s", kind) if kind else SQL("true"),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    @api.private
    def _set_due(self, model, dues):
        """Update the limits of open tasks from ``[(record id, due, warning)]``."""
        if not dues:
            return
        self.flush_model()
        ids, due_dates, warning_dates = zip(*dues, strict=True)
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_todo todo
                SET due_date = given.due_date, warning_date = given.warning_date
                FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[])
                    AS given(id, due_date, warning_date)
                WHERE todo.state = 'open' AND todo.res_model = %s
                    AND todo.res_id = given.id
                    AND (todo.due_date, todo.warning_date) IS DISTINCT FROM
                        (given.due_date, given.warning_date)
                """,
                list(ids),
                [due or None for due in due_dates],
                [warning or None for warning in warning_dates],
                model,
            )
        )
        self.invalidate_model(flush=False)

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    @api.model
    def _guarded_advice(self):
        return self.env._(
            "What is to do follows from its record: only who does it may be changed "
            "here."
        )

    @api.model
    def _doers(self):
        """Return the groups whose users work on the tasks of any model."""
        groups = self.env["res.groups"]
        names = {model._todo_group for model in models_inheriting(self.env, SCHEDULED)}
        return groups.union(*map(self.env.ref, sorted(names)))

    def action_take(self):
        """Assign the unassigned tasks to the user."""
        taken = self.filtered(lambda todo: todo.user_id - self.env.user)
        if taken and taken == self:
            raise UserError(
                self.env._(
                    "%(names)s: already taken by %(users)s. Ask for it to be released "
                    "first.",
                    names=", ".join(taken[:5].mapped("name")),
                    users=", ".join(taken.user_id.mapped("name")),
                )
            )
        (self - taken).user_id = self.env.user

    def action_release(self):
        self.user_id = False

    def action_retry(self):
        """Let the step that failed be tried again, at its next run."""
        self.check_access("write")
        failed = self.filtered(lambda todo: todo.kind == FAILED)
        if not failed:
            raise UserError(
                self.env._("Choose automatic steps that fail: nothing else is retried.")
            )
        for model, todos in failed.grouped("res_model").items():
            self.sudo()._close(model, todos.mapped("res_id"), FAILED)

    # ------------------------------------------------------------------
    # Every night
    # ------------------------------------------------------------------

    @api.model
    def _cron_reconcile(self):
        """Reconcile the work list of all models and merge the daily delay counts.

        A safety net: transitions keep them right by themselves.
        """
        self.env["oiconnect.delay.miss"]._measure_again()
        self.env["oiconnect.delay.count"]._fold()
        self.env["oiconnect.event"]._sync_todos()
        for records in models_inheriting(self.env, TODOS):
            records._reconcile()
