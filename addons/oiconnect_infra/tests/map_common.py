from odoo.tools import SQL

from ..geo.grid import FINEST, LEVELS, per_degree
from .common import InfraCase

KINDS = ("prdm", "pm", "pbo", "building", "link", "zone")
# Viewport around the made-up commune
HERE = (45.99, 5.19, 46.03, 5.24)


def placed(latitude, longitude):
    """Return the values of an object at a place in degrees."""
    return {"projection": "WGS84", "x": longitude, "y": latitude}


def counted(env, kind, level, networks):
    """Return ``{(y, x, network, state): (count, sums)}`` that the map adds up."""
    env.cr.execute(
        SQL(
            """
            SELECT y, x, network_id, state, sum(count), sum(latitude_sum),
                   sum(longitude_sum)
              FROM (SELECT kind, y, x, network_id, state, count, latitude_sum,
                           longitude_sum
                      FROM oiconnect_map_cell WHERE level = %(level)s
                     UNION ALL
                    SELECT kind, y >> %(shift)s, x >> %(shift)s, network_id, state,
                           count, latitude_sum, longitude_sum
                      FROM oiconnect_map_delta) AS c
             WHERE kind = %(kind)s AND network_id = ANY(%(networks)s)
             GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0
            """,
            level=level,
            shift=FINEST - level,
            kind=kind,
            networks=networks,
        )
    )
    return _by_cell(env.cr.fetchall())


def true_cells(env, kind, level, networks):
    """Return the same, from the objects themselves."""
    env.cr.execute(
        SQL(
            """
            SELECT floor(latitude * %(number)s::float8)::int,
                   floor(longitude * %(number)s::float8)::int, network_id, %(state)s,
                   count(*), sum(round(latitude * 1e6)), sum(round(longitude * 1e6))
              FROM %(table)s
             WHERE latitude <> 0 AND network_id = ANY(%(networks)s)
             GROUP BY 1, 2, 3, 4
            """,
            number=per_degree(level),
            state=SQL("''" if kind == "pbo" else "state"),
            table=SQL.identifier(f"oiconnect_{kind}"),
            networks=networks,
        )
    )
    return _by_cell(env.cr.fetchall())


def _by_cell(rows):
    return {tuple(row[:4]): tuple(map(int, row[4:])) for row in rows}


class MapCase(InfraCase):
    """A network with places, and what the map tells of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.map = cls.env["oiconnect.map"]
        cls.delta = cls.env["oiconnect.map.delta"]
        cls.networks = [cls.net.network.id]

    def view(self, bounds=HERE, zoom=12, kinds=KINDS, env=None, **filters):
        filters.setdefault("network_ids", self.networks)
        service = env["oiconnect.map"] if env else self.map
        return service._view(bounds, zoom, kinds, filters)

    def buildings(self, places, **values):
        """Create a building at each ``(latitude, longitude)``."""
        return self.env["oiconnect.building"].create(
            [
                {
                    "identifier": f"IMB/99001/M/{rank:04}",
                    "network_id": self.net.network.id,
                    "pm_id": self.pm.id,
                    **placed(*place),
                    **values,
                }
                for rank, place in enumerate(places)
            ]
        )

    def assertGridIsTrue(self, kind="building"):
        self.env.flush_all()
        for level in LEVELS:
            self.assertEqual(
                counted(self.env, kind, level, self.networks),
                true_cells(self.env, kind, level, self.networks),
                f"level {level}",
            )
