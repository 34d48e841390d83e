"""Time by a working calendar, without ORM.

Moments are naive and in UTC, as the database keeps them; days and hours are those of
the calendar's zone. A change of clock makes no hour of work, and takes none.
"""

from datetime import datetime, time, timedelta
from functools import cache

from ..time_zone import PARIS, to_local, to_utc

# No calendar is closed longer: a search ends there.
HORIZON = 1100
ALWAYS = {weekday: ((0.0, 24.0),) for weekday in range(7)}


class WorkingTime:
    """Weekly hours less the closed periods.

    :param weeks: one or two weeks, ``{weekday: ((hour from, hour to), …)}``, which
        follow each other; without any hour, work never stops
    :param closed: ``(start, end)`` periods without work
    """

    def __init__(self, weeks=(ALWAYS,), closed=(), tz=PARIS):
        self.zone = tz
        self.weeks = tuple(weeks) if any(map(any, weeks)) else (ALWAYS,)
        self.closed = sorted(closed)
        self.periods = cache(self._periods)

    def local(self, moment):
        return to_local(moment, self.zone)

    def utc(self, local):
        return to_utc(local, self.zone)

    # ------------------------------------------------------------------
    # Periods of work
    # ------------------------------------------------------------------

    def _periods(self, day):
        """Return the ``(start, end)`` periods of work of a local day, in order."""
        week = self.weeks[(day.toordinal() - 1) // 7 % len(self.weeks)]
        periods = [
            (self._at(day, start), self._at(day, end))
            for start, end in sorted(week.get(day.weekday(), ()))
        ]
        for closed in self.closed:
            periods = [left for period in periods for left in _without(period, closed)]
        return periods

    def _at(self, day, hour):
        return self.utc(datetime.combine(day, time()) + timedelta(hours=hour))

    def _days(self, day, step=1):
        """Yield ``(day, periods)`` of the working days from ``day`` on."""
        for _rank in range(HORIZON):
            periods = self.periods(day)
            if periods:
                yield day, periods
            day += timedelta(days=step)

    def hours_between(self, start, end):
        """Return the hours of work between two moments; 0 when ``end`` is first."""
        worked = timedelta()
        last = self.local(end).date()
        for day, periods in self._days(self.local(start).date()):
            if day > last:
                break
            for opening, closing in periods:
                worked += max(timedelta(), min(closing, end) - max(opening, start))
        return worked / timedelta(hours=1)

    def add_hours(self, start, hours):
        """Return the moment at which ``hours`` of work have passed."""
        left = timedelta(hours=hours)
        for _day, periods in self._days(self.local(start).date()):
            for opening, closing in periods:
                begin = max(opening, start)
                if closing - begin >= left and closing > begin:
                    return begin + left
                left -= max(timedelta(), closing - begin)
        return start + left

    def take_hours(self, end, hours):
        """Return the moment from which ``hours`` of work lead to ``end``."""
        left = timedelta(hours=hours)
        for _day, periods in self._days(self.local(end).date(), step=-1):
            for opening, closing in reversed(periods):
                finish = min(closing, end)
                if finish - opening >= left and finish > opening:
                    return finish - left
                left -= max(timedelta(), finish - opening)
        return end - left

    def add_days(self, start, days):
        """Return the same time of day, ``days`` working days later.

        What comes after the last hour of work counts as of the next opening.
        """
        coming = (
            (day, periods)
            for day, periods in self._days(self.local(start).date())
            if periods[-1][1] > start
        )
        first, target = None, None
        for rank, target in enumerate(coming):
            first = first or target
            if rank == days:
                break
        if not target:
            return start + timedelta(days=days)
        return self._same_time(max(start, first[1][0][0]), *target)

    def _same_time(self, moment, day, periods):
        wanted = self.utc(datetime.combine(day, self.local(moment).time()))
        return min(max(wanted, periods[0][0]), periods[-1][1])


def _without(period, closed):
    """Return what is left of ``period`` outside ``closed``."""
    start, end = period
    cut = (start, min(end, closed[0])), (max(start, closed[1]), end)
    return [(begin, finish) for begin, finish in cut if begin < finish]


# ----------------------------------------------------------------------
# Limits
# ----------------------------------------------------------------------

WORKED = ("work_hours", "work_days")


def due(start, value, unit, calendar):
    """Return the end of a delay of ``value`` that begins at ``start``."""
    if unit == "hours":
        return start + timedelta(hours=value)
    if unit == "work_hours":
        return calendar.add_hours(start, value)
    if unit == "work_days":
        return calendar.add_days(start, int(value))
    return calendar.utc(calendar.local(start) + timedelta(days=int(value)))


def warning(end, hours, unit, calendar):
    """Return the moment that is ``hours`` (of work) before ``end``."""
    if unit in WORKED:
        return calendar.take_hours(end, hours)
    return end - timedelta(hours=hours)


def resumed(end, paused, again, unit, calendar):
    """Return the new end of a delay that stood still from ``paused`` to ``again``.

    What was left of it is left of it; one that was missed already stays missed by as
    much.
    """
    if unit in WORKED and paused < end:
        return calendar.add_hours(again, calendar.hours_between(paused, end))
    return end + (again - paused)
