from collections import Counter
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ...bulk import filter_by_values, group_by_values
from ...delays.clock import Delays
from .delay import delay_kinds, delay_parties

BATCH = 1000


class Clock(NamedTuple):
    """The fields of the clock of a record, all set at once."""

    due_kind: str | bool = False
    due_date: object = False
    warning_date: object = False
    awaited: str | bool = False
    paused_kind: str | bool = False
    paused_due_date: object = False
    paused_date: object = False
    is_late: bool = False


class ClockMixin(models.AbstractModel):
    """Clock of a record: the running delay, who is awaited, the due date.

    A model declares its delays (:class:`..delays.clock.Delays`). One runs at a time,
    that of the state. It may stand still while somebody else is awaited, and goes on
    with what was left of it. What ends a delay is counted, and marked when it comes
    late (``oiconnect.delay.count``, ``oiconnect.delay.miss``).
    """

    _name = "oiconnect.clock.mixin"
    _description = "Delays of a record"
    _inherit = ["oiconnect.due.mixin", "oiconnect.todo.mixin"]

    _delays = Delays()
    _transition_effects = ("_move_clock", "_update_todos")

    due_kind = fields.Selection(delay_kinds, "Awaited step", readonly=True, copy=False)
    awaited = fields.Selection(
        delay_parties, "Who is awaited", readonly=True, copy=False
    )
    is_late = fields.Boolean(
        "Missed its delay",
        readonly=True,
        copy=False,
        help="The delay that runs was missed, and is marked so",
    )
    paused_kind = fields.Selection(
        delay_kinds, "Stopped delay", readonly=True, copy=False
    )
    paused_due_date = fields.Datetime("Was due", readonly=True, copy=False)
    paused_date = fields.Datetime("Stopped on", readonly=True, copy=False)
    miss_ids = fields.One2many(
        "oiconnect.delay.miss",
        "res_id",
        "Missed delays",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        copy=False,
    )

    # Filters "Late" and "Due soon", which compares the warning too; sorted by due time.
    _due_idx = models.Index("(due_date, id, warning_date) WHERE due_date IS NOT NULL")
    # The scheduled action that marks what was missed.
    _to_mark_idx = models.Index(
        "(due_date, id) WHERE due_date IS NOT NULL AND is_late IS NOT TRUE"
    )

    # ------------------------------------------------------------------
    # At each transition
    # ------------------------------------------------------------------

    def _move_clock(self, transition, values, origin):
        self._note_answer(transition.event, origin)
        self._restart_clock()

    def _restart_clock(self, from_dates=False):
        """Recompute the clocks of the records whose running delay changed.

        :param from_dates: delays begin at the dates of the record, not now
        """
        causes = self._clock_trigger_fields()
        moved = filter_by_values(
            self, causes, lambda record: record._running_kind() != record.due_kind
        )
        if not moved:
            return
        now = fields.Datetime.now()
        if not from_dates:
            moved._end_clocks(now)
        causes += ("due_date", "paused_kind", "paused_due_date", "paused_date")
        starts = dict.fromkeys(self._delays.starts.values()) if from_dates else ()
        for records in group_by_values(moved, *causes, *starts):
            clock = records[:1]._next_clock(now, from_dates)
            records.write(clock._asdict())

    @api.model
    def _clock_trigger_fields(self):
        """Return the columns on which the running delay and its length depend."""
        own = ("due_kind", "awaited", "network_id", "operator_id")
        return ("state", *self._delays.columns, *own)

    def _running_kind(self):
        """Return the kind of the delay that runs now, False when nothing is awaited."""
        return self._delays.running.get(self.state, False)

    def _awaited_of(self, kind):
        """Return ``(who is awaited, DelayRule or None)`` of a kind."""
        rule = self._delay_rules().get(kind)
        usual = self.env["oiconnect.delay"]._usual_parties()
        return (rule.awaited if rule else usual.get(kind, "us")), rule

    def _delay_rules(self):
        return self.env["oiconnect.delay"]._rules(
            self.network_id.id, self.operator_id.id
        )

    def _next_clock(self, now, from_dates):
        kind = self._running_kind()
        if not kind:
            return Clock()
        awaited, rule = self._awaited_of(kind)
        paused = self._paused(now)
        if not rule:
            return Clock(kind, awaited=awaited, **paused)
        delays = self.env["oiconnect.delay"]
        if kind == self.paused_kind:
            limit = delays._limit_resumed(
                rule, self.paused_due_date, self.paused_date, now
            )
        else:
            start = from_dates and self._delays.starts.get(kind)
            limit = delays._limit(rule, (start and self[start]) or now)
        return Clock(kind, *limit, awaited, **paused)

    def _paused(self, now):
        """Return the delay that stands still in this state, as fields of a clock."""
        if self.state not in self._delays.stopped_in:
            return {}
        if self.due_kind in self._delays.stopping and self.due_date:
            kind, due, since = self.due_kind, self.due_date, now
        else:
            kind, due = self.paused_kind, self.paused_due_date
            since = self.paused_date
        return {"paused_kind": kind, "paused_due_date": due, "paused_date": since}

    # ------------------------------------------------------------------
    # What ends a delay
    # ------------------------------------------------------------------

    def _end_clocks(self, now):
        """Count the delays that end; close the marks of those that were missed.

        What stands still meanwhile does not end.
        """
        timed = filter_by_values(
            self,
            ("due_date", "paused_kind"),
            lambda record: record.due_date or record.paused_kind,
        )
        if not timed:
            # As all that is new
            return
        ended = filter_by_values(
            timed,
            ("due_date", "due_kind", "state"),
            lambda record: record.due_date and not record._is_pausing(),
        )
        late = filter_by_values(
            ended, ("due_date",), lambda record: record.due_date < now
        )
        misses = self.env["oiconnect.delay.miss"].sudo()
        misses._note(late.filtered(lambda record: not record.is_late))
        for kind, records in late.grouped("due_kind").items():
            misses._close(records, [kind])
        goes_on = (*self._delays.stopped_in, *self._delays.resumed_in)
        dropped = filter_by_values(
            timed,
            ("paused_kind", "state"),
            lambda record: record.paused_kind and record.state not in goes_on,
        )
        misses._close(dropped, list(self._delays.stopping))
        ended._count_ended(late)

    def _is_pausing(self):
        delays = self._delays
        return self.state in delays.stopped_in and self.due_kind in delays.stopping

    def _count_ended(self, late):
        dropped_in = self._delays.dropped_in
        counted = filter_by_values(
            self - late, ("state",), lambda record: record.state not in dropped_in
        )
        ended, missed = (counted | late)._figures(), late._figures()
        self.env["oiconnect.delay.count"].sudo()._append(
            {figure: (ended[figure], missed[figure]) for figure in ended}
        )

    def _figures(self):
        """Return how many of the records each figure of delays is about."""
        names = ("network_id", "operator_id", "due_kind", "awaited")
        return Counter(
            {
                tuple(group[0][name] for name in names): len(group)
                for group in group_by_values(self, *names)
            }
        )

    # ------------------------------------------------------------------
    # Answers given at once
    # ------------------------------------------------------------------

    def _note_answer(self, event, origin):
        """Count the answer to a message, from its arrival on."""
        kind = self._delays.answers.get(event)
        if not kind or not origin.arrival:
            return
        groups = self.grouped(lambda record: (record.network_id, record.operator_id))
        for records in groups.values():
            records._count_answer(kind, origin.arrival)

    def _count_answer(self, kind, arrival):
        awaited, rule = self[0]._awaited_of(kind)
        if not rule:
            return
        now = fields.Datetime.now()
        due, _warning = self.env["oiconnect.delay"]._limit(rule, arrival)
        late = due < now
        if late:
            self.env["oiconnect.delay.miss"].sudo()._add(self, kind, awaited, due, now)
        key = (self.network_id, self.operator_id, kind, awaited)
        self.env["oiconnect.delay.count"].sudo()._append(
            {key: (len(self), len(self) if late else 0)}
        )

    # ------------------------------------------------------------------
    # Scheduled actions
    # ------------------------------------------------------------------

    @api.model
    def _mark_all_late(self):
        """Mark the delays of this model that were missed since the last time."""
        late = Domain("due_date", "<", fields.Datetime.now())
        unmarked = late & Domain("is_late", "!=", True)
        # By due date: their index
        self._apply_by_batches(
            "mark_late", unmarked, BATCH, lambda some: some._mark_late(), "due_date"
        )

    def _mark_late(self):
        self.env["oiconnect.delay.miss"]._note(self)
        self.write({"is_late": True})
        self._sync_todos()

    def _reconcile_batch(self):
        self._restart_clock(from_dates=True)
        return super()._reconcile_batch()

    # ------------------------------------------------------------------
    # In the work list
    # ------------------------------------------------------------------

    def _required_todo_kind(self):
        """A delay of ours that is missed is a task."""
        late = self.is_late and self.awaited == "us" and "late"
        return super()._required_todo_kind() or late

    @api.model
    def _todo_trigger_fields(self):
        return (*super()._todo_trigger_fields(), "is_late", "awaited")

    def _todo_limit(self):
        return self.due_date, self.warning_date
