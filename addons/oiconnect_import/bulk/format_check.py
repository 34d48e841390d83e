"""Check of each cell by the columns of its format, all errors of a line at once.

A query sets the doubtful lines aside; the parsers of the protocol read them, say what
is wrong, and put the lines back with the cells they could read.
"""

import json

from odoo.tools import SQL

from ..protocol import LineError
from ..protocol.payloads import lookup
from . import conditions
from .staging import ODD, copy_line

_BATCH = 2000


def check_format(stage, file_format, log, tick):
    """Report what the columns of ``file_format`` refuse, and empty these cells.

    :param tick: called with the number of lines read so far
    """
    dates = stage.side("dates", _good_dates(stage))
    table = stage.side("doubtful", _suspect_lines(stage, dates))
    stage.remove(SQL("SELECT line FROM %s", table))
    stage.cr.execute(SQL("CREATE INDEX ON %s (line)", table))
    fix = _LineRepairer(stage, file_format, log)
    done = 0
    for rows in _batches(stage, table):
        stage.copy([b"".join(filter(None, map(fix, rows)))])
        log.flush()
        done += len(rows)
        tick(done)


def _good_dates(stage):
    cells = [
        stage.cell(field)
        for field, column in stage.columns.items()
        if column.type == "date"
    ]
    # The table of all dates, and its indexes, cost as much as some thousand lines.
    if not cells or not stage.has_few_lines:
        return conditions.good_dates()
    return conditions.good_dates_of(stage.table, cells)


def _suspect_lines(stage, dates):
    good = [
        conditions.valid_cell_condition(column, stage.cell(field), dates)
        for field, column in stage.columns.items()
    ]
    return SQL(
        "SELECT s.* FROM %s s WHERE s.note IS NOT NULL OR NOT (%s)",
        stage.table,
        SQL(" AND ").join(good),
    )


def _batches(stage, table):
    """Yield the rows of ``table`` by lists, in the order of the file."""
    last = -1
    while True:
        stage.cr.execute(
            SQL(
                "SELECT line, note, %s FROM %s WHERE line > %s ORDER BY line LIMIT %s",
                stage.cells,
                table,
                last,
                _BATCH,
            )
        )
        rows = stage.cr.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


class _LineRepairer:
    """Reads a doubtful line by the parsers of its columns."""

    def __init__(self, stage, file_format, log):
        self.log = log
        self.columns = list(stage.columns.values())
        self.parse = file_format.row_parser([column.name for column in self.columns])

    def __call__(self, row):
        """Return the line as COPY reads it, nothing when it is not to be read."""
        number, note, *cells = row
        if note and note != ODD:
            value, code, key, params = json.loads(note)
            self.log.add(LineError(number, "", value, code, key, params))
            return None
        line = self.parse(number, [cell or "" for cell in cells])
        for error in line.errors:
            self.log.add(error)
        return copy_line(number, "", self._corrected(line.payload)).encode()

    def _corrected(self, payload):
        return [
            conditions.stage_text(column, lookup(payload, column.path))
            for column in self.columns
        ]
