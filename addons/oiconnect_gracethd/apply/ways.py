"""Positions on the way from an NRO or a PM: the fibre before each and that beyond."""

from odoo.tools import SQL

from ..routes.graph import CABLES, PLACED
from ..routes.links import LINKS, UNLINKED
from ..routes.result import ROUTES

WAYS = "a_way"
TURNED = "a_turned"


def describe(base):
    """Fill ``WAYS``, and ``TURNED``: cables whose line is drawn towards the PM."""
    placed = base.table(PLACED)
    ways = base.make(
        WAYS,
        SQL(
            _WAYS,
            route=base.table(ROUTES),
            link=base.table(LINKS),
            unlinked=base.table(UNLINKED),
            placed=placed,
        ),
    )
    base.index(WAYS, "line")
    base.make(
        TURNED,
        SQL(
            _TURNED,
            cable=base.table(CABLES),
            fibre=base.table("t_fibre"),
            way=ways,
            placed=placed,
        ),
    )


# A position of a link lies after as many fibres as the link has more than positions:
# none before the first when it ends on a position, one when it ends on a fibre.
_WAYS = """
    SELECT DISTINCT ON (w.line) w.line, w.up, w.down
      FROM (
          SELECT p.line, r.fibre_lines[p.rank - 1] AS up, r.fibre_lines[p.rank] AS down
            FROM %(route)s r, unnest(r.position_lines) WITH ORDINALITY p (line, rank)
           WHERE p.rank > 1
             AND (r.end_kind <> 'loop' OR p.rank < cardinality(r.position_lines))
          UNION ALL
          SELECT p.line, r.fibres[p.rank - 1], r.fibres[p.rank]
            FROM %(unlinked)s r, unnest(r.positions) WITH ORDINALITY p (line, rank)
           WHERE p.rank > 1
          UNION ALL
          SELECT p.line, r.fibre_lines[p.rank + g.gap - 1],
                 r.fibre_lines[p.rank + g.gap]
            FROM %(link)s r, unnest(r.position_lines) WITH ORDINALITY p (line, rank),
                 LATERAL (SELECT cardinality(r.fibre_lines)
                                 - cardinality(r.position_lines)) g (gap)
      ) w
      JOIN %(placed)s k ON k.id = w.line
     WHERE w.up IS NOT NULL AND w.down IS NOT NULL
     ORDER BY w.line, (w.up = k.fibre1) DESC
"""
_TURNED = """
    SELECT w.code
      FROM (
          SELECT line, down AS fibre, TRUE AS is_beyond FROM %(way)s
           UNION ALL
          SELECT line, up, FALSE FROM %(way)s
      ) y
      JOIN %(placed)s k ON k.id = y.line
      JOIN %(fibre)s f ON f.line = y.fibre
      JOIN %(cable)s w ON w.code = f.fo_cb_code AND w.is_drawn
     WHERE k.box = CASE WHEN y.is_beyond THEN w.box2 ELSE w.box1 END
     GROUP BY 1
"""
