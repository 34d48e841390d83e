"""A month is billed: each access on one invoice, each operator once."""

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from kill_place import Work
from kill_points import COMMIT, after, before
from odoo_process import environment

MONTH = "2025-01"
OPERATORS = 3
ACCESSES = 2
PRICE = 31.0


class BillingRun(Work):
    """Three operators with two accesses each; one has no address yet."""

    MOMENTS = {
        "it is started": after("oiconnect.billing.run", "_start"),
        "its start is kept": before("oiconnect.billing.run", "_freeze"),
        "what is due is frozen": after("oiconnect.billing.run", "_freeze"),
        "that is kept": before("oiconnect.billing.run.operator", "_make_invoices"),
        "an invoice is made": before("oiconnect.billing.run.operator", "_tie"),
        "it is tied to its accesses": after("oiconnect.billing.run.operator", "_tie"),
        "it is kept": before("oiconnect.billing.run.operator", "_make_invoices", 2),
        "the second is tied": after("oiconnect.billing.run.operator", "_tie", 2),
        "an operator is at fault": before(
            "oiconnect.billing.run.operator", "_keep_error"
        ),
        "its error is noted": after("oiconnect.billing.run.operator", "_keep_error"),
        "it is about to end": before("oiconnect.billing.run", "_fire", 2),
        "it has ended": after("oiconnect.billing.run", "_fire", 2),
        "its end is kept": after(COMMIT, "commit", 6),
    }

    def __init__(self, found, place):
        from odoo.addons.oiconnect_billing.tests.common import Billing

        super().__init__(found, place)
        self.company_id = place.company_id(found)
        number = next(place.numbers)
        with environment(found) as env:
            company = env["res.company"].browse(self.company_id)
            billing = Billing(env, f"TK{number}", company)
            # A code has four signs.
            codes = [f"O{number:02X}{rank}" for rank in range(OPERATORS)]
            operators = [billing.operator(code) for code in codes]
            operators[-1].partner_id.street = False
            billing.product(PRICE, network_id=billing.network.id)
            for operator in operators * ACCESSES:
                billing.access(operator, "2024-06-10")
            self.run_id = billing.run(MONTH).id
            self.operator_ids = [operator.id for operator in operators]

    def run(self, found):
        with self._in_the_background():
            with environment(found) as env:
                run = env["oiconnect.billing.run"].browse(self.run_id)
                if run.state == "draft":
                    run.action_compute()
            with environment(found) as env:
                env["oiconnect.billing.run"]._cron_process()

    @contextmanager
    def _in_the_background(self):
        from odoo.addons.oiconnect_billing.models import billing_run_process

        with (
            patch.object(billing_run_process, "AT_ONCE", 0),
            patch.object(billing_run_process, "BATCH", 1),
        ):
            yield

    def assert_done(self):
        with environment(self.found) as env:
            run = env["oiconnect.billing.run"].browse(self.run_id)
            assert run.state == "failed"
            self._assert_billed(run, self.operator_ids[:-1])
            assert run.row_ids.filtered("error").operator_id.ids == [
                self.operator_ids[-1]
            ]
            # Once its address is known, it is invoiced too, and nobody else again.
            run.row_ids.filtered(
                "error"
            ).operator_id.partner_id.street = "2 rue d'Essai"
            run.action_compute()
            assert run.state == "done"
            self._assert_billed(run, self.operator_ids)

    def _assert_billed(self, run, operator_ids):
        moves = run.move_ids
        assert sorted(moves.oiconnect_operator_id.ids) == operator_ids
        assert len(moves) == len(run.row_ids.move_id) == len(operator_ids)
        assert moves.mapped("amount_untaxed") == [PRICE * ACCESSES] * len(moves)
        lines = run.item_ids.line_ids
        assert len(lines) == len(lines.order_id) == ACCESSES * len(operator_ids)
        assert set(lines.mapped("date_from")) == {date.fromisoformat(f"{MONTH}-01")}
