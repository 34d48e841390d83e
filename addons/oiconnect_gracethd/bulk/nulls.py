"""Cells that stand for nothing in columns of another type than text.

Shapefiles have no null: each tool writes its own. GDAL fills numbers with asterisks,
others with -99999, with what ArcGIS takes for null (-1e38 and below) or with the least
double that they know; csv files have the words of databases.
"""

from odoo.tools import SQL

from ..reading.others import NOTE

_WORDS = r"^[(<]?(null|none|nil|nan|n/?a)[)>]?$"
_STARS = r"^[*]+$"
# From 1e-38 down, and from 1e38 up, whichever way they are written
_BEYOND = r"(0*3[89]|0*[4-9][0-9]|0*[1-9][0-9]{2})$"
_NUMBERS = "|".join(
    (
        _WORDS,
        _STARS,
        r"^-9{5,}([.,]0*)?$",
        rf"^[+-]?[0-9]+([.,][0-9]*)?e[+-]?{_BEYOND}",
        r"^[+-]?[1-9][0-9]{37,}([.,][0-9]*)?$",
        r"^[+-]?0?[.,]0{37,}[0-9]+$",
    )
)
_OTHERS = "|".join((_WORDS, _STARS, r"^[?]$"))
_DAYS = "|".join((_OTHERS, "^[0 /:.T-]+$"))
_PATTERNS = {
    "int": _NUMBERS,
    "decimal": _NUMBERS,
    "date": _DAYS,
    "datetime": _DAYS,
    "bool": _OTHERS,
}
#: signs of the cells that need no pattern to be known as values: it would be slower
_PLAIN = {"int": "0123456789", "decimal": "0123456789.", "bool": "01tfTF"}


def _stands_for_nothing(column):
    cell = SQL.identifier(column.name)
    matches = SQL("%s ~* %s", cell, _PATTERNS[column.type])
    if column.type not in _PLAIN:
        return matches
    plain = _PLAIN[column.type]
    return SQL(
        "(ltrim(%s, %s) <> '' OR octet_length(%s) > 30) AND %s",
        cell,
        plain,
        cell,
        matches,
    )


def void(cr, file, table, columns, log):
    """Void such cells of a staged table, and say so in one note.

    :param file: its ``TableFile``
    :param table: SQL name of the staging table
    :param columns: {name: ``Column``} of the cells that were read
    """
    names = [name for name, column in columns.items() if column.type in _PATTERNS]
    if not names:
        return
    conditions = [_stands_for_nothing(columns[name]) for name in names]
    counts = SQL(", ").join(
        SQL("count(*) FILTER (WHERE %s)", condition) for condition in conditions
    )
    cr.execute(SQL("SELECT %s FROM %s", counts, table))
    found = [
        (name, condition, count)
        for name, condition, count in zip(names, conditions, cr.fetchone(), strict=True)
        if count
    ]
    if not found:
        return
    for name, condition, _count in found:
        cr.execute(
            SQL(
                "UPDATE %s SET %s = NULL WHERE %s",
                table,
                SQL.identifier(name),
                condition,
            )
        )
    problem = file.problem(
        "null_values",
        check=2,
        columns=", ".join(name for name, *_rest in found),
        count=sum(count for *_rest, count in found),
    )
    log.problem(problem._replace(level=NOTE))
