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
