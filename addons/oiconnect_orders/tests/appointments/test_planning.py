from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...planning import (
    Opening,
    free_slots,
    grid,
    local_day,
    moment,
    parse_slot,
    slot_reference,
    week_parity,
)

PARIS = ZoneInfo("Europe/Paris")
ZONE = "Europe/Paris"
SUMMER, WINTER = date(2026, 3, 29), date(2026, 10, 25)
HOUR = timedelta(hours=1)
# Both changes of the clock, the days around them, and any other day
DAYS = st.one_of(
    st.sampled_from([SUMMER, WINTER, SUMMER - HOUR * 24, WINTER + HOUR * 24]),
    st.dates(date(2025, 1, 1), date(2028, 12, 31)),
)


@st.composite
def openings(draw):
    """Hours of a day that do not overlap, by quarters of an hour."""
    marks = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [(start / 4, stop / 4) for start, stop in pairs]


def clock(utc):
    return utc.replace(tzinfo=UTC).astimezone(PARIS).replace(tzinfo=None)


def day_grid(day, hours, minutes):
    week = [Opening(day.weekday(), *pair) for pair in hours]
    first, last = moment(day, 0, ZONE), moment(day, 24, ZONE)
    return list(grid(week, first, last, minutes, ZONE))


@tagged("post_install", "-at_install")
class TestPlanning(BaseCase):
    """Slots are cut out of the hours that teams work, whatever the clock does."""

    @given(DAYS, openings(), st.sampled_from([15, 30, 45, 60, 90, 120, 240]))
    @settings(deadline=None, max_examples=200)
    def test_slots_have_one_length_and_lie_apart_within_the_hours(
        self, day, hours, minutes
    ):
        slots = day_grid(day, hours, minutes)
        length = timedelta(minutes=minutes)
        self.assertTrue(all(stop - start == length for start, stop in slots))
        for (_start, stop), (following, _stop) in zip(slots, slots[1:], strict=False):
            self.assertLessEqual(stop, following)
        worked = [(moment(day, a, ZONE), moment(day, b, ZONE)) for a, b in hours]
        for start, stop in slots:
            self.assertTrue(any(a <= start and stop <= b for a, b in worked))

    @given(DAYS, openings(), st.sampled_from([30, 60, 120]))
    @settings(deadline=None, max_examples=100)
    def test_no_hour_of_work_is_left_out(self, day, hours, minutes):
        length = timedelta(minutes=minutes)
        worked = [moment(day, b, ZONE) - moment(day, a, ZONE) for a, b in hours]
        expected = sum(time // length for time in worked)
        self.assertEqual(len(day_grid(day, hours, minutes)), expected)

    @given(DAYS, st.floats(0, 23.99), st.floats(0, 23.99))
    @settings(deadline=None, max_examples=200)
    def test_a_later_time_of_the_clock_is_never_an_earlier_moment(self, day, a, b):
        early, late = sorted((a, b))
        self.assertLessEqual(moment(day, early, ZONE), moment(day, late, ZONE))

    def test_the_day_begins_at_the_same_time_all_year_round(self):
        for day in (date(2026, 3, 27), date(2026, 3, 30), date(2026, 10, 26)):
            starts = [clock(start) for start, _stop in day_grid(day, [(8, 12)], 120)]
            self.assertEqual([start.hour for start in starts], [8, 10])

    def test_the_night_of_summer_time_has_an_hour_less(self):
        slots = day_grid(SUMMER, [(0, 6)], 60)
        hours = [clock(start).hour for start, _stop in slots]
        self.assertEqual(hours, [0, 1, 3, 4, 5])

    def test_the_night_of_winter_time_has_an_hour_more(self):
        slots = day_grid(WINTER, [(0, 6)], 60)
        hours = [clock(start).hour for start, _stop in slots]
        self.assertEqual(hours, [0, 1, 2, 2, 3, 4, 5])

    def test_a_skipped_hour_gives_no_slot(self):
        self.assertEqual(day_grid(SUMMER, [(2, 3)], 15), [])
        self.assertEqual(moment(SUMMER, 2.5, ZONE), datetime(2026, 3, 29, 1))
        self.assertEqual(moment(SUMMER, 3, ZONE), datetime(2026, 3, 29, 1))

    def test_of_the_hour_that_comes_twice_the_first_is_meant(self):
        self.assertEqual(moment(WINTER, 2.5, ZONE), datetime(2026, 10, 25, 0, 30))
        self.assertEqual(moment(WINTER, 24, ZONE), datetime(2026, 10, 25, 23))

    def test_what_is_left_of_an_opening_is_no_slot(self):
        day = date(2026, 11, 25)
        slots = day_grid(day, [(8, 11.5)], 120)
        self.assertEqual([clock(start).hour for start, _stop in slots], [8])

    def test_slots_begin_and_end_between_the_two_moments(self):
        day = date(2026, 11, 25)
        week = [Opening(2, 8, 12), Opening(3, 8, 12)]
        first, last = moment(day, 9, ZONE), moment(day, 35, ZONE)
        starts = [start for start, _stop in grid(week, first, last, 60, ZONE)]
        self.assertEqual(
            [clock(start).strftime("%d %H") for start in starts],
            ["25 09", "25 10", "25 11", "26 08", "26 09", "26 10"],
        )

    def test_weeks_may_alternate(self):
        day = date(2026, 11, 25)
        other = day + timedelta(days=7)
        self.assertNotEqual(week_parity(day), week_parity(other))
        week = [Opening(2, 8, 10, week_parity(day)), Opening(2, 14, 16)]
        last = moment(other, 24, ZONE)
        starts = [s for s, _stop in grid(week, moment(day, 0, ZONE), last, 120, ZONE)]
        self.assertEqual(
            [clock(start).strftime("%d %H") for start in starts],
            ["25 08", "25 14", "02 14"],
        )

    def test_the_day_is_that_of_the_place(self):
        self.assertEqual(local_day(datetime(2026, 7, 1, 22, 30), ZONE).day, 2)
        self.assertEqual(local_day(datetime(2026, 1, 1, 22, 30), ZONE).day, 1)
        self.assertEqual(
            local_day(datetime(2026, 7, 1, 22, 30), "Indian/Reunion").day, 2
        )


@tagged("post_install", "-at_install")
class TestFreeSlots(BaseCase):
    """Booked or closed slots are not offered."""

    start = datetime(2026, 11, 25, 7)

    def _slots(self, count=3):
        return [
            (self.start + HOUR * rank, self.start + HOUR * (rank + 1))
            for rank in range(count)
        ]

    def test_a_slot_is_offered_as_long_as_a_team_is_free(self):
        slots = self._slots()
        found = list(free_slots(slots, [slots[0], slots[0], slots[1]], 2))
        self.assertEqual(
            [(slot.start, slot.free) for slot in found],
            [(slots[1][0], 1), (slots[2][0], 2)],
        )

    def test_a_booking_that_lies_across_slots_takes_both(self):
        slots = self._slots()
        across = (self.start + HOUR / 2, self.start + HOUR * 3 / 2)
        [found] = free_slots(slots, [across], 1)
        self.assertEqual(found.start, slots[2][0])

    def test_a_holiday_closes_the_slots_that_it_touches(self):
        slots = self._slots()
        closed = [(self.start + HOUR, self.start + HOUR * 3 / 2)]
        found = list(free_slots(slots, [], 1, closed))
        self.assertEqual([slot.start for slot in found], [slots[0][0], slots[2][0]])

    @given(
        st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=20),
        st.integers(1, 4),
    )
    @settings(deadline=None, max_examples=100)
    def test_it_is_what_counting_one_by_one_gives(self, bookings, capacity):
        quarter = HOUR / 4
        booked = [
            (self.start + quarter * begin, self.start + quarter * (begin + size))
            for begin, size in bookings
        ]
        slots = self._slots(10)
        expected = {}
        for start, stop in slots:
            taken = sum(begin < stop and end > start for begin, end in booked)
            if taken < capacity:
                expected[start] = capacity - taken
        found = {slot.start: slot.free for slot in free_slots(slots, booked, capacity)}
        self.assertEqual(found, expected)

    @given(
        st.integers(1, 999_999_999),
        st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
    )
    @settings(deadline=None, max_examples=50)
    def test_a_reference_names_one_slot(self, team_id, start):
        start = start.replace(second=0, microsecond=0)
        self.assertEqual(parse_slot(slot_reference(team_id, start)), (team_id, start))

    def test_what_is_no_reference_is_no_slot(self):
        for text in (None, "", "12", "12-20261399T0800", "12-20261125T0800 ", "x-1"):
            with self.subTest(text):
                self.assertIsNone(parse_slot(text))
