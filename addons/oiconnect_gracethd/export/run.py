"""One export: scope, codes, then the tables one after the other."""

from odoo.tools import SQL

from ..catalogue import CODES, TABLES, columns_of
from . import scope, subjects
from .codes import Codes, RangeUsedUp
from .geometry import Projection
from .tables import queries
from .work import Work

__all__ = ["NetworkExport", "RangeUsedUp"]

_PAGE = 2000
_KEPT = "gx_kept"
_CURSOR = SQL.identifier("gx_rows")


class NetworkExport:
    """Writes the rows of a scope of the network by a writer of deliveries.

    :param codes: arguments of ``Codes`` after its first
    :param report: ``report(step, fraction, rows)``, which may raise ``Cancelled``
    :param kept: SQL of (table_name, code, cells) that deliveries said, or none: what
        has no place in the network is given back
    """

    def __init__(self, cr, pm_ids, nro_ids, epsg, codes, report, kept=None):
        self.cr = cr
        self.pm_ids, self.nro_ids = list(pm_ids), list(nro_ids)
        self.projection = Projection(epsg)
        self.work = Work(cr)
        self.codes = Codes(self.work, **codes)
        self.report = report
        self.kept = kept
        self.counts = {}
        self._part, self._written = 0.0, 0
        #: objects without a place, not even that of their PM or NRO
        self.unplaced = 0

    def run(self, writer):
        """Write all tables of the writer's generation; return {table: rows}.

        :raises RangeUsedUp: the range of codes is too small
        """
        self.report("prepare", 0, 0)
        scope.make(self.work, self.pm_ids, self.nro_ids)
        self.report("prepare", 0.4, 0)
        subjects.make(self.work)
        subjects.give_codes(self.codes, writer.generation)
        self.report("prepare", 1, 0)
        models = sorted(CODES["l_bp_type_phy"][writer.generation])
        self._write_tables(writer, queries(writer.generation, models))
        self._count_unplaced()
        self.work.close()
        return self.counts

    def _write_tables(self, writer, found):
        tables = [
            name for name, item in TABLES.items() if writer.generation in item.versions
        ]
        for rank, table in enumerate(tables):
            self._part = rank / len(tables)
            self._tell()
            source = TABLES[table].patch_of or table
            query = found.get(source)
            if query is None:
                self.counts[table] = writer.put(table, [], ())
            else:
                self.counts[table] = self._write_table(writer, table, source, query)

    def _write_table(self, writer, table, source, query):
        """Write the rows of a query, which are read in pages."""
        if self.kept:
            query = self._with_kept(source, query)
        self.cr.execute(
            SQL("DECLARE %s NO SCROLL CURSOR FOR %s", _CURSOR, self._sorted(query))
        )
        self.cr.execute(SQL("FETCH 0 FROM %s", _CURSOR))
        names = [column[0] for column in self.cr.description]
        rows = self._rows(table, names)
        if self.kept:
            names, rows = _completed(table, writer.generation, names, rows)
        count = writer.put(table, names, rows)
        self.cr.execute(SQL("CLOSE %s", _CURSOR))
        return count

    def _sorted(self, query):
        """Codes are the first column: equal networks make equal files."""
        return SQL("SELECT * FROM (%s) q ORDER BY 1", query)

    def _with_kept(self, source, query):
        """Add the cells of the row that a delivery gave with the same code."""
        key = SQL.identifier("q", TABLES[source].key[0])
        return SQL(
            """SELECT q.*, k.cells AS gx_kept FROM (%s) q
                 LEFT JOIN (%s) k ON k.table_name = %s AND k.code = %s::text""",
            query,
            self.kept,
            source,
            key,
        )

    def _rows(self, table, names):
        """Yield (values, geometry) of the rows of the cursor."""
        item = TABLES[table]
        shaped = {
            "point": self.projection.point,
            "line": self.projection.line,
            "area": self.projection.area,
        }.get(item.form)
        own = [
            rank
            for rank, name in enumerate(names)
            if name in item.columns and name not in item.key
        ]
        is_patch = bool(item.patch_of)
        kept = names.index(_KEPT) if self.kept else None
        while True:
            self.cr.execute(SQL("FETCH %s FROM %s", _PAGE, _CURSOR))
            page = self.cr.fetchall()
            for row in page:
                if is_patch and not _says(row, own, kept, item):
                    continue
                geometry = (
                    shaped(dict(zip(names, row, strict=True))) if shaped else None
                )
                yield row, geometry
            if len(page) < _PAGE:
                return
            self._tell(len(page))

    def _tell(self, more=0):
        self._written += more
        self.report("write", self._part, self._written)

    def _count_unplaced(self):
        self.cr.execute("SELECT count(*) FROM gx_node WHERE lon IS NULL OR lat IS NULL")
        [self.unplaced] = self.cr.fetchone()


def _says(row, own, kept, table):
    """Tell whether a row of a patch has a value, its key apart."""
    cells = (kept is not None and row[kept]) or {}
    told = any(cells.get(name) for name in table.columns if name not in table.key)
    return told or any(row[rank] is not None for rank in own)


def _completed(table, generation, names, rows):
    """Return (names, rows) with the columns that only the kept cells tell."""
    rank = names.index(_KEPT)
    more = [
        column.name
        for column in columns_of(table, generation)
        if column.name not in names and column.type != "geometry"
    ]

    def completed():
        for row, geometry in rows:
            cells = row[rank] or {}
            yield (*row, *(cells.get(name) for name in more)), geometry

    return [*names, *more], completed()
