"""The check of one delivery: read, stage, check; nothing of the network is touched."""

from typing import NamedTuple

from odoo.tools import SQL

from ..checks import CheckRun, locate
from ..reading import Limits, open_delivery
from .errors import DeliveryLog
from .staging import DeliveryStage

#: names of zones that are told
_ZONES = 50


class DeliveryOutcome(NamedTuple):
    """What the check of a delivery found, besides its errors."""

    line_count: int
    error_line_count: int
    encoding: bool
    counts: list
    version: str
    epsg: int
    scope: str
    tables: list


class DeliveryCheck:
    """One run: read, stage, check.

    :param record: the ``oiconnect.import``
    :param levels: {number of a check: level}
    :param due: {generation: [(table, column, level)]}
    :param report: ``report(step, fraction, lines)``, which may raise ``Cancelled``
    """

    #: a delivery founds nothing yet
    founded_by = ()

    def __init__(self, record, levels, due, report):
        self.record = record
        self.cr = record.env.cr
        self.levels = levels
        self.due = due
        self.report = report
        self.stage = DeliveryStage(self.cr, f"oiconnect_gracethd_{record.id}")
        self.log = DeliveryLog(record, self.stage, levels)

    def run(self, raw, limits):
        """Check the delivery in ``raw``; return its ``DeliveryOutcome``.

        :raises FileError: nothing of it can be read
        """
        self.cr.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        with open_delivery(raw, Limits(size=limits.size, ratio=limits.ratio)) as found:
            self.stage.create()
            for problem in found.problems:
                self.log.problem(problem)
            # Its size in rows is not known before: half of the bar is for reading.
            self.stage.load(
                found, self.log, lambda rows: self.report("read", 0.5, rows)
            )
            self.log.flush()
            self._check(found)
            return self._outcome(found)

    def _check(self, delivery):
        rows = self.stage.row_count
        run = CheckRun(
            self.stage, self.log, delivery.generation, self.due[delivery.generation]
        )
        run.execute(lambda done, total: self.report("check", done / total, rows))
        locate(run)
        run.close()
        self.log.locate(delivery.epsg)
        self.report("check", 1, rows)

    def _outcome(self, delivery):
        tables = [
            {
                "table_name": name,
                "file": self.stage.files[name],
                "row_count": self.stage.counts[name],
                "encoding": self.stage.encodings[name],
                "unknown_columns": ", ".join(delivery.tables[name].unknown_columns),
            }
            for name in self.stage.files
        ]
        scope = self._scope()
        errors = self.log.bad_row_count()
        self.stage.drop()
        return DeliveryOutcome(
            self.stage.row_count,
            errors,
            False,
            [],
            delivery.version,
            delivery.epsg,
            scope,
            tables,
        )

    def _scope(self):
        """Return the NROs and PMs of the zones: "NRO: …", "PM: …"."""
        told = []
        for label, table, names in (
            ("NRO", "t_znro", ("zn_nroref", "zn_code")),
            ("PM", "t_zsro", ("zs_refpm", "zs_r3_code", "zs_code")),
        ):
            query = SQL(
                "SELECT DISTINCT COALESCE(%s) FROM %s ORDER BY 1 LIMIT %s",
                SQL(", ").join(map(SQL.identifier, names)),
                self.stage.table(table),
                _ZONES + 1,
            )
            self.cr.execute(query)
            found = [name for (name,) in self.cr.fetchall() if name]
            if found:
                more = ", …" if len(found) > _ZONES else ""
                told.append(f"{label}: {', '.join(found[:_ZONES])}{more}")
        return "\n".join(told)
