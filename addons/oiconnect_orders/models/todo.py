from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.fields import WarrantedMany2one
from odoo.addons.oiconnect_base.lost import open_form
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ..delays.todos import TODO_KINDS
from .access_order_clock import due_state

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


class Todo(models.Model):
    """One thing that a person has to do; it closes when its cause is gone."""

    _name = "oiconnect.todo"
    _description = "Thing to do"
    # What is late comes first.
    _order = "due_date, id"
    _event_fields = EVERY_FIELD
    _free_fields = ("user_id",)

    kind = fields.Selection(TODO_KINDS, "To do", required=True, readonly=True)
    name = fields.Char("About", readonly=True)
    detail = fields.Char(readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    # Warranted by the record: it has the same operator and network, and keeps them.
    network_id = WarrantedMany2one("oiconnect.network", required=True, readonly=True)
    company_id = WarrantedMany2one(related="network_id.company_id", store=True)
    operator_id = WarrantedMany2one("oiconnect.operator", readonly=True)
    due_date = fields.Datetime("Due", readonly=True)
    warning_date = fields.Datetime("Due soon from", readonly=True)
    due_state = fields.Selection(
        [("late", "Late"), ("soon", "Due soon"), ("in_time", "In time")],
        "Delay",
        compute="_compute_due_state",
    )
    user_id = fields.Many2one(
        "res.users",
        "Taken by",
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("oiconnect_base.group_access_user").ids,
            )
        ],
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

    @api.depends("due_date", "warning_date")
    def _compute_due_state(self):
        now = fields.Datetime.now()
        for todo in self:
            todo.due_state = due_state(todo.due_date, todo.warning_date, now)

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
        """Follow the limits ``[(id, due, warning)]`` of records whose task stays."""
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

    def _count_answers(self):
        """Count the answers to requests for a visit, in time and late."""
        now = fields.Datetime.now()
        ended, late = Counter(), Counter()
        for todo in self:
            key = (todo.network_id, todo.operator_id, todo.kind, "us")
            ended[key] += 1
            late[key] += todo.due_date < now
        self.env["oiconnect.delay.count"].sudo()._append(
            {key: (number, late[key]) for key, number in ended.items()}
        )

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    @api.model
    def _guarded_advice(self):
        return self.env._(
            "What is to do follows from its order: only who does it may be changed "
            "here."
        )

    def action_take(self):
        """Take what nobody does yet; what a colleague does stays his."""
        taken = self.filtered(lambda todo: todo.user_id not in (False, self.env.user))
        taken = taken.filtered("user_id")
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

    def action_open_record(self):
        """Open what it is about, which is done there."""
        self.ensure_one()
        return open_form(self.env[self.res_model].browse(self.res_id))
