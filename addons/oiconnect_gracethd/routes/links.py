"""Transport fibres between the drawers of the NRO and those of the PMs."""

from odoo.tools import SQL

from . import walk
from .graph import NRO, PLACED, TRANSPORT

LINKS = "link"
#: ways that leave an NRO and reach no PM: they say which way the light goes
UNLINKED = "unlinked"
_STARTS, _WALKED = "w_link_start", "w_link"


def rebuild_links(graph):
    """Fill the tables of links and of the ways that reach no PM.

    A link is a row for each transport fibre that reaches a PM.
    """
    starts = graph.make(_STARTS, _starts(graph))
    walk.walk(
        graph,
        _WALKED,
        SQL("SELECT id, position, fibre FROM %s", starts),
        walk.UP,
        within=TRANSPORT,
    )
    graph.cr.execute(
        SQL(_BACKWARDS, walked=graph.table(_WALKED), starts=starts, left=walk.LEFT)
    )
    graph.make(LINKS, _links(graph))
    walk.walk(graph, UNLINKED, _unlinked_starts(graph), walk.DOWN, within=TRANSPORT)
    for name in (_STARTS, _WALKED):
        graph.drop(name)


def _starts(graph):
    """Query of the transport fibres at PMs: in their drawers, or where they arrive.

    Drawers of an NRO that the delivery does not name look like those of a PM, but for
    fibres that leave them. A fibre that is split has several positions, one counts.
    """
    return SQL(
        """
        SELECT DISTINCT ON (fibre) fibre AS id, id AS position, fibre, in_pm
        FROM (
            SELECT id, class1 = %(up)s AS is_first,
                COALESCE(drawer IN (%(drawers)s), FALSE) AS in_pm,
                CASE WHEN class1 = %(up)s THEN fibre1 ELSE fibre2 END AS fibre
            FROM %(placed)s p
            WHERE (is_drawer OR is_pigtail) AND %(up)s IN (class1, class2)
                AND NOT EXISTS (SELECT FROM %(nro)s n WHERE n.id = p.id)
        ) found
        WHERE is_first OR in_pm
        ORDER BY fibre, in_pm DESC, is_first IS TRUE DESC, id
        """,
        up=TRANSPORT,
        drawers=graph.pm_drawers(),
        placed=graph.table(PLACED),
        nro=graph.table(NRO),
    )


def _unlinked_starts(graph):
    """Query of the transport fibres in drawers of an NRO that are part of no link."""
    return SQL(
        """
        SELECT DISTINCT ON (fibre) fibre AS id, id AS position, fibre
        FROM (
            SELECT p.id,
                CASE WHEN class2 = %(up)s THEN fibre2 ELSE fibre1 END AS fibre
            FROM %(placed)s p JOIN %(nro)s n ON n.id = p.id
            WHERE %(up)s IN (class1, class2)
        ) found
        WHERE fibre NOT IN (SELECT unnest(fibre_lines) FROM %(link)s)
        ORDER BY fibre, id
        """,
        up=TRANSPORT,
        placed=graph.table(PLACED),
        nro=graph.table(NRO),
        link=graph.table(LINKS),
    )


def _links(graph):
    """Query of the links; a pigtail may lie before the connector of the NRO."""
    return SQL(
        """
        WITH connector AS (
            SELECT p.fibre2 AS fibre, min(p.id) AS id
            FROM %(nro)s n JOIN %(placed)s p ON p.id = n.id
            WHERE NOT p.is_pigtail AND p.fibre2 IS NOT NULL
            GROUP BY 1
        )
        SELECT id AS fibre_line,
            CASE WHEN nro IS NOT NULL THEN 'nro' ELSE 'gap' END AS end_kind,
            nro AS nro_position_line,
            ARRAY(SELECT v FROM unnest(positions) WITH ORDINALITY u (v, rank)
                  WHERE rank > 1 ORDER BY rank DESC) AS position_lines,
            ARRAY(SELECT v FROM unnest(fibres) WITH ORDINALITY u (v, rank)
                  ORDER BY rank DESC) AS fibre_lines
        FROM (
            SELECT w.id,
                CASE WHEN c.id IS NULL THEN w.positions
                     ELSE w.positions || c.id END AS positions,
                COALESCE(c.id, n.id) AS nro,
                -- What lies beyond the transport is no part of the link, but a pigtail.
                CASE WHEN w.ended = %(left)s AND c.id IS NULL
                     THEN w.fibres[:cardinality(w.fibres) - 1] ELSE w.fibres END
                    AS fibres
            FROM %(walked)s w
            LEFT JOIN %(placed)s e ON e.id = w.last
            LEFT JOIN %(nro)s n ON n.id = e.id
            LEFT JOIN connector c ON w.ended = %(left)s AND e.is_pigtail
                AND c.fibre = w.last_fibre
        ) found
        """,
        left=walk.LEFT,
        placed=graph.table(PLACED),
        walked=graph.table(_WALKED),
        nro=graph.table(NRO),
    )


# Of two walks over the same fibres, that from the PM stays. The other may go on behind
# the drawer of the PM, by one fibre of another kind.
_BACKWARDS = """
    DELETE FROM %(walked)s w
    USING %(walked)s o, %(starts)s s, %(starts)s t
    WHERE o.id = w.fibres[cardinality(w.fibres) - (w.ended = %(left)s)::int]
        AND o.last_fibre = w.id AND s.id = w.id AND t.id = o.id
        AND t.in_pm AND NOT s.in_pm
"""
