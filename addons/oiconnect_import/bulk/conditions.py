"""SQL of the columns of a format: condition of valid cells, typed values.

The condition is a filter, not the rule: what passes it is good, what does not is read
by the protocol's own parsers, which say what is wrong. So there is one definition of a
good value, and only doubtful lines cost Python.
"""

import re
from datetime import date

from odoo.tools import SQL

# Regular expressions that mean the same to PostgreSQL and to Python
_PORTABLE = re.compile(r"(?:[A-Za-z0-9 _/|(){},*+?]|-|\[[A-Za-z0-9 _/-]+\])+")
# Years whose dates pass without a closer look: those of fibre networks. The import of
# many lines makes their table, and each column of dates an index of it in memory.
_YEARS = (2005, 2040)
# A day of such a year; 29 February is looked at more closely.
_DAY = (
    f"^({'|'.join(map(str, range(_YEARS[0], _YEARS[1] + 1)))})"
    "((0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])(29|30)|"
    "(0[13578]|1[02])31)$"
)
_NEVER = SQL("FALSE")


def good_dates():
    """Return the query of the dates that pass, as they are written."""
    first, last = _YEARS
    return SQL(
        "SELECT to_char(d, 'YYYYMMDD') AS day "
        "FROM generate_series(%s::timestamp, %s::timestamp, interval '1 day') AS d",
        date(first, 1, 1),
        date(last, 12, 31),
    )


def good_dates_of(table, cells):
    """Return the query of those that ``cells`` of a table of few lines hold."""
    return SQL(
        "SELECT DISTINCT v.day FROM %s s CROSS JOIN LATERAL (VALUES %s) AS v(day) "
        "WHERE v.day ~ %s",
        table,
        SQL(", ").join(SQL("(%s)", cell) for cell in cells),
        _DAY,
    )


def valid_cell_condition(column, cell, dates):
    """Return the condition that a cell of ``column`` is good beyond doubt.

    :param dates: table made of ``good_dates`` or ``good_dates_of``
    """
    if column.type == "date":
        validator = SQL("%s IN (SELECT day FROM %s)", cell, dates)
    elif column.type in TYPE_VALIDATORS:
        validator = TYPE_VALIDATORS[column.type](column, cell)
    else:
        validator = _NEVER
    if column.mandatory:
        return SQL("(%s IS NOT NULL AND %s)", cell, validator)
    return SQL("(%s IS NULL OR %s)", cell, validator)


def typed(column, cell):
    """Return the value of a checked cell, in the type of its column."""
    return _VALUES[column.type](column, cell) if column.type in _VALUES else cell


def stage_text(column, value):
    """Return how a typed value of the protocol is written in a cell."""
    if value is None:
        return ""
    if column.type == "boolean":
        return _boolean_wires(column)[not value]
    if column.type == "code":
        return next(wire for wire, key in column.pairs if key == value)
    if column.type == "date":
        return value.replace("-", "")
    return str(value)


# -- filters ---------------------------------------------------------------------------


def _within_length(column, cell, most=None):
    limits = [limit for limit in (column.length, most) if limit]
    return SQL("length(%s) <= %s", cell, min(limits)) if limits else SQL("TRUE")


def _text(column, cell):
    """Begin with a letter or digit: no formula (cells have the order of bytes)."""
    start = SQL("(%(c)s >= 'A' OR (%(c)s >= '0' AND %(c)s < ':'))", c=cell)
    return SQL(
        "%s AND %s AND %s",
        _within_length(column, cell),
        start,
        _matches(column, cell),
    )


def _matches(column, cell):
    if not column.pattern:
        return SQL("TRUE")
    if not _PORTABLE.fullmatch(column.pattern):
        return _NEVER
    return SQL("%s ~ %s", cell, f"^(?:{column.pattern})$")


def _integer(column, cell):
    return SQL("%s AND %s !~ '[^0-9]'", _within_length(column, cell, 9), cell)


def _decimal(column, cell):
    """Digits with one mark at most, after a digit or a minus and a digit."""
    good = SQL("%s ~ '^-?[0-9]+[,.]?[0-9]*$'", cell)
    return SQL("%s AND %s", _within_length(column, cell, 18), good)


def _boolean(column, cell):
    return SQL("%s IN %s", cell, _boolean_wires(column))


def _code(column, cell):
    return SQL("%s IN %s", cell, tuple(wire for wire, _key in column.pairs))


TYPE_VALIDATORS = {
    "text": _text,
    "comment": _within_length,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "code": _code,
}


# -- values ---------------------------------------------------------------------------


def _as_boolean(column, cell):
    yes, no = _boolean_wires(column)
    return SQL("CASE %s WHEN %s THEN TRUE WHEN %s THEN FALSE END", cell, yes, no)


def _as_code(column, cell):
    pairs = [(wire, key) for wire, key in column.pairs if wire != key]
    if not pairs:
        return cell
    branches = SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in pairs)
    return SQL("CASE %s %s ELSE %s END", cell, branches, cell)


_VALUES = {
    "integer": lambda _column, cell: SQL("%s::int", cell),
    "decimal": lambda _column, cell: SQL("replace(%s, ',', '.')::float8", cell),
    "date": lambda _column, cell: SQL("%s::date", cell),
    "boolean": _as_boolean,
    "code": _as_code,
}


def _boolean_wires(column):
    return tuple(wire for wire, _key in column.pairs) or ("O", "N")
