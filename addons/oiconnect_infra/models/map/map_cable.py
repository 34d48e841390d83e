from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...geo import line as geo

#: the zoom from which cables of a kind are drawn: they are the more, the nearer the PTO
CABLE_ZOOMS = {"transport": 0, "distribution": 13, "drop": 16}
# Lines of one kind in one answer; with more of them the kind is reported, not drawn.
MAX_CABLES = 300
# Vertices of one answer: some 80 kB
MAX_VERTICES = 3500


class MapCable(models.AbstractModel):
    """Lines of cables on the map, each kind from its own zoom on."""

    _inherit = "oiconnect.map"

    @api.model
    def _add_cables(self, answer, wanted):
        """Add the cables whose line touches the view; return False if too many.

        A kind that is too much for the view leaves the others drawn.
        """
        # Degrees of a pixel of the web map
        pixel = 360 / 256 / 2**wanted.zoom
        whole, vertices = True, 0
        for kind, zoom in CABLE_ZOOMS.items():
            if wanted.zoom < zoom:
                continue
            rows = self._cable_rows(kind, wanted)
            lines = [
                [cable, geo.drawn(text, pixel), kind, label]
                for cable, text, label in rows[:MAX_CABLES]
            ]
            vertices += sum(len(line[1]) for line in lines)
            if len(rows) > MAX_CABLES or vertices > MAX_VERTICES:
                whole = False
                break
            answer["cables"] += lines
        if whole:
            answer["totals"]["cable"] = len(answer["cables"])
        return whole

    @api.model
    def _cable_rows(self, kind, wanted):
        """Return the cables of a kind, one more than the most at most."""
        model = self.env["oiconnect.pbo.cable"]
        model.flush_model()
        domain = self._kind_domain("cable", wanted)
        query = model._search(domain & Domain("kind", "=", kind), order="id")
        query.order = None
        table = SQL.identifier(query.table)
        south, west, north, east = wanted.box.bounds
        query.add_where(
            SQL(
                "%(t)s.line IS NOT NULL AND box(point(%(t)s.west, %(t)s.south),"
                " point(%(t)s.east, %(t)s.north))"
                " && box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))",
                t=table,
                west=west,
                south=south,
                east=east,
                north=north,
            )
        )
        query.limit = MAX_CABLES + 1
        return self.env.execute_query(
            query.select(
                *(SQL("%s.%s", table, SQL(name)) for name in ("id", "line")),
                SQL("%s.reference", table),
            )
        )
