from odoo import api, fields, models
from odoo.tools import SQL

from ...geo.grid import per_degree

# Degrees, some 100 metres: a commune that moves by less stays where it is
_STEP = 0.001


class Commune(models.Model):
    """Place of a commune on the map: that of its buildings, else of its PMs."""

    _inherit = "oiconnect.commune"

    latitude = fields.Float(readonly=True, aggregator=None)
    longitude = fields.Float(readonly=True, aggregator=None)
    map_weight = fields.Integer(
        "Objects on the map", readonly=True, help="Buildings, else PMs, with a place"
    )

    # Names of a viewport: latitude between a and b and longitude between c and d
    _place_idx = models.Index("(latitude, longitude) WHERE latitude <> 0")

    @api.model
    def _cron_locate(self):
        self._locate()

    @api.model
    def _locate(self):
        """Put each commune where its objects are on average; no write if it stays."""
        for name in ("oiconnect.building", "oiconnect.pm"):
            self.env[name].flush_model(["commune_id", "latitude", "longitude"])
        self.env.cr.execute(_LOCATION)
        self.invalidate_model(["latitude", "longitude", "map_weight"])


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


_LOCATION = SQL(
    """
    WITH place AS (
        SELECT commune_id, avg(latitude) AS latitude, avg(longitude) AS longitude,
               count(*) AS weight
          FROM oiconnect_building
         WHERE latitude <> 0 AND commune_id IS NOT NULL GROUP BY commune_id
    ), other AS (
        SELECT commune_id, avg(latitude) AS latitude, avg(longitude) AS longitude,
               count(*) AS weight
          FROM oiconnect_pm
         WHERE latitude <> 0 AND commune_id IS NOT NULL
           AND commune_id NOT IN (SELECT commune_id FROM place)
         GROUP BY commune_id
    ), found AS (SELECT * FROM place UNION ALL SELECT * FROM other)
    UPDATE oiconnect_commune AS commune
       SET latitude = found.latitude, longitude = found.longitude,
           map_weight = found.weight
      FROM found
     WHERE found.commune_id = commune.id
       AND (commune.latitude IS NULL
            OR abs(commune.latitude - found.latitude) > %(step)s
            OR abs(commune.longitude - found.longitude) > %(step)s
            OR commune.map_weight IS DISTINCT FROM found.weight)
    """,
    step=_STEP,
)
