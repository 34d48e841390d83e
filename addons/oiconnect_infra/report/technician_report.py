from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Records that people may choose at once, and lines on paper
MAX_RECORDS = 200
MAX_LINES = 2000
#: what the reports tell of, besides the records themselves
_SHOWN = ("pbo.cable", "pbo.fibre", "splice", "pm.position", "route", "pto")


class TechnicianReport(models.AbstractModel):
    """What the reports for technicians have in common."""

    _name = "oiconnect.technician.report"
    _description = "Reports for technicians"

    @api.model
    @api.private
    def _readable(self, records):
        """Return the records that are left; refuse what the user may not read.

        :raises UserError: nothing is left, or more than people read is chosen
        """
        for name in _SHOWN:
            self.env[f"oiconnect.{name}"].check_access("read")
        records = records.exists()
        records.check_access("read")
        if not records:
            raise UserError(
                self.env._("These objects are no more: go back to the list.")
            )
        if len(records) > MAX_RECORDS:
            raise UserError(
                self.env._(
                    "Too much is chosen (%(count)s, at most %(most)s at once): choose "
                    "fewer lines.",
                    count=len(records),
                    most=MAX_RECORDS,
                )
            )
        return records

    @api.model
    def _ways(self, fibre_ids):
        """Return ``{fibre id: (state, position, end, whether it is a PTO)}``.

        - state: of the route, in words, void without one
        - position: of the drawer at the PM, else the NRO
        - end: PTO and connector, else PBO or splice box
        """
        strands = self.env["oiconnect.trace"]._strands(set(fibre_ids))
        found = {
            fibre: (
                strand.tail_route_id or strand.position_route_id or None,
                strand.position_id,
                strand.fibres[0],
                strand.fibres[-1],
            )
            for fibre in fibre_ids
            if (strand := strands.get(fibre))
        }
        ends = zip(*found.values(), strict=True) if found else ((),) * 4
        routes, positions, heads, tails = map(set, ends)
        states = dict(
            self.env["oiconnect.route"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        routes = self._route_ends(routes)
        positions = self._position_names(positions)
        heads, tails = self._head_names(heads), self._tail_names(tails)
        ways = {}
        for fibre, (route, position, head, tail) in found.items():
            state, end = routes.get(route, ("", ""))
            ways[fibre] = (
                states.get(state, ""),
                positions.get(position) or heads.get(head) or "",
                end or tails.get(tail) or "",
                bool(end),
            )
        return ways

    def _route_ends(self, ids):
        """Return ``{route id: (state, PTO and connector)}``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT route.id, route.state,
                          CASE WHEN pto.id IS NULL THEN ''
                               ELSE concat_ws(' / ', pto.reference,
                                              NULLIF(route.connector_number, 0)) END
                     FROM oiconnect_route route
                     LEFT JOIN oiconnect_pto pto ON pto.id = route.pto_id
                    WHERE route.id = ANY(%s)""",
                [route for route in ids if route],
            )
        )
        return {route: (state, end) for route, state, end in rows}

    def _position_names(self, ids):
        """Return ``{position id: PM, module and position}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT position.id,
                              concat_ws(' / ', pm.reference, module.name, position.name)
                         FROM oiconnect_pm_position position
                         JOIN oiconnect_pm_module module ON module.id = module_id
                         JOIN oiconnect_pm pm ON pm.id = module.pm_id
                        WHERE position.id = ANY(%s)""",
                    [position for position in ids if position],
                )
            )
        )

    def _head_names(self, ids):
        """Return ``{first fibre id: NRO at which its cable starts}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT fibre.id, nro.reference FROM oiconnect_pbo_fibre fibre
                         JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
                         JOIN oiconnect_nro nro ON nro.id = cable.start_nro_id
                        WHERE fibre.id = ANY(%s)""",
                    list(ids),
                )
            )
        )

    def _tail_names(self, ids):
        """Return ``{last fibre id: box in which it ends, else the PM}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT fibre.id,
                              COALESCE(pbo.reference, box.reference, pm.reference)
                         FROM oiconnect_pbo_fibre fibre
                         JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
                         LEFT JOIN oiconnect_pbo pbo ON pbo.id = fibre.pbo_id
                         LEFT JOIN oiconnect_splice_box box
                                ON box.id = fibre.splice_box_id
                         LEFT JOIN oiconnect_pm pm
                                ON pm.id = cable.pm_id AND cable.end_kind = 'pm'
                        WHERE fibre.id = ANY(%s)""",
                    list(ids),
                )
            )
        )

    @api.model
    def _check_paper(self, count):
        """Refuse more lines than anybody reads on paper."""
        if count > MAX_LINES:
            raise UserError(
                self.env._(
                    "Too many lines for paper (%(count)s, at most %(most)s): choose "
                    "fewer objects, or the spreadsheet.",
                    count=count,
                    most=MAX_LINES,
                )
            )


def coloured(colours, text):
    """Return a tube or a fibre as people read it, and its colour on the screen."""
    colour = colours.get((text or "").upper())
    return (colour.label, colour.hex) if colour else (text or "", None)
