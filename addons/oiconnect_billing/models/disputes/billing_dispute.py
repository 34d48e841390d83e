from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import local_today

_lt = LazyTranslate(__name__)


class BillingDispute(models.Model):
    """What an operator contests of its invoices, by one file."""

    _name = "oiconnect.billing.dispute"
    _description = "Dispute"
    _created_text = _lt("Dispute created")
    _inherit = ["oiconnect.chatter", "oiconnect.operator.message.mixin"]
    _order = "id desc"
    _event_fields = EVERY_FIELD
    _free_fields = ("user_id",)

    name = fields.Char("Number", required=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    received_date = fields.Datetime("Received on", required=True)
    due_date = fields.Date("To be answered by")
    sent_date = fields.Datetime("Answers sent on")
    user_id = fields.Many2one(
        "res.users", "Handled by", index="btree_not_null", ondelete="restrict"
    )
    file_name = fields.Char("File name")
    # Tells a file that was imported already
    checksum = fields.Char("Digest of the file", required=True)
    line_ids = fields.One2many(
        "oiconnect.billing.dispute.line", "dispute_id", "Lines of the file"
    )
    refund_ids = fields.One2many("account.move", "oiconnect_dispute_id", "Credit notes")

    line_count = fields.Integer("Contested lines", compute="_compute_totals")
    open_count = fields.Integer("To answer", compute="_compute_totals")
    uncredited_count = fields.Integer(
        "Accepted without credit note", compute="_compute_totals"
    )
    refund_count = fields.Integer("Credit notes made", compute="_compute_refund_count")
    contested_amount = fields.Monetary(
        "Contested, excl. tax", compute="_compute_totals"
    )
    accepted_amount = fields.Monetary("Accepted, excl. tax", compute="_compute_totals")
    state = fields.Selection(
        [("open", "To answer"), ("answered", "Answered")], compute="_compute_totals"
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_late")

    # The same file is imported once.
    _file_uniq = models.UniqueIndex(
        "(operator_id, company_id, checksum)", "This file was imported already."
    )

    @api.depends("line_ids.state", "line_ids.amount", "line_ids.refund_line_id")
    def _compute_totals(self):
        groups = self.env["oiconnect.billing.dispute.line"]._read_group(
            [("dispute_id", "in", self.ids)],
            ["dispute_id", "state"],
            ["__count", "amount:sum", "refund_line_id:count"],
        )
        for dispute in self:
            own = {
                state: numbers for owner, state, *numbers in groups if owner == dispute
            }
            accepted = own.get("accepted", (0, 0.0, 0))
            dispute.line_count = sum(numbers[0] for numbers in own.values())
            dispute.open_count = own.get("open", (0,))[0]
            dispute.uncredited_count = accepted[0] - accepted[2]
            dispute.contested_amount = sum(numbers[1] for numbers in own.values())
            dispute.accepted_amount = accepted[1]
            dispute.state = "open" if dispute.open_count else "answered"

    @api.depends("refund_ids.state")
    def _compute_refund_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("oiconnect_dispute_id", "in", self.ids), ("state", "!=", "cancel")],
                ["oiconnect_dispute_id"],
                ["__count"],
            )
        )
        for dispute in self:
            dispute.refund_count = counts.get(dispute, 0)

    @api.depends("due_date", "open_count")
    def _compute_is_late(self):
        today = local_today()
        for dispute in self:
            due = dispute.due_date
            dispute.is_late = bool(due and due < today and dispute.open_count)

    @api.model
    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = local_today()
        return [("due_date", "<", today), ("line_ids.state", "=", "open")]

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_billing.billing_dispute_line_action"
        )
        return action | {"domain": [("dispute_id", "=", self.id)], "context": {}}

    def action_view_refunds(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_billing.account_move_action"
        )
        return action | {
            "domain": [("oiconnect_dispute_id", "=", self.id)],
            # As counted: without the cancelled ones
            "context": {"create": False, "search_default_not_cancelled": 1},
        }
