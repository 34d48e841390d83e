"""One run of an import of many lines, whatever it tells: read, check, merge."""

from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import expect_many_rows
from odoo.addons.oiconnect_base.time_zone import local_today

from ..protocol import CsvReader
from .errors import ErrorLog
from .format_check import check_format
from .merge import Merge, Run
from .removal import Removal
from .rules import RuleCheck, check_same_columns
from .staging import Stage
from .target import tightened


class Outcome(NamedTuple):
    """Outcome of an import."""

    line_count: int
    error_line_count: int
    encoding: str
    counts: list


class BulkImport:
    """One run: read, check, merge.

    :param record: the ``oiconnect.import``
    :param report: ``report(step, fraction, lines)``, which may raise ``Cancelled``
    """

    #: {prefix of the fields of its formats: model that they feed}
    models = {}
    #: rules between the columns of a line, and between lines
    row_rules = ()
    same_columns = ()
    #: models of the objects without which a network is empty, for this kind of file
    founded_by = ()

    def __init__(self, record, file_format, file_date, report):
        self.record = record
        self.env = record.env
        self.cr = record.env.cr
        self.network = record.network_id
        self.format = replace(
            file_format, columns=tightened(record.env, file_format, self.models)
        )
        self.file_date = file_date
        self.report = report
        self.log = ErrorLog(record, [column.name for column in self.format.columns])

    def run(self, source):
        expect_many_rows(self.cr)
        reader = self._read(source)
        self._check()
        # One error may prevent the import from applying anything.
        gives_up = self.record._is_all_or_nothing() and self._count_left_out()
        counts = [] if gives_up else self._merge()
        if counts and self.record.mode == "removal":
            counts = self._remove(counts)
        self.env["oiconnect.map.delta"]._after_bulk()
        errors = self._count_left_out()
        self.stage.drop()
        self.env.invalidate_all()
        return Outcome(self.stage.line_count, errors, reader.encoding, counts)

    def _read(self, source):
        reader = CsvReader(
            source,
            separator=self.format.separator,
            encoding=self.record._forced_encoding(),
        )
        self.stage = Stage(
            self.cr, f"oiconnect_stage_{self.record.id}", self.format, reader.header
        )
        self.stage.create()
        self.stage.load(
            reader, lambda lines: self.report("read", source.fraction, lines)
        )
        self.stage.index()
        self.log.is_short = self.stage.has_few_lines
        if self.record.mode == "removal":
            # What all lines name, those in error too: these have not left.
            self.seen = self.stage.side("seen", self._seen_keys())
        for warning in self._unknown_column_warnings(reader.header) + reader.warnings:
            self.log.add(warning, "warning")
        self.log.flush()
        return reader

    def _unknown_column_warnings(self, header):
        """Return the warnings about unknown columns, but for our own."""
        own = self.record._error_columns()
        return self.format.unknown_columns(name for name in header if name not in own)

    # -- checks -----------------------------------------------------------------------

    def _check(self):
        """Report all errors of the lines alone, leave out those that have some."""
        total = max(self.stage.line_count, 1)
        self.report("check", 0, 0)
        check_format(
            self.stage,
            self.format,
            self.log,
            lambda lines: self.report("check", lines / total / 2, lines),
        )
        self.report("check", 0.5, 0)
        RuleCheck(self.stage, self.log, self._rule_values()).run(self.row_rules)
        self._check_keys()
        self.stage.remove(self.log.bad_lines())
        for rule in self.same_columns:
            check_same_columns(self.stage, self.log, rule)
        self.stage.remove(self.log.bad_lines())
        self.report("check", 1, self.stage.line_count)

    def _rule_values(self):
        """Return what rules may use besides the columns of the file."""
        return {
            "version": SQL("%s", self.format.version),
            "day": SQL("%s::date", self.file_date),
        }

    def _check_keys(self):
        """Hook: report the lines that do not tell one object from the others."""

    def _count_left_out(self):
        lines = self.log.bad_lines()
        self.cr.execute(SQL("SELECT count(*) FROM (%s) AS r", lines))
        return self.cr.fetchone()[0]

    # -- merges -----------------------------------------------------------------------

    def _merge(self):
        """Bring the good lines to the network; return the ``Counts`` of its objects."""
        raise NotImplementedError

    @cached_property
    def by(self):
        """Return the author of the changes, their date and their reason."""
        return Run(
            network=self.network,
            user_id=self.env.uid,
            date=fields.Datetime.now(),
            reason=self.record.file_name,
            batch=self.record._batch(),
        )

    @cached_property
    def today(self):
        return local_today()

    def _merge_named(self, target, key, own_key):
        """Merge the first line of each record that the lines name by ``key``."""
        lines = SQL(
            """SELECT min(s.line) AS line, %s AS key FROM %s s
                WHERE %s IS NOT NULL GROUP BY 2""",
            key,
            self.stage.table,
            key,
        )
        firsts = self.stage.side(f"{target.model._table}_firsts", lines)
        return self._merge_firsts(target, firsts, own_key, lambda done, total: None)

    def _merge_firsts(self, target, firsts, own_key, tick, look=None):
        """Merge the lines of the table ``firsts``: line, key of the record it names."""
        known = SQL(
            "SELECT f.line, t.id FROM %s f JOIN %s t ON %s = f.key "
            "AND t.network_id = %s",
            firsts,
            target.table,
            own_key,
            self.network.id,
        )
        lines = SQL("SELECT line FROM %s", firsts)
        return Merge(target, self.by, lines, known).execute(tick, look)

    def _merging(self, low, high):
        """Return what reports the merges from their part ``low`` to ``high``."""
        return lambda done, total: self.report(
            "merge", low + (high - low) * done / max(total, 1), done
        )

    # -- what left the file -----------------------------------------------------------

    def _seen_keys(self):
        """Return the query of what the lines of the file name."""
        raise NotImplementedError

    def _remove(self, counts):
        """Abandon what left the file; return ``counts`` with how many there were."""
        raise NotImplementedError

    def _abandoned(self, counts, gone, reference=("reference",)):
        """Abandon objects of one model; return its ``counts`` with how many.

        :param gone: condition on the alias ``t``: the file does not tell the object
        """
        removal = Removal(
            self.env[counts.model],
            self.stage,
            self.by,
            gone,
            self.today,
            reference,
        )
        return removal.execute(counts, self._merging(0.99, 1))
