"""SQL of the types of the standard: what a cell may hold, and the value it says.

Dates come as 2019-12-29, 2019/12/29, 20191229 or 29/12/2019, with or without a time;
the third also as 20191229235959. Decimals have a point or a comma; whole numbers may
end by ".0", and have the four bytes of the standard's databases.
"""

from odoo.tools import SQL

_NUMBER = r"^[+-]?[0-9]{1,15}([.,][0-9]{0,15})?([eE][+-]?[0-9]{1,2})?$"
_WHOLE = r"^[+-]?0*[0-9]{1,10}([.,]0*)?$"
_MAX_INT = 2**31 - 1
_ZONE = r"( ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?"
_TIME = rf"([ T][0-9]{{1,2}}[:-][0-9]{{2}}([:-][0-9]{{2}}([.,][0-9]+)?)?{_ZONE})?$"
_DAY = r"^[0-9]{4}[-/](0[1-9]|1[0-2])[-/](0[1-9]|[12][0-9]|3[01])"
_COMPACT = (
    r"^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
    r"(([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9])?$)?"
)
_FRENCH = r"^(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[0-9]{4}"
_TRUE = ("1", "t", "true", "vrai", "o", "oui", "y", "yes")
_FALSE = ("0", "f", "false", "faux", "n", "non", "no")


def _compact_day(cell):
    """Return the SQL of a date as eight digits, NULL when it is not written as one."""
    return SQL(
        """CASE WHEN %(cell)s ~ %(day)s THEN
                    substr(%(cell)s, 1, 4) || substr(%(cell)s, 6, 2)
                    || substr(%(cell)s, 9, 2)
                WHEN %(cell)s ~ %(compact)s THEN substr(%(cell)s, 1, 8)
                WHEN %(cell)s ~ %(french)s THEN
                    substr(%(cell)s, 7, 4) || substr(%(cell)s, 4, 2)
                    || substr(%(cell)s, 1, 2) END""",
        cell=cell,
        day=_DAY + _TIME,
        compact=_COMPACT + _TIME,
        french=_FRENCH + _TIME,
    )


def _real_day(cell):
    """Return the SQL of the first day of a date's month plus its days, if it exists."""
    return SQL(
        """(SELECT make_date(d.y, d.m, d.d) FROM
              (SELECT substr(c.day, 1, 4)::int, substr(c.day, 5, 2)::int,
                      substr(c.day, 7, 2)::int FROM (SELECT %s AS day) c
                WHERE c.day IS NOT NULL AND substr(c.day, 1, 4) <> '0000') d(y, m, d)
             WHERE d.d <= date_part('day',
                   make_date(d.y, d.m, 1) + interval '1 month - 1 day'))""",
        _compact_day(cell),
    )


def typed(kind, cell):
    """Return the SQL of the value that ``cell`` says, NULL when it says none."""
    if kind == "int":
        return SQL(
            """CASE WHEN %(cell)s ~ %(whole)s THEN
                    CASE WHEN abs(%(number)s) <= %(max)s THEN %(number)s::int END
               END""",
            cell=cell,
            whole=_WHOLE,
            number=SQL(
                "split_part(translate(%s, ',', '.'), '.', 1)::bigint",
                cell,
            ),
            max=_MAX_INT,
        )
    if kind == "decimal":
        return SQL(
            "CASE WHEN %s ~ %s THEN translate(%s, ',', '.')::float8 END",
            cell,
            _NUMBER,
            cell,
        )
    if kind in ("date", "datetime"):
        return _real_day(cell)
    if kind == "bool":
        return SQL(
            "CASE WHEN lower(%s) = ANY(%s) THEN TRUE WHEN lower(%s) = ANY(%s) "
            "THEN FALSE END",
            cell,
            list(_TRUE),
            cell,
            list(_FALSE),
        )
    return cell


def is_not_short_integer(cell):
    """Return the condition that ``cell`` is more than some digits, nine at most.

    A pattern says it too, five times slower.
    """
    return SQL("octet_length(%s) > 9 OR ltrim(%s, '0123456789') <> ''", cell, cell)


def is_bad(column, cell, table):
    """Return the condition that ``cell`` is not what its column may hold, if any is.

    Dates are many and their values few: each value is read once.

    :param table: SQL name of the staging table
    """
    if column.type == "text":
        # Bytes are counted at no cost, and are at least as many as characters.
        return SQL(
            "octet_length(%s) > %s AND length(%s) > %s",
            cell,
            column.length,
            cell,
            column.length,
        )
    if column.type == "int":
        return SQL("(%s IS NOT NULL AND %s IS NULL)", cell, typed("int", cell))
    if column.type == "decimal":
        return SQL("%s !~ %s", cell, _NUMBER)
    if column.type == "bool":
        return SQL(
            "%s NOT IN ('0', '1') AND lower(%s) <> ALL (%s)",
            cell,
            cell,
            [*_TRUE, *_FALSE],
        )
    if column.type in ("date", "datetime"):
        name = SQL.identifier(column.name)
        return SQL(
            """%s IN (SELECT d.day FROM (SELECT DISTINCT %s AS day FROM %s) d
                       WHERE d.day IS NOT NULL AND %s IS NULL)""",
            cell,
            name,
            table,
            typed(column.type, SQL("d.day")),
        )
    return None
