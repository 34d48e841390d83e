from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import BillingCase

AT_ONCE = "odoo.addons.oiconnect_billing.models.billing_run_process.AT_ONCE"


@tagged("post_install", "-at_install")
class TestBillingCron(BillingCase, CronMixinCase):
    """Big runs go on in the background; last month is prepared by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing else than the network of this test is prepared.
        cls.env["oiconnect.billing.product"].search([]).active = False
        cls.process = cls.env.ref("oiconnect_billing.cron_process")
        cls.prepare = cls.env.ref("oiconnect_billing.cron_prepare")

    def _big_run(self):
        self.product()
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)
        run = self.billing.run("2025-01")
        with patch(AT_ONCE, 1), self.capture_triggers(self.process.id) as captured:
            run.action_compute()
        self.assertTrue(captured.records)
        return run

    def _runs(self):
        return self.env["oiconnect.billing.run"].search(
            [("network_id", "=", self.billing.network.id)]
        )

    def _process(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.process.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_big_run_is_left_to_the_background(self):
        run = self._big_run()
        self.assertEqual((run.state, run.progress), ("running", 0.0))
        self.assertFalse(run.move_ids)
        self._process()
        self.assertEqual((run.state, run.progress), ("done", 100.0))
        self.assertEqual(run.invoice_count, 2)
        self.assertAgrees(run)

    def test_a_run_interrupted_after_freezing_goes_on(self):
        run = self._big_run()
        run._freeze()
        self.assertEqual(run.row_ids.mapped("state"), ["pending", "pending"])
        self._process()
        self.assertEqual((run.state, run.invoice_count), ("done", 2))
        self.assertEqual(len(run.row_ids), 2)

    def test_a_run_interrupted_between_two_operators_goes_on(self):
        run = self._big_run()
        run._freeze()
        run.row_ids[0]._invoice()
        self.assertEqual(run.progress, 50.0)
        self._process()
        self.assertEqual((run.state, run.invoice_count), ("done", 2))
        self.assertAgrees(run)

    def test_an_operator_in_error_is_listed_once_however_often_a_run_goes_on(self):
        run = self._big_run()
        self.ocbb.partner_id.street = False
        for _interruption in range(2):
            run._freeze()
            run._pending_rows()._invoice()
        self._process()
        self.assertEqual((run.state, run.invoice_count), ("failed", 1))
        self.assertEqual(len(run.row_ids), 2)

    def test_what_a_run_has_made_is_not_posted_before_its_end_is_validated(self):
        self.billing.company.oiconnect_billing_second = True
        run = self._big_run()
        run._freeze()
        run.row_ids[0]._invoice()
        self.assertEqual(run.state, "running")
        with self.assertRaisesRegex(UserError, "not validated"):
            run.move_ids.action_post()

    def test_a_step_that_comes_second_is_left_for_later(self):
        run = self._big_run()
        with patch.object(self.env.cr, "rollback") as rollback:
            self.assertFalse(run._step(self._fail))
        rollback.assert_called_once()

    def _fail(self):
        raise SerializationFailure()

    def test_a_run_that_is_refused_stops_no_other_and_says_why(self):
        run = self._big_run()
        broken = self.billing.run("2025-02")
        with patch(AT_ONCE, 1):
            broken.action_compute()
        frozen = type(run)._freeze

        def freeze(self):
            frozen(self)
            if self == broken:
                # By a commit of its own, before it breaks off
                self.env["ir.cron"]._commit_progress()
                raise UserError("Rien ne va plus")

        with patch.object(type(run), "_freeze", freeze):
            self._process()
        self.assertEqual((broken.state, run.state), ("failed", "done"))
        self.assertIn("Rien ne va plus", "".join(broken.message_ids.mapped("body")))
        self.assertTrue(broken.item_ids)
        broken.action_cancel()
        self.assertFalse(broken.item_ids, "what it held can be billed")

    def test_a_run_short_of_time_wakes_up_again(self):
        run = self._big_run()
        with (
            patch.object(type(run), "_step", return_value=False),
            self.capture_triggers(self.process.id) as captured,
        ):
            run._cron_process()
        self.assertTrue(captured.records)
        self.assertEqual(run.state, "running")

    @freeze_time("2025-02-02")
    def test_last_month_is_prepared_once(self):
        self.product()
        self.access("2024-06-10")
        with self.capture_triggers(self.process.id) as captured:
            self.env["oiconnect.billing.run"]._cron_prepare()
            self.env["oiconnect.billing.run"]._cron_prepare()
        run = self._runs()
        self.assertEqual(len(run), 1)
        self.assertEqual((str(run.month), run.state), ("2025-01-01", "running"))
        self.assertEqual(len(captured.records), 1)

    @freeze_time("2025-02-02")
    def test_a_network_that_cannot_be_prepared_keeps_no_other_waiting(self):
        self.product()
        other = self.billing.make_network("T96")
        runs = self.env["oiconnect.billing.run"]
        start, quoted = type(runs)._start, "Camille EXEMPLE"

        def fail(run):
            if run.network_id == self.billing.network:
                raise ValueError(quoted)
            return start(run)

        with (
            patch.object(type(runs), "_start", fail),
            self.assertLogs("odoo.addons.oiconnect_billing", "ERROR") as logged,
        ):
            runs._cron_prepare()
        self.assertFalse(self._runs())
        self.assertEqual(runs.search([("network_id", "=", other.id)]).state, "running")
        # Where it failed, not what it failed on: that may be a customer's.
        [line] = logged.output
        self.assertIn("ValueError", line)
        self.assertNotIn(quoted, line)

    @freeze_time("2025-02-02")
    def test_nothing_is_prepared_without_a_product(self):
        self.access("2024-06-10")
        self.env["oiconnect.billing.run"]._cron_prepare()
        self.assertFalse(self._runs())

    @freeze_time("2025-02-02")
    def test_a_sandbox_network_is_never_invoiced(self):
        self.product()
        self.access("2024-06-10")
        self.billing.network.is_sandbox = True
        self.env["oiconnect.billing.run"]._cron_prepare()
        self.assertFalse(self._runs())
        with self.assertRaisesRegex(ValidationError, "sandbox network"):
            self.billing.run("2025-01")

    def test_the_scheduled_actions_are_on(self):
        self.assertTrue(self.prepare.active and self.process.active)
        self.assertEqual(self.prepare.interval_type, "months")
        self.assertEqual(self.prepare.nextcall.day, 2)
