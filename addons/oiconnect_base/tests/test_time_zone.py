from datetime import date, datetime

from odoo.tests.common import BaseCase

from ..time_zone import PARIS, is_skipped, local_day, to_local, to_utc


class TestTimeZone(BaseCase):
    def test_a_moment_is_what_clocks_show(self):
        for moment, local, zone in (
            (datetime(2026, 6, 8, 22), datetime(2026, 6, 9, 0), PARIS),
            (datetime(2026, 1, 8, 22), datetime(2026, 1, 8, 23), PARIS),
            (datetime(2026, 1, 8, 2), datetime(2026, 1, 7, 22), "America/Martinique"),
        ):
            with self.subTest(local):
                self.assertEqual(to_local(moment, zone), local)
                self.assertEqual(to_utc(local, zone), moment)

    def test_the_hour_that_is_skipped_is_the_hour_after(self):
        skipped = datetime(2026, 3, 29, 2, 30)
        self.assertTrue(is_skipped(skipped))
        self.assertFalse(is_skipped(datetime(2026, 3, 29, 3, 30)))
        self.assertEqual(to_utc(skipped), datetime(2026, 3, 29, 1, 30))

    def test_of_the_hour_that_comes_twice_the_first_is_meant(self):
        self.assertEqual(
            to_utc(datetime(2026, 10, 25, 2, 30)), datetime(2026, 10, 25, 0, 30)
        )

    def test_a_day_is_that_of_the_place(self):
        moment = datetime(2026, 6, 8, 22, 30)
        self.assertEqual(local_day(moment), date(2026, 6, 9))
        self.assertEqual(local_day(moment, "America/Cayenne"), date(2026, 6, 8))
