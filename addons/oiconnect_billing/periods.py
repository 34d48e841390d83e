"""Months and days of billing. Plain Python."""

from calendar import monthrange
from datetime import date, timedelta


def first_day(day: date) -> date:
    return day.replace(day=1)


def month_days(day: date) -> int:
    """Return how many days the month of ``day`` has."""
    return monthrange(day.year, day.month)[1]


def last_day(day: date) -> date:
    return day.replace(day=month_days(day))


def next_month(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    return last_day(day) + timedelta(days=1)


def previous_month(day: date) -> date:
    """Return the first day of the month before that of ``day``."""
    return first_day(first_day(day) - timedelta(days=1))


def months_before(day: date, count: int) -> date:
    """Return the first day of the month ``count`` months before that of ``day``."""
    years, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(years, month + 1, 1)
