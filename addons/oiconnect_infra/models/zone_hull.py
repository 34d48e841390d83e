import json

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..geo import zone as geo

BATCH = 200


class ZoneHull(models.Model):
    """Zones that follow the buildings of their PMs."""

    _inherit = "oiconnect.zone"

    @api.model
    def _cron_follow_buildings(self):
        """Refresh the zones of all PMs that have none of their own."""
        pms = self.env["oiconnect.pm"].search(
            ["|", ("zone_ids", "=", False), ("zone_ids.source", "=", "hull")]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(pms))
        for ids in split_every(BATCH, pms.ids):
            self._follow_buildings(ids)
            if not cron._commit_progress(len(ids)):
                break

    @api.model
    def _follow_buildings(self, pm_ids):
        """Put the zones of PMs around their buildings, unless drawn or imported.

        Nothing is written where nothing moved; without buildings there is no zone.
        """
        zones = self.search([("pm_id", "in", pm_ids)])
        known = {zone.pm_id.id: zone for zone in zones}
        hulls = self._hulls(
            pm for pm in pm_ids if pm not in known or known[pm].source == "hull"
        )
        zones.filtered(
            lambda z: z.source == "hull" and z.pm_id.id not in hulls
        ).unlink()
        for pm in hulls.keys() & known.keys():
            if known[pm].geometry != hulls[pm]:
                known[pm].geometry = hulls[pm]
        self.create(
            [
                {"pm_id": pm, "geometry": hulls[pm], "source": "hull"}
                for pm in hulls.keys() - known.keys()
            ]
        )

    @api.model
    def _hulls(self, pm_ids):
        """Return ``{PM id: GeoJSON geometry}`` around the buildings of PMs."""
        self.env["oiconnect.building"].flush_model(["pm_id", "latitude", "longitude"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pm_id, array_agg(longitude ORDER BY id),
                       array_agg(latitude ORDER BY id)
                  FROM oiconnect_building
                 WHERE pm_id = ANY(%s) AND latitude <> 0 GROUP BY pm_id
                """,
                list(pm_ids),
            )
        )
        return {pm: geo.as_geojson(geo.hull(*points)) for pm, *points in rows}

    # ------------------------------------------------------------------
    # Buildings outside
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _buildings_outside_zone(self, pm_ids=None, building_ids=None):
        """Return the ids of the buildings that are outside the zone of their PM.

        No right is checked. A zone that follows the buildings is as new as its last
        refresh: only what is far from it counts as outside.

        :param pm_ids: of these PMs only
        :param building_ids: among these only
        """
        return [building for building, _pm in self._outside_rows(pm_ids, building_ids)]

    @api.model
    def _outside_counts(self, pm_ids):
        counts = {}
        for _building, pm in self._outside_rows(pm_ids):
            counts[pm] = counts.get(pm, 0) + 1
        return counts

    @api.model
    def _outside_rows(self, pm_ids=None, building_ids=None):
        """Yield ``(building id, PM id)`` of the buildings that are outside.

        A box settles most in SQL; the others of a zone are tested all at once.
        """
        for name in ("oiconnect.building", "oiconnect.zone"):
            self.env[name].flush_model()
        rows = self.env.execute_query(_outside_query(pm_ids, building_ids))
        for pm, geometry, margin, away, ids, longitudes, latitudes in rows:
            yield from ((building, pm) for building in away or ())
            if ids:
                shape = geo.parsed(json.dumps(geometry))
                for rank in geo.outside(shape, longitudes, latitudes, margin):
                    yield ids[rank], pm


# Metres from a zone that follows the buildings, and their degrees anywhere in France
_FAR = 500
_FAR_DEGREES = 0.008


def _outside_query(pm_ids, building_ids):
    """Query of the zones: what is out of their boxes, and what is to be tested."""
    conditions = [SQL("b.latitude <> 0")]
    if pm_ids is not None:
        conditions.append(SQL("b.pm_id = ANY(%s)", list(pm_ids)))
    if building_ids is not None:
        conditions.append(SQL("b.id = ANY(%s)", list(building_ids)))
    return SQL(
        """
        SELECT pm_id, (SELECT geometry FROM oiconnect_zone z WHERE z.id = zone_id),
               margin,
               array_agg(id) FILTER (WHERE NOT in_box),
               array_agg(id) FILTER (WHERE in_box),
               array_agg(longitude) FILTER (WHERE in_box),
               array_agg(latitude) FILTER (WHERE in_box)
          FROM (
            SELECT z.pm_id, z.id AS zone_id, z.margin, b.id, b.longitude, b.latitude,
                   b.latitude BETWEEN z.south - z.more AND z.north + z.more
                   AND b.longitude BETWEEN z.west - z.more AND z.east + z.more AS in_box
              FROM (SELECT *, CASE source WHEN 'hull' THEN %(far)s ELSE 0 END AS margin,
                           CASE source WHEN 'hull' THEN %(more)s ELSE 0 END AS more
                      FROM oiconnect_zone) z
              JOIN oiconnect_building b ON b.pm_id = z.pm_id
             WHERE %(conditions)s) AS placed
         GROUP BY pm_id, zone_id, margin
        """,
        far=_FAR,
        more=_FAR_DEGREES,
        conditions=SQL(" AND ").join(conditions),
    )
