"""Next date of a recurrence: daily, weekly or monthly, in a time zone."""

from calendar import monthrange
from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo.addons.oiconnect_base.time_zone import is_skipped, local_day, to_utc

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class Rhythm(NamedTuple):
    """Each day, each week on a day (0: Monday), or each month on a day, at a time.

    A day beyond the last of a month is its last: 31 is the end of each month.
    """

    kind: str
    hour: int = 0
    minute: int = 0
    weekday: int = 0
    month_day: int = 1

    def is_possible(self):
        """Tell whether clocks and calendars know such a moment."""
        return (
            0 <= self.hour <= 23
            and 0 <= self.minute <= 59
            and 0 <= self.weekday <= 6
            and 1 <= self.month_day <= 31
        )

    def falls_on(self, day):
        """Tell whether ``day``, a date, is one of the rhythm."""
        if self.kind == "weekly":
            return day.weekday() == self.weekday
        if self.kind == "monthly":
            return day.day == min(self.month_day, monthrange(day.year, day.month)[1])
        return True


def next_moment(rhythm, tz, now):
    """Return the first moment of ``rhythm`` after ``now``, both naive UTC.

    :param tz: the name of the time zone whose clocks the rhythm reads
    """
    clock = time(rhythm.hour, rhythm.minute)
    day = local_day(now, tz) - DAY
    while True:
        if rhythm.falls_on(day):
            moment = moment_of(datetime.combine(day, clock), tz)
            if moment > now:
                return moment
        day += DAY


def moment_of(wall, zone):
    """Return the naive UTC moment at which clocks of ``zone`` show ``wall``.

    A time that clocks skip is the moment after the gap; of a time that comes twice,
    the first is meant.
    """
    while is_skipped(wall, zone):
        wall += MINUTE
    return to_utc(wall, zone)
