import json

from odoo import api, models
from odoo.tools import SQL

from ..geo import zone as geo

MOST_ZONES = 150
# Of one answer; more of it and the zones are told, not drawn
MOST_BYTES = 40_000


class MapZone(models.AbstractModel):
    """Rear zones of the map, no more precise than a pixel."""

    _inherit = "oiconnect.map"

    @api.model
    def _add_zones(self, answer, wanted):
        """Add the zones that touch the viewport; return False if there are too many."""
        rows = self._zone_rows(self._zones_query(wanted))
        total = rows[0][-1] if rows else 0
        answer["totals"]["zone"] = total
        if total > MOST_ZONES:
            return False
        zones = [_drawn(*row[:-1], _pixel(wanted.zoom)) for row in rows]
        if len(json.dumps(zones)) > MOST_BYTES:
            return False
        answer["zones"] = zones
        return True

    @api.model
    def _zone_rows(self, query):
        """Return the zones, one more than the most at most; all have their number."""
        query.limit = MOST_ZONES + 1
        return self.env.execute_query(
            query.select(
                SQL("map_pm.id"),
                SQL("%s.geometry", SQL.identifier(query.table)),
                SQL("map_pm.reference"),
                SQL("count(*) OVER ()"),
            )
        )

    @api.model
    def _zones_query(self, wanted):
        model = self.env["oiconnect.zone"]
        model.flush_model()
        query = model._search(self._kind_domain("zone", wanted))
        zone = SQL.identifier(query.table)
        query.add_join(
            "JOIN", "map_pm", "oiconnect_pm", SQL("map_pm.id = %s.pm_id", zone)
        )
        south, west, north, east = wanted.box.bounds
        query.add_where(
            SQL(
                "%(z)s.north >= %(south)s AND %(z)s.south < %(north)s"
                " AND %(z)s.east >= %(west)s AND %(z)s.west < %(east)s",
                z=zone,
                south=south,
                north=north,
                west=west,
                east=east,
            )
        )
        return query

    @api.model
    @api.private
    def _save_zone(self, pm_id, geometry):
        """Keep a zone drawn on the map; return it as the map shows it."""
        zone = self.env["oiconnect.zone"]._save_drawn(pm_id, geometry)
        return [zone.pm_id.id, zone.geometry, zone.pm_id.reference] if zone else False


def _drawn(pm, geometry, label, tolerance):
    shape = geo.simplified(geo.parsed(geometry), tolerance)
    return [pm, geo.as_geojson(shape), label]


def _pixel(zoom):
    """Return the degrees of a pixel of the web map."""
    return 360 / 256 / 2**zoom
