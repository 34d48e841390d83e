"""Cells of numbers, dates and date-times.

Typed values are int, float, "YYYY-MM-DD" and "YYYY-MM-DDTHH:MM:SS" (naive,
Europe/Paris as in the file). Interop'Fibre access protocol, "File conventions".
"""

import datetime
import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .columns import Column
from .problems import Parser, Renderer, check_length, optional, refusal

# What a column of whole numbers of the database holds
_MAX_INTEGER = 2**31 - 1
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:[.,][0-9]{0,18})?").fullmatch
_MIN_YEAR = 1900


def integer_parser(column: Column) -> Parser:
    """Return the reader of a whole number."""

    def read(value: str) -> int:
        if not _INTEGER(value):
            raise refusal(column, "not_integer")
        check_length(column, value)
        number = int(value)
        if abs(number) > _MAX_INTEGER:
            raise refusal(column, "too_large", limit=_MAX_INTEGER)
        return number

    return optional(read)


def integer_renderer(column: Column, _mark: str) -> Renderer:
    """Return the writer of a whole number."""

    def render(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise refusal(column, "not_integer")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = str(value).strip()
        if not _INTEGER(text):
            raise refusal(column, "not_integer")
        return text

    return render


def decimal_parser(column: Column) -> Parser:
    """Return the reader of a number with a comma or a point."""

    def read(value: str) -> float:
        if not _DECIMAL(value):
            raise refusal(column, "not_decimal")
        check_length(column, value)
        return float(value.replace(",", "."))

    return optional(read)


def decimal_renderer(column: Column, mark: str) -> Renderer:
    """Return the writer of a number with at least the decimals of the column."""
    places = column.decimals

    def render(value: Any) -> str:
        if isinstance(value, str):
            value = value.strip().replace(",", ".")
        text = _decimal_text(column, value)
        whole, _point, fraction = text.partition(".")
        fraction = fraction.ljust(places, "0")
        return f"{whole}{mark}{fraction}" if fraction else whole

    return render


def _decimal_text(column: Column, value: Any) -> str:
    """Write every significant figure, without exponent."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise refusal(column, "not_decimal")
    text = str(value)
    if not isinstance(value, str) and math.isfinite(value):
        text = format(Decimal(text), "f")
    if not _DECIMAL(text):
        raise refusal(column, "not_decimal")
    whole, point, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0')}".rstrip(".") if point else whole


# -- dates ---------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def read_date(value: str) -> str:
    """Read "AAAAMMJJ" as "YYYY-MM-DD"; raise ``ValueError`` when it is no date."""
    if len(value) != 8 or not (value.isascii() and value.isdigit()):
        raise ValueError(value)
    date = datetime.date(int(value[:4]), int(value[4:6]), int(value[6:]))
    if date.year < _MIN_YEAR:
        raise ValueError(value)
    return date.isoformat()


@lru_cache(maxsize=8192)
def _read_time(value: str) -> str:
    if not (value.isascii() and re.fullmatch(r"\d\d:\d\d(?::\d\d)?", value)):
        raise ValueError(value)
    return datetime.time.fromisoformat(value).isoformat("seconds")


def date_parser(column: Column) -> Parser:
    """Return the reader of a date AAAAMMJJ."""

    def read(value: str) -> str:
        try:
            return read_date(value)
        except ValueError:
            raise refusal(column, "not_date") from None

    return optional(read)


def datetime_parser(column: Column) -> Parser:
    """Return the reader of a date and time AAAAMMJJ HH:MM[:SS]."""

    def read(value: str) -> str:
        day, _space, time = value.partition(" ")
        try:
            return f"{read_date(day)}T{_read_time(time.lstrip())}"
        except ValueError:
            raise refusal(column, "not_datetime") from None

    return optional(read)


def date_renderer(column: Column, _mark: str) -> Renderer:
    """Return the writer of a date, from ISO text, a date or a naive date-time."""

    def render(value: Any) -> str:
        moment = _moment(value)
        if moment is None:
            raise refusal(column, "not_date")
        return f"{moment:%Y%m%d}"

    return render


def datetime_renderer(column: Column, _mark: str) -> Renderer:
    """Return the writer of a date and time to the minute."""

    def render(value: Any) -> str:
        moment = _moment(value)
        if moment is None:
            raise refusal(column, "not_datetime")
        return f"{moment:%Y%m%d %H:%M}"

    return render


def _moment(value: Any) -> datetime.datetime | None:
    """Return the naive date-time meant by ``value``, ``None`` when it is not one."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if not isinstance(value, datetime.datetime) or value.tzinfo:
        return None
    return value if value.year >= _MIN_YEAR else None
