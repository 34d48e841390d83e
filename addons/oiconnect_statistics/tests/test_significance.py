from datetime import date

from odoo.tests import BaseCase

from .. import significance
from ..charts import Filters, days_domain, months
from ..significance import FEW, HIGHER, LOWER, SAME


class TestSignificance(BaseCase):
    """A difference that is not noise is marked, and noise is not."""

    def test_wilson_gives_the_limits_of_tables(self):
        # Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
        for failed, total, limits in (
            (81, 263, (0.2553, 0.3662)),
            (15, 148, (0.0624, 0.1605)),
            (0, 20, (0.0000, 0.1611)),
            (1, 29, (0.0061, 0.1718)),
        ):
            found = significance.wilson(failed, total)
            for limit, expected in zip(found, limits, strict=True):
                self.assertAlmostEqual(limit, expected, places=4)
        self.assertEqual(significance.wilson(0, 0), (0.0, 1.0))

    def test_two_proportions(self):
        # z = 2.5893: 0.10 / sqrt(0.2045 * 0.7955 * (1/200 + 1/240))
        self.assertAlmostEqual(
            significance.two_proportions(30, 200, 60, 240), 0.0096, places=4
        )
        self.assertEqual(significance.two_proportions(20, 100, 20, 100), 1.0)
        self.assertIsNone(significance.two_proportions(1, 10, 2, 10))
        self.assertIsNone(significance.two_proportions(0, 0, 20, 100))

    def test_holm_stops_at_the_first_that_fails(self):
        # 0.01 <= 0.05 / 4, 0.013 <= 0.05 / 3, 0.03 > 0.05 / 2: the last one never
        self.assertEqual(
            significance.holm([0.03, 0.01, 0.04, 0.013]), [False, True, False, True]
        )
        self.assertEqual(significance.holm([]), [])

    def test_a_difference_is_marked_on_its_side(self):
        verdicts = significance.compare(
            {"a": (10, 1000), "b": (12, 1000), "c": (80, 1000), "d": (0, 3)}
        )
        marks = {key: verdict.mark for key, verdict in verdicts.items()}
        self.assertEqual(marks, {"a": LOWER, "b": LOWER, "c": HIGHER, "d": FEW})

    def test_noise_is_not_marked(self):
        counts = {rank: (20 + rank % 5, 400) for rank in range(40)}
        marks = {one.mark for one in significance.compare(counts).values()}
        self.assertEqual(marks, {SAME})

    def test_an_operator_alone_is_not_compared(self):
        [verdict] = significance.compare({"a": (5, 100)}).values()
        self.assertEqual(verdict, (FEW, None))


class TestFilters(BaseCase):
    """Days and months of filters."""

    def test_days_are_those_of_paris(self):
        day = date(2026, 7, 14)
        domain = list(days_domain("create_date", True, day, day))
        self.assertIn(("create_date", ">=", "2026-07-13 22:00:00"), domain)
        self.assertIn(("create_date", "<", "2026-07-14 22:00:00"), domain)
        domain = list(days_domain("day", False, day, None))
        self.assertEqual(domain, [("day", ">=", "2026-07-14")])

    def test_two_years_of_months_end_today(self):
        shown = months(Filters(), date(2026, 2, 28))
        self.assertEqual(len(shown), 24)
        self.assertEqual(shown[0], (date(2024, 3, 1), date(2024, 3, 31)))
        self.assertEqual(shown[-1], (date(2026, 2, 1), date(2026, 2, 28)))

    def test_months_are_those_of_the_filters(self):
        chosen = Filters(date(2025, 11, 20), date(2026, 1, 5))
        shown = months(chosen, date(2026, 2, 28))
        self.assertEqual([first.month for first, _last in shown], [11, 12, 1])
        days = [chosen.within(*month)[:2] for month in shown]
        self.assertEqual(days[0], (date(2025, 11, 20), date(2025, 11, 30)))
        self.assertEqual(days[-1], (date(2026, 1, 1), date(2026, 1, 5)))
