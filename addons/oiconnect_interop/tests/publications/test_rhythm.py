from datetime import date, datetime, timedelta
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.oiconnect_base.time_zone import PARIS, to_local

from ...rhythm import Rhythm, moment_of, next_moment

ZONES = [PARIS, "UTC", "Indian/Reunion", "America/Martinique", "Pacific/Apia"]

rhythms = st.builds(
    Rhythm,
    kind=st.sampled_from(["daily", "weekly", "monthly"]),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    weekday=st.integers(0, 6),
    month_day=st.integers(1, 31),
)
moments = st.datetimes(datetime(2012, 1, 1), datetime(2035, 1, 1))
#: moments around the changes of clocks, where what goes wrong does
changes = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from(
        [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2027, 3, 28)]
    ),
    st.integers(-1440, 2880),
)


def paris(moment):
    """Return the time in Paris at a naive UTC moment, as text."""
    return to_local(moment).strftime("%Y-%m-%d %H:%M")


def series(rhythm, start, number, tz="Europe/Paris"):
    """The next ``number`` moments of a rhythm from ``start``."""
    found, now = [], start
    for _n in range(number):
        now = next_moment(rhythm, tz, now)
        found.append(now)
    return found


class TestRhythm(TestCase):
    """Days of a rhythm, read from the clocks of a time zone."""

    def _in_paris(self, rhythm, start, number=3):
        return [paris(moment) for moment in series(rhythm, start, number)]

    # -- days -------------------------------------------------------------------------

    def test_each_day_at_one(self):
        self.assertEqual(
            self._in_paris(Rhythm("daily", 1), datetime(2026, 12, 30, 12)),
            ["2026-12-31 01:00", "2027-01-01 01:00", "2027-01-02 01:00"],
        )

    def test_the_moment_itself_is_over(self):
        at_one = datetime(2026, 11, 25, 0, 0)
        self.assertEqual(paris(at_one), "2026-11-25 01:00")
        rhythm = Rhythm("daily", 1)
        before = at_one - timedelta(microseconds=1)
        self.assertEqual(next_moment(rhythm, "Europe/Paris", before), at_one)
        self.assertEqual(
            next_moment(rhythm, "Europe/Paris", at_one), at_one + timedelta(days=1)
        )

    def test_midnight_in_paris_is_the_evening_before_in_utc(self):
        self.assertEqual(
            series(Rhythm("monthly", 0, 0, month_day=1), datetime(2026, 6, 15), 1),
            [datetime(2026, 6, 30, 22)],
        )

    def test_each_week_on_a_day(self):
        sunday = Rhythm("weekly", 4, 30, weekday=6)
        self.assertEqual(
            self._in_paris(sunday, datetime(2026, 11, 25)),
            ["2026-11-29 04:30", "2026-12-06 04:30", "2026-12-13 04:30"],
        )

    def test_the_31st_is_the_end_of_each_month(self):
        end = Rhythm("monthly", 2, month_day=31)
        self.assertEqual(
            self._in_paris(end, datetime(2027, 12, 31, 12), 4),
            [
                "2028-01-31 02:00",
                "2028-02-29 02:00",
                "2028-03-31 02:00",
                "2028-04-30 02:00",
            ],
        )

    def test_a_day_that_a_month_has_is_that_day(self):
        self.assertEqual(
            self._in_paris(Rhythm("monthly", 2, month_day=29), datetime(2027, 1, 30)),
            ["2027-02-28 02:00", "2027-03-29 02:00", "2027-04-29 02:00"],
        )

    # -- clocks -----------------------------------------------------------------------

    def test_a_time_that_does_not_exist_is_the_moment_after_the_gap(self):
        self.assertEqual(
            self._in_paris(Rhythm("daily", 2, 30), datetime(2026, 3, 27, 12)),
            ["2026-03-28 02:30", "2026-03-29 03:00", "2026-03-30 02:30"],
        )

    def test_a_time_that_exists_twice_comes_once(self):
        found = series(Rhythm("daily", 2, 30), datetime(2026, 10, 24, 12), 2)
        self.assertEqual(
            found, [datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 26, 1, 30)]
        )
        again = next_moment(
            Rhythm("daily", 2, 30), "Europe/Paris", datetime(2026, 10, 25, 1, 15)
        )
        self.assertEqual(paris(again), "2026-10-26 02:30", "not the second 02:30")

    def test_last_sunday_of_march_that_is_the_end_of_the_month(self):
        """In 2024 clocks changed on the 31st: the monthly run falls in the gap."""
        end = Rhythm("monthly", 2, 30, month_day=31)
        self.assertEqual(
            series(end, datetime(2024, 3, 1), 2),
            [datetime(2024, 3, 31, 1), datetime(2024, 4, 30, 0, 30)],
        )

    def test_last_sunday_of_october_that_is_the_end_of_the_month(self):
        """In 2027 clocks change on 31 October: 02:30 comes twice, the run once."""
        end = Rhythm("monthly", 2, 30, month_day=31)
        self.assertEqual(
            series(end, datetime(2027, 10, 1), 2),
            [datetime(2027, 10, 31, 0, 30), datetime(2027, 11, 30, 1, 30)],
        )

    def test_an_hour_is_the_same_in_summer_and_in_winter(self):
        first = Rhythm("monthly", 2, month_day=1)
        self.assertEqual(
            series(first, datetime(2026, 9, 15), 3),
            [
                datetime(2026, 10, 1, 0),
                datetime(2026, 11, 1, 1),
                datetime(2026, 12, 1, 1),
            ],
        )

    def test_a_day_that_a_zone_skipped_is_the_beginning_of_the_next(self):
        apia = "Pacific/Apia"
        self.assertEqual(
            moment_of(datetime(2011, 12, 30, 12), apia),
            moment_of(datetime(2011, 12, 31), apia),
        )

    # -- properties -------------------------------------------------------------------

    @settings(max_examples=300, deadline=None)
    @given(rhythms, st.sampled_from(ZONES), moments | changes)
    def test_the_next_moment_is_after_now_and_on_a_day_of_the_rhythm(
        self, rhythm, tz, now
    ):
        found = next_moment(rhythm, tz, now)
        self.assertGreater(found, now)
        local = to_local(found, tz)
        self.assertTrue(rhythm.falls_on(local.date()), local)
        planned = local.replace(hour=rhythm.hour, minute=rhythm.minute)
        late = local - planned
        self.assertLessEqual(timedelta(), late)
        self.assertLessEqual(late, timedelta(hours=1), "a gap is an hour at most")

    @settings(max_examples=200, deadline=None)
    @given(rhythms, st.sampled_from(ZONES), changes, st.integers(0, 40 * 1440))
    def test_nothing_is_left_out_between_now_and_next(self, rhythm, tz, now, minutes):
        """From any moment before the next one, the next one is the same."""
        found = next_moment(rhythm, tz, now)
        between = min(now + timedelta(minutes=minutes), found - timedelta(seconds=1))
        self.assertEqual(next_moment(rhythm, tz, max(between, now)), found)

    @settings(max_examples=60, deadline=None)
    @given(rhythms, st.integers(2020, 2034))
    def test_a_year_has_its_number_of_moments(self, rhythm, year):
        """Neither a change of clocks nor a short month adds one or takes one away."""
        first = moment_of(datetime(year, 1, 1), PARIS) - timedelta(seconds=1)
        end = moment_of(datetime(year + 1, 1, 1), PARIS)
        found, now = [], first
        while (now := next_moment(rhythm, "Europe/Paris", now)) < end:
            found.append(now)
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
        wanted = [day for day in days if day.year == year and rhythm.falls_on(day)]
        self.assertEqual([paris(moment)[:10] for moment in found], [*map(str, wanted)])
