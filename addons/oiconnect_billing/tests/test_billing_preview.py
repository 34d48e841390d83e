from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import BillingCase

AT_ONCE = "odoo.addons.oiconnect_billing.models.billing_run_process.AT_ONCE"


@tagged("post_install", "-at_install")
class TestBillingPreview(BillingCase):
    """Preview of a run: its amounts, its anomalies, and who has looked at them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing.product()

    def preview(self, month="2025-01"):
        run = self.billing.run(month)
        run.action_preview()
        return run

    def user(self, login, level="user"):
        return new_test_user(
            self.env,
            login,
            f"oiconnect_base.group_billing_{level},account.group_account_invoice",
            company_id=self.billing.company.id,
            company_ids=[(6, 0, self.billing.company.ids)],
        )

    def anomalies(self, run):
        return {
            (row.operator_id, row.anomaly) for row in run.preview_ids if row.anomaly
        }

    def test_it_compares_with_the_month_before_and_keeps_nothing(self):
        self.access("2024-06-10")
        self.compute("2025-01")
        self.access("2025-02-01")
        run = self.preview("2025-02")
        [row] = run.preview_ids
        self.assertEqual(
            (row.last_amount, row.amount, row.difference, row.anomaly),
            (31.0, 62.0, 31.0, "jump"),
        )
        self.assertEqual(run.state, "draft")
        self.assertFalse(run.item_ids)
        self.assertFalse(run.row_ids)
        run.action_compute()
        self.assertEqual(run.amount, row.amount)

    def test_events_come_as_they_come(self):
        """Another number of events is no anomaly, another number of accesses is."""
        product = self.product(name="Mise en service", billing_type="one_off")
        for day in ("2025-01-01", "2025-01-01", "2025-02-01"):
            self.access(day)
        self.compute("2025-01")
        rows = self.preview("2025-02").preview_ids
        self.assertEqual(
            {row.product_id == product: row.anomaly for row in rows},
            {True: False, False: "jump"},
        )

    def test_each_anomaly_has_its_way_out(self):
        self.env["oiconnect.billing.product"].search(
            [("company_id", "=", self.billing.company.id)]
        ).retained_type = "loca"
        self.access("2024-06-10")
        lonely = self.access("2024-06-10", retained_type="cofi")
        self.access("2024-06-10", operator=self.ocbb)
        self.ocbb.street = False
        run = self.preview()
        self.assertEqual(
            self.anomalies(run), {(self.ocaa, "unbilled"), (self.ocbb, "customer")}
        )
        for row in run.preview_ids.filtered("anomaly"):
            self.assertTrue(row.what_to_do)
            action = row.action_open()
            if row.anomaly == "customer":
                self.assertEqual(action["res_id"], self.ocbb.id)
            else:
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found, lonely)

    def test_anomalies_bar_the_run_where_the_company_wants_so(self):
        self.billing.company.oiconnect_billing_preview = True
        self.access("2024-06-10")
        self.compute_unbarred("2025-01")
        self.access("2024-06-10")
        run = self.billing.run("2025-02")
        with self.assertRaisesRegex(UserError, "preview first"):
            run.action_compute()
        run.action_preview()
        with self.assertRaisesRegex(UserError, "OCX1"):
            run.action_compute()
        run.preview_ids.action_accept()
        self.assertEqual(run.preview_ids.accepted_by_id, self.env.user)
        # What was accepted is not requested again, as long as it is the same.
        run.action_preview()
        self.assertFalse(run.open_anomaly_count)
        run.action_compute()
        self.assertEqual(run.state, "done")

    def test_who_accepted_stays_named_whoever_previews_again(self):
        self.access("2024-06-10")
        self.compute("2025-01")
        self.access("2025-02-01")
        run = self.preview("2025-02")
        first = self.user("premier")
        run.preview_ids.with_user(first).action_accept()
        run.action_preview()
        self.assertEqual(run.preview_ids.accepted_by_id, first)

    def test_a_preview_is_of_its_month(self):
        self.access("2024-06-10")
        run = self.preview()
        run.with_user(self.user("premier")).month = "2025-03-20"
        self.assertFalse(run.preview_ids)
        self.assertFalse(run.preview_date)

    def test_the_preview_of_a_big_network_is_left_to_the_background(self):
        """It bars computing until it is there; computing makes an end of it."""
        self.access("2024-06-10")
        run = self.billing.run("2025-01")
        with patch(AT_ONCE, 0):
            for _click in range(2):
                run.action_preview()
        self.assertEqual(run.preview_state, "waiting")
        self.assertFalse(run.preview_ids)
        self.billing.company.oiconnect_billing_preview = True
        with self.assertRaisesRegex(UserError, "preview first"):
            run.action_compute()
        self.billing.company.oiconnect_billing_preview = False
        run.action_compute()
        self.assertFalse(run.preview_state)

    def compute_unbarred(self, month):
        run = self.preview(month)
        self.assertFalse(run.open_anomaly_count)
        run.action_compute()
        return run

    def test_an_incomplete_customer_is_fixed_not_accepted(self):
        self.billing.company.oiconnect_billing_preview = True
        self.access("2024-06-10")
        self.ocaa.street = False
        run = self.preview()
        run.preview_ids.action_accept()
        self.assertTrue(run.open_anomaly_count)
        self.ocaa.street = "2 rue d'Essai"
        run.action_preview()
        run.action_compute()
        self.assertEqual(run.state, "done")

    def test_a_reader_previews_and_accepts_nothing(self):
        self.access("2024-06-10")
        run = self.preview().with_user(self.user("lit_apercu", "read"))
        for call in (
            run.action_preview,
            run.action_stop_preview,
            run.preview_ids.action_accept,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_a_second_person_validates_before_invoices_are_posted(self):
        self.billing.company.oiconnect_billing_second = True
        self.access("2024-06-10")
        first, second = self.user("premier"), self.user("second")
        run = self.billing.run("2025-01")
        run.with_user(first).action_compute()
        self.assertTrue(run.needs_validation)
        with self.assertRaisesRegex(UserError, "not validated"):
            run.move_ids.with_user(second).action_post()
        with self.assertRaisesRegex(UserError, "somebody else"):
            run.with_user(first).action_validate()
        run.with_user(second).action_validate()
        self.assertEqual(run.validated_by_id, second)
        run.move_ids.with_user(first).action_post()
        self.assertEqual(run.move_ids.state, "posted")
        with self.assertRaisesRegex(UserError, "needs no validation"):
            run.with_user(second).action_validate()

    def test_what_is_computed_again_is_validated_again(self):
        self.billing.company.oiconnect_billing_second = True
        self.access("2024-06-10")
        run = self.billing.run("2025-01")
        run.with_user(self.user("premier")).action_compute()
        run.with_user(self.user("second")).action_validate()
        self.access("2024-06-10")
        run.action_compute()
        self.assertTrue(run.needs_validation)
