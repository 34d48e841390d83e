"""Checks of the columns of a format on the records to publish."""

from typing import NamedTuple

from odoo.tools import SQL, groupby

from odoo.addons.oiconnect_import.protocol import texts
from odoo.addons.oiconnect_infra.models.mixins.addressed import FORMS

MISSING, TOO_LONG, BAD_FORM, NO_WORD = "missing", "too_long", "bad_form", "no_word"
FORMULA = "formula"
_EXAMPLES = 5
_DIGITS = 9


class Finding(NamedTuple):
    """Records that a column refuses: why, how many, what some are called."""

    problem: str
    column: object
    count: int
    examples: list


class _DataCheck(NamedTuple):
    """A condition that nothing but a look at the records can settle."""

    place: str
    problem: str
    column: object
    condition: SQL


def find(source, ids):
    """Return the ``Finding`` of each column about the records of the query ``ids``."""
    doubts = [
        doubt for column in source.format.columns for doubt in _doubts(source, column)
    ]
    return [
        finding
        for place, group in groupby(doubts, key=lambda doubt: doubt.place)
        for finding in _findings(source, source.judged(place, ids), group)
    ]


def _findings(source, judged, doubts):
    rows, key = judged
    counts = SQL(", ").join(
        SQL("count(*) FILTER (WHERE %s)", doubt.condition) for doubt in doubts
    )
    source.env.cr.execute(rows(counts))
    return [
        Finding(doubt.problem, doubt.column, count, _examples(source, rows, key, doubt))
        for doubt, count in zip(doubts, source.env.cr.fetchone(), strict=True)
        if count
    ]


def _examples(source, rows, key, doubt):
    source.env.cr.execute(
        SQL("%s AND (%s) LIMIT %s", rows(key), doubt.condition, _EXAMPLES)
    )
    return sorted(name or "" for (name,) in source.env.cr.fetchall())


def _doubts(source, column):
    """Yield what the database does not warrant of the values of a column."""
    if not column.field:
        return
    value = source.value(column.field)
    place = source.place(column.field)
    cell = source.cell(column)
    if column.mandatory and not value.required:
        yield _DataCheck(place, MISSING, column, SQL("COALESCE(%s, '') = ''", cell))
    if _lacks_words(column, value):
        condition = SQL("%s IS NOT NULL AND %s IS NULL", value.sql, cell)
        yield _DataCheck(place, NO_WORD, column, condition)
    if _may_be_too_long(column, value):
        yield _DataCheck(
            place, TOO_LONG, column, SQL("length(%s) > %s", cell, column.length)
        )
    if column.pattern and FORMS.get(_name(column)) != column.pattern:
        form = f"^(?:{column.pattern})$"
        condition = SQL("%(c)s <> '' AND %(c)s !~ %(form)s", c=cell, form=form)
        yield _DataCheck(place, BAD_FORM, column, condition)
    if _may_be_a_formula(column, value):
        yield _DataCheck(place, FORMULA, column, _begins_like_a_formula(cell))


def _may_be_a_formula(column, value):
    """Tell whether readers look for a formula, and forms do not keep it out."""
    is_typed = value.type in ("char", "text") and _name(column) not in FORMS
    return is_typed and column.type == "text"


def _begins_like_a_formula(cell):
    """Return the condition that readers refuse a text as a formula.

    Signs that begin one come before the letters, on either side of the digits: nearly
    all cells are settled by comparisons, which cost a fifth of the pattern.
    """
    return SQL(
        """%(c)s < 'A' AND (%(c)s < '0' OR %(c)s >= ':') AND btrim(%(c)s) ~ %(form)s""",
        c=SQL('%s COLLATE "C"', cell),
        form=texts.FORMULA,
    )


def _name(column):
    return column.field.rpartition(".")[2]


def _lacks_words(column, value):
    """Tell whether a value of the database may have no word in the file."""
    keys = {key for _wire, key in column.pairs}
    return column.type == "code" and not set(value.keys or ()) <= keys


def _may_be_too_long(column, value):
    if not column.length or column.type not in ("text", "comment", "integer"):
        return False
    if value.type in ("integer", "count"):
        return column.length < _DIGITS
    return not value.size or value.size > column.length
