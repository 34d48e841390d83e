"""Slots of the teams that visit customers. Plain Python, no ORM.

Opening hours are wall clock time where the team works; slots are moments, in naive
UTC, each of the same length whatever the change of the clock on that day.
"""

import re
from bisect import bisect_left, bisect_right
from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo.addons.oiconnect_base.time_zone import local_day, to_local, to_utc

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
_REFERENCE = re.compile(r"^([0-9]{1,9})-(2[0-9]{7}T[0-9]{4})$")
_MOMENT = "%Y%m%dT%H%M"


class Opening(NamedTuple):
    """Hours of one weekday, Monday being 0.

    :param parity: 0 or 1 where weeks alternate, ``None`` for every week
    """

    weekday: int
    start: float
    stop: float
    parity: int | None = None


class Slot(NamedTuple):
    """Slot that may be booked ``free`` times."""

    start: datetime
    stop: datetime
    free: int


def moment(day, hours, zone) -> datetime:
    """Return in naive UTC what the clock of ``zone`` calls ``hours`` of ``day``.

    A time that the change to summer time skips is the moment of the change; of the
    hour that comes twice, the first is meant.
    """
    local = datetime.combine(day, time()) + timedelta(minutes=round(60 * hours))
    found, skipped = to_utc(local, zone), timedelta()
    while to_local(found, zone) != local - skipped:
        skipped += MINUTE
        found = to_utc(local - skipped, zone)
    # The last minute that the clock showed, and one more
    return found + min(skipped, MINUTE)


def week_parity(day) -> int:
    """Return which of two alternating weeks ``day`` is in, as Odoo's calendars do."""
    return (day.toordinal() - 1) // 7 % 2


def grid(openings, first, last, minutes, zone):
    """Yield ``(start, stop)`` of the slots that lie between two moments.

    Each opening is cut from its start on; what is left at its end is no slot.
    """
    length = timedelta(minutes=minutes)
    day, end = local_day(first, zone), local_day(last, zone)
    while day <= end:
        of_day = [
            opening
            for opening in openings
            if opening.weekday == day.weekday()
            and opening.parity in (None, week_parity(day))
        ]
        for opening in sorted(of_day, key=lambda opening: opening.start):
            start = moment(day, opening.start, zone)
            close = min(moment(day, opening.stop, zone), last)
            while start + length <= close:
                if start >= first:
                    yield start, start + length
                start += length
        day += DAY


def free_slots(slots, booked, capacity, closed=()):
    """Yield the :class:`Slot` that may still be booked.

    :param slots: ``(start, stop)``, from :func:`grid`
    :param booked: ``(start, stop)`` of what is booked; it may lie across slots
        when the opening hours have changed since
    :param closed: ``(start, stop)`` of holidays
    """
    starts = sorted(start for start, _stop in booked)
    stops = sorted(stop for _start, stop in booked)
    for start, stop in slots:
        if any(begin < stop and end > start for begin, end in closed):
            continue
        taken = bisect_left(starts, stop) - bisect_right(stops, start)
        if taken < capacity:
            yield Slot(start, stop, capacity - taken)


def slot_reference(team_id: int, start: datetime) -> str:
    """Return the name by which an operator books a slot."""
    return f"{team_id}-{start.strftime(_MOMENT)}"


def parse_slot(reference):
    """Return ``(team id, start)`` of a slot's reference, ``None`` if it is none."""
    match = _REFERENCE.match(reference or "")
    if not match:
        return None
    try:
        return int(match[1]), datetime.strptime(match[2], _MOMENT)
    except ValueError:
        return None
