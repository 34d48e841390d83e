"""Refused parts of a checked delivery: cells, or rows without which no record is.

A cell that says nothing its column may hold is read as void, and its row stays. A row
goes where no record can be made without the cell, or when the grid refuses it for what
is no matter of one cell.
"""

from odoo.tools import SQL

from ..catalogue import NEEDED, TABLES

#: checks that find fault with a cell, not with a row
CELL_CHECKS = (2, 4, 5)
#: faults of a cell that cannot be read as what its column holds; a text that is too
#: long still says what it says
_UNREADABLE = (
    "bad_int",
    "bad_decimal",
    "bad_date",
    "bad_datetime",
    "bad_bool",
    "unknown_value",
)
#: faults of one line that leave its cells as they are
_HARMLESS = ("nul_cell",)


def costs_row(table, column, key):
    """Return the condition that a fault of a cell leaves nothing to make a record of.

    A fault without column is of a line whose cells could not be separated.
    """
    tables, columns = zip(*_needed(), strict=True)
    return SQL(
        """(((%(table)s, %(column)s) IN (
                SELECT * FROM unnest(%(tables)s::text[], %(columns)s::text[])))
            OR (COALESCE(%(column)s, '') = '' AND %(key)s <> ALL (%(harmless)s)))""",
        table=table,
        column=column,
        key=key,
        tables=list(tables),
        columns=list(columns),
        harmless=list(_HARMLESS),
    )


def _needed():
    return [(table, column) for table, names in NEEDED.items() for column in names]


class Refusals:
    """Takes what is refused away from the staging tables of one delivery.

    :param base: ``Base`` of what outlives the tables of the application
    """

    def __init__(self, base, stage, import_id):
        self.base = base
        self.cr = base.cr
        self.stage = stage
        self.import_id = import_id

    @property
    def voided(self):
        """The table of the voided cells: table, line, {column: what it said}."""
        return self.base.table("voided")

    def void_cells(self):
        """Void the cells that cannot be read; return how many columns have some.

        Their values are stored apart: exports give it back.
        """
        self.base.make(
            "voided",
            SQL(
                """SELECT table_name AS tab, line,
                          jsonb_object_agg("column", value) AS cells
                     FROM oiconnect_import_error
                    WHERE import_id = %s AND message_key = ANY(%s) AND line IS NOT NULL
                      AND "column" IS NOT NULL
                    GROUP BY 1, 2""",
                self.import_id,
                list(_UNREADABLE),
            ),
        )
        self.cr.execute(
            self.base.sql(
                """SELECT DISTINCT v.tab, k.name
                     FROM %s v, jsonb_object_keys(v.cells) AS k(name)""",
                "voided",
            )
        )
        found = [
            (table, name)
            for table, name in self.cr.fetchall()
            if table in self.stage and name not in TABLES[table].key
        ]
        for table, name in found:
            self._void(table, name)
        return len(found)

    def _void(self, table, name):
        cell = SQL.identifier(name)
        self.cr.execute(
            SQL(
                """UPDATE %s s SET %s = NULL FROM %s v
                    WHERE v.tab = %s AND v.line = s.line AND v.cells ? %s""",
                self.stage.table(table),
                cell,
                self.voided,
                table,
                name,
            )
        )

    def drop_unknown(self):
        """Leave out the rows without key, and those whose key another row has.

        Nothing hangs on them, but on positions: ways lead through these without their
        code. Return how many they are.
        """
        return self._drop(
            SQL(
                """(message_key = 'key_doubled'
                    OR message_key = 'key_void' AND table_name <> 't_position')"""
            )
        )

    def has_rows(self):
        """Tell whether rows are left out beside those."""
        self.cr.execute(SQL("SELECT EXISTS (%s)", self._refused(SQL("TRUE"))))
        return self.cr.fetchone()[0]

    def drop_rows(self):
        """Leave out the rows of which no record can be made; return how many."""
        return self._drop(SQL("TRUE"))

    def _refused(self, condition):
        return SQL(
            """SELECT id, table_name, line FROM oiconnect_import_error
                WHERE import_id = %(import_id)s AND severity = 'error'
                  AND line IS NOT NULL AND is_left_out IS NOT TRUE AND %(condition)s
                  AND (code <> ALL(%(cells)s) OR %(costs)s)""",
            import_id=self.import_id,
            condition=condition,
            cells=[f"GT{number:02}" for number in CELL_CHECKS],
            costs=costs_row(
                SQL("table_name"), SQL.identifier("column"), SQL("message_key")
            ),
        )

    def _drop(self, condition):
        refused = self.base.make("refused", self._refused(condition))
        count = 0
        for table in self.stage.files:
            self.cr.execute(
                SQL(
                    "DELETE FROM %s s USING (SELECT DISTINCT line FROM %s "
                    "WHERE table_name = %s) r WHERE r.line = s.line",
                    self.stage.table(table),
                    refused,
                    table,
                )
            )
            count += self.cr.rowcount
        self.cr.execute(
            SQL(
                """UPDATE oiconnect_import_error e SET is_left_out = TRUE FROM %s r
                    WHERE r.id = e.id""",
                refused,
            )
        )
        self.base.drop("refused")
        return count
