from odoo import api, models
from odoo.tools import SQL

MOST_LINKS = 200


class MapLink(models.AbstractModel):
    """Links of the map: a line from the PM to its PRDM."""

    _inherit = "oiconnect.map"

    @api.model
    def _add_links(self, answer, wanted):
        """Add the links whose box touches the viewport; return False if too many."""
        rows = self._link_rows(self._links_query(wanted))
        total = rows[0][-1] if rows else 0
        answer["totals"]["link"] = total
        if total > MOST_LINKS:
            return False
        answer["links"] = [_line(*row[:-1]) for row in rows]
        return True

    @api.model
    def _link_rows(self, query):
        """Return the links, one more than the most at most; all have their number."""
        places = (
            SQL("round(%s::numeric, 6)::float8", SQL.identifier(end, name))
            for end in ("map_pm", "map_prdm")
            for name in ("latitude", "longitude")
        )
        link = query.table
        query.limit = MOST_LINKS + 1
        return self.env.execute_query(
            query.select(
                SQL.identifier(link, "id"),
                *places,
                SQL.identifier(link, "state"),
                SQL.identifier(link, "reference"),
                SQL("count(*) OVER ()"),
            )
        )

    @api.model
    def _links_query(self, wanted):
        for name in ("oiconnect.pm.link", "oiconnect.pm", "oiconnect.prdm"):
            self.env[name].flush_model()
        model = self.env["oiconnect.pm.link"]
        query = model._search(self._kind_domain("link", wanted), order="id")
        query.order = None
        link = SQL.identifier(query.table)
        for end, alias in (("pm", "map_pm"), ("prdm", "map_prdm")):
            query.add_join(
                "JOIN",
                alias,
                f"oiconnect_{end}",
                SQL("%s.id = %s.%s", SQL(alias), link, SQL(f"{end}_id")),
            )
        query.add_where(_touches(wanted.box.bounds))
        return query


def _touches(bounds):
    south, west, north, east = bounds
    return SQL(
        """
        map_pm.latitude <> 0 AND map_prdm.latitude <> 0
        AND greatest(map_pm.latitude, map_prdm.latitude) >= %s
        AND least(map_pm.latitude, map_prdm.latitude) < %s
        AND greatest(map_pm.longitude, map_prdm.longitude) >= %s
        AND least(map_pm.longitude, map_prdm.longitude) < %s
        """,
        south,
        north,
        west,
        east,
    )


def _line(link, pm_latitude, pm_longitude, latitude, longitude, state, label):
    return [link, [pm_latitude, pm_longitude], [latitude, longitude], state, label]
