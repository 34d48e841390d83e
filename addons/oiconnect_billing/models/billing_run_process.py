from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_orders.wire import PARIS

from ..periods import next_month, previous_month

# Up to so many accesses a run is computed while the user waits (a few seconds).
AT_ONCE = 20_000


class BillingRun(models.Model):
    """Computing: operator by operator, each under its own savepoint."""

    _inherit = "oiconnect.billing.run"

    def _compute_invoices(self):
        self.ensure_one()
        self._check_ready()
        self._start()
        if self._is_small():
            self._process()
        else:
            self._wake()

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
            [
                ("company_id", "=", self.company_id.id),
                ("network_id", "in", (False, self.network_id.id)),
            ]
        )

    def _has_sales_journal(self):
        journals = self.env["account.journal"]
        domain = [
            *journals._check_company_domain(self.company_id),
            ("type", "=", "sale"),
        ]
        return bool(journals.search_count(domain, limit=1))

    def _start(self):
        """List the operators to look at; those in error are looked at again."""
        self._fire("start")
        self.row_ids.filtered(lambda row: row.state == "error").unlink()
        self.env["oiconnect.billing.run.operator"].create(
            [
                {"run_id": self.id, "operator_id": operator_id}
                for operator_id in self._operator_ids()
            ]
        )

    def _operator_ids(self):
        """Return the operators with an access that began before the month ends."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT operator_id FROM oiconnect_access_order WHERE %s",
                self._begun_orders(),
            )
        )
        return [operator_id for (operator_id,) in rows]

    def _begun_orders(self):
        self.env["oiconnect.access.order"].flush_model()
        return SQL(
            """network_id = %s AND LEAST(delivered_date, in_service_date)
               < %s::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC'""",
            self.network_id.id,
            next_month(self.month),
            PARIS.key,
        )

    def _is_small(self):
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT FROM oiconnect_access_order"
                " WHERE %s LIMIT %s) AS begun",
                self._begun_orders(),
                AT_ONCE + 1,
            )
        )
        return count <= AT_ONCE

    def _pending_rows(self):
        return self.row_ids.filtered(lambda row: row.state == "pending")

    def _process(self):
        """Make all invoices in this transaction."""
        plan = self._products()._plan(self.month)
        for row in self._pending_rows():
            row._bill(plan)
        self._fire("finish")

    # ------------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------------

    def _wake(self):
        self.env.ref("oiconnect_billing.cron_process").sudo()._trigger()

    @api.model
    def _cron_process(self):
        """Go on with the runs that were started, operator by operator."""
        runs = self.search([("state", "=", "running")])
        remaining = len(runs._pending_rows())
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for run in runs:
            if not run.with_company(run.company_id)._process_by_steps():
                return self._wake()
        return None

    def _process_by_steps(self):
        """Make one invoice per transaction; return whether the run is finished."""
        plan = self._products()._plan(self.month)
        for row in self._pending_rows():
            if not self._process_step(row, plan):
                return False
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self._fire("finish")
        self.env["ir.cron"]._commit_progress()
        return True

    def _process_step(self, row, plan):
        """Bill one operator and commit; return whether to go on with the next."""
        try:
            row._bill(plan)
            return bool(self.env["ir.cron"]._commit_progress(1))
        except OperationalError:
            # Another transaction was first: look again at what is left to bill.
            self.env.cr.rollback()
            return False

    @api.model
    def _cron_prepare(self):
        """Start the run of last month in each network that has something to bill."""
        month = previous_month(fields.Date.context_today(self))
        for network in self.env["oiconnect.network"].search([("active", "=", True)]):
            run = self.new({"network_id": network.id, "month": month})
            if run._products() and run._has_sales_journal() and not run.earlier_run_id:
                self._prepare(network, month)

    def _prepare(self, network, month):
        run = self.create({"network_id": network.id, "month": month})
        run._start()
        run._wake()
