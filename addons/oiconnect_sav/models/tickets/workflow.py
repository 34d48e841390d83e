from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.workflow import JOB, SCREEN, Transition, Workflow

from ...message_types import ANSWERS, ASKING
from ...states import AWAITED_TASK_STATES, LIVE_STATES, WORKING_STATES
from ..codes.closure_code import (
    CANCELLED_AT_WORK,
    CANCELLED_IN_QUEUE,
    LINE_ENDED,
)

# Notifications of Interop'Fibre SAV 3.0 §4, "description", as flows of the outbox
SOLVING = "SAV_SOLVING"
SOLVED = "SAV_SOLVED"
CANCEL_AGREEMENT = "SAV_CANCEL_AGREEMENT"
CANCELLATION = "SAV_CANCELLATION"
INFORMATION = "SAV_INFORMATION"

# Refusals of the protocol (§5): a value that the process does not expect now, and a
# field that is missing
NOT_EXPECTED, MISSING, UNKNOWN = "13", "1", "8"
BEGUN = (*WORKING_STATES, "frozen")

# Guide, Gestion / Tickets; Interop'Fibre SAV 3.0 §3.2 (T1 to T14) and §3.3.
TICKET_WORKFLOW = Workflow(
    [
        # Beginning: a task or a message starts it, a code closes it at once (T3, T7)
        Transition("start", ("open",), "in_progress", (SOLVING,), effect="_on_start"),
        Transition(
            "close", ("open", "frozen"), "closed", (SOLVED,), effect="_on_close"
        ),
        # Work (T4)
        Transition("progress", BEGUN, None, (SOLVING,)),
        Transition("freeze", WORKING_STATES, "frozen", (SOLVING,), effect="_on_freeze"),
        Transition("thaw", ("frozen",), "in_progress", (SOLVING,)),
        Transition("call_expertise", ("in_progress",), "expertise", (SOLVING,)),
        Transition("end_expertise", ("expertise",), "in_progress", (SOLVING,)),
        # Dialogue (T5, T6)
        Transition(
            "inform",
            tuple(state for state in LIVE_STATES if state != "open"),
            None,
            (INFORMATION,),
            effect="_on_inform",
        ),
        Transition("hear", LIVE_STATES, None, effect="_on_hear"),
        Transition("escalate", LIVE_STATES, None, effect="_on_escalate"),
        # Resolution (T12) and its validation (§3.3)
        Transition(
            "resolve",
            WORKING_STATES,
            "resolved",
            (SOLVED,),
            guard="_is_resolved_for_operator",
            effect="_on_resolve",
        ),
        Transition(
            "resolve",
            WORKING_STATES,
            "closed",
            (SOLVED,),
            guard="_is_resolved_for_good",
            effect="_on_resolve_for_good",
        ),
        Transition("accept", ("resolved",), "closed", effect="_on_end"),
        Transition(
            "accept_by_default",
            ("resolved",),
            "closed",
            (SOLVED,),
            guard="_is_validation_over",
            effect="_on_end",
        ),
        Transition("reject", ("resolved",), "in_progress", effect="_on_reject"),
        # Cancellation (T8 to T11)
        Transition(
            "request_cancel",
            ("open",),
            "cancelled",
            (CANCELLATION,),
            effect="_on_cancel_in_queue",
        ),
        Transition("request_cancel", BEGUN, "cancel_requested"),
        Transition(
            "agree_cancel",
            ("cancel_requested",),
            "cancelled",
            (CANCEL_AGREEMENT, CANCELLATION),
            effect="_on_cancel_at_work",
        ),
        Transition("refuse_cancel", ("cancel_requested",), "in_progress", (SOLVING,)),
        # Our own ticket, opened by mistake: no operator was notified of it
        Transition(
            "withdraw",
            ("open", *BEGUN),
            "cancelled",
            guard="_is_opened_by_us",
            effect="_on_withdraw",
        ),
        # The access is terminated (text of ERR08)
        Transition("end_line", LIVE_STATES, "closed", (SOLVED,), effect="_on_end_line"),
    ],
    initial="open",
    default_code=NOT_EXPECTED,
    unknown_code=UNKNOWN,
    # All that ends a ticket: a repeated fault is a new ticket. A resolution may be
    # rejected, yet the operator was notified.
    irreversible=(
        "close",
        "resolve",
        "accept",
        "accept_by_default",
        "reject",
        "request_cancel",
        "agree_cancel",
        "refuse_cancel",
        "withdraw",
        "end_line",
    ),
)
# Usages of closure codes, by event
CLOSURE_USAGES = {
    "close": ("refusal", "unanswered", "ended"),
    "resolve": ("resolution", "expertise", "incident", "absence"),
}
# What a resolution tells, and its rejection takes back
RESOLUTION_FIELDS = (
    "closure_code_id",
    "location_id",
    "responsibility",
    "closure_comment",
    "reprovision_reference",
    "restored_date",
    "repair_hours",
)
ACCEPTANCE_BATCH = 200


class Ticket(models.Model):
    """The life of a ticket: transitions, their guards, and what each does besides.

    Values of events: ``closure_code``, ``location``, ``responsibility``, ``comment``,
    ``restored_date``, ``reprovision_reference`` of what ends a ticket; ``reason`` of a
    freeze; ``message`` of the dialogue, one for each ticket; ``note`` of all.
    """

    _inherit = "oiconnect.ticket"

    _workflow = TICKET_WORKFLOW
    _subject = "ticket"
    _guard_fields = (
        "opened_by",
        "operator_id.validates_resolutions",
        "task_ids.state",
        "task_ids.customer_absent",
        "task_ids.is_settled",
        "due_date",
    )
    # What takes nothing back and asks nothing: the others have a dialog.
    _people_events = ("thaw", "end_expertise", "escalate")
    # The line comes first, the work list last: it tells what the others found.
    _transition_effects = (
        "_find_line_when_opened",
        "_end_freeze",
        "_end_tasks",
        "_move_clock",
        "_tell_contacts",
        "_update_todos",
    )

    freeze_reason = fields.Selection(
        related="freeze_id.reason", string="Frozen for", store=True
    )
    freeze_id = fields.Many2one("oiconnect.ticket.freeze", readonly=True, copy=False)
    freeze_ids = fields.One2many("oiconnect.ticket.freeze", "ticket_id", "Freezes")

    # Resolutions without an answer in time: scheduled action, due_date <= now.
    _to_accept_idx = models.Index("(due_date) WHERE state = 'resolved'")

    def _event_labels(self):
        labels = {
            "start": self.env._("Taking in charge"),
            "close": self.env._("Closure"),
            "progress": self.env._("Progress of the tasks"),
            "freeze": self.env._("Freeze"),
            "thaw": self.env._("End of the freeze"),
            "call_expertise": self.env._("Joint expertise"),
            "end_expertise": self.env._("End of the joint expertise"),
            "inform": self.env._("Message to the operator"),
            "hear": self.env._("Message of the operator"),
            "escalate": self.env._("Escalation"),
            "resolve": self.env._("Resolution"),
            "accept": self.env._("Resolution accepted"),
            "accept_by_default": self.env._("Resolution accepted without an answer"),
            "reject": self.env._("Resolution rejected"),
            "request_cancel": self.env._("Cancellation asked for"),
            "agree_cancel": self.env._("Cancellation agreed"),
            "refuse_cancel": self.env._("Cancellation refused"),
            "withdraw": self.env._("Ticket withdrawn"),
            "end_line": self.env._("Line terminated"),
        }
        return list(labels.items())

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _has_done_task(self):
        """Return the tickets with a task done since their last rejection."""
        return self.filtered(lambda ticket: ticket._visits_that_count("done"))

    def _is_resolvable(self):
        """Return the tickets with such a task, or a visit that the customer missed.

        The latter end with a code that says so (ABS01, ABS02), and no other.
        """
        missed = self.filtered(
            lambda ticket: any(
                ticket._visits_that_count("to_repeat").mapped("customer_absent")
            )
        )
        return self._has_done_task() | missed

    def _visits_that_count(self, state):
        return self.task_ids.filtered(
            lambda task: task.state == state and not task.is_settled
        )

    def _is_notified(self):
        """Return the tickets that their operator opened, and so is notified of."""
        return self.filtered(lambda ticket: ticket.opened_by == "oc")

    def _is_resolved_for_operator(self, values):
        """Return the tickets done whose operator validates the resolution."""
        notified = self._is_resolvable()._is_notified()
        return notified.filtered("operator_id.validates_resolutions")

    def _is_resolved_for_good(self, values):
        return self._is_resolvable() - self._is_resolved_for_operator(values)

    def _is_validation_over(self, values):
        now = fields.Datetime.now()
        return self.filtered(
            lambda ticket: (
                ticket.due_kind == "ticket_validation"
                and ticket.due_date
                and ticket.due_date <= now
            )
        )

    def _is_opened_by_us(self, values):
        return self.filtered(lambda ticket: ticket.opened_by == "oi")

    # ------------------------------------------------------------------
    # Effects: work
    # ------------------------------------------------------------------

    def _on_start(self, values, origin):
        self.write({"started_date": fields.Datetime.now()})

    def _on_freeze(self, values, origin):
        for ticket in self:
            freeze = self.env["oiconnect.ticket.freeze"].create(
                {"ticket_id": ticket.id, "reason": values.get("reason") or "other"}
            )
            ticket.freeze_id = freeze

    def _end_freeze(self, transition, values, origin):
        ended = self.filtered(lambda ticket: ticket.state != "frozen").freeze_id
        if ended:
            now = fields.Datetime.now()
            for freeze in ended:
                # The server's clock may have been set back meanwhile.
                freeze.stop = max(now, freeze.start)
            # Before another one begins: a ticket has one open freeze at the most.
            ended.flush_recordset(["stop"])
            ended.ticket_id.write({"freeze_id": False})

    def _report_progress(self, origin=SCREEN):
        """Tell the operator what the tasks have become; start what has not begun."""
        started = self._can_fire("start")
        started._fire("start", origin)
        going = (self - started)._can_fire("progress")
        going._fire("progress", origin)
        # A task moved while a cancellation is requested is notified to no one.
        (self - started - going)._sync_todos()

    # ------------------------------------------------------------------
    # Effects: dialogue
    # ------------------------------------------------------------------

    def _on_inform(self, values, origin):
        self.write({"unanswered": False})

    def _on_hear(self, values, origin):
        message = values["message"]
        # Written each time: of the same message on two connections, the second fails
        # on the row of the ticket, is tried again and sees the first.
        self.write({"heard_date": message.date})
        if message.message_type in ASKING:
            self.write({"unanswered": True})
        if message.message_type == "escalation":
            self._on_escalate(values, origin)

    def _on_escalate(self, values, origin):
        self.write({"is_escalated": True})

    def _thaw_if_answered(self, message, origin):
        """An answer of the operator ends a freeze that waits for it (§3.3)."""
        waiting = {"answer": "answer", "appointment_answer": "appointment"}
        if message.message_type not in ANSWERS:
            return
        reason = waiting[message.message_type]
        answered = self.filtered(lambda ticket: ticket.freeze_reason == reason)
        answered._fire("thaw", origin)

    # ------------------------------------------------------------------
    # Effects: ends
    # ------------------------------------------------------------------

    def _on_close(self, values, origin):
        self._set_closure("close", values)
        self._on_end(values, origin)

    def _on_resolve(self, values, origin):
        now = fields.Datetime.now()
        self._check_restored(values.get("restored_date"), now)
        self._set_closure("resolve", values)
        self.write({"resolved_date": now})
        for ticket in self:
            restored = values.get("restored_date") or now
            ticket.write(
                {
                    # What is left of the repair, should the operator reject it
                    "repair_due_date": ticket.due_date,
                    "restored_date": restored,
                    "repair_hours": ticket._hours_to_repair(restored),
                }
            )

    def _check_restored(self, restored, now):
        """Refuse a return of the service that cannot be: operators get its time.

        :raises WorkflowError: code 13, it is to come or before the trouble began
        """
        wrong = self.filtered(
            lambda ticket: restored and not ticket._began() <= restored <= now
        )
        if wrong:
            raise WorkflowError(
                self.env._(
                    "%s: the service came back after the trouble began, and not after "
                    "now. Check this date.",
                    wrong._refusal_names(),
                ),
                NOT_EXPECTED,
            )

    def _began(self):
        """Return when the trouble began, to the minute: screens show no seconds."""
        began = min(filter(None, (self.detection_date, self.opened_date)))
        return began.replace(second=0, microsecond=0)

    def _on_resolve_for_good(self, values, origin):
        self._on_resolve(values, origin)
        self._on_end(values, origin)

    def _on_end(self, values, origin):
        self.write({"closed_date": fields.Datetime.now(), "unanswered": False})

    def _on_reject(self, values, origin):
        """Nothing that was done counts any more: another task is needed.

        One that is still awaited counts once it is done. The resolution that the
        operator received stays in its message.
        """
        emptied = dict.fromkeys(RESOLUTION_FIELDS, False)
        self.write(emptied | {"rejected_date": fields.Datetime.now()})
        over = self.task_ids.filtered(
            lambda task: task.state not in AWAITED_TASK_STATES
        )
        over.write({"is_settled": True})

    def _refuse_other_ends(self, event):
        """Refuse to resolve at once tickets that do not end with the same codes.

        :raises WorkflowError: code 13, some are repaired, of others the customer was
            absent
        """
        repaired = self._has_done_task()
        if event == "resolve" and repaired and repaired != self:
            raise WorkflowError(
                self.env._(
                    "%s: the customer missed the visit and no task is done. Resolve "
                    "these apart from the others: their closure code is that of an "
                    "absence.",
                    (self - repaired)._refusal_names(),
                ),
                NOT_EXPECTED,
            )

    def _closure_usages(self, event):
        """Return the usages of the closure codes with which all of these may end."""
        if event == "resolve" and self - self._has_done_task():
            return ("absence",)
        return CLOSURE_USAGES.get(event, ())

    def _set_closure(self, event, values):
        """Write how the tickets end.

        :raises WorkflowError: code 1 without a closure code, or the localisation or
            the comment that it needs, 13 with a code that is not for this event, or
            that tells a repair which no task made
        """
        code = values.get("closure_code") or self.closure_code_id[:1]
        if not code:
            raise WorkflowError(
                self.env._("Choose the closure code that the operator is told."),
                MISSING,
            )
        if code.usage not in self._closure_usages(event):
            raise WorkflowError(
                self.env._(
                    "%(code)s is not for this: choose another closure code.",
                    code=code.display_name,
                ),
                NOT_EXPECTED,
            )
        location = values.get("location")
        if code.needs_location and not location:
            raise WorkflowError(
                self.env._(
                    "%(code)s needs the localisation of the defect: choose it.",
                    code=code.code,
                ),
                MISSING,
            )
        if code.needs_comment and not (values.get("comment") or "").strip():
            raise WorkflowError(
                self.env._(
                    "%(code)s needs a comment for the operator: write it.",
                    code=code.code,
                ),
                MISSING,
            )
        self.write(
            {
                "closure_code_id": code.id,
                "location_id": location.id if location else False,
                "responsibility": values.get("responsibility") or code.responsibility,
                "closure_comment": values.get("comment") or False,
                "reprovision_reference": values.get("reprovision_reference") or False,
            }
        )

    def _hours_to_repair(self, restored):
        """Return the hours from the opening to ``restored``, less the freezes.

        Content of ``closureDuration`` (Interop'Fibre SAV 3.0 §3.4), 0 at least.
        """
        self.ensure_one()
        paused = sum(
            max(
                0,
                (min(pause.stop or restored, restored) - pause.start).total_seconds(),
            )
            for pause in self.freeze_ids
        )
        length = (restored - self.opened_date).total_seconds() - paused
        return max(0, length) / 3600

    # ------------------------------------------------------------------
    # Effects: cancellation, termination of the line
    # ------------------------------------------------------------------

    def _on_cancel_in_queue(self, values, origin):
        self._end_with(CANCELLED_IN_QUEUE, values, origin)

    def _on_cancel_at_work(self, values, origin):
        self._end_with(CANCELLED_AT_WORK, values, origin)

    def _on_withdraw(self, values, origin):
        begun = self.filtered("started_date")
        begun._end_with(CANCELLED_AT_WORK, values, origin)
        (self - begun)._end_with(CANCELLED_IN_QUEUE, values, origin)

    def _on_end_line(self, values, origin):
        self._end_with(LINE_ENDED, values, origin)

    def _end_with(self, code, values, origin):
        """End with a closure code that the event implies."""
        closure = self.env["oiconnect.ticket.closure.code"]._of(code)
        self.write(
            {"closure_code_id": closure.id, "responsibility": closure.responsibility}
        )
        self._on_end(values, origin)

    def _end_tasks(self, transition, values, origin):
        """Call off the tasks that are not awaited any more."""
        ended = self.filtered(lambda ticket: not ticket.is_open)
        ended.task_ids._can_fire("cancel")._fire("cancel", origin)

    # ------------------------------------------------------------------
    # Messages to the operator
    # ------------------------------------------------------------------

    def _emit(self, flow, values, origin):
        """Put the messages of tickets that operators opened in the outbox.

        Those that we open are never notified (guide, Gestion / Tickets).
        """
        notified = self._is_notified()
        return super(Ticket, notified)._emit(flow, values, origin) if notified else {}

    @api.model
    def _event_channel(self, flow):
        return "soap"

    def _event_version(self, flow, origin):
        return self.operator_id.ticket_version

    # ------------------------------------------------------------------
    # Acceptance without an answer
    # ------------------------------------------------------------------

    @api.model
    def _cron_accept_by_default(self):
        """Accept the resolutions without an answer in time, by batches."""
        due = (
            Domain("state", "=", "resolved")
            & Domain("due_kind", "=", "ticket_validation")
            & Domain("due_date", "<=", fields.Datetime.now())
        )
        event = "accept_by_default"
        self._apply_by_batches(
            event,
            due,
            ACCEPTANCE_BATCH,
            lambda some: some._ready_for(event)._fire(event, JOB),
        )
