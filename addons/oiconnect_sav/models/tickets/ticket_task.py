from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.workflow import Transition, Workflow
from odoo.addons.oiconnect_orders.appointment_states import LIVE_STATES

from ...personal import CUSTOMER_GROUPS
from ...states import AWAITED_TASK_STATES, TASK_STATES

_lt = LazyTranslate(__name__)

TASK_WORKFLOW = Workflow(
    [
        Transition("plan", AWAITED_TASK_STATES, "planned", effect="_on_plan"),
        Transition(
            "unplan",
            ("planned",),
            "to_plan",
            guard="_is_without_visit",
            effect="_on_unplan",
        ),
        Transition("do", AWAITED_TASK_STATES, "done", effect="_on_do"),
        # No one was there, or more is needed: another task follows.
        Transition("repeat", AWAITED_TASK_STATES, "to_repeat", effect="_on_repeat"),
        Transition("cancel", AWAITED_TASK_STATES, "cancelled"),
    ],
    initial="to_plan",
    default_code="13",
    # A task whose end was notified to the operator is followed by another one.
    irreversible=("do", "repeat", "cancel"),
)
# Optical loss, in dB, that a line can have: class C++ of ITU-T G.984.2 ends at 35.
PLAUSIBLE_LOSS = (0.1, 40.0)
# What becomes of the appointment of a task, by the event of the task
VISIT_EVENTS = {"do": "visit", "repeat": "visit", "cancel": "cancel"}


class TicketTask(models.Model):
    """Work on a ticket: a visit, with or without an appointment, or joint expertise.

    The operator hears of each step, as ``supplierResolutionAction`` and
    ``supplierResolutionState`` (Interop'Fibre SAV 3.0 §4).
    """

    _name = "oiconnect.ticket.task"
    _description = "Task of a ticket"
    _created_text = _lt("Task created")
    _inherit = [
        "oiconnect.workflow",
        "oiconnect.ticket.thread",
        "oiconnect.each.ticket",
    ]
    _order = "id desc"
    _rec_name = "kind"
    _rec_names_search = ["ticket_id.reference"]
    _creation_fields = ("ticket_id", "kind")
    _free_fields = (
        *("team_id", "instructions", "photo_ids"),
        *("result", "location_id", "loss", "is_unmeasured"),
    )
    _event_fields = EVERY_FIELD
    # They may name the end customer, whom the law has us forget.
    _unfollowed_fields = ("instructions", "result", "photo_ids")
    # Erased once, the customer is not named again.
    _closing_fields = dict.fromkeys(
        ("instructions", "result", "photo_ids"), "customer_erased_on"
    )

    _workflow = TASK_WORKFLOW
    _free_text_groups = CUSTOMER_GROUPS
    _guard_fields = ("appointment_ids.state",)
    # What is carried out has a report.
    _people_events = ("cancel", "unplan")
    _transition_effects = ("_move_visit", "_tell_ticket")

    ticket_id = fields.Many2one(
        "oiconnect.ticket", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    network_id = fields.Many2one(related="ticket_id.network_id")
    operator_id = fields.Many2one(related="ticket_id.operator_id")
    ticket_state = fields.Selection(
        related="ticket_id.state", string="State of the ticket"
    )
    customer_erased_on = fields.Datetime(related="ticket_id.customer_erased_on")
    kind = fields.Selection(
        [
            ("visit", "Visit without appointment"),
            ("appointment", "Visit at an appointment"),
            ("expertise", "Joint expertise"),
        ],
        required=True,
        default="visit",
    )
    state = fields.Selection(
        TASK_STATES, default="to_plan", required=True, readonly=True
    )
    is_settled = fields.Boolean(
        "Of a rejected resolution",
        readonly=True,
        help="It was done before the operator rejected a resolution: it does not "
        "count for the next one",
    )
    team_id = fields.Many2one(
        "oiconnect.appointment.team",
        domain="[('for_repair', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    planned_date = fields.Datetime("Planned on", readonly=True)
    new_date = fields.Datetime("Date", store=False, help="Planned when it is saved")
    appointment_id = fields.Many2one(
        "oiconnect.appointment",
        compute="_compute_appointment_id",
        help="The visit that is awaited, or the last one",
    )
    appointment_ids = fields.One2many(
        "oiconnect.appointment", "ticket_task_id", "Appointments"
    )
    done_date = fields.Datetime("Carried out on", readonly=True)
    customer_absent = fields.Boolean(readonly=True)
    # What was written by hand may name the end customer.
    instructions = fields.Text(groups=CUSTOMER_GROUPS)
    result = fields.Text(groups=CUSTOMER_GROUPS)
    location_id = fields.Many2one(
        "oiconnect.ticket.code",
        "Localisation of the defect",
        domain=[("code_list", "=", "location")],
        ondelete="restrict",
        help="Where the technician found it",
    )
    loss = fields.Float(
        "Measured loss (dB)", digits=(6, 2), help="Optical loss of the line"
    )
    is_unmeasured = fields.Boolean(
        "Not measured", help="No measure could be taken: the result says why"
    )
    photo_ids = fields.Many2many(
        "ir.attachment", string="Photographs and measures", groups=CUSTOMER_GROUPS
    )

    # The list "Awaited"; filter "Planned on".
    _awaited_idx = models.Index("(id DESC) WHERE state IN ('to_plan', 'planned')")
    _planned_idx = models.Index("(planned_date) WHERE planned_date IS NOT NULL")
    # Visits of a team, by day.
    _team_idx = models.Index("(team_id, planned_date) WHERE planned_date IS NOT NULL")
    _planned_has_date = models.Constraint(
        "CHECK (state <> 'planned' OR planned_date IS NOT NULL)",
        "A planned task has a date.",
    )

    @api.constrains("loss")
    def _check_loss(self):
        lowest, highest = PLAUSIBLE_LOSS
        for task in self:
            if task.loss and not lowest <= task.loss <= highest:
                raise ValidationError(
                    self.env._(
                        "%(loss)s dB is no optical loss of a line: it is between "
                        "%(lowest)s and %(highest)s dB. Check it.",
                        loss=task.loss,
                        lowest=lowest,
                        highest=highest,
                    )
                )

    @api.depends("appointment_ids.start", "appointment_ids.state")
    def _compute_appointment_id(self):
        for task in self:
            found = task.appointment_ids.sorted("start")
            awaited = found.filtered(lambda visit: visit.state in LIVE_STATES)
            task.appointment_id = awaited[:1] or found[-1:]

    @api.depends("kind", "ticket_id.reference")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for task in self:
            task.display_name = " – ".join(
                filter(None, (task.ticket_id.reference, labels.get(task.kind)))
            )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list, firsts = self._for_each_ticket(vals_list)
        dates = [vals.get("new_date") for vals in vals_list]
        tasks = super().create(
            [{k: v for k, v in vals.items() if k != "new_date"} for vals in vals_list]
        )
        tasks.ticket_id._refuse_unless_tasked()
        planned = defaultdict(list)
        for task, date in zip(tasks, dates, strict=True):
            if date:
                planned[date].append(task.id)
        for date, ids in planned.items():
            self.browse(ids)._plan_by_hand(date)
        return self.browse([tasks[first].id for first in firsts])

    def write(self, vals):
        date = vals.get("new_date")
        values = {name: value for name, value in vals.items() if name != "new_date"}
        result = super().write(values)
        if date:
            self._plan_by_hand(date)
        return result

    def _plan_by_hand(self, date):
        """Plan on ``date``, as a person wrote it.

        :raises WorkflowError: a visit is booked, which says when
        """
        if visited := self.sudo() - self.sudo()._is_without_visit({}):
            raise WorkflowError(
                self.env._(
                    "A visit is booked for %s: move the appointment instead.",
                    visited._refusal_names(),
                ),
                self._workflow.code("plan"),
            )
        self._act("plan", date=fields.Datetime.to_datetime(date))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("A task is kept for ever: call it off instead."))

    def _event_labels(self):
        labels = {
            "create": self.env._("Task added"),
            "plan": self.env._("Date set"),
            "unplan": self.env._("Date given up"),
            "do": self.env._("Carried out"),
            "repeat": self.env._("Another visit is needed"),
            "cancel": self.env._("Called off"),
        }
        return list(labels.items())

    def _is_without_visit(self, values):
        """Return the tasks that no visit is booked for: it says when they are done."""
        return self.filtered(
            lambda task: (
                not any(visit.state in LIVE_STATES for visit in task.appointment_ids)
            )
        )

    # ------------------------------------------------------------------
    # Effects
    # ------------------------------------------------------------------

    def _on_plan(self, values, origin):
        self.write({"planned_date": values.get("date") or fields.Datetime.now()})

    def _on_unplan(self, values, origin):
        self.write({"planned_date": False})

    def _on_do(self, values, origin):
        self.write({"done_date": fields.Datetime.now()})

    def _on_repeat(self, values, origin):
        absent = bool(values.get("customer_absent"))
        self.write({"done_date": fields.Datetime.now(), "customer_absent": absent})

    def _move_visit(self, transition, values, origin):
        event = VISIT_EVENTS.get(transition.event)
        if event == "visit" and values.get("customer_absent"):
            event = "miss"
        if event:
            visits = self.sudo().appointment_ids
            visits._can_fire(event)._fire(event, origin)

    def _tell_ticket(self, transition, values, origin):
        """A task starts its ticket; the operator hears of what becomes of it."""
        self.ticket_id.sudo()._report_progress(origin)

    # ------------------------------------------------------------------
    # Visit
    # ------------------------------------------------------------------

    def _attach_visit(self, appointment):
        """The task is done at ``appointment``, in the place of another one."""
        self.ensure_one()
        others = self.appointment_ids - appointment
        # Attached first: without any visit the task would be to plan again meanwhile.
        appointment._attach_task(self)
        others._can_fire("cancel")._fire("cancel")
        self.write({"team_id": appointment.team_id.id})
        self._fire("plan", date=appointment.start)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open(self):
        self.ensure_one()
        return open_form(self)

    def action_book(self):
        """Open the free slots of the teams that repair, for this task."""
        self.ensure_one()
        self.check_access("write")
        self._refuse_unless_ready("plan")
        return self.env["oiconnect.appointment.choice"]._open_for_task(self)

    def action_report(self):
        """Open what is reported of a task before it is carried out."""
        self.ensure_one()
        self.check_access("write")
        self._refuse_unless_ready("do")
        view = self.env.ref("oiconnect_sav.ticket_task_view_form_report")
        return self.ticket_id._open_dialog(
            self._name, self.env._("Report of the task"), {}
        ) | {"res_id": self.id, "views": [(view.id, "form")]}

    def action_do(self):
        """Carry out a task that was reported: the operator hears of it."""
        self.ensure_one()
        self._check_report()
        self._act("do")
        return {"type": "ir.actions.act_window_close"}

    def action_do_and_resolve(self):
        """Carry out a task, and go on with the resolution of its ticket."""
        self.action_do()
        return self.ticket_id.with_context(decision="resolve").action_decide()

    def _check_report(self):
        """Refuse to carry out a task of which nobody knows what it came to."""
        missing = [name for name in ("result", "location_id") if not self[name]]
        if not (self.loss or self.is_unmeasured):
            missing.append("loss")
        if missing:
            raise UserError(
                self.env._("Report first: %s.", self._labels_of_fields(missing))
            )

    def action_repeat(self):
        self._act("repeat")

    def action_customer_absent(self):
        self._act("repeat", customer_absent=True)
