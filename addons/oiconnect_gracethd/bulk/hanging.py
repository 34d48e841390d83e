"""What hangs on the rows that are left out: routes, splices and fibres.

The ways of the delivery are rebuilt twice: with these rows, and without them. Each
thing that is not the same, or not there any more, is reported by its row.
"""

from odoo.tools import SQL

from ..routes.graph import FIBRES, JUMPER, PLACED
from ..routes.links import LINKS, rebuild_links
from ..routes.result import ROUTES, rebuild_routes

#: message of what hangs on the rows left out, with the table of its row, in the order
#: of the verdict
HANGING = {
    "hangs_route": "t_position",
    "hangs_splice": "t_position",
    "hangs_fibre": "t_fibre",
    "hangs_link": "t_fibre",
    # The row of the fibre may be left out: its code alone is known
    "apply_route_fibre_absent": "t_position",
}


class Hanging:
    """Compares the ways of a delivery with and without the rows left out.

    :param base: ``Base`` of the delivery
    :param memory: another, for what outlives the tables of the first
    """

    def __init__(self, base, memory):
        self.base = base
        self.memory = memory

    def remember(self):
        """Keep the ways that all rows together make."""
        base, memory = self.base, self.memory
        if not base.is_built:
            base.build()
        base.leave_out_repeated()
        rebuild_routes(base)
        rebuild_links(base)
        for key, query in self._things().items():
            memory.make(key, query)
        base.drop_all()

    def report(self, tell):
        """Report what is not as it was, once the ways are rebuilt without these rows.

        :param tell: ``tell(table, key, query, params)``; the query gives line and value
        """
        for key, query in self._things().items():
            # The finding of its own row says it already: that is no more there
            lost = SQL(
                """SELECT b.line, b.value FROM %s b JOIN %s s ON s.line = b.line
                     LEFT JOIN (%s) a ON a.line = b.line
                    WHERE a.thing IS DISTINCT FROM b.thing ORDER BY b.line""",
                self.memory.table(key),
                self.base.table(HANGING[key]),
                query,
            )
            tell(HANGING[key], key, lost, {})

    def _things(self):
        """Return {key: query of line, value, thing} of what the ways are made of.

        Of routes and links, those that lead somewhere: others lose nothing.
        """
        base = self.base
        return {
            "hangs_route": base.sql(
                """SELECT r.position_line AS line, p.ps_code AS value,
                          CASE r.end_kind WHEN 'free' THEN row(r.box_line)::text
                               ELSE row(r.pto_line, r.pbo_line, f.box1, f.box2)::text
                               END AS thing
                     FROM %s r JOIN %s p ON p.line = r.position_line
                     JOIN %s f ON f.id = r.fibre_lines[cardinality(r.fibre_lines)]
                    WHERE r.end_kind IN ('pto', 'free')""",
                ROUTES,
                "t_position",
                FIBRES,
            ),
            "hangs_splice": SQL(
                """SELECT k.id AS line, p.ps_code AS value,
                          row(k.fibre1, k.fibre2, k.box)::text AS thing
                     FROM %(placed)s k
                     JOIN %(position)s p ON p.line = k.id
                     JOIN (%(listed)s) f1 ON f1.line = k.fibre1
                     JOIN (%(listed)s) f2 ON f2.line = k.fibre2
                    WHERE NOT k.is_drawer""",
                placed=base.table(PLACED),
                position=base.table("t_position"),
                listed=self._listed(),
            ),
            "hangs_fibre": SQL(
                "SELECT f.line, f.code AS value, '' AS thing FROM (%s) f",
                self._listed(),
            ),
            "hangs_link": base.sql(
                """SELECT l.fibre_line AS line, f.fo_code AS value,
                          l.fibre_lines::text AS thing
                     FROM %s l JOIN %s f ON f.line = l.fibre_line
                    WHERE l.end_kind = 'nro'""",
                LINKS,
                "t_fibre",
            ),
        }

    def _listed(self):
        """Query of the fibres that the network lists: of no jumper and no drop."""
        return SQL(
            """SELECT id AS line, code FROM %s
                WHERE class <> %s AND is_drop IS NOT TRUE AND pto IS NULL""",
            self.base.table(FIBRES),
            JUMPER,
        )
