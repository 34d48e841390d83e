"""What a format says of its cells, asked of the lines that are to be published."""

from typing import NamedTuple

from odoo.tools import SQL

from .cells import SEPARATOR

MISSING, TOO_LONG, BAD_FORM = "missing", "too_long", "bad_form"
_EXAMPLES = 5


class Finding(NamedTuple):
    """Lines whose cell a column refuses: why, how many, the keys of some."""

    problem: str
    column: object
    count: int
    examples: list


def find(cr, state, file_format):
    """Return the ``Finding`` of each column about the lines that moved.

    :param state: ``Series`` that has looked
    """
    wanted = [
        (problem, column, condition)
        for rank, column in enumerate(file_format.columns, 1)
        for problem, condition in _conditions(column, SQL("cells[%s]", rank))
    ]
    if not wanted:
        return []
    lines = SQL(
        "(SELECT record_id, %s AS key, string_to_array(after, %s) AS cells FROM %s "
        "WHERE after IS NOT NULL) AS q",
        state.key_of("after"),
        SEPARATOR,
        state.table,
    )
    cr.execute(
        SQL(
            "SELECT %s FROM %s",
            SQL(", ").join(
                SQL("count(*) FILTER (WHERE %s)", condition)
                for _problem, _column, condition in wanted
            ),
            lines,
        )
    )
    return [
        Finding(problem, column, count, _examples(cr, lines, condition))
        for (problem, column, condition), count in zip(
            wanted, cr.fetchone(), strict=True
        )
        if count
    ]


def _conditions(column, cell):
    """Yield the (problem, condition) that a column finds in its cell."""
    if column.mandatory:
        yield MISSING, SQL("%s = ''", cell)
    if column.length and column.type in ("text", "comment", "integer"):
        yield TOO_LONG, SQL("length(%s) > %s", cell, column.length)
    if column.pattern:
        yield (
            BAD_FORM,
            SQL(
                "%(c)s <> '' AND %(c)s !~ %(form)s",
                c=cell,
                form=f"^(?:{column.pattern})$",
            ),
        )


def _examples(cr, lines, condition):
    cr.execute(
        SQL(
            "SELECT key FROM %s WHERE %s ORDER BY record_id LIMIT %s",
            lines,
            condition,
            _EXAMPLES,
        )
    )
    return [key.strip("|") for (key,) in cr.fetchall()]
