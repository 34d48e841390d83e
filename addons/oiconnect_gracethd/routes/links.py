"""Transport fibres between the drawers of the NRO and those of the PMs."""

from odoo.tools import SQL

from . import walk
from .graph import NRO, PLACED, TRANSPORT

LINKS = "link"
_STARTS, _WALKED = "w_link_start", "w_link"


def rebuild_links(graph):
    """Fill the table of links: one row for each transport fibre that reaches a PM."""
    graph.make(_STARTS, _starts(graph))
    walk.walk(
        graph,
        _WALKED,
        graph.sql("SELECT id, position, fibre FROM %s", _STARTS),
        walk.UP,
        within=TRANSPORT,
    )
    graph.make(LINKS, _links(graph))
    for name in (_STARTS, _WALKED):
        graph.drop(name)


def _starts(graph):
    """Query of the transport fibres at PMs, where they arrive: as ps_1 if they may.

    One that is split has several positions there, and one counts.
    """
    return SQL(
        """
        SELECT DISTINCT ON (fibre) fibre AS id, id AS position, fibre
        FROM (
            SELECT id, class1 = %(up)s AS is_first,
                CASE WHEN class1 = %(up)s THEN fibre1 ELSE fibre2 END AS fibre
            FROM %(placed)s p
            WHERE (is_drawer OR is_pigtail) AND %(up)s IN (class1, class2)
                AND NOT EXISTS (SELECT FROM %(nro)s n WHERE n.id = p.id)
        ) found
        ORDER BY fibre, is_first IS TRUE DESC, id
        """,
        up=TRANSPORT,
        placed=graph.table(PLACED),
        nro=graph.table(NRO),
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
