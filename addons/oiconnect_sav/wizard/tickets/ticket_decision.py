from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...models.codes.closure_code import RESPONSIBILITIES
from ...models.tickets.ticket import DO_TASKS
from ...models.tickets.ticket_freeze import FREEZE_REASONS
from ...models.tickets.workflow import CLOSURE_USAGES

# Events that this dialog asks about
EVENTS = (
    "close",
    "resolve",
    "freeze",
    "call_expertise",
    "accept",
    "reject",
    "request_cancel",
    "agree_cancel",
    "refuse_cancel",
    "withdraw",
    DO_TASKS,
)
# These require a comment that says why
NEEDS_COMMENT = ("reject", "refuse_cancel", "withdraw")
# Decisions of the operator that a person takes down, by telephone
OF_OPERATOR = ("accept", "reject")


class TicketDecision(models.TransientModel):
    """Ask before what ends or stops a ticket, and for what is sent about it."""

    _name = "oiconnect.ticket.decision"
    _description = "Decision on tickets"
    _events = EVENTS

    ticket_ids = fields.Many2many("oiconnect.ticket", required=True)
    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")
    event = fields.Selection("_selection_event", required=True)
    usages = fields.Json(compute="_compute_needs")
    needs_code = fields.Boolean(compute="_compute_needs")
    is_absence = fields.Boolean("Customer absent", compute="_compute_needs")
    needs_comment = fields.Boolean(compute="_compute_needs")
    is_notified = fields.Boolean(compute="_compute_needs")
    closure_code_id = fields.Many2one("oiconnect.ticket.closure.code")
    needs_location = fields.Boolean(related="closure_code_id.needs_location")
    location_id = fields.Many2one(
        "oiconnect.ticket.code",
        "Localisation of the defect",
        domain=[("code_list", "=", "location")],
        compute="_compute_location_id",
        store=True,
        readonly=False,
    )
    responsibility = fields.Selection(
        RESPONSIBILITIES,
        compute="_compute_responsibility",
        store=True,
        readonly=False,
    )
    restored_date = fields.Datetime("Service restored on", default=fields.Datetime.now)
    reprovision_reference = fields.Char("New route", size=30)
    reason = fields.Selection(FREEZE_REASONS, default="answer")
    comment = fields.Text()
    is_of_operator = fields.Boolean(compute="_compute_needs")
    decided_by = fields.Char("Who said so", size=80, help="At the operator")
    decided_date = fields.Datetime("Said on", default=fields.Datetime.now)

    @api.model
    def _selection_event(self):
        tickets = self.env["oiconnect.ticket"]
        return [(event, tickets._decision_label(event)) for event in EVENTS]

    @api.model
    def _needed_fields(self, tickets, event):
        """Return the fields that ``event`` requires, for any ticket."""
        if event == "resolve":
            return ("closure_code_id",)
        comment = ("comment",) if event in NEEDS_COMMENT else ()
        return (*comment, "decided_by") if event in OF_OPERATOR else comment

    @api.depends("ticket_ids")
    def _compute_ticket_count(self):
        for decision in self:
            decision.ticket_count = len(decision.ticket_ids)

    @api.depends("event", "ticket_ids", "closure_code_id.needs_comment")
    def _compute_needs(self):
        for decision in self:
            usages = decision.ticket_ids._closure_usages(decision.event)
            decision.usages = list(usages)
            decision.needs_code = bool(usages)
            decision.is_absence = usages == ("absence",)
            needed = self._needed_fields(decision.ticket_ids, decision.event)
            decision.needs_comment = (
                "comment" in needed or decision.closure_code_id.needs_comment
            )
            decision.is_of_operator = decision.event in OF_OPERATOR
            decision.is_notified = bool(decision.ticket_ids._is_notified())

    @api.depends("ticket_ids")
    def _compute_location_id(self):
        """Propose what the reports of the tasks agree on."""
        for decision in self:
            done = decision.ticket_ids._visits_that_count("done")
            places = done.location_id
            decision.location_id = places if len(places) == 1 else False

    @api.depends("closure_code_id")
    def _compute_responsibility(self):
        for decision in self:
            decision.responsibility = decision.closure_code_id.responsibility

    def action_confirm(self):
        self.ensure_one()
        # By sudo: a ticket that the user may not see must stop the whole.
        tickets = self.sudo().ticket_ids
        tickets.sudo(False)._check_chosen()
        if self.event not in self._events:
            raise UserError(self.env._("This decision is not taken by this dialog."))
        if self.needs_comment and not (self.comment or "").strip():
            raise UserError(self.env._("Write why: the operator reads it."))
        if self.is_of_operator and not (self.decided_by or "").strip():
            raise UserError(self.env._("Write who at the operator said so."))
        tickets._decide(self.event, self._values())
        return {"type": "ir.actions.act_window_close"}

    def _values(self):
        """Return the values of the event: what it does not use is left out."""
        values = {"note": self._note()}
        if self.event == "freeze":
            return values | {"reason": self.reason}
        if self.event in CLOSURE_USAGES:
            values |= {
                "closure_code": self.sudo().closure_code_id,
                "location": self.sudo().location_id,
                "responsibility": self.responsibility,
                "comment": self.comment,
            }
        if self.event == "resolve":
            values |= {
                "restored_date": self.restored_date,
                "reprovision_reference": self.reprovision_reference,
            }
        return values

    def _note(self):
        """Return what the history says of the decision: who took it, and why."""
        if not self.is_of_operator:
            return self.comment or None
        said = self.env._(
            "By telephone: %(person)s, on %(date)s.",
            person=self.decided_by.strip(),
            date=format_datetime(self.env, self.decided_date, dt_format="short"),
        )
        return f"{said}\n{self.comment}" if self.comment else said
