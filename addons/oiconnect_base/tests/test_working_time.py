from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase

from ..delays.working_time import (
    WorkingTime,
    due,
    resumed,
    warning,
)

DAY = ((8, 12), (14, 18))
OFFICE = {weekday: DAY for weekday in range(5)}
# 14 July 2026 is a Tuesday; local midnights, in UTC.
BASTILLE_DAY = (datetime(2026, 7, 13, 22), datetime(2026, 7, 14, 22))
BRIDGE = (datetime(2026, 12, 24, 13), datetime(2027, 1, 3, 23))
NIGHTS = {weekday: ((0, 4), (22, 24)) for weekday in (0, 3, 6)}
CALENDARS = [
    WorkingTime(),
    WorkingTime((OFFICE,), (BASTILLE_DAY, BRIDGE)),
    WorkingTime((OFFICE, {2: ((9.5, 10.25),)})),
    WorkingTime((NIGHTS,)),
    WorkingTime((OFFICE,), tz="Indian/Reunion"),
]
calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
hours = st.integers(0, 400).map(lambda quarters: quarters / 4)
units = st.sampled_from(["hours", "days", "work_hours", "work_days"])


class TestWorkingTime(BaseCase):
    """Hours and days of work, in Paris, between holidays and changes of clock."""

    office = WorkingTime((OFFICE,), (BASTILLE_DAY,))

    def _local(self, text):
        return self.office.utc(datetime.fromisoformat(text))

    def _due(self, start, value, unit, calendar=None):
        calendar = calendar or self.office
        end = due(self._local(start), value, unit, calendar)
        return calendar.local(end).isoformat(" ", "minutes")

    def test_a_working_day_ends_at_the_same_time_of_the_next_one(self):
        for start, end in (
            ("2026-07-06 10:00", "2026-07-07 10:00"),
            # From Friday to Monday, over a holiday
            ("2026-07-10 10:00", "2026-07-13 10:00"),
            ("2026-07-13 16:30", "2026-07-15 16:30"),
            # Outside hours: as of the next opening
            ("2026-07-11 15:00", "2026-07-15 08:00"),
            ("2026-07-06 19:00", "2026-07-08 08:00"),
            ("2026-07-06 06:00", "2026-07-07 08:00"),
        ):
            with self.subTest(start):
                self.assertEqual(self._due(start, 1, "work_days"), end)

    def test_hours_of_work_stop_at_noon_in_the_evening_and_on_holidays(self):
        for start, value, end in (
            ("2026-07-06 11:00", 2, "2026-07-06 15:00"),
            ("2026-07-06 17:00", 2, "2026-07-07 09:00"),
            ("2026-07-13 17:30", 1, "2026-07-15 08:30"),
            ("2026-07-10 18:00", 0.5, "2026-07-13 08:30"),
        ):
            with self.subTest(start):
                self.assertEqual(self._due(start, value, "work_hours"), end)

    def test_days_keep_their_time_when_the_clock_changes_hours_do_not(self):
        for start, same in (
            ("2026-03-28 09:00", "2026-03-29 09:00"),
            ("2026-10-24 09:00", "2026-10-25 09:00"),
        ):
            self.assertEqual(self._due(start, 1, "days"), same)
        self.assertEqual(self._due("2026-03-28 09:00", 24, "hours"), "2026-03-29 10:00")
        self.assertEqual(self._due("2026-10-24 09:00", 24, "hours"), "2026-10-25 08:00")

    def test_a_night_shift_is_an_hour_shorter_when_summer_time_begins(self):
        nights = WorkingTime((NIGHTS,))
        night = [self._local(f"2026-03-29 0{hour}:00") for hour in (0, 4)]
        self.assertEqual(nights.hours_between(*night), 3)
        night = [self._local(f"2026-10-25 0{hour}:00") for hour in (0, 4)]
        self.assertEqual(nights.hours_between(*night), 5)

    def test_what_was_left_when_the_clock_stopped_is_left_when_it_goes_on(self):
        end = self._local("2026-07-08 10:00")
        stopped, again = (self._local(f"2026-07-{day} 16:00") for day in ("07", "20"))
        # 2 h on the 7th and 2 h on the 8th were left
        for unit, local in (
            ("work_hours", "2026-07-21 10:00"),
            ("work_days", "2026-07-21 10:00"),
            ("days", "2026-07-21 10:00"),
            ("hours", "2026-07-21 10:00"),
        ):
            with self.subTest(unit):
                end_again = resumed(end, stopped, again, unit, self.office)
                self.assertEqual(end_again, self._local(local))

    def test_a_delay_missed_before_the_stop_stays_missed_by_as_much(self):
        end, stopped, again = (
            self._local(f"2026-07-{day} 10:00") for day in ("06", "07", "20")
        )
        later = resumed(end, stopped, again, "work_days", self.office)
        self.assertEqual(again - later, stopped - end)

    def test_the_warning_comes_hours_of_work_before(self):
        end = self._local("2026-07-15 09:00")
        for unit, local in (
            ("work_days", "2026-07-13 17:00"),
            ("days", "2026-07-15 07:00"),
        ):
            with self.subTest(unit):
                moment = warning(end, 2, unit, self.office)
                self.assertEqual(moment, self._local(local))

    def test_weeks_may_take_turns(self):
        turns = WorkingTime((OFFICE, {}))
        worked = [
            bool(turns.periods(datetime(2026, 7, 6).date() + timedelta(n)))
            for n in (0, 7, 14)
        ]
        self.assertIn(worked, ([True, False, True], [False, True, False]))

    def test_a_calendar_without_hours_never_stops_nor_does_a_closed_one_hang(self):
        self.assertEqual(
            self._due("2026-07-11 23:00", 5, "work_hours", WorkingTime(({},))),
            "2026-07-12 04:00",
        )
        for_ever = (datetime(2000, 1, 1), datetime(2100, 1, 1))
        shut = WorkingTime((OFFICE,), (for_ever,))
        start = datetime(2026, 7, 6, 10)
        self.assertEqual(shut.add_hours(start, 3), start + timedelta(hours=3))
        self.assertEqual(shut.take_hours(start, 3), start - timedelta(hours=3))
        self.assertEqual(shut.add_days(start, 3), start + timedelta(days=3))


class TestWorkingTimeLaws(BaseCase):
    """What is true whatever the calendar and the moment."""

    @given(calendars, moments, hours)
    @settings(max_examples=150, deadline=None)
    def test_hours_added_are_hours_between(self, calendar, start, added):
        end = calendar.add_hours(start, added)
        self.assertGreaterEqual(end, start)
        self.assertAlmostEqual(calendar.hours_between(start, end), added, 6)

    @given(calendars, moments, hours)
    @settings(max_examples=150, deadline=None)
    def test_hours_taken_are_hours_between(self, calendar, end, taken):
        start = calendar.take_hours(end, taken)
        self.assertLessEqual(start, end)
        self.assertAlmostEqual(calendar.hours_between(start, end), taken, 6)

    @given(calendars, moments, st.integers(1, 30), units)
    @settings(max_examples=150, deadline=None)
    def test_a_longer_delay_ends_later(self, calendar, start, value, unit):
        ends = [due(start, value + more, unit, calendar) for more in (0, 1)]
        self.assertLess(start, ends[0])
        self.assertLess(*ends)

    @given(calendars, moments, moments, st.integers(1, 30), units)
    @settings(max_examples=150, deadline=None)
    def test_who_begins_later_ends_no_earlier(self, calendar, one, other, value, unit):
        ends = [due(start, value, unit, calendar) for start in sorted((one, other))]
        self.assertLessEqual(*ends)

    @given(calendars, moments, hours, hours, moments)
    @settings(max_examples=150, deadline=None)
    def test_a_stop_gives_back_what_was_left(self, calendar, start, run, left, again):
        end = calendar.add_hours(start, run + left)
        paused = calendar.add_hours(start, run)
        later = resumed(end, paused, again, "work_hours", calendar)
        if paused < end:
            self.assertAlmostEqual(calendar.hours_between(again, later), left, 6)
