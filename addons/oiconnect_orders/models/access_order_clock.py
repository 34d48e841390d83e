from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.bulk import alike, filter_alike

from ..delays.kinds import (
    AWAITED,
    CONNECTIONS,
    KINDS,
    PARTIES,
    STARTS,
    after_failure,
    running,
)

BATCH = 1000
# What the delay that runs depends on, and what its limits do: see alike()
KIND_CAUSES = (
    "state",
    "connection_type",
    "existing_socket",
    "reason_id",
    "discharge_number",
    "due_kind",
    "awaited",
    "network_id",
    "operator_id",
)
CLOCK_CAUSES = (
    *KIND_CAUSES,
    "due_date",
    "paused_kind",
    "paused_due_date",
    "paused_date",
)
START_DATES = tuple(dict.fromkeys(STARTS.values()))


class Clock(NamedTuple):
    """The fields of the clock of an order, all set at once."""

    due_kind: str | bool = False
    due_date: object = False
    warning_date: object = False
    awaited: str | bool = False
    paused_kind: str | bool = False
    paused_due_date: object = False
    paused_date: object = False
    is_late: bool = False


class AccessOrder(models.Model):
    """What an order waits for, of whom, until when.

    One delay runs at a time, that of the state. That of a production stands still while
    a failure is mended by someone else, and goes on with what was left of it.
    """

    _inherit = "oiconnect.access.order"

    due_kind = fields.Selection(KINDS, "Awaited step", readonly=True, copy=False)
    due_date = fields.Datetime("Due", readonly=True, copy=False)
    warning_date = fields.Datetime("Due soon from", readonly=True, copy=False)
    awaited = fields.Selection(PARTIES, "Who is awaited", readonly=True, copy=False)
    is_late = fields.Boolean(
        "Missed its delay",
        readonly=True,
        copy=False,
        help="The delay that runs was missed, and is marked so",
    )
    paused_kind = fields.Selection(KINDS, "Stopped delay", readonly=True, copy=False)
    paused_due_date = fields.Datetime("Was due", readonly=True, copy=False)
    paused_date = fields.Datetime("Stopped on", readonly=True, copy=False)
    due_state = fields.Selection(
        [("late", "Late"), ("soon", "Due soon"), ("in_time", "In time")],
        "Delay",
        compute="_compute_due_state",
    )

    # Filters "Late" and "Due soon"; sorted by due time.
    _due_idx = models.Index("(due_date, id) WHERE due_date IS NOT NULL")
    # The board: the first cards of each state, what is due first on top.
    _board_idx = models.Index("(state, due_date, id) WHERE is_open")
    # The scheduled action that marks what was missed.
    _to_mark_idx = models.Index(
        "(due_date) WHERE due_date IS NOT NULL AND is_late IS NOT TRUE"
    )

    @api.depends("due_date", "warning_date")
    def _compute_due_state(self):
        now = fields.Datetime.now()
        for order in self:
            order.due_state = due_state(order.due_date, order.warning_date, now)

    # ------------------------------------------------------------------
    # At each transition
    # ------------------------------------------------------------------

    def _move_clock(self, transition, values, origin):
        self._note_answer(transition.event, origin)
        self._wind()

    def _wind(self, from_dates=False):
        """Set the clocks of the orders whose awaited step changed.

        :param from_dates: delays begin at the dates of the order, not now
        """
        moved = filter_alike(
            self, KIND_CAUSES, lambda order: order._running_kind() != order.due_kind
        )
        if not moved:
            return
        now = fields.Datetime.now()
        if not from_dates:
            moved._end_clocks(now)
        causes = (*CLOCK_CAUSES, *(START_DATES if from_dates else ()))
        for orders in alike(moved, *causes):
            clock = orders[:1]._next_clock(now, from_dates)
            orders.write(clock._asdict())

    def _running_kind(self):
        """Return the kind of the delay that runs now, False when nothing is awaited."""
        if self.state != "connect_ko":
            return running(self.state, self.connection_type, self.existing_socket)
        kind = after_failure(self.reason_id.family, self.discharge_number)
        mender, _rule = self._awaited_of(kind)
        # Who is late to connect gains no time by a failure it mends itself.
        keeps = self.due_kind in CONNECTIONS and mender == self.awaited
        return self.due_kind if keeps else kind

    def _awaited_of(self, kind):
        """Return ``(who is awaited, Rule or None)`` of a kind."""
        rule = self._delay_rules().get(kind)
        return (rule.awaited if rule else AWAITED.get(kind, "us")), rule

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
        if kind == self.paused_kind:
            limit = self.env["oiconnect.delay"]._limit_resumed(
                rule, self.paused_due_date, self.paused_date, now
            )
        else:
            start = (from_dates and self[STARTS[kind]]) or now
            limit = self.env["oiconnect.delay"]._limit(rule, start)
        return Clock(kind, *limit, awaited, **paused)

    def _paused(self, now):
        """Return the delay that stands still while a failure is mended."""
        if self.state != "connect_ko":
            return {}
        if self.due_kind in CONNECTIONS and self.due_date:
            kind, due, since = self.due_kind, self.due_date, now
        else:
            kind, due = self.paused_kind, self.paused_due_date
            since = self.paused_date
        return {"paused_kind": kind, "paused_due_date": due, "paused_date": since}

    # ------------------------------------------------------------------
    # Limits asked for by others
    # ------------------------------------------------------------------

    def _connection_deadline(self):
        """Return the day by which the sub-contractor must have connected."""
        start = self.report_date or fields.Datetime.now()
        rule = self._delay_rules().get("connection")
        due = self.env["oiconnect.delay"]._limit(rule, start)[0] if rule else start
        return fields.Datetime.context_timestamp(
            self.with_context(tz="Europe/Paris"), due
        ).date()

    # ------------------------------------------------------------------
    # Scheduled actions
    # ------------------------------------------------------------------

    @api.model
    def _cron_mark_late(self):
        """Mark the delays that were missed since the last time."""
        late = Domain("due_date", "<", fields.Datetime.now())
        unmarked = late & Domain("is_late", "!=", True)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(unmarked))
        while orders := self.search(unmarked, limit=BATCH, order="due_date"):
            held = orders.try_lock_for_update(allow_referencing=True)
            held._mark_late()
            if not held or not cron._commit_progress(len(held)):
                break

    def _mark_late(self):
        self.env["oiconnect.delay.miss"]._note(self)
        self.write({"is_late": True})


def due_state(due, warning, now):
    """Return how a limit stands at ``now``."""
    if not due:
        return False
    if due < now:
        return "late"
    return "soon" if warning and warning <= now else "in_time"
