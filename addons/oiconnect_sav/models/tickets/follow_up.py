from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.delays import working_time
from odoo.addons.oiconnect_base.models.timeline_mixin import (
    BAD,
    ENDED,
    GOOD,
    NEUTRAL,
    WAITING,
)

from ...delays.gtr import guarantee
from ...delays.kinds import REPAIRS, TICKET_DELAYS, running
from ...delays.todos import STEPS, step_of
from ...personal import CUSTOMER_GROUPS
from ...states import AWAITED_TASK_STATES, TASKED_STATES, steps_of

TASK_STYLES = {"done": GOOD, "to_repeat": BAD, "cancelled": ENDED}


class Ticket(models.Model):
    """Follow-up of a ticket: clock, work list and timeline.

    The clock of the repair begins with the ticket, stops while it is frozen and, when
    the operator rejects a resolution, goes on with what was left of it.
    """

    _inherit = "oiconnect.ticket"

    _delays = TICKET_DELAYS
    _todo_group = "oiconnect_base.group_ticket_user"
    _free_text_groups = CUSTOMER_GROUPS
    _timeline_styles = {
        "frozen": WAITING,
        "cancel_requested": WAITING,
        "resolved": GOOD,
        "closed": GOOD,
        "cancelled": ENDED,
    }

    task_ids = fields.One2many("oiconnect.ticket.task", "ticket_id", "Tasks")
    message_line_ids = fields.One2many(
        "oiconnect.ticket.message", "ticket_id", "Dialogue"
    )
    repair_due_date = fields.Datetime("Repair was due", readonly=True, copy=False)
    unanswered = fields.Boolean("To answer", readonly=True, copy=False)
    heard_date = fields.Datetime(
        "Last message of the operator", readonly=True, copy=False
    )
    next_step = fields.Selection(STEPS, compute="_compute_next_step", store=True)
    planned_date = fields.Datetime(
        "Next visit", compute="_compute_planned_date", store=True
    )
    is_reportable = fields.Boolean(
        "Has a task to report", compute="_compute_is_reportable"
    )

    # The count of the home page: is_open and unanswered, few of many open tickets
    _unanswered_idx = models.Index(
        "(id DESC) INCLUDE (company_id) WHERE unanswered IS TRUE AND is_open IS TRUE"
    )
    # Filter on the visits of a day.
    _planned_idx = models.Index("(planned_date) WHERE planned_date IS NOT NULL")

    @api.depends("state", "task_ids.state")
    def _compute_is_reportable(self):
        for ticket in self:
            states = ticket.task_ids.mapped("state")
            is_awaited = not set(states).isdisjoint(AWAITED_TASK_STATES)
            ticket.is_reportable = is_awaited and ticket.state in TASKED_STATES

    @api.depends("state", "unanswered", "task_ids.state", "task_ids.is_settled")
    def _compute_next_step(self):
        for ticket in self:
            ticket.next_step = step_of(ticket)

    @api.depends("task_ids.state", "task_ids.planned_date")
    def _compute_planned_date(self):
        for ticket in self:
            awaited = ticket.task_ids.filtered(
                lambda task: task.state in AWAITED_TASK_STATES and task.planned_date
            )
            ticket.planned_date = min(awaited.mapped("planned_date"), default=False)

    def _states_to_show(self, passed):
        return steps_of(self.state, passed)

    # ------------------------------------------------------------------
    # Delays
    # ------------------------------------------------------------------

    def _running_kind(self):
        return running(self.state, self.gtr_range, self.freeze_reason)

    def _next_clock(self, now, from_dates):
        clock = super()._next_clock(now, from_dates)
        if clock.due_kind not in REPAIRS or not clock.due_date:
            return clock
        rule = self._delay_rules()[clock.due_kind]
        due = self._repair_limit(rule, now, from_dates)
        warning = working_time.warning(
            due, rule.warning_hours, rule.unit, self._working_time(rule)
        )
        return clock._replace(
            due_date=due.replace(microsecond=0),
            warning_date=warning.replace(microsecond=0),
        )

    def _repair_limit(self, rule, now, from_dates):
        """Return the moment by which the line is to be repaired.

        By the guarantee that the operator wrote where it can be read, else by the
        delay of its contract; what was left of a repair that stood still is left of it.
        """
        option = guarantee(
            self.gtr_delay, self.gtr_range, self.gtr_days, self.gtr_hours
        )
        calendar = self._working_time(rule)
        value, unit = rule.value, rule.unit
        if option:
            value, unit = option.value, option.unit
            calendar = option.working_time(calendar)
        if stopped := self._stopped_repair():
            return working_time.resumed(*stopped, now, unit, calendar)
        start = self.opened_date if from_dates else now
        return working_time.due(start, value, unit, calendar)

    def _stopped_repair(self):
        """Return ``(was due, stopped on)`` of a repair that goes on, or None."""
        if self.paused_kind in REPAIRS:
            return self.paused_due_date, self.paused_date
        was_resolved = self.due_kind == "ticket_validation" and self.repair_due_date
        return (self.repair_due_date, self.resolved_date) if was_resolved else None

    def _working_time(self, rule):
        return self.env["resource.calendar"]._working_time(rule.calendar_id)

    # ------------------------------------------------------------------
    # Work list
    # ------------------------------------------------------------------

    def _required_todo_kind(self):
        step = self.next_step and f"ticket_{self.next_step}"
        return step or super()._required_todo_kind()

    @api.model
    def _todo_trigger_fields(self):
        return (*super()._todo_trigger_fields(), "next_step")

    @api.model
    def _todo_domain(self):
        return Domain("is_open", "=", True)

    def _todo_detail(self):
        """Return where to go and what was reported; it names no customer."""
        _code, defect = self.defect_id._words()
        parts = (self.pm_id.reference, self.pto_id.reference, defect)
        return " – ".join(filter(None, parts)) or False

    # ------------------------------------------------------------------
    # Timeline
    # ------------------------------------------------------------------

    @api.model
    def _timeline_kinds(self):
        message, task = self.env._("Message"), self.env._("Task")
        own = {"dialogue": ("fa-comment", message), "task": ("fa-wrench", task)}
        return own | super()._timeline_kinds()

    def _timeline_entries(self):
        entries = [*super()._timeline_entries(), *self._task_entries()]
        if self.env["oiconnect.ticket.message"].has_access("read"):
            entries += map(self._dialogue_entry, self.message_line_ids)
        return entries

    def _dialogue_entry(self, message):
        ours = message.direction == "out"
        return self._entry(
            "dialogue",
            message,
            message.date,
            self._word(message, "message_type"),
            message.content,
            style=NEUTRAL if ours else WAITING,
            who=message.user_id.name if ours else self.operator_id.interop_code,
        )

    def _task_entries(self):
        for task in self.task_ids:
            for step in task.step_ids:
                yield self._entry(
                    "task",
                    step,
                    step.date,
                    self.env._("Task: %s", step.event_label),
                    task.display_name,
                    step.readable_note,
                    style=TASK_STYLES.get(step.target, NEUTRAL),
                    who=self._entry_author(step),
                    links=[self._entry_link(task, task.display_name)],
                )
