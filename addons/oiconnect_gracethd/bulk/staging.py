"""Staging of a delivery: one table for each of the catalogue, as texts.

They are made and dropped in the transaction of the import, not logged, not temporary:
as those of the other imports. A table that the delivery has not is there, empty, so
that no query has to ask; each has the columns of both generations and of its patches.
"""

import json
from itertools import islice

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk.staging import ESCAPES, Pipe, is_plain
from odoo.addons.oiconnect_import.protocol import FileError

from ..catalogue import TABLES
from ..reading.geometry import FARTHEST, ends
from . import nulls, values

# Rows of a block, and blocks of a COPY: nothing else is queried meanwhile
_BLOCK = 250
_COPY = 200
_SHAPE = ("geom", "x1", "y1", "x2", "y2")
#: signs without width, which no blank is for Python
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
_BLANKS = f"{_INVISIBLE} \t\xa0"
_INVISIBLE_BYTES = tuple(sign.encode() for sign in _INVISIBLE)
#: columns that routes look up, besides the keys of their tables
_LOOKED_UP = {
    "t_position": ("ps_1", "ps_2", "ps_cs_code", "ps_ti_code"),
    "t_fibre": ("fo_cb_code",),
    "t_cassette": ("cs_bp_code",),
    "t_cable": ("cb_bp1", "cb_bp2"),
    "t_cableline": ("cl_cb_code",),
}


def columns_staged():
    """Return {table: {column: ``Column``}}, those of its patches among them."""
    staged = {}
    for table in TABLES.values():
        staged[table.name] = {
            name: column
            for name, column in table.columns.items()
            if column.type != "geometry"
        }
    for table in TABLES.values():
        if table.patch_of:
            staged[table.patch_of] = staged[table.name] | staged[table.patch_of]
    return staged


STAGED = columns_staged()


class DeliveryStage:
    """Staging tables of one delivery.

    :param name: beginning of their names
    """

    def __init__(self, cr, name):
        self.cr = cr
        self.name = name
        self.epsg = None
        #: table → name of its file, rows, encoding; names of its columns in the file
        self.files = {}
        self.counts = {}
        self.encodings = {}
        self.headers = {}

    def __contains__(self, table):
        return table in self.files

    def table(self, name):
        """Return the SQL name of a staging table."""
        return SQL.identifier(f"{self.name}_{name}")

    def typed(self, alias, table, column):
        """Return the SQL of a value in its type, NULL when the cell says none."""
        kind = STAGED[table][column].type
        return values.typed(kind, SQL.identifier(alias, column))

    # -- tables -----------------------------------------------------------------------

    # pylint: disable-next=method-required-super
    def create(self):
        for name, columns in STAGED.items():
            self.cr.execute(
                SQL(
                    "CREATE UNLOGGED TABLE %s (line int, note text, %s, extra jsonb%s)",
                    self.table(name),
                    SQL(", ").join(
                        SQL('%s text COLLATE "C"', SQL.identifier(column))
                        for column in columns
                    ),
                    SQL(", geom bytea, x1 float8, y1 float8, x2 float8, y2 float8")
                    if TABLES[name].form
                    else SQL(),
                )
            )

    def drop(self):
        tables = SQL(", ").join(self.table(name) for name in STAGED)
        self.cr.execute(SQL("DROP TABLE %s", tables))

    # -- rows -------------------------------------------------------------------------

    def load(self, delivery, log, tick):
        """Copy the rows of all tables; ``tick(rows)`` is called as it goes."""
        done = 0
        self.epsg = delivery.epsg
        for name, file in delivery.tables.items():
            self.files[name] = file.file
            self.headers[name] = file.columns
            count = 0
            copier = _Copier(self, file)
            try:
                while copier.copy():
                    tick(done + copier.count)
                    copier.tell(log)
            except FileError as error:
                if delivery.is_over:
                    raise
                log.problem(file.failure(error))
            copier.tell(log)
            count = copier.count
            nulls.void(self.cr, file, self.table(name), copier.columns, log)
            self.counts[name] = count
            self.encodings[name] = file.encoding
            done += count
        self._apply_patches()
        self._analyze()

    def _analyze(self):
        """Let the planner know the rows; six thousand of each table tell enough."""
        self.cr.execute("SET LOCAL default_statistics_target = 20")
        for name in self.files:
            self._analyze_table(name)
        self.cr.execute("SET LOCAL default_statistics_target TO DEFAULT")

    def _analyze_table(self, name):
        """Analyse the columns by which rows are joined or chosen."""
        columns = [
            column.name
            for column in STAGED[name].values()
            if column.references or column.codes or column.name in TABLES[name].key
        ]
        if TABLES[name].form:
            columns += ["x1", "y1", "x2", "y2"]
        names = SQL(", ").join(map(SQL.identifier, columns))
        self.cr.execute(SQL("ANALYZE %s (line, %s)", self.table(name), names))

    @property
    def row_count(self):
        return sum(self.counts.values())

    def index(self):
        """Let rows be found by their key, and by what routes follow.

        Checks do without: they compare whole tables.
        """
        for name in self.files:
            for column in (*TABLES[name].key[:1], *_LOOKED_UP.get(name, ())):
                self.cr.execute(
                    SQL(
                        "CREATE INDEX ON %s (%s)",
                        self.table(name),
                        SQL.identifier(column),
                    )
                )

    def _apply_patches(self):
        """Give the columns of a patch to the rows of the table that it completes."""
        for name in self.files:
            target = TABLES[name].patch_of
            if not target:
                continue
            [key] = TABLES[name].key
            columns = [column for column in STAGED[name] if column != key]
            self.cr.execute(
                SQL(
                    "UPDATE %s t SET %s FROM %s p WHERE p.%s = t.%s",
                    self.table(target),
                    SQL(", ").join(
                        SQL(
                            "%s = COALESCE(t.%s, p.%s)",
                            *[SQL.identifier(column)] * 3,
                        )
                        for column in columns
                    ),
                    self.table(name),
                    SQL.identifier(key),
                    SQL.identifier(key),
                )
            )


class _Copier:
    """Copies the rows of one file, some at a time."""

    def __init__(self, stage, file):
        self.cr = stage.cr
        self.file = file
        self.count = 0
        self._epsg = stage.epsg
        self._problems = []
        known = STAGED[file.name]
        names = file.columns
        self.columns = {name: known[name] for name in names if name in known}
        self._width = len(names)
        self._known = [rank for rank, name in enumerate(names) if name in known]
        self._extra = [
            (rank, name) for rank, name in enumerate(names) if name not in known
        ]
        self._shaped = bool(TABLES[file.name].form) and file.has_geometry
        columns = ["line", "note", *(names[rank] for rank in self._known)]
        if self._extra:
            columns.append("extra")
        if self._shaped:
            columns += _SHAPE
        self._command = SQL(
            "COPY %s (%s) FROM STDIN (FORMAT text, NULL '')",
            stage.table(file.name),
            SQL(", ").join(map(SQL.identifier, columns)),
        )
        self._blocks = self._rows()

    # pylint: disable-next=method-required-super
    def copy(self):
        """Copy the next rows; return whether there were any.

        :raises FileError: the file cannot be read further, what came before is copied
        """
        pipe = Pipe(islice(self._blocks, _COPY))
        self.cr.copy_expert(self.cr.mogrify(self._command).decode(), pipe, 1 << 20)
        if pipe.error:
            raise pipe.error
        return pipe.count

    def tell(self, log):
        """Tell the problems of the rows that were copied."""
        for problem in self._problems:
            log.problem(problem)
        self._problems.clear()

    def _rows(self):
        for first, lines, rows in self.file.batches():
            self.count += len(lines) + len(rows)
            for at in range(0, len(lines), _BLOCK):
                yield self._lines_block(first + at, lines[at : at + _BLOCK])
            for at in range(0, len(rows), _BLOCK):
                yield "".join(map(self._line, rows[at : at + _BLOCK])).encode()

    def _lines_block(self, first, lines):
        separator = self.file.separator
        if not self._extra:
            return self._plain_block(first, lines, separator, len(self._known))
        return "".join(self._cut_lines(first, lines, separator)).encode()

    def _plain_block(self, first, lines, separator, width):
        """Return lines that need not be cut as COPY reads them: only signs change."""
        numbered = [f"{number}\t\t{line}" for number, line in enumerate(lines, first)]
        block = ("\n".join(numbered) + "\n").replace(separator, "\t").encode()
        if is_plain(block, len(lines), width) and not _has_invisible(block):
            return block
        return "".join(self._cut_lines(first, lines, separator)).encode()

    def _cut_lines(self, first, lines, separator):
        for number, line in enumerate(lines, first):
            yield self._line((number, line.split(separator), None))

    def _line(self, row):
        number, cells, problem = row
        if problem:
            self._problems.append(problem)
        texts = [str(number), ""]
        if self._known:
            texts.append(self._texts(self._pick(cells)))
        if self._extra:
            extra = {name: cells[rank] for rank, name in self._extra if cells[rank]}
            # What PostgreSQL refuses in jsonb is no character of a text.
            texts.append(_text(json.dumps(extra).replace("\\u0000", "")))
        if self._shaped:
            texts += self._shape(number, cells[-1])
        return "\t".join(texts) + "\n"

    def _texts(self, cells):
        """Return cells as COPY reads them; few have a sign that is one of its own."""
        if not self.file.is_stripped:
            cells = [cell.strip() for cell in cells]
        whole = "\t".join(cells)
        if not whole.isascii() and any(sign in whole for sign in _INVISIBLE):
            cells = [cell.strip(_BLANKS) for cell in cells]
            whole = "\t".join(cells)
        if (
            "\\" in whole
            or "\n" in whole
            or "\r" in whole
            or whole.count("\t") >= len(cells)
        ):
            return "\t".join([cell.translate(ESCAPES) for cell in cells])
        return whole

    def _pick(self, cells):
        """Return the cells that the catalogue knows."""
        if len(self._known) == self._width:
            return cells[: self._width]
        return [cells[rank] for rank in self._known]

    def _shape(self, number, wkb):
        """Return the cells of a geometry: none of one that is no place on Earth."""
        if wkb is None:
            return [""] * 5
        places = ends(wkb)
        if not all(-FARTHEST <= value <= FARTHEST for value in places if value):
            x, y, *_others = places
            params = {"x": f"{x:g}", "y": f"{y:g}", "epsg": self._epsg}
            self._problems.append(
                self.file.problem("place_absurd", number, "geom", check=2, **params)
            )
            return [""] * 5
        return [
            rf"\\x{wkb.hex()}",
            *("" if value is None else repr(value) for value in places),
        ]


def _has_invisible(block):
    return not block.isascii() and any(sign in block for sign in _INVISIBLE_BYTES)


def _text(cell):
    return cell.strip().translate(ESCAPES)
