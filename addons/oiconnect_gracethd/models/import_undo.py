from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from odoo.addons.oiconnect_import.models.imports.import_ import APPLIED, BUSY, JUDGED

from ..undo import Dependents, Undoing

UNDONE = "undone"
#: kinds of dependents that one message lists
_MOST = 20
#: names of zones are listed up to a number: beyond, deliveries are taken to overlap
_MORE = "…"


class DependedOnError(Exception):
    """Something depends on the delivery: nothing was undone."""


class Import(models.Model):
    """The last delivery of a scope is undone while nothing depends on it.

    The one before it is the last then, and can be undone in turn.
    """

    _inherit = "oiconnect.import"
    _complete_states = (*APPLIED, *JUDGED, UNDONE)

    state = fields.Selection(
        selection_add=[(UNDONE, "Undone")], ondelete={UNDONE: "set default"}
    )
    gracethd_can_undo = fields.Boolean(
        "Can be undone",
        readonly=True,
        copy=False,
        help="It was applied, and no later delivery of the same scope was",
    )
    gracethd_later_id = fields.Many2one(
        "oiconnect.import",
        "Later delivery",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="A delivery of the same scope, applied since: it is undone first",
    )
    gracethd_undo_asked = fields.Boolean("Undoing", readonly=True, copy=False)
    gracethd_undone_date = fields.Datetime("Undone on", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # What can be undone
    # ------------------------------------------------------------------

    def _keep_results(self, outcome, state, message):
        result = super()._keep_results(outcome, state, message)
        if self._is_delivery() and state in APPLIED:
            self.write({"gracethd_can_undo": True, "gracethd_undone_date": False})
            self._follow_older()
        return result

    def _follow_older(self):
        """Only the last delivery of a scope can be undone: the ones before wait."""
        older = self._others_that_can_be_undone().filtered(self._overlaps)
        older.write({"gracethd_can_undo": False, "gracethd_later_id": self.id})

    def _release_older(self):
        """Let the deliveries before this one be undone, or wait for another."""
        later = self._others_that_can_be_undone()
        for older in self.search(Domain("gracethd_later_id", "=", self.id)):
            since = later.filtered(
                lambda record, older=older: (
                    record.applied_date > older.applied_date and record._overlaps(older)
                )
            )
            older.write(
                {"gracethd_can_undo": not since, "gracethd_later_id": since[:1].id}
            )

    def _others_that_can_be_undone(self):
        return self.search(
            Domain("network_id", "=", self.network_id.id)
            & Domain("gracethd_can_undo", "=", True)
            & Domain("id", "!=", self.id)
        )

    def _overlaps(self, other):
        """Tell whether another delivery is of the same NROs or PMs, or rows."""
        own, others = self._zones(), other._zones()
        if _MORE in own | others or not own.isdisjoint(others):
            return True
        self.env.cr.execute(
            SQL(
                """SELECT EXISTS (
                       SELECT FROM oiconnect_gracethd_journal o
                         JOIN oiconnect_gracethd_journal j
                           ON j.import_id = %s AND j.kind <> 'created'
                          AND j.table_name = o.table_name
                          AND j.first_id BETWEEN o.first_id AND o.last_id
                        WHERE o.import_id = %s)""",
                self.id,
                other.id,
            )
        )
        return self.env.cr.fetchone()[0]

    def _zones(self):
        """Return the names of the NROs and PMs of the scope, with their kind."""
        found = set()
        for line in (self.gracethd_scope or "").splitlines():
            kind, _colon, names = line.partition(": ")
            found |= {
                name if name == _MORE else (kind, name) for name in names.split(", ")
            }
        return found

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_undo(self):
        """Put in the queue the undoing of an applied delivery."""
        self.ensure_one()
        self.check_access("write")
        self._check_may_undo()
        self._check_undoable()
        self._check_nothing_depends()
        self.sudo()._queue_undo()

    def _check_may_undo(self):
        if not self.env.user.has_group("oiconnect_base.group_import_manager"):
            raise UserError(
                self.env._("Only an administrator of imports may undo a delivery.")
            )

    def _check_undoable(self):
        if self.state in BUSY:
            raise UserError(self.env._("%s is running: wait for it.", self.file_name))
        if self.state == UNDONE:
            raise UserError(
                self.env._(
                    "%(name)s was undone already on %(date)s.",
                    name=self.file_name,
                    date=format_datetime(
                        self.env, self.gracethd_undone_date, dt_format="short"
                    ),
                )
            )
        if not (self._is_delivery() and self._was_applied()):
            raise UserError(
                self.env._(
                    "%s was not applied as a GraceTHD delivery: there is nothing to "
                    "undo.",
                    self.file_name,
                )
            )
        if self.gracethd_later_id:
            raise UserError(
                self.env._(
                    "%(name)s cannot be undone before %(later)s, a later delivery of "
                    "the same NROs or PMs: undo that one first.",
                    name=self.file_name,
                    later=self.gracethd_later_id.display_name,
                )
            )
        if not self.gracethd_can_undo:
            raise UserError(
                self.env._(
                    "%s cannot be undone: it was applied before undoing was kept.",
                    self.file_name,
                )
            )

    def _check_nothing_depends(self):
        if reasons := self.sudo()._dependents_text():
            raise UserError(reasons)

    def _dependents_text(self):
        """Return what depends on the delivery, each kind with its count, or nothing."""
        self.env.flush_all()
        found = Dependents(self).counts()
        if not found:
            return False
        lines = [
            self.env._("%(kind)s: %(count)s", kind=label, count=count)
            for label, count in found[:_MOST]
        ]
        if len(found) > _MOST:
            lines.append(_MORE)
        return "\n".join(
            [
                self.env._(
                    "%s cannot be undone: the network goes on from it. See to what "
                    "depends on it first, or import a fixed delivery.",
                    self.file_name,
                ),
                *lines,
            ]
        )

    def _queue_undo(self):
        self.write({"gracethd_undo_asked": True, "message": False})
        self._queue()

    def action_cancel(self):
        """An undoing that did not begin leaves the delivery applied.

        So does one whose job was lost, with a restored backup for instance.
        """
        self.check_access("write")
        waiting = self.filtered(
            lambda record: (
                record.gracethd_undo_asked
                and (
                    record.state == "queued"
                    or (record.state == "running" and not record._has_job())
                )
            )
        )
        for record in waiting.sudo():
            record._close("cancelled", False)
        return super(Import, self - waiting).action_cancel()

    # ------------------------------------------------------------------
    # The work
    # ------------------------------------------------------------------

    def _perform(self):
        return self._undo() if self.gracethd_undo_asked else super()._perform()

    def _undo(self):
        """Undo the delivery in one transaction, or tell why it is not."""
        if reasons := self._dependents_text():
            self._close("failed", reasons)
            return
        head = {
            "network_id": self.network_id.id,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "reason": self.env._("Undoing of %s", self.file_name),
            "batch": f"{self._batch()}/undo",
        }
        report = self.env["oiconnect.import.progress"]._reporter(self)
        Undoing(
            self, head, lambda done: report("merge", done, self.line_count)
        ).execute()
        self.env["oiconnect.map.delta"]._after_bulk()
        self.env.invalidate_all()
        self.write(
            {
                "state": UNDONE,
                "end_date": fields.Datetime.now(),
                "applied_date": False,
                "message": False,
                "gracethd_can_undo": False,
                "gracethd_undo_asked": False,
                "gracethd_undone_date": fields.Datetime.now(),
            }
        )
        self._release_older()
        self.env["oiconnect.rule.run"]._ask(self.network_id)

    def _close(self, state, message):
        """An undoing that ends without its work leaves the delivery applied."""
        undoing = self.browse()
        if state != self._waiting_state:
            undoing = self.filtered("gracethd_undo_asked")
        for record in undoing:
            record.gracethd_undo_asked = False
            applied = "done_errors" if record.error_line_count else "done"
            super(Import, record)._close(applied, message)
        return super(Import, self - undoing)._close(state, message)
