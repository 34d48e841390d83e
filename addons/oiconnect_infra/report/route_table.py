from odoo import api, models
from odoo.tools import SQL

from ..optical.path import TOLERATED_GAPS, Key
from .technician_report import coloured

_BATCH = 500


class RouteTable(models.AbstractModel):
    """Routes, one a row: PM, drawer, each fibre on the way, PBO, PTO, state."""

    _name = "oiconnect.route.table"
    _inherit = "oiconnect.technician.report"
    _description = "Route tables"

    @api.model
    @api.private
    def _route_ids(self, records):
        """Return the routes of PMs, or those through boxes, in their order."""
        records = self._readable(records)
        trace = self.env["oiconnect.trace"]
        if records._name == "oiconnect.pm":
            trace._flush()
            where = SQL("route.pm_id = ANY(%s)", records.ids)
        else:
            kind = "pbo" if records._name == "oiconnect.pbo" else "box"
            keys = trace._keys([(kind, record.id) for record in records])
            ids = [key.id for key in keys if key.kind == "route"]
            where = SQL("route.id = ANY(%s)", ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT route.id FROM oiconnect_route route
                  LEFT JOIN oiconnect_pm pm ON pm.id = route.pm_id
                  LEFT JOIN oiconnect_pm_module module ON module.id = route.module_id
                  LEFT JOIN oiconnect_pm_position position
                         ON position.id = route.position_id
                 WHERE %s
                 ORDER BY pm.reference, module.name, position.sequence, position.id,
                       route.id
                """,
                where,
            )
        )
        return [route for (route,) in rows]

    @api.model
    @api.private
    def _most_hops(self, route_ids):
        """Return the number of fibres of the longest of these routes."""
        return max((len(path.fibres) for path in self._paths(route_ids)), default=0)

    def _paths(self, route_ids):
        """Yield the path of each route; a batch is read at a time."""
        trace = self.env["oiconnect.trace"]
        for start in range(0, len(route_ids), _BATCH):
            batch = route_ids[start : start + _BATCH]
            yield from trace._paths([Key("route", route) for route in batch])

    @api.model
    @api.private
    def _rows(self, route_ids):
        """Yield a row for each route: ``pm, module, position, hops, pbo, pto…``."""
        colours = self.env["oiconnect.trace"]._colours()
        for start in range(0, len(route_ids), _BATCH):
            batch = route_ids[start : start + _BATCH]
            yield from self._batch(list(self._paths(batch)), colours)

    def _batch(self, paths, colours):
        ends = self._ends([path.route_id for path in paths])
        fibres = self._fibres([fibre for path in paths for fibre in path.fibres])
        places = self._places([splice for path in paths for splice in path.splices])
        field = self.env["oiconnect.route"]._fields["state"]
        states = dict(field._description_selection(self.env))
        flaws = self.env["oiconnect.trace"]._flaw_texts()
        for path in paths:
            row = ends[path.route_id]
            notes = [
                flaws[gap.code][0]
                for gap in path.gaps
                if gap.code not in TOLERATED_GAPS
            ]
            yield {
                **{key: text or "" for key, text in row.items()},
                "state": states[row["state"]],
                "hops": [
                    hop
                    for strand in path.strands
                    for hop in _hops(strand, fibres, places, colours)
                ],
                "notes": ", ".join(notes),
            }

    def _ends(self, ids):
        """Return ``{route id: what it is called, and its two ends}``."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT route.id, route.name, route.state, pm.reference AS pm,
                       module.name AS module, route.position_name AS position,
                       pbo.reference AS pbo, pto.reference AS pto,
                       NULLIF(route.connector_number, 0) AS connector
                  FROM oiconnect_route route
                  LEFT JOIN oiconnect_pm pm ON pm.id = route.pm_id
                  LEFT JOIN oiconnect_pm_module module ON module.id = route.module_id
                  LEFT JOIN oiconnect_pbo pbo ON pbo.id = route.pbo_id
                  LEFT JOIN oiconnect_pto pto ON pto.id = route.pto_id
                 WHERE route.id = ANY(%s)
                """,
                ids,
            )
        )
        return {row["id"]: row for row in rows}

    def _fibres(self, ids):
        """Return ``{fibre id: (cable, tube, fibre)}``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT fibre.id, cable.reference, fibre.tube, fibre.fibre
                  FROM oiconnect_pbo_fibre fibre
                  JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
                 WHERE fibre.id = ANY(%s)
                """,
                ids,
            )
        )
        return {fibre: names for fibre, *names in rows}

    def _places(self, ids):
        """Return ``{splice id: box in which it is}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT splice.id,
                           COALESCE(pbo.reference, box.reference, splice.box, '')
                      FROM oiconnect_splice splice
                      LEFT JOIN oiconnect_pbo pbo ON pbo.id = splice.pbo_id
                      LEFT JOIN oiconnect_splice_box box
                             ON box.id = splice.splice_box_id
                     WHERE splice.id = ANY(%s)
                    """,
                    ids,
                )
            )
        )


def _hops(strand, fibres, places, colours):
    """Yield ``(cable, tube, fibre, box of the splice behind it)`` of a strand."""
    splices = [*strand.splices, None]
    for fibre, splice in zip(strand.fibres, splices, strict=True):
        cable, tube, number = fibres[fibre]
        yield (
            cable,
            coloured(colours, tube),
            coloured(colours, number),
            places.get(splice, ""),
        )
