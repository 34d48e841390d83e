"""One scan of a table, which tells what no row of it is in error of.

Most deliveries are mostly right: what the scan does not find is not looked for again,
column by column and row by row.
"""

from odoo.tools import SQL

from ..bulk import values
from ..bulk.staging import STAGED
from ..catalogue import CODES, TABLES


def columns_of(run, table):
    """Return the columns of a table that its file has and its generation knows."""
    known = (STAGED[table].get(name) for name in run.stage.headers[table])
    return [item for item in known if item and run.generation in item.orders]


def types_of(run, table):
    """Return [(condition that a cell is not what its column may hold, column)]."""
    found = [
        (values.is_bad(column, _cell(column), run.table(table)), column)
        for column in columns_of(run, table)
    ]
    return [item for item in found if item[0] is not None]


def codes_of(run, table):
    """Return [(condition that a code is not in its list, column)].

    A list that is not known whole is not checked.
    """
    found = []
    for column in columns_of(run, table):
        codes = CODES.get(column.codes, {}).get(run.generation)
        if codes:
            found.append((SQL("%s <> ALL (%s)", _cell(column), sorted(codes)), column))
    return found


def _cell(column):
    return SQL.identifier("s", column.name)


def any_of(conditions):
    return SQL(" OR ").join(SQL("(%s)", condition) for condition in conditions)


class Look:
    """What the scan of one table found.

    ``void``: columns that some row leaves void, and ``used``: those that some row does
    not, of keys, references, dates and what is due; ``is_mistyped``,
    ``has_unknown_codes``, ``has_odd_numbers``: whether some row may have such a cell;
    ``plain_numbers``: columns whose cells are digits alone.
    """

    def __init__(self, run, table):
        self._run = run
        self._table = table
        types, codes = types_of(run, table), codes_of(run, table)
        days = [column.name for _bad, column in types if _is_day(column)]
        whole = [column for _bad, column in types if column.type == "int"]
        numbers = [values.is_not_short_integer(_cell(column)) for column in whole]
        rules = [
            bad for bad, column in types if not _is_day(column) and column.type != "int"
        ]
        led = [column.name for column in columns_of(run, table) if column.references]
        filled = list(dict.fromkeys([*self._due(), *led, *days]))
        [(rows, bad_types, odd_numbers, bad_codes, *counts)] = run.fetch(
            "SELECT count(*), %(types)s, %(numbers)s, %(codes)s %(filled)s "
            "FROM %(table)s s",
            types=_is_any(rules),
            numbers=_is_any(numbers),
            codes=_is_any([bad for bad, _column in codes]),
            filled=SQL("").join(
                SQL(", count(s.%s)", SQL.identifier(n)) for n in filled
            ),
            table=run.table(table),
        )
        counts = dict(zip(filled, counts, strict=True))
        self.void = {name for name, count in counts.items() if count < rows}
        self.used = {name for name, count in counts.items() if count}
        self.has_unknown_codes = bool(bad_codes)
        self.has_odd_numbers = bool(odd_numbers)
        self.plain_numbers = {c.name for c in whole} if not odd_numbers else set()
        self.is_mistyped = bool(bad_types or odd_numbers) or self._has_bad_day(
            [name for name in days if name in self.used]
        )

    def _due(self):
        """Yield the columns of which the scan says whether they are void somewhere."""
        names = {*self._run.stage.headers[self._table], "geom"}
        due = [name for table, name, _level in self._run.due if table == self._table]
        for name in (*TABLES[self._table].key, *due):
            column = TABLES[self._table].columns.get(name)
            if column and (name in names or column.type == "geometry"):
                yield name

    def _has_bad_day(self, names):
        """Dates are many and their values few: each of these is read once."""
        if not names:
            return False
        columns = SQL(", ").join(SQL.identifier("s", name) for name in names)
        days = SQL(", ").join(SQL("(d.%s)", SQL.identifier(name)) for name in names)
        [(found,)] = self._run.fetch(
            """SELECT bool_or(%(typed)s IS NULL)
                 FROM (SELECT DISTINCT %(columns)s FROM %(table)s s) d
                CROSS JOIN LATERAL (VALUES %(days)s) v(day)
                WHERE v.day IS NOT NULL""",
            typed=values.typed("date", SQL("v.day")),
            columns=columns,
            days=days,
            table=self._run.table(self._table),
        )
        return bool(found)


def _is_day(column):
    return column.type in ("date", "datetime")


def _is_any(conditions):
    return SQL("bool_or(%s)", any_of(conditions)) if conditions else SQL("FALSE")
