"""Values as the standard writes them."""

import re
from datetime import date, datetime

from ..catalogue import Column, columns_of

# A column that the standard does not know, given back as it was
_LENGTH = 254
# A csv of the standard has no quotes: these would break its lines
_BREAKING = re.compile(r"\s*[;\x00-\x1f\x7f-\x9f]+\s*")


def columns_to_write(table, generation, unknown=()):
    """Return the columns of a table but for its geometry; ``unknown`` come last."""
    known = [
        column for column in columns_of(table, generation) if column.type != "geometry"
    ]
    return known + [
        Column(table, name, "text", _LENGTH, {}, frozenset(), "", "")
        for name in unknown
    ]


def ordered(columns, names):
    """Return the function that puts a row in the order of ``columns``, void elsewhere.

    :param names: columns of the rows; others than ``columns`` are left out
    """
    ranks = {name: rank for rank, name in enumerate(names)}
    places = [ranks.get(column.name) for column in columns]
    return lambda row: [None if place is None else row[place] for place in places]


def text(column, value):
    """Return the text of a value in a csv file, empty when there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        # Also what a delivery said, given back as it was
        return clean(value, column.length)
    if column.type == "bool":
        return "1" if value else "0"
    if column.type == "datetime":
        return day(value).strftime("%Y-%m-%d %H:%M:%S")
    if column.type == "date":
        return value.strftime("%Y-%m-%d")
    if column.type == "int":
        return str(int(value))
    if column.type == "decimal":
        return f"{float(value):.10f}".rstrip("0").rstrip(".")
    return clean(str(value), column.length)


def clean(value, length=254):
    """Return a text on one line, without semicolon, cut to ``length`` characters."""
    return _BREAKING.sub(" ", value).strip()[: length or None].rstrip()


def day(value):
    """Return a moment, also of a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value
