from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.bulk import alike

from ..delays.todos import TODO_KINDS, wanted

BATCH = 1000
# What there is to do depends on these columns, and on the visit where one is needed
TODO_CAUSES = (
    "state",
    "proposed_reason_id",
    "study_broke",
    "discharge_number",
    "connection_type",
    "existing_socket",
    "is_late",
    "awaited",
    "todo_kind",
)


class AccessOrder(models.Model):
    """What of an order is for a person to do stands in the work list."""

    _inherit = "oiconnect.access.order"

    todo_kind = fields.Selection(TODO_KINDS, "To do", readonly=True, copy=False)
    study_broke = fields.Boolean(
        "Study broke",
        readonly=True,
        copy=False,
        help="The study stopped on an error of ours",
    )
    todo_ids = fields.One2many(
        "oiconnect.todo",
        "res_id",
        "To do now",
        domain=lambda self: [("res_model", "=", self._name), ("state", "=", "open")],
        bypass_search_access=True,
        copy=False,
    )

    todo_user_id = fields.Many2one(
        "res.users", "Taken by", compute="_compute_todo_user_id"
    )

    # Orders with something to do: the nightly check of the work list.
    _todo_idx = models.Index("(id) WHERE todo_kind IS NOT NULL")

    @api.depends("todo_ids.user_id")
    def _compute_todo_user_id(self):
        for order in self:
            order.todo_user_id = order.todo_ids.user_id[:1]

    def action_take_todo(self):
        self.todo_ids.action_take()

    def _update_todos(self, transition, values, origin):
        self._sync_todos()

    def write(self, vals):
        result = super().write(vals)
        if "proposed_reason_id" in vals:
            self._sync_todos()
        return result

    def _study_apart(self, origin):
        """An order that its study leaves where it was broke it: it is for a person."""
        result = super()._study_apart(origin)
        if len(self) == 1 and self.state == "ar_ok" and not self.study_broke:
            self.study_broke = not self.proposed_reason_id
            self._sync_todos()
        return result

    def _mark_late(self):
        result = super()._mark_late()
        self._sync_todos()
        return result

    def _sync_todos(self):
        """Open and close what is to do of these orders, by their causes as they are.

        Nothing is asked of the database where nothing changes.
        """
        todos = self.env["oiconnect.todo"].sudo()
        moved = defaultdict(list)
        visits = self._needs_visit()
        for orders in (*visits, *alike(self - visits, *TODO_CAUSES)):
            kind = wanted(orders[:1]) or False
            if kind != orders[:1].todo_kind:
                moved[kind] += orders.ids
        changed = self.browse([id_ for ids in moved.values() for id_ in ids])
        todos._close(self._name, changed.filtered("todo_kind").ids)
        for kind, ids in moved.items():
            orders = self.browse(ids)
            orders.write({"todo_kind": kind})
            if kind:
                todos._open(self._name, kind, [order._todo_row() for order in orders])
        kept = (self - changed).filtered("todo_kind")
        todos._set_due(self._name, [(o.id, *o._todo_limit()) for o in kept])
        (changed | kept).invalidate_recordset(["todo_ids"], flush=False)

    def _todo_row(self):
        due, warning = self._todo_limit()
        return {
            "res_id": self.id,
            "name": self.display_name,
            "detail": self._todo_detail(),
            "network_id": self.network_id.id,
            "company_id": self.company_id.id,
            "operator_id": self.operator_id.id,
            "due_date": due,
            "warning_date": warning,
        }

    def _todo_limit(self):
        """Return ``(due, warning)``: of a visit of ours, when it takes place."""
        visit = self.connection_type == "oi" and self._visit_date()
        if visit and self.todo_kind in ("plan", "report"):
            return min(visit, self.due_date or visit), self.warning_date or visit
        return self.due_date, self.warning_date

    def _visit_date(self):
        """Return when we go to the customer's: as booked, else as ordered."""
        return self.appointment_id.start or self.install_date

    def _todo_detail(self):
        """Return the reason to look at, or the number that proves a new route."""
        reason = self.proposed_reason_id or self.reason_id
        return self.discharge_number or reason.display_name or False

    # ------------------------------------------------------------------
    # Every night
    # ------------------------------------------------------------------

    @api.model
    def _cron_reconcile(self):
        """Set right what a crash or a change of delays left behind."""
        self._forget_lost_todos()
        self.env["oiconnect.delay.miss"]._remeasure()
        self.env["oiconnect.delay.count"]._fold()
        self.env["oiconnect.event"]._sync_todos()
        self.env["oiconnect.appointment"]._sync_all_todos()
        living = Domain("is_open", "=", True) | Domain("todo_kind", "!=", False)
        for held in self._held_batches(living, BATCH):
            held._wind(from_dates=True)
            held._sync_todos()

    @api.model
    def _forget_lost_todos(self):
        """Orders that say they are in the work list, and are not, come back to it."""
        self.flush_model(["todo_kind"])
        self.env.cr.execute(
            """
            UPDATE oiconnect_access_order target SET todo_kind = NULL
            WHERE todo_kind IS NOT NULL AND NOT EXISTS (
                SELECT FROM oiconnect_todo todo
                WHERE todo.state = 'open' AND todo.kind = target.todo_kind
                    AND todo.res_model = 'oiconnect.access.order'
                    AND todo.res_id = target.id
            )
            """
        )
        self.invalidate_model(["todo_kind"], flush=False)
