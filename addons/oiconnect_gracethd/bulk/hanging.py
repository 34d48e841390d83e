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
            lost = SQL(
                """SELECT b.line, b.value FROM %s b LEFT JOIN (%s) a ON a.line = b.line
                    WHERE a.thing IS DISTINCT FROM b.thing ORDER BY b.line""",
                self.memory.table(key),
                query,
            )
            if key in ("hangs_splice", "hangs_fibre"):
                # The finding of its own row says it already
                lost = SQL(
                    "SELECT q.* FROM (%s) q JOIN %s s ON s.line = q.line",
                    lost,
                    self.base.table(HANGING[key]),
                )
            tell(HANGING[key], key, lost, {})

    def _things(self):
        """Return {key: query of line, value, thing} of what the ways are made of."""
        base = self.base
        return {
            "hangs_route": base.sql(
                """SELECT r.position_line AS line, p.ps_code AS value,
                          row(r.end_kind, r.pto_line, r.fibre_lines, b.boxes,
                              f.box1, f.box2)::text AS thing
                     FROM %s r JOIN %s p ON p.line = r.position_line
                     LEFT JOIN %s f
                       ON f.id = r.fibre_lines[cardinality(r.fibre_lines)]
                    CROSS JOIN LATERAL (
                        SELECT array_agg(k.box ORDER BY w.rank) AS boxes
                          FROM unnest(r.position_lines) WITH ORDINALITY w (line, rank)
                          JOIN %s k ON k.id = w.line) b""",
                ROUTES,
                "t_position",
                FIBRES,
                PLACED,
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
                          row(l.end_kind, l.fibre_lines)::text AS thing
                     FROM %s l JOIN %s f ON f.line = l.fibre_line""",
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
