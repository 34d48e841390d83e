from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase

from odoo.addons.oiconnect_base.delays.working_time import (
    ALWAYS,
    WorkingTime,
    due,
    resumed,
)

from ...delays.gtr import guarantee

# 25 December 2026, local midnights in UTC; a bridge around a change of clock
CHRISTMAS = (datetime(2026, 12, 24, 23), datetime(2026, 12, 25, 23))
WORKS = (datetime(2026, 10, 24, 12), datetime(2026, 10, 25, 14))
USUAL = WorkingTime(closed=(CHRISTMAS, WORKS))
STEP = timedelta(minutes=15)
# Around the changes of clock of 29 March and 25 October 2026, and Christmas
starts = st.sampled_from(
    [datetime(2026, 3, 27), datetime(2026, 10, 23), datetime(2026, 12, 23)]
).flatmap(
    lambda day: st.integers(0, 4 * 96).map(lambda quarters: day + quarters * STEP)
)
ranges = st.tuples(
    st.sampled_from(["L-V", "L-S", "7J7", "LU-JE"]),
    st.sampled_from(["08:00-18:00", "8H-20H", "07:30-12:15"]),
)
pauses = st.lists(st.tuples(st.integers(0, 80), st.integers(1, 200)), max_size=3)


def slow_limit(start, option, frozen):
    """Return the end of a guarantee, a quarter of an hour after the other.

    :param frozen: ``[(from, to)]``, in which no time passes
    """
    left = option.value * 4
    moment = start
    while left:
        local = USUAL.local(moment)
        hour = local.hour + local.minute / 60
        opened = any(
            first <= hour < last for first, last in option.week.get(local.weekday(), ())
        )
        closed = any(first <= moment < last for first, last in (CHRISTMAS, WORKS))
        paused = any(first <= moment < last for first, last in frozen)
        left -= opened and not closed and not paused
        moment += STEP
    return moment


class TestGtr(BaseCase):
    """A guaranteed repair as operators write it, against a slow and obvious count."""

    def _unclear(self, *values):
        self.assertIsNone(guarantee(*values), values)

    def test_at_any_time(self):
        option = guarantee("4H", "always", None, None)
        self.assertEqual((option.value, option.unit), (4, "hours"))
        self.assertEqual(option.week, ALWAYS)
        self.assertEqual(guarantee("J+1", "always", None, None).unit, "days")

    def test_within_days_and_hours(self):
        option = guarantee(" 10h ", "signalling", "l-s", "08:00-18:00")
        self.assertEqual((option.value, option.unit), (10, "work_hours"))
        self.assertEqual(sorted(option.week), [0, 1, 2, 3, 4, 5])
        self.assertEqual(option.week[0], ((8.0, 18.0),))
        option = guarantee("J+1", "signalling", "MA-ME", "8H30-18H")
        self.assertEqual(option.unit, "work_days")
        self.assertEqual(option.week, {1: ((8.5, 18.0),), 2: ((8.5, 18.0),)})

    def test_the_whole_week_within_hours_is_any_time(self):
        option = guarantee("4H", "signalling", "7J7", "24H24")
        self.assertEqual((option.unit, option.week), ("hours", ALWAYS))

    def test_what_is_unclear_is_left_to_the_contract(self):
        self._unclear(None, "always", None, None)
        self._unclear("DEMAIN", "always", None, None)
        self._unclear("0H", "always", None, None)
        self._unclear("4H", None, "L-S", "08:00-18:00")
        self._unclear("4H", "signalling", None, None)
        # Mardi or mercredi
        self._unclear("4H", "signalling", "M-V", "08:00-18:00")
        self._unclear("4H", "signalling", "S-L", "08:00-18:00")
        self._unclear("4H", "signalling", "L-S", "18:00-08:00")
        self._unclear("4H", "signalling", "L-S", "08:00-25:00")
        self._unclear("4H", "signalling", "L-S", "08:00-17:60")

    def test_holidays_count_at_any_time_only(self):
        eve = datetime(2026, 12, 24, 16)
        always = guarantee("10H", "always", None, None)
        end = due(eve, 10, always.unit, always.working_time(USUAL))
        self.assertEqual(end, datetime(2026, 12, 25, 2))
        office = guarantee("10H", "signalling", "L-S", "08:00-18:00")
        end = due(eve, 10, office.unit, office.working_time(USUAL))
        self.assertEqual(end, datetime(2026, 12, 26, 16))

    @settings(max_examples=200, deadline=None)
    @given(starts, st.integers(1, 40), ranges, pauses)
    def test_limits_are_those_of_a_slow_count(self, start, hours, written, frozen):
        option = guarantee(f"{hours}H", "signalling", *written)
        calendar = option.working_time(USUAL)
        end = due(start, option.value, option.unit, calendar)
        periods, moment = [], start
        for before, length in frozen:
            pause = moment + before * STEP
            if pause >= end:
                break
            moment = pause + length * STEP
            periods.append((pause, moment))
            end = resumed(end, pause, moment, option.unit, calendar)
        self.assertEqual(end, slow_limit(start, option, periods))
