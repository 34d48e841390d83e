# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.two_transactions import TwoTransactionsCase
from odoo.addons.oiconnect_orders.tests.common import make_operator


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestConformanceConcurrency(TwoTransactionsCase):
    """Two browsers end one run at the same moment, on real cursors."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._env(cr)
            network = env["oiconnect.network"].create(
                {
                    "name": "Bac à sable d'essai",
                    "oi_code": "OIX8",
                    "code": "OIX8",
                    "pto_prefix": "ZX",
                    "is_sandbox": True,
                }
            )
            operator = make_operator(env, "OCX8")
            certificate = env["oiconnect.signing.certificate"].create({})
            run = env["oiconnect.conformance.run"].create(
                {"operator_id": operator.id, "network_id": network.id, "scope": "file"}
            )
            self.made = [run, certificate, network, operator, operator.partner_id]
            self.run_id = run.id
        self.addCleanup(self._clean)
        self._open_cursor()

    def _clean(self):
        with self.registry.cursor() as cr:
            for record in self.made:
                record.with_env(self._env(cr)).unlink()

    def _run(self, cr):
        return self._env(cr)["oiconnect.conformance.run"].browse(self.run_id)

    def test_the_second_is_refused_and_one_report_is_made(self):
        first = self._run(self.cr)
        first.action_end()
        first.env.flush_all()
        with self.registry.cursor() as cr:
            with self.assertRaisesRegex(UserError, "someone else"):
                self._run(cr).action_end()
        self.cr.commit()
        with self.registry.cursor() as cr:
            with self.assertRaisesRegex(UserError, "has ended"):
                self._run(cr).action_end()
            self.assertTrue(self._run(cr).report)
