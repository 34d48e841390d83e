from odoo import api, models
from odoo.tools import SQL

from .map_view import MODELS

# Objects of one answer; with more of them it has clusters.
LIMITS = {"prdm": 150, "pm": 250, "pbo": 400, "building": 800}
LABEL = 60
# What an object is called, the first that it has
_LABELS = {
    "prdm": ("reference",),
    "pm": ("reference",),
    "pbo": ("reference",),
    "building": ("identifier", "address", "address_code"),
}


class MapPoint(models.AbstractModel):
    """Objects of the map one by one, where they are few enough."""

    _inherit = "oiconnect.map"

    @api.model
    def _add_points(self, answer, kind, wanted):
        """Complete the answer with the objects of ``kind``, else with clusters."""
        clusters = self._clusters(kind, wanted)
        total = sum(cluster[2] for cluster in clusters)
        answer["totals"][kind] = total
        if self._shows_points(kind, total, wanted):
            answer["points"][kind] = self._points(kind, wanted) if total else []
        else:
            answer["clusters"] += clusters

    @api.model
    def _shows_points(self, kind, total, wanted):
        if total > LIMITS[kind]:
            return False
        return kind != "building" or wanted.zoom >= self._building_zoom()

    @api.model
    def _points(self, kind, wanted):
        """Return ``[id, latitude, longitude, state, label]`` for each object."""
        query, alias = self._boxed_query(kind, wanted)
        stated = "state" in self.env[MODELS[kind]]._fields
        names = SQL(", ").join(SQL("%s.%s", alias, SQL(n)) for n in _LABELS[kind])
        rows = self.env.execute_query(
            query.select(
                SQL("%s.id", alias),
                SQL("round(%s.latitude::numeric, 6)::float8", alias),
                SQL("round(%s.longitude::numeric, 6)::float8", alias),
                SQL("%s.state", alias) if stated else SQL("NULL"),
                SQL("left(COALESCE(%s, ''), %s)", names, LABEL),
            )
        )
        points = [list(row) for row in rows]
        if kind == "pbo":
            self._add_saturation(points)
        return points

    @api.model
    def _add_saturation(self, points):
        found = self.env["oiconnect.pbo"]._saturations([point[0] for point in points])
        for point in points:
            point[3] = found.get(point[0], "none")
