# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

from functools import partial

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.two_transactions import WAIT, TwoTransactionsCase

from ..due import freeze
from .common import Billing

TABLES = (
    ("oiconnect_billing_item", "network_id"),
    ("oiconnect_billing_run", "network_id"),
    ("oiconnect_billing_product", "network_id"),
    ("oiconnect_access_order", "network_id"),
    ("oiconnect_pto", "network_id"),
    ("oiconnect_building", "network_id"),
    ("oiconnect_change", "network_id"),
    ("oiconnect_network", "id"),
)


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestBillingConcurrency(TwoTransactionsCase):
    """Two users who bill the same accesses at the same moment, on real cursors."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._env(cr)
            billing = Billing(env, "T93", env.ref("base.main_company"))
            operator = billing.operator("OCX9")
            product = billing.product(network_id=billing.network.id)
            runs = billing.run("2025-01") | billing.run("2025-01")
            billing.access(operator, "2024-06-10")
            billing.access(operator, "2025-01-15")
            self.network_id = billing.network.id
            self.operator_id, self.product_id = operator.id, product.id
            self.service_id, self.run_ids = billing.service.id, runs.ids
        self.addCleanup(self._clean)
        self._open_cursor()

    def _clean(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            cr.execute(
                "DELETE FROM oiconnect_workflow_step"
                " WHERE res_model = 'oiconnect.billing.run' AND res_id = ANY(%s)",
                [self.run_ids],
            )
            cr.execute(
                "DELETE FROM oiconnect_billing_run_operator WHERE run_id = ANY(%s)",
                [self.run_ids],
            )
            cr.execute(
                "DELETE FROM oiconnect_billing_line WHERE product_id = %s",
                [self.product_id],
            )
            cr.execute("ALTER TABLE oiconnect_change DISABLE TRIGGER append_only")
            for table, column in TABLES:
                self._delete(cr, table, column, self.network_id)
            cr.execute("ALTER TABLE oiconnect_change ENABLE ALWAYS TRIGGER append_only")
            env["product.product"].browse(self.service_id).unlink()
            operator = env["oiconnect.operator"].browse(self.operator_id)
            partner = operator.partner_id
            operator.unlink()
            partner.unlink()

    def _freeze(self, cr, rank):
        env = self._env(cr)
        run = env["oiconnect.billing.run"].browse(self.run_ids[rank])
        product = env["oiconnect.billing.product"].browse(self.product_id)
        freeze(env, run, product)
        return run.item_ids.ids

    def _rival(self):
        """Freeze the second run in a second transaction, which waits for the first."""
        rival = self._start_rival(partial(self._freeze, rank=1))
        self._wait_until_blocked(rival)
        return rival

    def _billed(self):
        """Return ``{run: accesses billed}``."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT run_id, sum(line_count) FROM oiconnect_billing_item"
                " WHERE network_id = %s GROUP BY run_id",
                [self.network_id],
            )
            return dict(cr.fetchall())

    def test_two_runs_at_once_bill_each_access_once(self):
        self.assertEqual(len(self._freeze(self.cr, 0)), 2)
        rival = self._rival()
        self.cr.commit()
        rival.join(WAIT)
        self.assertEqual((rival.tries, rival.found), (2, []))
        self.assertEqual(self._billed(), {self.run_ids[0]: 2})

    def test_a_rollback_leaves_the_accesses_to_the_one_who_waits(self):
        self._freeze(self.cr, 0)
        rival = self._rival()
        self.cr.rollback()
        rival.join(WAIT)
        self.assertEqual((rival.tries, len(rival.found)), (1, 2))
        self.assertEqual(self._billed(), {self.run_ids[1]: 2})

    def test_a_price_waits_for_the_run_that_bills_by_it(self):
        """A price that comes while its month is billed is refused, with the reason."""
        run = self._env(self.cr)["oiconnect.billing.run"].browse(self.run_ids[0])
        run._start()
        run._freeze()
        run.env.flush_all()
        rival = self._start_rival(self._change_price)
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        self.assertRegex(str(rival.error), "starts later")

    def _change_price(self, cr):
        product = self._env(cr)["oiconnect.billing.product"].browse(self.product_id)
        product.price_ids.price = 1.0

    def test_a_run_that_someone_computes_is_refused_to_another(self):
        env = self._env(self.cr)
        env["oiconnect.billing.run"].browse(self.run_ids[0])._fire("start")
        env.flush_all()
        with self.registry.cursor() as cr:
            other = self._env(cr)
            run = other["oiconnect.billing.run"].browse(self.run_ids[0])
            with self.assertRaisesRegex(UserError, "someone else"):
                run._fire("start")
        self.cr.rollback()
