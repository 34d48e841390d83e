"""One run of a delivery: read, stage, check, then bring it to the network."""

from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import expect_many_rows
from odoo.addons.oiconnect_base.time_zone import local_today

from ..apply import Application, ApplyRun, RowRefused
from ..apply.base import Base
from ..apply.rows import other_rows
from ..checks import CheckRun, locate
from ..reading import Limits, open_delivery
from ..reading.others import NOTE
from ..reading.projection import LAMBERT_93
from .choices import examples, resolved
from .errors import DeliveryLog
from .hanging import Hanging
from .others import OtherTables
from .refusals import Refusals
from .staging import DeliveryStage

#: the most names of zones that are listed
_ZONES = 50
#: problems of a file that cost nothing when it has no rows
_OF_ROWS = (
    *("other_version", "no_shp"),
    *("no_projection_file", "unknown_projection"),
    *("bad_projection", "other_projection"),
)


def prepare(cr):
    """Let this transaction join millions of rows: within memory, by several processes.

    Even where one alone writes what they find.
    """
    expect_many_rows(cr)
    cr.execute("SET LOCAL parallel_tuple_cost = 0.01")


class DeliveryOutcome(NamedTuple):
    """Outcome of a delivery: its version and contents, and what it changed."""

    line_count: int
    error_line_count: int
    encoding: bool
    counts: list
    version: str
    epsg: int
    scope: str
    tables: list
    #: errors forbid that anything of it is applied
    is_blocked: bool
    #: what each column that may carry a reference holds
    choices: dict


class DeliveryWork:
    """One run: read, stage, check, apply; who calls undoes what was to be looked at.

    :param record: the ``oiconnect.import``
    :param levels: {number of a check: level}
    :param due: {generation: [(table, column, level)]}
    :param report: ``report(step, fraction, lines)``, which may raise ``Cancelled``
    """

    #: a delivery completes a network as it founds one
    founded_by = ()

    def __init__(self, record, levels, due, report):
        self.record = record
        self.cr = record.env.cr
        self.levels = levels
        self.due = due
        self.report = report
        self.stage = DeliveryStage(self.cr, f"oiconnect_gracethd_{record.id}")
        self.others = OtherTables(self.cr, self.stage.name)
        self.log = DeliveryLog(record, self.stage, levels)
        self.base = Base(self.cr, self.stage.name)
        #: what outlives the tables of an application
        self.memory = Base(self.cr, self.stage.name)
        #: field of the import → what each of its choices would give
        self.previews = {}

    def run(self, raw, limits):
        """Bring the delivery in ``raw`` to the network; return its ``DeliveryOutcome``.

        :raises FileError: nothing of it can be read
        """
        prepare(self.cr)
        limits = Limits(size=limits.size, ratio=limits.ratio)
        with open_delivery(raw, limits, self.record.file_name or "") as found:
            self.stage.create()
            # Its size in rows is not known before: half of the bar is for reading.
            self.stage.load(
                found, self.log, lambda rows: self.report("read", 0.5, rows)
            )
            self._load_others(found)
            self._report_files(found)
            self.log.flush()
            self._check(found)
            outcome = self._outcome(found)
            self.record._keep_findings(outcome)
            counts = []
            if not outcome.is_blocked:
                counts = self._apply(found, outcome)
            scope = self._scope()
            self._drop()
            return outcome._replace(
                counts=counts, scope=scope, choices=outcome.choices | self.previews
            )

    def _load_others(self, delivery):
        """Stage the tables that the standard does not know; tell what they replace."""
        known = self.stage.row_count
        self.others.create()
        self.others.load(
            delivery, self.log, lambda rows: self.report("read", 0.5, known + rows)
        )
        self.cr.execute(
            SQL(
                """SELECT r.table_name, count(*) FROM (%s) r
                     JOIN oiconnect_gracethd_object o ON o.network_id = %s
                          AND o.table_name = r.table_name AND o.code = r.code
                    WHERE o.cells <> r.cells GROUP BY 1""",
                other_rows(self.others),
                self.record.network_id.id,
            )
        )
        for name, count in self.cr.fetchall():
            file = delivery.others[name]
            problem = file.problem("other_replaced", count=count)
            self.log.problem(problem._replace(level=NOTE))

    def _report_files(self, delivery):
        """Report what is wrong with the files: a note of those that have no rows."""
        for problem in delivery.problems:
            is_empty = self.stage.counts.get(problem.table) == 0
            if is_empty and problem.key in _OF_ROWS:
                problem = problem._replace(level=NOTE)
            self.log.problem(problem)

    def _check(self, delivery):
        rows = self.stage.row_count
        run = CheckRun(
            self.stage,
            self.log,
            delivery.generation,
            self.due[delivery.generation],
            self.base,
        )
        run.execute(lambda done, total: self.report("check", done / total, rows))
        locate(run)
        run.close()
        self.log.locate(delivery.epsg)
        self.report("check", 1, rows)

    def _is_blocked(self):
        """Tell whether errors forbid to apply: those that block, and on demand all."""
        levels = ["1", "2"] if self.record._is_all_or_nothing() else ["1"]
        self.cr.execute(
            SQL(
                """SELECT EXISTS (SELECT FROM oiconnect_import_error
                    WHERE import_id = %s AND level = ANY(%s))""",
                self.record.id,
                levels,
            )
        )
        return self.cr.fetchone()[0]

    def _apply(self, delivery, outcome):
        """Bring the rows without error to the network; return the counts."""
        env, record = self.record.env, self.record
        rows = self.stage.row_count
        voided, hanging = self._leave_out_refused()
        # Findings say now which rows are left out
        record._keep_findings(outcome)
        run = ApplyRun(
            head={
                "network_id": record.network_id.id,
                "company_id": record.network_id.company_id.id,
                "user_id": env.uid,
                "date": fields.Datetime.now(),
                "reason": record.file_name,
                "batch": record._batch(),
            },
            import_id=record.id,
            generation=delivery.generation,
            epsg=delivery.epsg or LAMBERT_93,
            settings=resolved(
                record._apply_settings(), outcome.choices, record._choice_fields()
            ),
            address_sql=env["oiconnect.building"]._address_sql,
            tracked=lambda model: env[model]._tracked_fields,
            dated=lambda model: "last_change_date" in env[model]._fields,
            today=local_today(),
            keep_outlines=record._keep_outlines,
            is_check=record.dry_run,
            voided=voided,
            hanging=hanging,
            report=lambda fraction: self.report("merge", fraction, rows),
        )
        work = Application(
            self.base,
            delivery.epsg or LAMBERT_93,
            run,
            self.log.leave_out,
            self.others,
        )
        try:
            counts = work.execute(list(self.stage.files))
        except RowRefused as error:
            error.file = self.stage.files.get(error.table, error.table)
            raise
        self.previews = work.previews
        env["oiconnect.map.delta"]._after_bulk()
        env.invalidate_all()
        return counts

    def _leave_out_refused(self):
        """Leave out what is refused; return the voided cells, and what hangs on rows.

        The latter is none when no row goes that others may hang on.
        """
        refusals = Refusals(self.memory, self.stage, self.record.id)
        hanging = None
        if refusals.void_cells() + refusals.drop_unknown():
            self.base.drop_all()
        self.stage.index()
        if refusals.has_rows():
            hanging = Hanging(self.base, self.memory)
            hanging.remember()
            refusals.drop_rows()
        return refusals.voided, hanging

    def _outcome(self, delivery):
        """Return what the check found; nothing is applied yet."""
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
        tables += [
            {
                "table_name": name,
                "file": file,
                "row_count": self.others.counts[name],
                "encoding": delivery.others[name].encoding,
                "is_kept_as_is": True,
            }
            for name, file in self.others.files.items()
        ]
        return DeliveryOutcome(
            self.stage.row_count,
            self.log.bad_row_count(),
            False,
            [],
            delivery.version,
            delivery.epsg,
            self._scope(),
            tables,
            self._is_blocked(),
            examples(self.stage),
        )

    def _drop(self):
        self.base.drop_all()
        self.memory.drop_all()
        self.stage.drop()
        self.others.drop()

    def _scope(self):
        """Return the NROs and PMs of the zones: "NRO: …", "PM: …"."""
        lines = []
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
                lines.append(f"{label}: {', '.join(found[:_ZONES])}{more}")
        return "\n".join(lines)
