from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.oiconnect_base.home import (
    DANGER,
    GOOD,
    WARNING,
    Block,
    Number,
)
from odoo.addons.oiconnect_base.time_zone import local_today

from ..periods import previous_month

RUNS = ("oiconnect.billing.run", "oiconnect_billing.billing_run_action")
INVOICES = ("account.move", "oiconnect_billing.account_move_action")
CONTESTED = (
    "oiconnect.billing.dispute.line",
    "oiconnect_billing.billing_dispute_line_action",
)


class Home(models.AbstractModel):
    """The operators' money, and where the billing of the last month stands."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        return [
            *super()._blocks(),
            *self._declared(self._money_block, self._billing_block),
        ]

    @api.model
    def _billing_block(self):
        # Its numbers look for runs when they are declared.
        if not self._may_read(RUNS[0]):
            return None
        month = previous_month(local_today())
        return Block(
            "billing",
            self.env._("Billing of %s", self._month_name(month)),
            80,
            self._run_numbers(month),
            self.env._("Nothing is billed yet: describe a network, then begin a run."),
            link=(self.env._("Open the runs"), RUNS[1]),
        )

    @api.model
    def _run_numbers(self, month):
        model, action = RUNS
        of_month = Domain("month", "=", month)
        billed = self.env[model].search(of_month & Domain("state", "!=", "cancelled"))
        return (
            Number(
                "networks",
                self.env._("Networks without a run of the month"),
                "oiconnect.network",
                self._real_networks() & Domain("id", "not in", billed.network_id.ids),
                "oiconnect_base.network_action",
                WARNING,
            ),
            Number(
                "begun",
                self.env._("Runs to finish"),
                model,
                of_month & Domain("state", "in", ("draft", "running")),
                action,
                WARNING,
            ),
            Number(
                "failed",
                self.env._("Runs done with errors"),
                model,
                of_month & Domain("state", "=", "failed"),
                action,
                DANGER,
            ),
            Number(
                "done",
                self.env._("Runs done"),
                model,
                of_month & Domain("state", "=", "done"),
                action,
                GOOD,
            ),
        )

    # ------------------------------------------------------------------
    # Money
    # ------------------------------------------------------------------

    @api.model
    def _money_block(self):
        month = previous_month(local_today())
        return Block(
            "money",
            self.env._("Operators' invoices"),
            79,
            (
                self._billed_number("billed", month),
                self._billed_number("billed_before", previous_month(month)),
                *self._invoice_numbers(),
                *self._dispute_numbers(),
            ),
            self.env._("No invoice yet: a billing run makes them."),
            link=(self.env._("Open the invoices"), INVOICES[1]),
            needs=RUNS[:1],
        )

    @api.model
    def _billed_number(self, key, month):
        model, action = INVOICES
        of_month = Domain("oiconnect_run_id.month", "=", month)
        return Number(
            key,
            self.env._("Billed for %s, excl. tax", self._month_name(month)),
            model,
            of_month & Domain("state", "!=", "cancel"),
            action,
            amount="amount_untaxed_signed",
        )

    @api.model
    def _invoice_numbers(self):
        model, action = INVOICES
        posted = Domain("state", "=", "posted")
        unpaid = Domain("payment_state", "in", ("not_paid", "partial"))
        due = Domain("invoice_date_due", "<", fields.Date.to_string(local_today()))
        return (
            Number(
                "drafts",
                self.env._("Invoices to post, excl. tax"),
                model,
                Domain("state", "=", "draft"),
                action,
                WARNING,
                amount="amount_untaxed_signed",
            ),
            Number(
                "unpaid",
                self.env._("Invoices to be paid"),
                model,
                posted & unpaid,
                action,
                amount="amount_residual_signed",
            ),
            Number(
                "overdue",
                self.env._("Invoices that are due and unpaid"),
                model,
                posted & unpaid & due,
                action,
                WARNING,
                amount="amount_residual_signed",
            ),
        )

    @api.model
    def _dispute_numbers(self):
        model, action = CONTESTED
        to_answer = Domain("state", "=", "open")
        late = Domain("dispute_id.due_date", "<", fields.Date.to_string(local_today()))
        return (
            Number(
                "contested",
                self.env._("Contested lines to answer, excl. tax"),
                model,
                to_answer,
                action,
                WARNING,
                amount="amount",
            ),
            Number(
                "contested_late",
                self.env._("Contested lines to answer that are late"),
                model,
                to_answer & late,
                action,
                DANGER,
                amount="amount",
            ),
        )

    @api.model
    def _month_name(self, month):
        return format_date(self.env, month, date_format="MMMM yyyy")
