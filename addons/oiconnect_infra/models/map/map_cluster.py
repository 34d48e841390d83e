from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...geo.grid import FINEST, per_degree, stored
from .map_cell import COUNTED

DIGITS = 5


class MapCluster(models.AbstractModel):
    """Objects of the map counted by cell."""

    _inherit = "oiconnect.map"

    @api.model
    def _clusters(self, kind, wanted):
        """Return ``[latitude, longitude, count, kind, {state: count}]`` per cell.

        A cluster lies where its objects are on average.
        """
        cells = {}
        for y, x, state, count, latitude, longitude in self._cell_rows(kind, wanted):
            cell = cells.setdefault((y, x), [0, 0.0, 0.0, {}])
            cell[0] += count
            cell[1] += latitude
            cell[2] += longitude
            if state:
                cell[3][state] = count
        return [
            [
                round(latitude / count, DIGITS),
                round(longitude / count, DIGITS),
                count,
                kind,
                states,
            ]
            for count, latitude, longitude, states in cells.values()
        ]

    @api.model
    def _cell_rows(self, kind, wanted):
        """Return ``(y, x, state, count, sum of latitudes, sum of longitudes)``."""
        networks = self._counted_networks(kind, wanted)
        if networks is None:
            return self._live_rows(kind, wanted)
        return self._counted_rows(kind, wanted, networks) if networks else []

    # ------------------------------------------------------------------
    # From the objects
    # ------------------------------------------------------------------

    @api.model
    def _live_rows(self, kind, wanted):
        query, _alias, (latitude, longitude) = self._boxed_query(kind, wanted)
        if query.is_empty():
            return []
        number = per_degree(wanted.box.level)
        query.groupby = SQL("1, 2, 3")
        return self.env.execute_query(
            query.select(
                SQL("floor((%s) * %s::float8)::int", latitude, number),
                SQL("floor((%s) * %s::float8)::int", longitude, number),
                self._state_column(kind, query, wanted) or SQL("''"),
                SQL("count(*)"),
                SQL("sum(%s)", latitude),
                SQL("sum(%s)", longitude),
            )
        )

    # ------------------------------------------------------------------
    # From the cells that are counted ahead of time
    # ------------------------------------------------------------------

    @api.model
    def _counted_networks(self, kind, wanted):
        """Return the networks whose cells answer; None if only the objects can.

        Cells know networks and states, no other filter and no other record rule.
        """
        if (
            kind not in COUNTED
            or wanted.box.level > FINEST
            or wanted.pm_ids
            or wanted.commune_ids
            or (kind == "pbo" and wanted.saturation)
        ):
            return None
        if not self.env.su:
            model = self._model_of(kind)
            readable = Domain("company_id", "in", self.env.companies.ids)
            rules = self.env["ir.rule"]._compute_domain(model._name, "read")
            if rules != readable.optimize(model):
                return None
        return wanted.networks

    @api.model
    def _counted_rows(self, kind, wanted, networks):
        self._model_of(kind).flush_model()
        level = stored(wanted.box.level)
        box = wanted.box.at(level)
        states = kind == "building" and wanted.building_states
        return self.env.execute_query(
            SQL(
                """
                SELECT y, x, state, sum(count)::int,
                       sum(latitude_sum) / 1e6, sum(longitude_sum) / 1e6
                  FROM (%(cells)s UNION ALL %(deltas)s) AS counted
                 WHERE network_id = ANY(%(networks)s) AND %(states)s
                 GROUP BY y, x, state HAVING sum(count) <> 0
                """,
                cells=_cells(kind, box, level - wanted.box.level),
                deltas=_deltas(kind, box.at(FINEST), FINEST - wanted.box.level),
                networks=networks,
                states=SQL("state IN %s", states) if states else SQL("TRUE"),
            )
        )


_COLUMNS = SQL("network_id, state, count, latitude_sum, longitude_sum")


def _cells(kind, box, shift):
    # Rows one by one: an index reads a part of each, not the whole width of it.
    return SQL(
        """
        SELECT y >> %(shift)s AS y, x >> %(shift)s AS x, %(columns)s
          FROM oiconnect_map_cell
         WHERE level = %(level)s AND kind = %(kind)s AND y = ANY(%(rows)s)
           AND x BETWEEN %(left)s AND %(right)s
        """,
        shift=shift,
        columns=_COLUMNS,
        level=box.level,
        kind=kind,
        rows=list(range(box.bottom, box.top + 1)),
        left=box.left,
        right=box.right,
    )


def _deltas(kind, box, shift):
    return SQL(
        """
        SELECT y >> %(shift)s AS y, x >> %(shift)s AS x, %(columns)s
          FROM oiconnect_map_delta
         WHERE kind = %(kind)s AND y BETWEEN %(bottom)s AND %(top)s
           AND x BETWEEN %(left)s AND %(right)s
        """,
        shift=shift,
        columns=_COLUMNS,
        kind=kind,
        bottom=box.bottom,
        top=box.top,
        left=box.left,
        right=box.right,
    )
