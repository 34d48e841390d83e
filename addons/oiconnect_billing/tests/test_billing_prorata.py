from odoo.tests.common import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestBillingProrata(BillingCase):
    """Which days of a month an access owes, and how much that makes."""

    def test_a_full_month_is_a_number_of_accesses_at_a_price(self):
        self.product()
        self.access("2024-06-10")
        self.access("2024-12-31")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(2, 31.0, 62.0)])
        self.assertEqual(self.days(run), [("2025-01-01", "2025-01-31", 31)] * 2)

    def test_the_first_month_is_billed_from_the_day_of_service(self):
        self.product()
        self.access("2025-01-15")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(1, 17.0, 17.0)])
        self.assertEqual(self.days(run), [("2025-01-15", "2025-01-31", 17)])

    def test_service_on_the_first_day_is_a_full_month(self):
        self.product()
        self.access("2025-01-01")
        self.assertEqual(self.billed(self.compute("2025-01")), [(1, 31.0, 31.0)])

    def test_service_on_the_last_day_is_one_day(self):
        self.product()
        self.access("2025-01-31")
        self.assertEqual(self.billed(self.compute("2025-01")), [(1, 1.0, 1.0)])

    def test_the_day_of_the_end_is_not_billed(self):
        self.product()
        self.access("2024-06-10", "2025-01-11")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(1, 10.0, 10.0)])
        self.assertEqual(self.days(run), [("2025-01-01", "2025-01-10", 10)])

    def test_an_end_on_the_first_day_leaves_nothing_to_bill(self):
        self.product()
        self.access("2024-06-10", "2025-01-01")
        self.access("2024-06-10", "2024-12-20")
        run = self.compute("2025-01")
        self.assertFalse(run.move_ids)
        self.assertEqual(run.state, "done")

    def test_beginning_and_ending_in_the_month(self):
        self.product()
        self.access("2025-01-10", "2025-01-20")
        self.assertEqual(
            self.days(self.compute("2025-01")), [("2025-01-10", "2025-01-19", 10)]
        )

    def test_an_access_that_ends_the_day_it_begins_owes_nothing(self):
        self.product()
        self.access("2025-01-10T09:00:00", "2025-01-10T18:00:00")
        self.assertFalse(self.compute("2025-01").move_ids)

    def test_a_line_that_changes_hands_is_billed_once_a_day(self):
        self.product()
        self.access("2024-06-10", "2025-01-11T10:00:00")
        self.access("2025-01-11T10:00:00", operator=self.ocbb)
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run, self.ocaa), [(1, 10.0, 10.0)])
        self.assertEqual(self.billed(run, self.ocbb), [(1, 21.0, 21.0)])

    def test_february_counts_its_own_days(self):
        self.product(price=28.0)
        self.access("2025-02-15")
        self.assertEqual(self.billed(self.compute("2025-02")), [(1, 14.0, 14.0)])

    def test_february_of_a_leap_year(self):
        self.product(price=29.0)
        self.access("2024-02-29")
        self.assertEqual(self.billed(self.compute("2024-02")), [(1, 1.0, 1.0)])

    def test_the_year_changes_at_midnight_in_paris(self):
        self.product()
        self.access("2024-12-31T23:59:00")
        self.access("2025-01-01T00:00:00")
        self.assertEqual(self.billed(self.compute("2024-12")), [(1, 1.0, 1.0)])
        self.assertEqual(self.billed(self.compute("2025-01")), [(2, 31.0, 62.0)])

    def test_summer_time_moves_no_day(self):
        """23:30 in Paris is 22:30 UTC in winter and 21:30 UTC in summer."""
        self.product()
        self.access("2025-03-29T23:30:00")
        self.access("2025-03-30T23:30:00")
        self.access("2025-10-26T00:30:00")
        spring = self.compute("2025-03")
        self.assertEqual(
            self.days(spring),
            [("2025-03-29", "2025-03-31", 3), ("2025-03-30", "2025-03-31", 2)],
        )
        autumn = self.compute("2025-10")
        self.assertIn(("2025-10-26", "2025-10-31", 6), self.days(autumn))

    def test_days_are_rounded_access_by_access_and_add_up(self):
        """10 € over 7 days of 31 are 2.258 06…: each access owes 2.26."""
        self.product(price=10.0)
        for _access in range(3):
            self.access("2025-01-25")
        self.access("2025-01-31")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(1, 7.10, 7.10)])
        self.assertEqual(
            sorted(run.item_ids.line_ids.mapped("amount")), [0.32, 2.26, 2.26, 2.26]
        )
        self.assertAgrees(run)

    def test_full_months_and_days_are_two_lines_with_their_words(self):
        self.product()
        self.access("2024-06-10")
        self.access("2025-01-15")
        self.access("2025-01-31")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(1, 31.0, 31.0), (1, 18.0, 18.0)])
        self.assertEqual(
            run.move_ids.invoice_line_ids.sorted("sequence").mapped("name"),
            [
                "Location – janvier 2025",
                "Location – janvier 2025, au prorata (accès : 2, jours : 18)",
            ],
        )

    def test_months_without_prorata_are_due_in_full(self):
        for prorata, expected in (
            ("first", [31.0, 17.0]),
            ("last", [31.0, 10.0]),
            ("none", [31.0, 31.0]),
            ("both", [17.0, 10.0]),
        ):
            with self.subTest(prorata):
                product = self.product(prorata=prorata)
                self.access("2025-01-15")
                self.access("2024-06-10", "2025-01-11")
                run = self.compute("2025-01")
                lines = run.item_ids.line_ids
                self.assertEqual(sorted(lines.mapped("amount")), sorted(expected))
                self.assertAgrees(run)
                run.action_cancel()
                product.active = False
                self.env.cr.execute("DELETE FROM oiconnect_access_order")
