"""Staging of the tables that the standard does not know: their rows as values."""

import io
import json
from itertools import islice

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk.staging import ESCAPES
from odoo.addons.oiconnect_import.protocol import FileError

from ..catalogue import TABLES
from ..reading import others
from ..reading.projection import is_known

_PAGE = 500


class OtherTables:
    """Rows of the tables of a delivery that are stored unchanged.

    :param name: beginning of the name of the staging table
    """

    def __init__(self, cr, name):
        self.cr = cr
        self.table = SQL.identifier(f"{name}_others")
        #: table → how it is written, ``TableFile.layout()`` with its projection
        self.layouts = {}
        #: table → its file, its rows
        self.files = {}
        self.counts = {}

    # pylint: disable-next=method-required-super
    def create(self):
        self.cr.execute(
            SQL(
                """CREATE UNLOGGED TABLE %s (tab text, line int, key text, extra jsonb,
                                             geom bytea)""",
                self.table,
            )
        )

    def drop(self):
        self.cr.execute(SQL("DROP TABLE %s", self.table))

    def load(self, delivery, log, tick):
        """Copy the rows of all such tables; ``tick(rows)`` is called as it goes."""
        for name, file in delivery.others.items():
            done = sum(self.counts.values())
            count = self._load_table(delivery, name, log, done, tick)
            if done + count > others.MAX_ROWS:
                self._refuse(file, log)
                continue
            self.files[name] = file.file
            self.counts[name] = count
            self._keep_layout(name, file)
        for name, file in delivery.tables.items():
            if delivery.generation not in TABLES[name].versions:
                self._keep_layout(name, file)
        self.cr.execute(SQL("ANALYZE %s", self.table))

    def _keep_layout(self, name, file):
        layout = file.layout()
        if "geometry" in layout and is_known(file.epsg):
            layout["epsg"] = int(file.epsg)
        self.layouts[name] = layout

    def _refuse(self, file, log):
        """Leave out a table with which the rows are too many."""
        self.cr.execute(SQL("DELETE FROM %s WHERE tab = %s", self.table, file.name))
        params = {"limit": others.MAX_ROWS}
        problem = file.problem("too_many_other_rows", **params)
        log.problem(problem._replace(level=others.TO_MEND))

    def _load_table(self, delivery, name, log, done, tick):
        """Copy rows, up to one too many; return how many they are."""
        file = delivery.others[name]
        rows = self._rows(delivery, file, log)
        count = 0
        while done + count <= others.MAX_ROWS:
            page = list(islice(rows, _PAGE))
            if not page:
                break
            self._copy(name, file, page)
            count += len(page)
            tick(done + count)
        return count

    def _rows(self, delivery, file, log):
        """Yield (line, cells) of the rows that can be read; tell the others."""
        try:
            for line, cells, problem in file.rows():
                if problem:
                    log.problem(problem)
                else:
                    yield line, cells
        except FileError as error:
            if delivery.is_over:
                raise
            log.problem(file.failure(error))

    def _copy(self, name, file, page):
        names = file.columns
        lines = []
        for line, cells in page:
            wkb = cells[len(names)] if file.has_geometry else None
            extra = {
                name: cell
                for name, cell in zip(names, cells, strict=False)
                if cell not in ("", None)
            }
            # What PostgreSQL refuses in jsonb is no character of a text.
            text = json.dumps(extra).replace("\\u0000", "")
            texts = [name, str(line), cells[0] if names else "", text]
            texts = [text.translate(ESCAPES) for text in texts]
            texts.append(rf"\\x{wkb.hex()}" if wkb else r"\N")
            lines.append("\t".join(texts) + "\n")
        command = SQL("COPY %s FROM STDIN", self.table)
        self.cr.copy_expert(
            self.cr.mogrify(command).decode(), io.StringIO("".join(lines))
        )
