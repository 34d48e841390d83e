"""Import of an IPE file: its lots and PMs, then its managers and buildings."""

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk import conditions
from odoo.addons.oiconnect_import.bulk.merge import Counts, Merge
from odoo.addons.oiconnect_import.bulk.target import Relation, Target
from odoo.addons.oiconnect_import.bulk.work import BulkImport
from odoo.addons.oiconnect_infra.models.inventory.manager import COLUMNS as MANAGER

from . import ipe_rules
from .moves import check_moves

#: lines of a file that are compared with the network all together
MANY = 10_000
_MODELS = {"building": "oiconnect.building", "pm": "oiconnect.pm"}


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

    preserved = ("identifier", "dedicated_fibre_free")
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
        self.network = network
        if "building.manager_name" in stage:
            self.values["manager_id"] = SQL("manager.id")

    def _same(self, name, stored, value):
        """A line is dated for its PM too: it may be later than its building."""
        if name != "last_change_date":
            return super()._same(name, stored, value)
        return SQL(
            "(SELECT GREATEST(%s, last_change_date) FROM oiconnect_pm "
            "WHERE id = t.pm_id) = %s",
            stored,
            value,
        )

    def settle(self):
        """Also take stock of the managers, that several columns name."""
        self.managers = self.stage.side(
            "managers",
            SQL(
                "SELECT id, %s AS key FROM oiconnect_manager t WHERE network_id = %s",
                self.env["oiconnect.manager"]._key_of("t"),
                self.network.id,
            ),
        )
        return super().settle()

    def joins(self):
        return SQL(
            "%s LEFT JOIN %s manager ON manager.key = %s",
            super().joins(),
            self.managers,
            _manager_key(self.env, self.stage),
        )


def _manager_key(env, stage):
    """Return the SQL of what a line says of the manager, NULL if nothing."""
    cells = [
        stage.cell(f"building.manager_{name}")
        for name in ("siret", "name", "postal_code")
    ]
    key = env["oiconnect.manager"]._key_sql(*cells)
    return SQL("CASE WHEN %s IS NOT NULL THEN %s END", cells[1], key)


class IpeImport(BulkImport):
    """Lots, PMs, managers and buildings, one building for each line."""

    flow = "IPE"
    models = _MODELS
    founded_by = ("oiconnect.building", "oiconnect.pm")

    def __init__(self, *args):
        super().__init__(*args)
        self.rules = ipe_rules.IpeRules(self.network)
        self.row_rules = self.rules.by_row
        self.same_columns = self.rules.same_columns

    # -- checks -----------------------------------------------------------------------

    def _check_keys(self):
        ipe_rules.check_keys(self.stage, self.log, self.network)

    def _rule_values(self):
        values = super()._rule_values()
        values["expected_building_oi_code"] = SQL("%s", self.network.oi_code)
        changed = self.stage.columns.get("building.last_change_date")
        if changed:
            # The line is dated for all that it tells, its PM too.
            date = conditions.typed(changed, self.stage.cell(changed.field))
            values["pm_last_change_date"] = SQL("COALESCE(%s, %s)", date, values["day"])
        return values

    # -- merges -----------------------------------------------------------------------

    def _merge(self):
        self._merge_lots()
        self._merge_managers()
        return [self._merge_pms(), self._merge_buildings()]

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

    def _merge_pms(self):
        if "pm.reference" not in self.stage:
            return Counts(_MODELS["pm"], 0, 0, 0)
        reference = self.stage.cell("pm.reference")
        changed = self.stage.cell("building.last_change_date")
        firsts = self.stage.side(
            "firsts",
            SQL(
                """SELECT min(s.line) AS line, %s AS key, min(%s) AS changed
                     FROM %s s WHERE %s IS NOT NULL GROUP BY 2""",
                reference,
                changed,
                self.stage.table,
                reference,
            ),
        )
        target = PmTarget(self.env, self.stage, self.network, firsts)
        return self._merge_firsts(
            target,
            firsts,
            SQL("t.reference"),
            self._merging(0, 0.05),
            lambda work: check_moves(target, work, self.log, self.rules.moves),
        )

    def _merge_buildings(self):
        if self.stage.line_count > MANY:
            # After a check nothing tells the planner that its rows are gone: it would
            # look at all of them for each line.
            self.cr.execute("SET LOCAL enable_nestloop = off")
        merge = Merge(
            BuildingTarget(self.env, self.stage, self.network),
            self.by,
            SQL("SELECT line FROM %s", self.stage.table),
            self._known_buildings(),
        )
        return merge.execute(
            self._merging(0.05, 1),
            lambda work: check_moves(merge.target, work, self.log, self.rules.moves),
        )

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

    # -- what left the file -----------------------------------------------------------

    def _seen_keys(self):
        columns = ("identifier", "address_code", "building_name")
        return SQL(
            "SELECT %s AS identifier, %s AS address, COALESCE(%s, '') AS name, "
            "%s AS pm FROM %s s",
            *(self.stage.cell(f"building.{name}") for name in columns),
            self.stage.cell("pm.reference"),
            self.stage.table,
        )

    def _remove(self, counts):
        pms, buildings = counts
        buildings = self._abandoned(
            buildings, self._gone_buildings(), BuildingTarget.reference
        )
        if "pm.reference" in self.stage:
            pms = self._abandoned(pms, self._gone_pms())
        return [pms, buildings]

    def _gone_buildings(self):
        """A building that the file cannot name has not left it.

        One without key, or behind a PM that was abandoned, which takes it along.
        """
        keys = [field for field in ipe_rules.KEYS if field in self.stage]
        return SQL(
            """COALESCE(%(keys)s) IS NOT NULL
               AND NOT EXISTS (SELECT FROM oiconnect_pm pm
                                WHERE pm.id = t.pm_id AND pm.state = 'abandoned')
               AND NOT EXISTS (SELECT FROM %(seen)s s WHERE s.identifier = t.identifier)
               AND NOT EXISTS (
                   SELECT FROM %(seen)s s WHERE s.address = t.address_code
                      AND s.name = COALESCE(t.building_name, '')
                      AND (s.identifier IS NULL OR t.identifier IS NULL))""",
            keys=SQL(", ").join(
                SQL.identifier("t", key.removeprefix("building.")) for key in keys
            ),
            seen=self.seen,
        )

    def _gone_pms(self):
        """A PM is named by the lines of its buildings: one without any has not left."""
        return SQL(
            """NOT EXISTS (SELECT FROM %s s WHERE s.pm = t.reference)
               AND EXISTS (SELECT FROM oiconnect_building b WHERE b.pm_id = t.id)
               AND NOT (t.state = 'planned' AND %s)""",
            self.seen,
            self.format.version in ipe_rules.WITHOUT_PLANNED_PM,
        )
