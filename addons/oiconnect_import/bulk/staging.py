"""The staging table: the lines of a file as text, one column for each of the format.

It is made and dropped in the transaction of the import: whatever happens to that
transaction, nothing is left. It is not logged, and not temporary, so that PostgreSQL
reads it with several processes.
"""

import json
import re
from itertools import islice

from odoo.tools import SQL

from ..protocol.problems import NOT_APPLICABLE

# Lines of a block (less than a socket holds: the server works meanwhile), and blocks
# of a COPY
_BLOCK = 250
_COPY = 200
_FEW = 5000
_CONTROLS = bytes({*range(32)} - {9, 10}) + b"\x7f"
# What a plain block does not hold: escapes, blanks around cells, "not applicable".
_MARKS = (
    b"\\",
    b" \t",
    b"\t ",
    b" \n",
    *(word.encode() for word in NOT_APPLICABLE if word),
)
# Control characters and blanks that UTF-8 writes in several bytes, and how they begin
_RARE = re.compile(
    rb"\xc2[\x80-\xa0]|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xe1\x9a\x80"
)
_LEADS = (b"\xc2", b"\xe2", b"\xe3", b"\xe1")
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
#: note of a line whose cells hold control characters
ODD = "!"


class Stage:
    """Staging table of one file.

    :param cr: cursor of the import
    :param name: name of the table
    :param file_format: protocol ``Format`` of the file
    :param header: header names of the file
    :raises FileError: the header does not fit the format
    """

    def __init__(self, cr, name, file_format, header):
        self.cr = cr
        self.name = name
        self.table = SQL.identifier(name)
        #: signs that a text of the database has and no cell, and what stands for them
        plain = {"\t": " ", "\x1f": " ", **file_format.substitutes}
        self.plain = ("".join(plain), "".join(plain.values()))
        positions = file_format.check_header(header).positions
        self._least = file_format.least_cells(header)
        found = [
            (position, column)
            for column, position in zip(file_format.columns, positions, strict=True)
            if position is not None and column.field
        ]
        self.positions = [position for position, _column in found]
        self.columns = {column.field: column for _position, column in found}
        self._cells = {field: f"c{rank}" for rank, field in enumerate(self.columns, 1)}
        self.line_count = 0
        self._tables = [self.table]

    def __contains__(self, field):
        return field in self.columns

    @property
    def has_few_lines(self):
        """Tell whether what is made once for a file costs more than its lines."""
        return self.line_count <= _FEW

    def cell(self, field, alias="s"):
        """Return the SQL of the text of a column, NULL when the file has it not."""
        if field not in self.columns:
            return SQL("NULL::text")
        return SQL.identifier(alias, self._cells[field])

    @property
    def cells(self):
        """The SQL names of the cells, in order."""
        return SQL(", ").join(map(SQL.identifier, self._cells.values()))

    # -- table ------------------------------------------------------------------------

    # pylint: disable-next=method-required-super
    def create(self):
        self.cr.execute(
            SQL(
                "CREATE UNLOGGED TABLE %s (line int, note text, %s)",
                self.table,
                SQL(", ").join(
                    SQL('%s text COLLATE "C"', SQL.identifier(cell))
                    for cell in self._cells.values()
                ),
            )
        )

    def drop(self):
        """Drop the table and those beside it."""
        self.cr.execute(SQL("DROP TABLE %s", SQL(", ").join(self._tables)))

    def index(self):
        """Let lines be found by number, and the planner know the table."""
        self.cr.execute(SQL("CREATE INDEX ON %s (line)", self.table))
        self.cr.execute(SQL("ANALYZE %s (line)", self.table))

    def side(self, suffix, query):
        """Create a side table from ``query``; return its SQL name."""
        table = SQL.identifier(f"{self.name}_{suffix}")
        self.cr.execute(SQL("CREATE UNLOGGED TABLE %s AS %s", table, query))
        self.cr.execute(SQL("ANALYZE %s", table))
        self._tables.append(table)
        return table

    def remove(self, lines, table=None):
        """Take away the lines that the query ``lines`` gives, here or of ``table``."""
        self.cr.execute(
            SQL(
                "DELETE FROM %s s USING (%s) AS r(line) WHERE r.line = s.line",
                table or self.table,
                lines,
            )
        )

    # -- copy -------------------------------------------------------------------------

    def load(self, reader, tick):
        """Copy the rows of a ``CsvReader``; ``tick(lines)`` is called as it goes.

        By several COPY, for nothing else can be done on a connection during one.
        """
        reader.least = self._least
        blocks = self._blocks(reader)
        while self.copy(islice(blocks, _COPY)):
            tick(self.line_count)

    # pylint: disable-next=method-required-super
    def copy(self, blocks):
        """Copy blocks of lines in the text format of COPY; return how many."""
        command = SQL(
            "COPY %s (line, note, %s) FROM STDIN (FORMAT text, NULL '')",
            self.table,
            self.cells,
        )
        pipe = Pipe(blocks)
        query = self.cr.mogrify(command).decode()
        self.cr.copy_expert(query, pipe, size=1 << 20)
        if pipe.error:
            raise pipe.error
        return pipe.count

    def _blocks(self, reader):
        pick = _picker(self.positions, len(reader.header))
        rows = iter(reader)
        width = len(self.positions)
        as_it_is = self.positions == list(range(len(reader.header)))
        while True:
            first, lines = reader.take_plain(_BLOCK) if as_it_is else (0, [])
            batch = lines or list(islice(rows, _BLOCK))
            if not batch:
                return
            self.line_count += len(batch)
            if lines:
                yield _plain_block(first, lines, reader.separator, width)
            else:
                yield _block(batch, pick, width)


class Pipe:
    """Stream that COPY reads: blocks of bytes, each as it comes.

    An error of the blocks ends them: it is stored, for COPY would hide it.
    """

    def __init__(self, blocks):
        self._blocks = iter(blocks)
        self.count = 0
        self.error = None

    # pylint: disable-next=method-required-super
    def read(self, _size):
        try:
            block = next(self._blocks, b"")
        except Exception as error:
            self.error = error
            return b""
        self.count += bool(block)
        return block


def _picker(positions, width):
    """Return the function that takes the known cells of a row."""
    if positions == list(range(width)):
        return lambda cells: cells
    return lambda cells: [cells[position] for position in positions]


def _plain_block(first, lines, separator, width):
    """Return lines that need not be cut as COPY reads them: only signs change."""
    numbered = [f"{number}\t\t{line}" for number, line in enumerate(lines, first)]
    block = ("\n".join(numbered) + "\n").replace(separator, "\t").encode()
    if is_plain(block, len(lines), width):
        return block
    rows = [(n, line.split(separator), None) for n, line in enumerate(lines, first)]
    return _block(rows, list, width)


def _block(batch, pick, width):
    """Return rows as COPY reads them, those that need care one by one."""
    plain = [
        f"{number}\t\t" + "\t".join(pick(cells)) for number, cells, _problem in batch
    ]
    block = ("\n".join(plain) + "\n").encode()
    if is_plain(block, len(batch), width) and not any(row[2] for row in batch):
        return block
    if len(batch) > 1:
        return b"".join([_block([row], pick, width) for row in batch])
    number, cells, problem = batch[0]
    note = note_of(problem, cells)
    return copy_line(number, note, map(clean, pick(cells))).encode()


def is_plain(block, rows, width):
    """Tell whether ``block`` holds rows of number, note and cells, all plain."""
    return (
        block.count(b"\n") == rows
        and block.count(b"\t") == rows * (width + 1)
        and not any(mark in block for mark in _MARKS)
        and len(block.translate(None, _CONTROLS)) == len(block)
        and not (any(lead in block for lead in _LEADS) and _RARE.search(block))
    )


def clean(cell):
    """Return what a cell says, empty when it means nothing."""
    text = cell.strip()
    return "" if text in NOT_APPLICABLE else text


def note_of(problem, cells):
    """Return the note of a line: what its cells do not hold."""
    if problem:
        return json.dumps(
            [problem.value, problem.code, problem.message_key, problem.params]
        )
    return "" if all(map(str.isprintable, cells)) else ODD


def copy_line(number, note, cells):
    """Return one line in the text format of COPY."""
    fields = [str(number), note, *cells]
    return "\t".join([field.translate(ESCAPES) for field in fields]) + "\n"
