from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

STATES = [
    ("open", "To answer"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
# Lines named in an error
MAX_NAMES = 5


class BillingDisputeLine(models.Model):
    """One line of an invoice that an operator contests, beside what proves it.

    Billed amounts are copied: the line goes with an invoice that is cancelled.
    """

    _name = "oiconnect.billing.dispute.line"
    _description = "Contested line"
    _order = "dispute_id desc, rank, id"
    _rec_name = "number"
    _event_fields = EVERY_FIELD

    dispute_id = fields.Many2one(
        "oiconnect.billing.dispute",
        required=True,
        index=True,
        ondelete="restrict",
    )
    rank = fields.Integer("Line of the file", aggregator=None)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    due_date = fields.Date(related="dispute_id.due_date")

    # What was billed
    number = fields.Char("Line number", required=True)
    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, index=True, ondelete="restrict"
    )
    invoice_state = fields.Selection(related="move_id.state", string="Invoice state")
    # Gone with an invoice that is cancelled
    item_id = fields.Many2one(
        "oiconnect.billing.item", index="btree_not_null", ondelete="set null"
    )
    # Lines are deleted with their item, by SQL.
    line_id = Many2oneWithoutForeignKey("oiconnect.billing.line", "Billed access")
    oc_reference = fields.Char("Operator's reference")
    service_reference = fields.Char("Service reference")
    place = fields.Char("PTO, PM or link")
    product_id = fields.Many2one(
        "oiconnect.billing.product", "Billing product", ondelete="restrict"
    )
    kind = fields.Selection(related="item_id.kind")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    days = fields.Integer(aggregator=None)
    quantity = fields.Float(digits=(16, 2), aggregator=None)
    price = fields.Monetary("Price of a month", aggregator=None)
    billed_amount = fields.Monetary("Billed, excl. tax")

    # What is said of it
    amount = fields.Monetary("Contested, excl. tax", required=True)
    reason = fields.Char("Reason of the operator", required=True)
    state = fields.Selection(STATES, default="open", required=True)
    answer = fields.Text(help="The operator reads it")
    answered_by_id = fields.Many2one("res.users", "Answered by", ondelete="restrict")
    answered_date = fields.Datetime("Answered on")
    refund_line_id = fields.Many2one(
        "account.move.line",
        "Line of the credit note",
        index="btree_not_null",
        ondelete="set null",
    )
    refund_id = fields.Many2one(related="refund_line_id.move_id", string="Credit note")

    # A line is contested once, unless that was withdrawn; and what was accepted of a
    # billed line, which corrections take into account (due_sql.py).
    _line_uniq = models.UniqueIndex(
        "(line_id) WHERE line_id IS NOT NULL AND state != 'withdrawn'",
        "A line of the file was contested meanwhile: import it again.",
    )
    _fee_uniq = models.UniqueIndex(
        "(item_id) WHERE line_id IS NULL AND state != 'withdrawn'",
        "A fee of the file was contested meanwhile: import it again.",
    )
    # Lines to answer, of any dispute
    _open_idx = models.Index("(dispute_id) WHERE state = 'open'")
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The amount contested is above 0."
    )

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def action_accept(self):
        """Accept what is contested: a credit note can be made of it."""
        self.check_access("write")
        lines = self.sudo()
        lines._lock(("open",))
        lines._check_still_billed()
        lines._answer("accepted")

    def action_withdraw(self):
        """Note that the operator contests these lines no more."""
        self.check_access("write")
        lines = self.sudo()
        lines._lock(("open", "refused"))
        lines._answer("withdrawn")

    def action_reopen(self):
        """Take an answer back, as long as no credit note was made of it."""
        self.check_access("write")
        lines = self.sudo()
        lines._lock(("accepted", "refused"))
        if credited := lines.filtered("refund_line_id"):
            raise UserError(
                self.env._(
                    "%(lines)s: a credit note was made (%(notes)s). Cancel or delete "
                    "it first.",
                    lines=credited._names(),
                    notes=credited.refund_id[:1].display_name,
                )
            )
        lines._answer("open")

    def _refuse(self, reason):
        """Refuse what is contested; the operator reads why."""
        self.check_access("write")
        lines = self.sudo()
        lines._lock(("open",))
        lines._answer("refused", reason)

    def _lock(self, states):
        """Hold the lines, and check that each is in one of ``states``.

        :raises BusyError: someone else is answering one of them
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise BusyError(
                self.env._(
                    "%s: someone else is answering, try again in a moment.",
                    self._names(),
                )
            ) from None
        if wrong := self.filtered(lambda line: line.state not in states):
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(lines)s: “%(state)s” already. Leave out what is not to be "
                    "answered this way.",
                    lines=wrong._names(),
                    state=labels[wrong[0].state],
                )
            )

    def _check_still_billed(self):
        """Refuse to credit what is no longer billed."""
        if lost := self.filtered(lambda line: not line._is_billed()):
            raise UserError(
                self.env._(
                    "%(lines)s: the invoice %(invoice)s is not posted any more, there "
                    "is nothing to credit. Post it again, or withdraw these lines.",
                    lines=lost._names(),
                    invoice=lost[0].move_id.display_name,
                )
            )

    def _is_billed(self):
        posted = self.move_id.state == "posted"
        return posted and self.item_id.move_id == self.move_id

    def _answer(self, state, answer=False):
        is_answer = state != "open"
        self.write(
            {
                "state": state,
                "answer": answer,
                "answered_by_id": is_answer and self.env.uid,
                "answered_date": is_answer and fields.Datetime.now(),
            }
        )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for dispute, lines in self.grouped("dispute_id").items():
            dispute.sent_date = False
            summary = self.env._(
                "%(state)s: %(count)s (%(lines)s)",
                state=labels[state],
                count=len(lines),
                lines=lines._names(),
            )
            author = self.env.user.partner_id.id
            text = " – ".join(filter(None, [summary, answer]))
            dispute._message_log(body=text, author_id=author)

    def _names(self):
        names = self[:MAX_NAMES].mapped("number")
        return ", ".join(names) + ("…" if len(self) > MAX_NAMES else "")

    # ------------------------------------------------------------------
    # What proves it
    # ------------------------------------------------------------------

    @api.depends("number", "oc_reference")
    def _compute_display_name(self):
        for line in self:
            names = (line.number, line.oc_reference)
            line.display_name = " – ".join(filter(None, names))

    def action_open_record(self):
        """Open what was billed: the order, the ticket or another record."""
        self.ensure_one()
        if not self.line_id.exists():
            raise UserError(
                self.env._("Nothing is left to open: the line is no longer billed.")
            )
        return self.line_id.action_open_record()

    def action_open_dispute(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.dispute_id._name,
            "res_id": self.dispute_id.id,
            "view_mode": "form",
        }
