from datetime import date

from odoo.tests.common import BaseCase, tagged

from .. import periods


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    """Months as accountants count them."""

    def test_a_month_goes_from_its_first_to_its_last_day(self):
        for day, last in (
            (date(2025, 1, 15), date(2025, 1, 31)),
            (date(2025, 2, 1), date(2025, 2, 28)),
            (date(2024, 2, 29), date(2024, 2, 29)),
            (date(2025, 4, 30), date(2025, 4, 30)),
        ):
            with self.subTest(day):
                self.assertEqual(periods.first_day(day), day.replace(day=1))
                self.assertEqual(periods.last_day(day), last)
                self.assertEqual(periods.month_days(day), last.day)

    def test_the_year_turns(self):
        self.assertEqual(periods.next_month(date(2024, 12, 31)), date(2025, 1, 1))
        self.assertEqual(periods.previous_month(date(2025, 1, 31)), date(2024, 12, 1))

    def test_neighbours_of_short_months(self):
        self.assertEqual(periods.previous_month(date(2025, 3, 31)), date(2025, 2, 1))
        self.assertEqual(periods.next_month(date(2025, 1, 31)), date(2025, 2, 1))
