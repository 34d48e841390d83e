from odoo import api, models
from odoo.tools import SQL

from ..geo.grid import per_degree


class MapCommune(models.AbstractModel):
    """Names of communes, for the map without a background."""

    _inherit = "oiconnect.map"

    @api.model
    @api.private
    def _communes(self, bounds, zoom):
        """Return ``[latitude, longitude, name]`` of the biggest commune of each cell.

        Two cells wide: a name needs some 100 pixels.
        """
        box = self._wanted(bounds, zoom, (), {}).box
        south, west, north, east = box.bounds
        self.env["oiconnect.commune"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (floor(latitude * %(number)s::float8),
                                    floor(longitude * %(number)s::float8))
                       round(latitude::numeric, 5)::float8,
                       round(longitude::numeric, 5)::float8, name
                  FROM oiconnect_commune
                 WHERE latitude <> 0 AND active
                   AND latitude >= %(south)s AND latitude < %(north)s
                   AND longitude >= %(west)s AND longitude < %(east)s
                 ORDER BY floor(latitude * %(number)s::float8),
                          floor(longitude * %(number)s::float8), map_weight DESC, id
                """,
                number=per_degree(box.level) / 2,
                south=south,
                north=north,
                west=west,
                east=east,
            )
        )
        return [list(row) for row in rows]
