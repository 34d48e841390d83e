from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools.misc import clean_context
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.deleted_records import (
    display_name_of_deleted,
    open_form,
)
from odoo.addons.oiconnect_base.exceptions import RefusedError, WorkflowError
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.resource import Dialog, Resource, own

from ...personal import CUSTOMER_GROUPS
from ...references import ticket_reference
from ...states import AWAITED_TASK_STATES, CLOSED_STATES, STATES, TASKED_STATES
from ..codes.closure_code import RESPONSIBILITIES

_lt = LazyTranslate(__name__)

PRIORITIES = [("0", "Normal"), ("1", "High"), ("2", "Critical")]
# A decision on tickets that their tasks take
DO_TASKS = "do_tasks"
# Tickets acted on at once: one transaction of a few seconds
MAX_TICKETS = 1000
# The list of the protocol that each of these is a value of
CODE_LISTS = {
    "type_id": "type",
    "defect_id": "defect",
    "defect_class_id": "defect_class",
    "prelocation_id": "location",
    "location_id": "location",
}


class Ticket(models.Model):
    """Fault of a line, reported by its operator and repaired by us.

    Field names of the protocol are in the payload only; sizes are those of
    Interop'Fibre SAV 3.0 (FTTHMUTTroubleTicket).
    """

    _name = "oiconnect.ticket"
    _description = "Ticket"
    _resource = Resource(
        "tickets",
        sorts=("write_date",),
        required=("defect_id", "defect_class_id", "prelocation_id"),
        operator_fields=(
            "network_id",
            "reference",
            "oc_key",
            "state",
            "is_open",
            "type_id",
            "defect_id",
            "service_reference",
            "pto_reference",
            "pm_reference",
            "opened_date",
            "detection_date",
            "started_date",
            "resolved_date",
            "restored_date",
            "closed_date",
            "due_date",
            "closure_code_id",
        ),
        operator_domain=own,
        dialogs=(
            Dialog(
                "oiconnect.ticket.decision",
                lambda records: {"ticket_ids": [Command.set(records.ids)]},
                (
                    "closure_code_id",
                    "location_id",
                    "responsibility",
                    "restored_date",
                    "reprovision_reference",
                    "reason",
                    "comment",
                    "decided_by",
                    "decided_date",
                ),
            ),
        ),
        fired=("thaw", "end_expertise", "escalate"),
    )
    _created_text = _lt("Ticket created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.clock.mixin",
        "oiconnect.timeline.mixin",
        "oiconnect.ticket.thread",
        "oiconnect.operator.message.mixin",
        "oiconnect.line.mixin",
    ]
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "oc_key", "service_reference"]
    # Given by who opens it by telephone; what happens to it is by its events.
    _creation_fields = (
        "network_id",
        "operator_id",
        "oc_key",
        "type_id",
        "line_id",
        "service_reference",
        "pto_reference",
        "pm_reference",
        "detection_date",
        "defect_id",
        "defect_class_id",
        "prelocation_id",
        "description",
        "already_operated",
        "customer_name",
        "customer_firstname",
        "customer_contact1",
        "customer_contact2",
        "customer_hours",
    )
    _free_fields = ("priority", "user_id")
    _event_fields = EVERY_FIELD

    # Who and what
    reference = fields.Char(
        compute="_compute_reference", store=True, size=30, index="trigram"
    )
    state = fields.Selection(
        STATES,
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        # The board has a column for each, in this order.
        group_expand=True,
    )
    is_open = fields.Boolean("In progress", compute="_compute_is_open", store=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    opened_by = fields.Selection(
        [("oc", "The operator"), ("oi", "Us")],
        default="oi",
        required=True,
        readonly=True,
        help="A ticket that we open is never notified: the operator fetches it",
    )
    oc_key = fields.Char("Operator's key", size=30, index="trigram", copy=False)
    oc_siren = fields.Char("SIREN of the operator", size=9, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "In charge",
        index="btree_not_null",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(self._todo_group).ids)
        ],
    )
    priority = fields.Selection(PRIORITIES, default="0", required=True)
    is_escalated = fields.Boolean("Escalated", readonly=True)

    # What the operator reports
    type_id = fields.Many2one(
        "oiconnect.ticket.code",
        domain=[("code_list", "=", "type")],
        default=lambda self: self.env["oiconnect.ticket.code"]._of("type", "1"),
        ondelete="restrict",
    )
    defect_id = fields.Many2one(
        "oiconnect.ticket.code",
        "Nature of the defect",
        domain=[("code_list", "=", "defect")],
        ondelete="restrict",
    )
    defect_class_id = fields.Many2one(
        "oiconnect.ticket.code",
        "Class of the defect",
        domain=[("code_list", "=", "defect_class")],
        ondelete="restrict",
    )
    prelocation_id = fields.Many2one(
        "oiconnect.ticket.code",
        "Localisation by the operator",
        domain=[("code_list", "=", "location")],
        ondelete="restrict",
    )
    already_operated = fields.Boolean("Operator has already visited")
    detection_date = fields.Datetime("Trouble since")
    opened_date = fields.Datetime(
        "Opened on", default=fields.Datetime.now, required=True, readonly=True
    )
    # What was written by hand may name the end customer.
    description = fields.Text("Operator's words", groups=CUSTOMER_GROUPS)
    # Search of a customer by a part of each word: name ilike '%word%'
    customer_name = fields.Char(
        "Last name", size=30, index="trigram", groups=CUSTOMER_GROUPS
    )
    customer_firstname = fields.Char(
        "First name", size=30, index="trigram", groups=CUSTOMER_GROUPS
    )
    customer_contact1 = fields.Char("Contact 1", size=25, groups=CUSTOMER_GROUPS)
    customer_contact2 = fields.Char("Contact 2", size=25, groups=CUSTOMER_GROUPS)
    customer_hours = fields.Char(
        "When the customer is there", size=50, groups=CUSTOMER_GROUPS
    )
    appointment_reference = fields.Char(size=30, readonly=True)
    # Facts of the contract, as the operator gives them: stored and sent back.
    contract = fields.Json(readonly=True, copy=False)
    gtr_delay = fields.Char("Guaranteed delay", size=10, readonly=True)
    gtr_days = fields.Char("Days of signalling", size=10, readonly=True)
    gtr_hours = fields.Char("Hours of signalling", size=20, readonly=True)
    gtr_range = fields.Selection(
        [("signalling", "Within the hours of signalling"), ("always", "At any time")],
        "Guaranteed repair",
        readonly=True,
    )

    # How it ends
    closure_code_id = fields.Many2one(
        "oiconnect.ticket.closure.code", readonly=True, ondelete="restrict"
    )
    location_id = fields.Many2one(
        "oiconnect.ticket.code",
        "Localisation of the defect",
        domain=[("code_list", "=", "location")],
        readonly=True,
        ondelete="restrict",
    )
    responsibility = fields.Selection(RESPONSIBILITIES, readonly=True)
    reprovision_reference = fields.Char(
        "New route", size=30, readonly=True, help="Reference of a reprovisioning"
    )
    closure_comment = fields.Text(readonly=True, groups=CUSTOMER_GROUPS)
    restored_date = fields.Datetime("Service restored on", readonly=True)
    repair_hours = fields.Float(
        "Hours to repair",
        digits=(10, 2),
        readonly=True,
        aggregator="avg",
        help="From the opening to the return of the service, without the freezes",
    )

    # When
    started_date = fields.Datetime("Taken in charge on", readonly=True)
    resolved_date = fields.Datetime("Resolved on", readonly=True)
    rejected_date = fields.Datetime("Rejected on", readonly=True)
    closed_date = fields.Datetime("Closed on", readonly=True)
    protocol_version = fields.Char(size=10, readonly=True)

    # The web service asks for a ticket by our key.
    _reference_uniq = models.UniqueIndex(
        "(reference)", "This reference of a ticket is already used."
    )
    # The key of an operator, known by its SIREN, serves once on a network: a creation
    # that is sent again finds its ticket by it.
    _oc_key_uniq = models.UniqueIndex(
        "(COALESCE(oc_siren, operator_id::varchar), oc_key, network_id)"
        " WHERE oc_key IS NOT NULL",
        "This operator already has a ticket with this key.",
    )
    # Conditions on booleans are written as the ORM asks: PostgreSQL 15 does not see
    # that "x IS TRUE" is "x".
    # The list "In progress", its first screen and its count.
    _open_idx = models.Index("(network_id, id DESC) WHERE is_open IS TRUE")
    # List filtered or grouped by state; the board: state = x order by due_date
    _state_idx = models.Index("(state, id DESC)")
    # The counts of the home page read nothing but this index: select count(*) where
    # is_open and due_date < x (or holds_line, of some networks) and company_id in y.
    _board_idx = models.Index(
        "(state, due_date, id) INCLUDE (warning_date, network_id, company_id, order_id,"
        " holds_line) WHERE is_open IS TRUE"
    )
    # Filters of the list, each alone: nature, type; "changed on".
    _defect_idx = models.Index("(defect_id, id DESC)")
    _type_idx = models.Index("(type_id, id DESC)")
    _changed_idx = models.Index("(write_date)")
    # Filters "Escalated", "Opened by us", "Wrongly sent" and the closure code, over all
    _escalated_idx = models.Index(
        "(id DESC) INCLUDE (is_open, company_id) WHERE is_escalated IS TRUE"
    )
    _ours_idx = models.Index("(id DESC) WHERE opened_by = 'oi'")
    _closure_idx = models.Index(
        "(closure_code_id, id DESC) WHERE closure_code_id IS NOT NULL"
    )
    # Tickets received each month, by operator. Statistics read nothing but this index:
    # select state, count(*) where opened_date >= x and network_id in y and company_id
    # in c group by state (or operator_id).
    _opened_idx = models.Index(
        "(opened_date, operator_id) INCLUDE (state, network_id, company_id)"
    )
    _closed_has_code = models.Constraint(
        "CHECK (state NOT IN ('resolved', 'closed') OR closure_code_id IS NOT NULL)",
        "A ticket that is resolved or closed needs its closure code.",
    )

    @api.constrains(*CODE_LISTS)
    def _check_code_lists(self):
        """The protocol refuses a value that is not of the list of its field."""
        codes = self.env["oiconnect.ticket.code"]
        codes = codes.union(*(self[name] for name in CODE_LISTS))
        codes.fetch(["code_list", "code", "name"])
        for ticket in self:
            for name, code_list in CODE_LISTS.items():
                code = ticket[name]
                if code and code.code_list != code_list:
                    raise ValidationError(
                        self.env._(
                            "“%(value)s” is not a value of “%(field)s”.",
                            value=code.code,
                            field=self._labels_of_fields([name]),
                        )
                    )

    @api.depends("network_id")
    def _compute_reference(self):
        """Make the reference once: a network that changes its code keeps the old."""
        for ticket in self:
            number = ticket._origin.id
            ticket.reference = ticket._origin.reference or (
                number and ticket_reference(ticket.network_id.oi_code, number)
            )

    @api.depends("state")
    def _compute_is_open(self):
        for ticket in self:
            ticket.is_open = ticket.state not in CLOSED_STATES

    @api.depends("reference")
    @display_name_of_deleted
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = ticket.reference or self.env._("New ticket")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            return self._create_by_people(vals_list)
        return super().create(vals_list)

    @api.model
    def _create_by_people(self, vals_list):
        """Create what the user may, as superuser: clock and line follow at once."""
        self.check_access("create")
        for vals in vals_list:
            self._refuse_guarded(vals, self._guarded_at_creation, "create")
        # Defaults of the context would be another way in.
        context = clean_context(self.env.context)
        model = self.with_env(self.env(su=True, context=context))
        complete = [model._completed_opening(vals) for vals in vals_list]
        tickets = model.create(complete).with_env(self.env)
        tickets.check_access("create")
        return tickets

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("A ticket is kept for ever: close it instead."))

    @api.model
    def _guarded_advice(self):
        return self.env._(
            "A ticket changes by its buttons; what the operator reports stays as it is."
        )

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Fold the columns of the board without tickets, and of finished ones."""
        formatted = super()._web_read_group_format(groupby, aggregates, groups)
        if self.env.context.get("read_group_expand") and tuple(groupby) == ("state",):
            for group in formatted:
                if group["state"] in CLOSED_STATES or not group["__count"]:
                    group["__fold"] = True
        return formatted

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_decide(self):
        """Open the dialog of an event: the consequences, and the required values."""
        self._check_chosen()
        event = self.env.context.get("decision")
        if event == DO_TASKS:
            self._awaited_tasks()
        else:
            self._refuse_unless_ready(event)
            self._refuse_other_ends(event)
        return self._open_dialog(
            "oiconnect.ticket.decision",
            self._decision_label(event),
            {"default_ticket_ids": self.ids, "default_event": event},
        )

    def action_write_message(self):
        """Open a message to the operators; saving it sends it."""
        self._check_chosen()
        self._refuse_unless_spoken_to()
        return self._open_dialog(
            "oiconnect.ticket.message",
            self.env._("Write to the operator"),
            self._default_tickets(),
        )

    def action_add_task(self):
        """Open a new task of each ticket."""
        self._check_chosen()
        self._refuse_unless_tasked()
        return self._open_dialog(
            "oiconnect.ticket.task",
            self.env._("Add a task"),
            self._default_tickets(),
        )

    def action_report(self):
        """Open the report of the task that is awaited."""
        self.ensure_one()
        tasks = self._awaited_tasks().sorted(lambda task: task.state != "planned")
        return tasks[:1].sudo(False).action_report()

    def action_view_order(self):
        self.ensure_one()
        return open_form(self.order_id)

    def _refuse_unless_tasked(self):
        """Refuse a task that no one would do, or be notified of.

        :raises WorkflowError: one of the tickets is not worked on now
        """
        refused = self.sudo().filtered(lambda one: one.state not in TASKED_STATES)
        if refused:
            raise WorkflowError(
                self.env._(
                    "No task is added to %s now: the ticket is resolved, over or "
                    "about to be cancelled.",
                    refused._refused_names(),
                ),
                self._workflow.code("progress"),
            )

    def _refuse_unless_spoken_to(self):
        begun = self.filtered(lambda one: one.state != "open")
        begun._refuse_unless_ready("inform")

    def _awaited_tasks(self):
        """Return the tasks that are still to carry out.

        :raises WorkflowError: one of the tickets has none
        """
        tasks = self.sudo().task_ids.filtered(
            lambda task: task.state in AWAITED_TASK_STATES
        )
        if idle := self - tasks.ticket_id:
            raise WorkflowError(
                self.env._(
                    "No task is awaited of %s, so nothing is changed: leave them out, "
                    "or add their task first.",
                    idle._refused_names(),
                ),
                self._workflow.code("progress"),
            )
        return tasks

    def _decide(self, event, values):
        """Take a decision on all tickets, or on none, as superuser code."""
        if event == DO_TASKS:
            self._awaited_tasks()._fire("do")
        else:
            self._refuse_other_ends(event)
            self._fire(event, **values)

    def _decision_label(self, event):
        if event == DO_TASKS:
            return self.env._("Tasks carried out")
        return self._event_label(event)

    def _check_chosen(self):
        """Check that the user may act on these tickets, all at once.

        :raises RefusedError: they are too many for one transaction
        """
        self.check_access("write")
        if len(self) > MAX_TICKETS:
            raise RefusedError(
                self.env._(
                    "Too many tickets at once: %(count)s. Choose %(most)s at most.",
                    count=len(self),
                    most=MAX_TICKETS,
                )
            )

    def _default_tickets(self):
        """Return the context of a form that makes something for each ticket."""
        chosen = {"default_ticket_ids": self.ids} if len(self) > 1 else {}
        return {"default_ticket_id": self[:1].id, **chosen}

    @api.model
    def _open_dialog(self, model, name, context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }
