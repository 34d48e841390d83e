from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL, sql

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...geo import zone as geo

# A zone that follows the buildings is as new as its last refresh: what lies within
# this distance of it may be new, what is further is in the wrong place.
FOLLOWED_METRES = 500


class ZoneOutside(models.Model):
    """Buildings that are outside the zone of their PM."""

    _inherit = "oiconnect.zone"

    @api.model_create_multi
    def create(self, vals_list):
        zones = super().create(vals_list)
        zones._write_parts()
        return zones

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("geometry", "source", "pm_id")):
            self._write_parts()
        return result

    @api.private
    def _redraw(self):
        """Draw again zones that SQL gave other outlines, or removed."""
        self.invalidate_recordset()
        self.exists()._write_parts()

    def _write_parts(self):
        """Keep the rings of the zones beside them, for SQL."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("DELETE FROM oiconnect_zone_part WHERE zone_id = ANY(%s)", self.ids)
        )
        rows = [
            SQL(
                "(%s, %s, %s, %s::polygon)",
                zone.id,
                zone.pm_id.id,
                len(rings),
                _polygon(ring),
            )
            for zone in self
            for rings in [zone._rings()]
            for ring in rings
        ]
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO oiconnect_zone_part "
                    "(zone_id, pm_id, ring_count, ring) VALUES %s",
                    SQL(", ").join(rows),
                )
            )

    def _rings(self):
        shape = geo.parsed(self.geometry)
        if self.source == "hull":
            shape = geo.widened(shape, FOLLOWED_METRES)
        return geo.rings(shape)

    def action_view_outside(self):
        """Open the list of the buildings that are outside the zone of their PM."""
        self.check_access("read")
        outside = self._buildings_outside_zone(pm_ids=self.pm_id.ids)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_infra.building_action"
        )
        name = self.env._("Buildings outside their zone")
        domain = [("id", "in", outside)]
        return action | {"name": name, "domain": domain, "context": {}}

    # ------------------------------------------------------------------
    # Buildings
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _outside_sql(self, alias):
        """Return the condition that a building is outside the zone of its PM.

        A building without place is not, nor is one whose PM has no zone. An odd
        number of rings holds what is inside, whatever holes and parts a zone has: they
        are counted where there are several.

        :param alias: of the table of buildings
        """
        return SQL(
            """((%(t)s.latitude <> 0) IS TRUE AND EXISTS (
                SELECT FROM oiconnect_zone_part part
                 WHERE part.pm_id = %(t)s.pm_id AND CASE WHEN part.ring_count = 1
                  THEN NOT part.ring @> point(%(t)s.longitude, %(t)s.latitude)
                  ELSE (SELECT count(*) %% 2 = 0 FROM oiconnect_zone_part other
                         WHERE other.pm_id = %(t)s.pm_id AND other.ring
                               @> point(%(t)s.longitude, %(t)s.latitude)) END))""",
            t=SQL.identifier(alias),
        )

    @api.model
    @api.private
    def _buildings_outside_zone(self, pm_ids=None, building_ids=None):
        """Return the ids of the buildings that are outside the zone of their PM.

        No right is checked.

        :param pm_ids: of these PMs only
        :param building_ids: among these only
        """
        return [building for building, _pm in self._outside_rows(pm_ids, building_ids)]

    @api.model
    def _outside_counts(self, pm_ids):
        return Counter(pm for _building, pm in self._outside_rows(pm_ids))

    @api.model
    def _outside_rows(self, pm_ids=None, building_ids=None):
        """Return ``(building id, PM id)`` of the buildings that are outside."""
        self.env["oiconnect.building"].flush_model(["pm_id", "latitude", "longitude"])
        conditions = [self._outside_sql("building")]
        for column, ids in (("pm_id", pm_ids), ("id", building_ids)):
            if ids is not None:
                conditions.append(
                    SQL("%s = ANY(%s)", SQL.identifier("building", column), list(ids))
                )
        return self.env.execute_query(
            SQL(
                "SELECT id, pm_id FROM oiconnect_building AS building WHERE %s",
                SQL(" AND ").join(conditions),
            )
        )


class ZonePart(models.Model):
    """Ring of a zone as PostgreSQL's own polygon: what SQL tests points with.

    Written with the zone only, read by SQL only.
    """

    _name = "oiconnect.zone.part"
    _description = "Part of a rear zone"
    _log_access = False
    _order = "id"
    _event_fields = EVERY_FIELD

    zone_id = fields.Many2one(
        "oiconnect.zone", required=True, ondelete="cascade", index=True
    )
    pm_id = fields.Integer(required=True)
    # Of its zone, this one among them
    ring_count = fields.Integer("Rings")

    # Buildings outside: the parts of the zone of their PM: pm_id = x
    _pm_idx = models.Index("(pm_id)")

    def init(self):
        if not sql.column_exists(self.env.cr, self._table, "ring"):
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s ADD COLUMN ring polygon NOT NULL",
                    SQL.identifier(self._table),
                )
            )


def _polygon(ring):
    """Write a ring as PostgreSQL reads a polygon."""
    return "(" + ",".join(f"({x!r},{y!r})" for x, y in ring) + ")"
