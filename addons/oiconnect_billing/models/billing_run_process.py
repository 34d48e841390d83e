import logging
from functools import partial

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.log_redaction import (
    redacted_error,
    redacted_traceback,
)
from odoo.addons.oiconnect_base.time_zone import local_today

from ..due import freeze
from ..periods import months_before, previous_month

_logger = logging.getLogger(__name__)

# Up to so many accesses a run is computed while the user waits (a few seconds).
AT_ONCE = 20_000
# How many months back a run looks for what earlier ones could not know
PAST_MONTHS = 12
# Operators invoiced together: one transaction in the background.
BATCH = 25


class BillingRun(models.Model):
    """Computing: freeze what is due, then invoice it operator by operator."""

    _inherit = "oiconnect.billing.run"

    def _compute_invoices(self):
        self.ensure_one()
        self._check_ready()
        self._check_previewed()
        self._start()
        if self._is_small():
            self._process()
        else:
            self._wake()

    def _process(self):
        """Make all invoices in this transaction."""
        self._freeze()
        for rows in self._batches():
            rows._invoice()
        self._fire("finish")

    def _check_ready(self):
        if not self._products():
            raise UserError(
                self.env._(
                    "No billing product applies to network %s: create one in "
                    "Configuration / Billing.",
                    self.network_id.name,
                )
            )
        if not self._has_sales_journal():
            raise UserError(
                self.env._(
                    "Company %s has no sales journal: choose its chart of accounts in "
                    "the settings of Invoicing.",
                    self.company_id.name,
                )
            )

    def _products(self):
        return self.env["oiconnect.billing.product"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("network_id", "in", (False, self.network_id.id))
        )

    def _has_sales_journal(self):
        journals = self.env["account.journal"]
        domain = journals._check_company_domain(self.company_id)
        return bool(journals.search_count([*domain, ("type", "=", "sale")], limit=1))

    def _start(self):
        """Operators in error are looked at again."""
        self._fire("start")
        self._forget_errors()

    def _forget_errors(self):
        self.row_ids.filtered(lambda row: row.state == "error").unlink()

    def _freeze(self):
        """Keep what is due, and list the operators it is to be invoiced to.

        A run that goes on after an interruption lists those in error once.
        """
        self._forget_errors()
        products = self._products()
        freeze(self.env, self, products)
        self.product_ids |= products
        groups = self.env["oiconnect.billing.item"]._read_group(
            [("run_id", "=", self.id), ("move_id", "=", False)], ["operator_id"]
        )
        waiting = self._pending_rows().operator_id
        self.env["oiconnect.billing.run.operator"].create(
            [
                {"run_id": self.id, "operator_id": operator.id}
                for (operator,) in groups
                if operator not in waiting
            ]
        )

    def _past_limit(self):
        """Return the first month that the run looks at again."""
        return months_before(self.month, PAST_MONTHS)

    def _billed_periods(self, products):
        """Return ``{product: earlier months that runs of the network have billed}``."""
        runs = self.search(
            Domain("network_id", "=", self.network_id.id)
            & Domain("month", ">=", self._past_limit())
            & Domain("month", "<", self.month)
            & Domain("state", "not in", ("draft", "cancelled"))
        )
        periods = {product: set() for product in products}
        for run in runs:
            for product in run.product_ids & products:
                periods[product].update(product._periods(run.month))
        # What the run itself bills is not past.
        return {
            product: {period for period in found if period < self.month}
            for product, found in periods.items()
        }

    def _is_small(self):
        begun = Domain("network_id", "=", self.network_id.id) & (
            Domain("delivered_date", "!=", False)
            | Domain("in_service_date", "!=", False)
        )
        orders = self.env["oiconnect.access.order"].sudo()
        return orders.search_count(begun, limit=AT_ONCE + 1) <= AT_ONCE

    def _pending_rows(self):
        return self.row_ids.filtered(lambda row: row.state == "pending")

    def _batches(self):
        rows = self._pending_rows()
        return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]

    def _wake(self):
        self.env.ref("oiconnect_billing.cron_process").sudo()._trigger()

    @api.model
    def _cron_process(self):
        """Go on with the runs that were started: one that fails stops no other."""
        for run in self.search([("state", "=", "running")]):
            try:
                is_over = run.with_company(run.company_id)._process_by_steps()
            except BusyError:
                self.env.cr.rollback()
                is_over = False
            except Exception as error:  # pylint: disable=broad-except
                self.env.cr.rollback()
                is_over = run._step(partial(run._end_refused, error))
            if not is_over:
                run._wake()

    def _end_refused(self, error):
        """End a run that cannot go on, and say why: people fix it, then compute again.

        What was frozen or invoiced stays, as after any interruption.
        """
        if not isinstance(error, UserError):
            _logger.error("Billing run %s: %s", self.name, redacted_traceback(error))
        self._message_log(body=str(redacted_error(error)))
        self._fire("finish", refused=True)

    def _process_by_steps(self):
        """Commit after each step; return whether the run is finished.

        A run that was interrupted goes on: what is frozen or invoiced already is
        not found again.
        """
        if not self._step(self._freeze):
            return False
        for rows in self._batches():
            if not self._step(rows._invoice, len(rows)):
                return False
        return self._step(partial(self._fire, "finish"))

    def _step(self, work, count=0):
        """Do a part and commit it; return whether there is time for the next."""
        try:
            work()
            return bool(self.env["ir.cron"]._commit_progress(count))
        except OperationalError:
            # Another transaction was first: look again at what is left to bill.
            self.env.cr.rollback()
            return False

    @api.model
    def _cron_prepare(self):
        """Start the run of last month in each network that has something to bill."""
        month = previous_month(local_today())
        real = [("active", "=", True), ("is_sandbox", "=", False)]
        for network in self.env["oiconnect.network"].search(real):
            with isolated_savepoint(self.env.cr) as attempt:
                self._prepare(network, month)
            if attempt.error:
                _logger.error(
                    "The run of %s is not prepared: %s",
                    network.code,
                    redacted_traceback(attempt.error),
                )

    @api.model
    def _prepare(self, network, month):
        new = self.new({"network_id": network.id, "month": month})
        if not (new._products() and new._has_sales_journal()) or new.earlier_run_id:
            return
        run = self.create({"network_id": network.id, "month": month})
        if run.company_id.oiconnect_billing_preview:
            # A person looks at it first.
            run._ask_preview()
        else:
            run._start()
            run._wake()
