"""Filters of a page of statistics, as the web client sends them. Plain Python."""

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo.fields import Domain

from odoo.addons.oiconnect_base.time_zone import start_of_day

# Bars of a chart by month: two years
MAX_MONTHS = 24
YEARS = range(1900, 3000)
# Of PostgreSQL's integers
MAX_ID = 2**31
STAMP = "%Y-%m-%d %H:%M:%S"


class Filters(NamedTuple):
    """Days, operators and networks; None and empty filter nothing."""

    date_from: date | None = None
    date_to: date | None = None
    operator_ids: tuple = ()
    network_ids: tuple = ()

    @classmethod
    def parse(cls, values):
        """Return the filters that the client wrote.

        :raises ValueError: a day or an id is none
        """
        if not isinstance(values or {}, dict):
            raise ValueError(values)
        values = values or {}
        return cls(
            _day(values.get("date_from")),
            _day(values.get("date_to")),
            _ids(values.get("operator_ids")),
            _ids(values.get("network_ids")),
        )

    def within(self, first, last):
        """Return the filters for the days from ``first`` to ``last`` of theirs."""
        return self._replace(
            date_from=max(filter(None, (self.date_from, first))),
            date_to=min(filter(None, (self.date_to, last))),
        )


def _day(value):
    if not value:
        return None
    if not isinstance(value, str):
        raise ValueError(value)
    day = date.fromisoformat(value)
    if day.year not in YEARS:
        raise ValueError(value)
    return day


def _ids(values):
    if not isinstance(values or [], (list, tuple)):
        raise ValueError(values)
    if not all(type(value) is int and 0 < value < MAX_ID for value in values or ()):
        raise ValueError(values)
    return tuple(values or ())


def days_domain(name, is_moment, first, last):
    """Return the domain of the records whose ``name`` is on these days, in Paris.

    :param is_moment: whether the field has a time: the database keeps it in UTC
    """
    after = last and last + timedelta(days=1)
    if is_moment:
        first, after = (
            day and start_of_day(day).strftime(STAMP) for day in (first, after)
        )
    else:
        first, after = (day and day.isoformat() for day in (first, after))
    domain = Domain.TRUE
    if first:
        domain &= Domain(name, ">=", first)
    if after:
        domain &= Domain(name, "<", after)
    return domain


def months(filters, today):
    """Return ``[(first day, last day)]`` of the months shown, the oldest first.

    The last two years of the days that are chosen.
    """
    last = filters.date_to or today
    month = last.replace(day=1) - relativedelta(months=MAX_MONTHS - 1)
    if filters.date_from:
        month = max(month, filters.date_from.replace(day=1))
    shown = []
    while month <= last:
        following = month + relativedelta(months=1)
        shown.append((month, following - timedelta(days=1)))
        month = following
    return shown
