"""Import of an IPE file: its lots and PMs, then its managers and buildings."""

from dataclasses import replace
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.models.manager import COLUMNS as MANAGER

from ..protocol import CsvReader
from . import conditions, ipe_rules
from .errors import ErrorLog, Problem
from .format_check import check_format
from .merge import Counts, Merge, Run
from .moves import check_moves
from .rules import RuleCheck, check_same_columns
from .staging import Stage
from .target import Relation, Target, tightened

_MODELS = {"building": "oiconnect.building", "pm": "oiconnect.pm"}


class Outcome(NamedTuple):
    """What an import did."""

    line_count: int
    error_line_count: int
    encoding: str
    counts: list


class LotTarget(Target):
    """Lots: the references that PMs give."""

    def __init__(self, env, stage):
        shared = {"reference": "pm.lot_reference"}
        super().__init__(env, stage, "lot", "oiconnect.lot", shared)


class ManagerTarget(Target):
    """Managers: the first line of each."""

    reference = ("name",)

    def __init__(self, env, stage):
        shared = {name: f"building.{column}" for column, name in MANAGER.items()}
        super().__init__(env, stage, "manager", "oiconnect.manager", shared)


class PmTarget(Target):
    """PMs: the first line of each; the date is the earliest of its lines.

    Each line dates the last change of any of its columns: a PM has not changed after
    the oldest of them.
    """

    constants = {"authorisation": "open", "state": "planned"}
    silent = ("last_change_date",)

    def __init__(self, env, stage, network, firsts):
        on_network = SQL("lot.network_id = %s", network.id)
        super().__init__(
            env,
            stage,
            "pm",
            _MODELS["pm"],
            {"projection": "building.projection"},
            {
                "pm.lot_reference": Relation(
                    "lot_id", "oiconnect_lot", "reference", "lot", on_network
                )
            },
        )
        self.firsts = firsts
        if "building.last_change_date" in stage:
            self.values["last_change_date"] = SQL("f.changed::date")

    def joins(self):
        return SQL("%s JOIN %s f ON f.line = s.line", super().joins(), self.firsts)


class BuildingTarget(Target):
    """Buildings: one for each line."""

    kept = ("identifier",)
    reference = ("identifier", "address", "address_code")

    def __init__(self, env, stage, network):
        on_network = SQL("pm.network_id = %s", network.id)
        super().__init__(
            env,
            stage,
            "building",
            _MODELS["building"],
            relations={
                "pm.reference": Relation(
                    "pm_id", "oiconnect_pm", "reference", "pm", on_network
                ),
                "building.pbo_type": Relation(
                    "pbo_type_id", "oiconnect_pbo_type", "code", "pbo_type"
                ),
                "building.connection_type": Relation(
                    "connection_type_id",
                    "oiconnect_pbo_connection_type",
                    "code",
                    "path",
                ),
            },
        )
        self.manager = _manager_key(env, stage), network.id
        if "building.manager_name" in stage:
            self.values["manager_id"] = SQL("manager.id")

    def joins(self):
        """Also join the manager, that several columns name."""
        key, network_id = self.manager
        own_key = self.env["oiconnect.manager"]._key_of("manager")
        return SQL(
            "%s LEFT JOIN oiconnect_manager manager ON %s = %s "
            "AND manager.network_id = %s",
            super().joins(),
            own_key,
            key,
            network_id,
        )


def _manager_key(env, stage):
    """Return the SQL of what a line says of the manager, NULL if nothing."""
    cells = [
        stage.cell(f"building.manager_{name}")
        for name in ("siret", "name", "postal_code")
    ]
    key = env["oiconnect.manager"]._key_sql(*cells)
    return SQL("CASE WHEN %s IS NOT NULL THEN %s END", cells[1], key)


class IpeImport:
    """One run: read, check, merge.

    :param record: the ``oiconnect.import``
    :param report: ``report(step, fraction, lines)``, which may raise ``Cancelled``
    """

    flow = "IPE"

    def __init__(self, record, file_format, file_date, report):
        self.record = record
        self.env = record.env
        self.cr = record.env.cr
        self.network = record.network_id
        self.format = replace(
            file_format, columns=tightened(record.env, file_format, _MODELS)
        )
        self.file_date = file_date
        self.report = report
        self.log = ErrorLog(record)
        self.rules = ipe_rules.IpeRules(self.network)

    def run(self, source):
        self.cr.execute("SET LOCAL work_mem = '128MB'")
        reader = CsvReader(source, separator=self.format.separator)
        self.stage = Stage(
            self.cr, f"oiconnect_stage_{self.record.id}", self.format, reader.header
        )
        self.stage.create()
        self.stage.load(
            reader, lambda lines: self.report("read", source.fraction, lines)
        )
        self.stage.index()
        self._log_warnings(reader)
        self._check()
        self._merge_lots()
        self._merge_managers()
        counts = [self._merge_pms(), self._merge_buildings()]
        errors = self._count_left_out()
        self.stage.drop()
        self.env["oiconnect.map.delta"]._after_bulk()
        self.env.invalidate_all()
        return Outcome(self.stage.line_count, errors, reader.encoding, counts)

    def _log_warnings(self, reader):
        for warning in reader.warnings:
            self.log.add(Problem.of(warning, "warning"))
        self.log.flush()

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
        RuleCheck(self.stage, self.log, self._rule_values()).run(self.rules.by_row)
        ipe_rules.check_keys(self.stage, self.log, self.network)
        self.stage.remove(self.log.bad_lines())
        for rule in self.rules.same_columns:
            check_same_columns(self.stage, self.log, rule)
        self.stage.remove(self.log.bad_lines())
        self.report("check", 1, self.stage.line_count)

    def _rule_values(self):
        values = {
            "version": SQL("%s", self.format.version),
            "day": SQL("%s::date", self.file_date),
            "expected_building_oi_code": SQL("%s", self.network.oi_code),
        }
        changed = self.stage.columns.get("building.last_change_date")
        if changed:
            # The line is dated for all that it tells, its PM too.
            date = conditions.typed(changed, self.stage.cell(changed.field))
            values["pm_last_change_date"] = SQL("COALESCE(%s, %s)", date, values["day"])
        return values

    def _count_left_out(self):
        lines = self.log.bad_lines()
        self.cr.execute(SQL("SELECT count(*) FROM (%s) AS r", lines))
        return self.cr.fetchone()[0]

    # -- merges -----------------------------------------------------------------------

    def _run(self):
        return Run(
            network=self.network,
            user_id=self.env.uid,
            date=fields.Datetime.now(),
            reason=self.record.file_name,
            batch=self.record._batch(),
        )

    def _merge_lots(self):
        if "pm.lot_reference" in self.stage:
            key = self.stage.cell("pm.lot_reference")
            own_key = SQL("t.reference")
            self._merge_named(LotTarget(self.env, self.stage), key, own_key)

    def _merge_managers(self):
        if "building.manager_name" in self.stage:
            key = _manager_key(self.env, self.stage)
            own_key = self.env["oiconnect.manager"]._key_of("t")
            self._merge_named(ManagerTarget(self.env, self.stage), key, own_key)

    def _merge_named(self, target, key, own_key):
        """Merge the first line of each record that the lines name by ``key``."""
        firsts = self.stage.side(
            f"{target.model._table}_firsts",
            SQL(
                """SELECT min(s.line) AS line, %s AS key FROM %s s
                    WHERE %s IS NOT NULL GROUP BY 2""",
                key,
                self.stage.table,
                key,
            ),
        )
        known = SQL(
            "SELECT f.line, t.id FROM %s f JOIN %s t ON %s = f.key "
            "AND t.network_id = %s",
            firsts,
            target.table,
            own_key,
            self.network.id,
        )
        lines = SQL("SELECT line FROM %s", firsts)
        Merge(target, self._run(), lines, known).execute(lambda done, total: None)

    def _merge_pms(self):
        if "pm.reference" not in self.stage:
            return Counts(_MODELS["pm"], 0, 0, 0)
        reference = self.stage.cell("pm.reference")
        changed = self.stage.cell("building.last_change_date")
        firsts = self.stage.side(
            "firsts",
            SQL(
                """SELECT min(s.line) AS line, %s AS reference, min(%s) AS changed
                     FROM %s s WHERE %s IS NOT NULL GROUP BY 2""",
                reference,
                changed,
                self.stage.table,
                reference,
            ),
        )
        merge = Merge(
            PmTarget(self.env, self.stage, self.network, firsts),
            self._run(),
            SQL("SELECT line FROM %s", firsts),
            self._known_pms(firsts),
        )
        return merge.execute(
            lambda done, total: self._merging(0, 0.05, done, total),
            lambda work: check_moves(merge.target, work, self.log, self.rules.moves),
        )

    def _known_pms(self, firsts):
        return SQL(
            "SELECT f.line, t.id FROM %s f JOIN oiconnect_pm t "
            "ON t.reference = f.reference AND t.network_id = %s",
            firsts,
            self.network.id,
        )

    def _merge_buildings(self):
        merge = Merge(
            BuildingTarget(self.env, self.stage, self.network),
            self._run(),
            SQL("SELECT line FROM %s", self.stage.table),
            self._known_buildings(),
        )
        return merge.execute(
            lambda done, total: self._merging(0.05, 1, done, total),
            lambda work: check_moves(merge.target, work, self.log, self.rules.moves),
        )

    def _merging(self, low, high, done, total):
        self.report("merge", low + (high - low) * done / max(total, 1), done)

    def _known_buildings(self):
        """Buildings that the lines tell: by identifier, else by address.

        By address: a line without identifier is the building of its address code and
        building name; a line with a new identifier names the building that had none.
        """
        return SQL(
            """WITH named AS (
                   SELECT s.line, t.id FROM %(stage)s s
                     JOIN oiconnect_building t ON t.identifier = %(identifier)s
                          AND t.network_id = %(network)s),
               unnamed AS (
                   SELECT s.line, %(identifier)s AS identifier, %(address)s AS address,
                          COALESCE(%(name)s, '') AS name
                     FROM %(stage)s s
                    WHERE NOT EXISTS (SELECT FROM named n WHERE n.line = s.line)),
               placed AS (
                   SELECT DISTINCT ON (u.line) u.line, t.id, u.identifier
                     FROM unnamed u
                     JOIN oiconnect_building t ON t.address_code = u.address
                          AND COALESCE(t.building_name, '') = u.name
                          AND t.network_id = %(network)s
                    WHERE (t.identifier IS NULL OR u.identifier IS NULL)
                          AND NOT EXISTS (SELECT FROM named n WHERE n.id = t.id)
                    ORDER BY u.line, t.identifier NULLS FIRST)
               SELECT line, id FROM named UNION ALL
               (SELECT DISTINCT ON (id) line, id FROM placed
                 ORDER BY id, identifier NULLS FIRST, line)""",
            stage=self.stage.table,
            identifier=self.stage.cell("building.identifier"),
            address=self.stage.cell("building.address_code"),
            name=self.stage.cell("building.building_name"),
            network=self.network.id,
        )
