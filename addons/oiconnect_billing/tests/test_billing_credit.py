from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestBillingCredit(BillingCase):
    """In advance, and days billed that turn out to lie after the end."""

    def amounts(self, run):
        return sorted(
            (str(item.period), item.kind, item.line_count, item.days, item.amount)
            for item in run.item_ids
        )

    def test_in_advance_the_run_bills_its_month_and_the_next(self):
        self.product(billing_mode="advance")
        self.access("2025-01-15")
        run = self.compute("2025-01")
        self.assertEqual(
            self.amounts(run),
            [
                ("2025-01-01", "prorata", 1, 17, 17.0),
                ("2025-02-01", "full", 1, 28, 31.0),
            ],
        )
        self.assertEqual(
            self.amounts(self.compute("2025-02")),
            [("2025-03-01", "full", 1, 31, 31.0)],
        )

    def test_days_billed_in_advance_are_given_back(self):
        self.product(price=28.0, billing_mode="advance")
        order = self.access("2024-06-10")
        self.access("2024-06-10")
        self.compute("2025-01")
        self.billing.end(order, "2025-02-11")
        run = self.compute("2025-02")
        self.assertEqual(
            self.amounts(run),
            [
                ("2025-02-01", "credit", 1, -18, -18.0),
                ("2025-03-01", "full", 1, 31, 28.0),
            ],
        )
        self.assertEqual(run.move_ids.amount_untaxed, 10.0)
        self.assertAgrees(run)
        credit = run.item_ids.filtered(lambda item: item.kind == "credit")
        self.assertEqual(
            self.days_of(credit.line_ids), ("2025-02-11", "2025-02-28", -18)
        )

    def days_of(self, line):
        return (str(line.date_from), str(line.date_to), line.days)

    def test_a_termination_received_late_is_given_back_once(self):
        self.product()
        order = self.access("2024-06-10")
        for month in ("2025-01", "2025-02"):
            self.compute(month)
        self.billing.end(order, "2025-01-11")
        run = self.compute("2025-03")
        self.assertEqual(
            self.amounts(run),
            [
                ("2025-01-01", "credit", 1, -21, -21.0),
                ("2025-02-01", "credit", 1, -28, -31.0),
            ],
        )
        self.assertFalse(self.compute("2025-03").move_ids)

    def test_an_operator_that_only_gets_back_has_a_credit_note(self):
        self.product()
        order = self.access("2024-06-10")
        self.compute("2025-01")
        self.billing.end(order, "2025-01-11")
        run = self.compute("2025-02")
        self.assertEqual(run.move_ids.move_type, "out_refund")
        self.assertEqual(run.move_ids.amount_untaxed, 21.0)
        self.assertEqual(run.move_ids.amount_untaxed_signed, -21.0)
        self.assertEqual(run.amount, -21.0)
        self.assertAgrees(run)
        run.move_ids.invoice_date = "2025-02-28"
        run.move_ids.action_post()
        self.assertEqual(run.move_ids.state, "posted")

    def test_what_is_given_back_is_what_was_paid(self):
        product = self.product()
        order = self.access("2024-06-10")
        self.compute("2025-01")
        self.billing.price(product, 62.0, "2025-02")
        self.billing.end(order, "2025-01-11")
        self.assertEqual(self.compute("2025-02").amount, -21.0)

    def test_an_access_that_ends_the_day_it_begins_pays_nothing_in_the_end(self):
        self.product()
        order = self.access("2025-01-15")
        self.compute("2025-01")
        self.billing.end(order, "2025-01-15")
        self.assertEqual(self.compute("2025-01").amount, -17.0)

    def test_a_month_due_in_full_is_not_given_back(self):
        self.product(prorata="first", billing_mode="advance")
        order = self.access("2024-06-10")
        self.compute("2025-01")
        self.billing.end(order, "2025-01-11")
        self.assertEqual(
            self.amounts(self.compute("2025-01")),
            [("2025-02-01", "credit", 1, -28, -31.0)],
        )

    def test_a_cancelled_credit_can_be_given_again(self):
        self.product()
        order = self.access("2024-06-10")
        self.compute("2025-01")
        self.billing.end(order, "2025-01-11")
        self.compute("2025-02").action_cancel()
        self.assertEqual(self.compute("2025-02").amount, -21.0)

    def test_the_words_of_the_credit(self):
        self.product()
        order = self.access("2024-06-10")
        self.compute("2025-01")
        self.billing.end(order, "2025-01-11")
        line = self.compute("2025-01").move_ids.invoice_line_ids
        self.assertEqual(
            line.name,
            "Location – janvier 2025, facturé après la fin (accès : 1, jours : 21)",
        )
