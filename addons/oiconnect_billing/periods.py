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
