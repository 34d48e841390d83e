"""Guaranteed repair (GTR) as an operator writes it on a ticket. Plain Python.

Interop'Fibre SAV 3.0 §3.4: ``GRTDelay``, ``GRTSignalingRangeDay`` and
``GRTSignalingRangeHour`` are free texts whose form is proposed, not published. What
cannot be read leaves the delay to the contract, as set in the delays.
"""

import re
from typing import NamedTuple

from odoo.addons.oiconnect_base.delays.working_time import ALWAYS, WorkingTime

_DELAY = re.compile(
    r"^(?:(?P<hours>\d{1,3})\s*H|J\s*\+\s*(?P<days>\d{1,2}))$", re.ASCII
)
_HOURS = re.compile(
    r"^(\d{1,2})[H:]([0-5]\d)?\s*-\s*(\d{1,2})[H:]([0-5]\d)?$", re.ASCII
)
_WHOLE_DAY = ("24H24", "24/24", "H24")
# Initials of the French days that no other day has, and two letters of each
_DAYS = {"L": 0, "J": 3, "V": 4, "S": 5, "D": 6}
_DAYS |= {"LU": 0, "MA": 1, "ME": 2, "JE": 3, "VE": 4, "SA": 5, "DI": 6}
_WEEKS = {"5J7": range(5), "6J7": range(6), "7J7": range(7)}


class Guarantee(NamedTuple):
    """Length of a guaranteed repair, and the hours in which it is counted.

    :param value: hours or days
    :param unit: unit of :mod:`.working_time`
    :param week: ``{weekday: ((hour from, hour to),)}``, Monday being 0
    """

    value: int
    unit: str
    week: dict

    def working_time(self, usual):
        """Return the time in which it is counted, with the holidays of ``usual``.

        At any time, holidays count as well.
        """
        closed = () if self.week == ALWAYS else usual.closed
        return WorkingTime((self.week,), closed, usual.zone)


def guarantee(delay, gtr_range, days, hours):
    """Return the :class:`Guarantee` that an operator wrote, None where it is unclear.

    :param delay: e.g. "10H", "J+1"
    :param gtr_range: "always", or "signalling" within the days and hours
    :param days: e.g. "L-S", "LU-VE", "7J7"
    :param hours: e.g. "08:00-18:00", "8H-18H", "24H24"
    """
    length = _length(delay)
    if not length or not gtr_range:
        return None
    week = ALWAYS if gtr_range == "always" else _week(days, hours)
    if not week:
        return None
    value, unit = length
    return Guarantee(value, unit if week == ALWAYS else f"work_{unit}", week)


def _length(delay):
    found = _DELAY.match(_plain(delay))
    if not found:
        return None
    value = int(found["hours"] or found["days"])
    return (value, "hours" if found["hours"] else "days") if value else None


def _week(days, hours):
    weekdays, period = _weekdays(days), _period(hours)
    if not weekdays or not period:
        return None
    return {weekday: (period,) for weekday in weekdays}


def _weekdays(days):
    text = _plain(days)
    if text in _WEEKS:
        return list(_WEEKS[text])
    first, _dash, last = (part.strip() for part in text.partition("-"))
    if first not in _DAYS or last not in _DAYS or _DAYS[first] > _DAYS[last]:
        return None
    return list(range(_DAYS[first], _DAYS[last] + 1))


def _period(hours):
    text = _plain(hours)
    if text in _WHOLE_DAY:
        return 0.0, 24.0
    found = _HOURS.match(text)
    if not found:
        return None
    start_hour, start_minute, end_hour, end_minute = (
        int(number or 0) for number in found.groups()
    )
    start, end = start_hour + start_minute / 60, end_hour + end_minute / 60
    return (start, end) if start < end <= 24 else None


def _plain(text):
    return (text or "").strip().upper()
