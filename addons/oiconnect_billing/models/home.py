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


class Home(models.AbstractModel):
    """Where the billing of the month stands: the last one that is over."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        return [*super()._blocks(), *self._declared(self._billing_block)]

    @api.model
    def _billing_block(self):
        if not self.env["oiconnect.billing.run"].has_access("read"):
            return None
        month = previous_month(local_today())
        name = format_date(self.env, month, date_format="MMMM yyyy")
        return Block(
            "billing",
            self.env._("Billing of %s", name),
            80,
            (*self._run_numbers(month), *self._invoice_numbers()),
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

    @api.model
    def _invoice_numbers(self):
        model, action = INVOICES
        posted = Domain("state", "=", "posted")
        unpaid = Domain("payment_state", "in", ("not_paid", "partial"))
        return (
            Number(
                "drafts",
                self.env._("Invoices to post"),
                model,
                Domain("state", "=", "draft"),
                action,
                WARNING,
            ),
            Number(
                "overdue",
                self.env._("Invoices that are due and unpaid"),
                model,
                posted
                & unpaid
                & Domain("invoice_date_due", "<", fields.Date.to_string(local_today())),
                action,
                WARNING,
            ),
        )
