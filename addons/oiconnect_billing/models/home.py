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
# Operators that are named, those that are billed most
MAX_OPERATORS = 8


class Home(models.AbstractModel):
    """The operators' money, and where the billing of the last month stands."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        return [
            *super()._blocks(),
            *self._declared(
                self._operator_block, self._money_block, self._billing_block
            ),
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
                "anomalies",
                self.env._("Runs with anomalies to look at"),
                model,
                of_month & Domain("state", "=", "draft") & self._with_anomalies(),
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

    @api.model
    def _with_anomalies(self):
        """Return the domain of the runs whose preview has anomalies left."""
        anomaly = Domain("anomaly", "!=", False) & Domain("accepted_by_id", "=", False)
        return Domain("preview_ids", "any", anomaly)

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
        return Number(
            key,
            self.env._("Billed for %s, excl. tax", self._month_name(month)),
            model,
            self._billed_for(month),
            action,
            amount="amount_untaxed_signed",
        )

    @api.model
    def _billed_for(self, month):
        of_month = Domain("oiconnect_run_id.month", "=", month)
        return of_month & Domain("state", "!=", "cancel")

    @api.model
    def _operator_block(self):
        """Return what each operator is billed, against the month before."""
        if not self._may_read(RUNS[0]) or not self._may_read(INVOICES[0]):
            return None
        month = previous_month(local_today())
        now, before = (
            self._billed_by_operator(one) for one in (month, previous_month(month))
        )
        ranked = sorted(now, key=lambda one: (-now[one], one.id))
        numbers = tuple(
            self._operator_number(operator, month, now[operator], before.get(operator))
            for operator in ranked[:MAX_OPERATORS]
        )
        if not numbers:
            return None
        return Block(
            "billed_operators",
            self.env._("Billed by operator, excl. tax"),
            78,
            numbers,
            link=(self.env._("Open the invoices"), INVOICES[1]),
        )

    @api.model
    def _billed_by_operator(self, month):
        """Return ``{operator: amount}`` of a month, in the company's currency."""
        moves = self.env[INVOICES[0]]
        domain = self._on_screen(moves, self._billed_for(month))
        domain &= Domain("oiconnect_operator_id", "!=", False)
        return dict(
            moves._read_group(
                domain, ["oiconnect_operator_id"], ["amount_untaxed_signed:sum"]
            )
        )

    @api.model
    def _operator_number(self, operator, month, amount, before):
        model, action = INVOICES
        change = round(100 * (amount - before) / before) if before else None
        told = "" if change is None else f"{change:+d}\N{NO-BREAK SPACE}%"
        return Number(
            f"billed_{operator.id}",
            operator.display_name,
            model,
            self._billed_for(month) & Domain("oiconnect_operator_id", "=", operator.id),
            action,
            more={"share": told},
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
