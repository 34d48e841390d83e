"""Moments, which are naive and in UTC as the database keeps them, and clocks of zones.

Plain Python: the one place where a moment becomes a time of day, and back.
"""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"


def to_local(moment, zone=PARIS):
    """Return what clocks of ``zone`` show at ``moment``, as a naive datetime."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def to_utc(local, zone=PARIS):
    """Return the moment at which clocks of ``zone`` show ``local``.

    A time that the change to summer time skips is read as the hour after; of the hour
    that comes twice, the first is meant.
    """
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def local_day(moment, zone=PARIS):
    """Return the date of ``moment`` where the clock is that of ``zone``."""
    return to_local(moment, zone).date()


def local_today(zone=PARIS):
    """Return the date where the clock is that of ``zone``.

    Not that of the user: who has no time zone would have the day of UTC.
    """
    return local_day(datetime.now(UTC).replace(tzinfo=None), zone)


def start_of_day(day, zone=PARIS):
    """Return the moment at which ``day`` begins where the clock is that of ``zone``."""
    return to_utc(datetime.combine(day, time()), zone)


def is_skipped(local, zone=PARIS):
    """Tell whether clocks of ``zone`` never show ``local``."""
    return to_local(to_utc(local, zone), zone) != local
