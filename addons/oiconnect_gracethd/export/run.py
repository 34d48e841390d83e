"""One export: scope, codes, then the tables one after the other."""

from odoo.tools import SQL

from ..catalogue import CODES, TABLES
from . import foreign, scope, subjects
from .codes import Codes, RangeUsedUp
from .geometry import Projection
from .others import OtherRows
from .received import Received
from .rows import RowMerger, TableRows
from .tables import queries
from .work import Work

__all__ = ["NetworkExport", "RangeUsedUp"]

_PAGE = 2000
_CURSOR = SQL.identifier("gx_rows")


class NetworkExport:
    """Writes the rows of a scope of the network by a writer of deliveries.

    What deliveries of the network said comes back as it was, but for what the network
    says otherwise since.

    :param codes: arguments of ``Codes`` after its first
    :param report: ``report(step, fraction, rows)``, which may raise ``Cancelled``
    :param is_whole: the scope is the whole network
    """

    def __init__(self, cr, pm_ids, nro_ids, epsg, codes, report, is_whole=False):
        self.cr = cr
        self.pm_ids, self.nro_ids = list(pm_ids), list(nro_ids)
        self.projection = Projection(epsg)
        self.work = Work(cr)
        self.codes = Codes(self.work, **codes)
        self.network_id = codes["network_id"]
        self.report = report
        self.is_whole = is_whole
        self.counts = {}
        self._part, self._written = 0.0, 0
        #: objects without a place, not even that of their PM or NRO
        self.unplaced = 0
        #: (table, rows) received in the other generation, without a place in this one
        self.left_out = []
        self._named = {}

    def run(self, writer):
        """Write all tables of the writer's generation; return {table: rows}.

        :raises RangeUsedUp: the range of codes is too small
        """
        self.report("prepare", 0, 0)
        scope.make(self.work, self.pm_ids, self.nro_ids)
        self.report("prepare", 0.3, 0)
        received = Received(
            self.work, self.network_id, writer.generation, self.is_whole
        )
        received.take()
        self.report("prepare", 0.5, 0)
        subjects.make(self.work, writer.generation)
        received.tell()
        self.report("prepare", 0.7, 0)
        subjects.give_codes(self.codes, writer.generation)
        self.left_out = foreign.left_out(received)
        self._named = foreign.given_codes(received)
        self.report("prepare", 1, 0)
        models = sorted(CODES["l_bp_type_phy"][writer.generation])
        self._write_tables(writer, queries(writer.generation, models))
        for name, layout in received.others.items():
            rows = OtherRows(self.cr, name, layout)
            found = rows.rows(self._fetched)
            self.counts[name] = writer.put_other(name, rows.layout, found)
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
            query = found.get(TABLES[table].patch_of or table)
            self.counts[table] = self._write_table(writer, table, query)

    def _write_table(self, writer, table, query):
        """Write the rows of a table, which are read in pages."""
        rows = TableRows(self.work, table, writer.generation)
        self.cr.execute(
            SQL("DECLARE %s NO SCROLL CURSOR FOR %s", _CURSOR, rows.query(query))
        )
        self.cr.execute(SQL("FETCH 0 FROM %s", _CURSOR))
        merger = RowMerger(
            table,
            writer.generation,
            [column[0] for column in self.cr.description],
            rows.unknown,
            self.projection,
            self._named,
        )
        found = (merged for row in self._fetched() if (merged := merger.merge(row)))
        count = writer.put(table, merger.names, found, rows.unknown)
        self.cr.execute(SQL("CLOSE %s", _CURSOR))
        return count

    def _fetched(self):
        while True:
            self.cr.execute(SQL("FETCH %s FROM %s", _PAGE, _CURSOR))
            page = self.cr.fetchall()
            yield from page
            if len(page) < _PAGE:
                return
            self._tell(len(page))

    def _tell(self, more=0):
        self._written += more
        self.report("write", self._part, self._written)

    def _count_unplaced(self):
        self.cr.execute("SELECT count(*) FROM gx_node WHERE lon IS NULL OR lat IS NULL")
        [self.unplaced] = self.cr.fetchone()
