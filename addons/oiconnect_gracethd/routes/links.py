"""Transport fibres between the drawers of the NRO and those of the PMs."""

from odoo.tools import SQL

from . import walk
from .graph import PLACED, TRANSPORT

LINKS = "link"
_STARTS, _WALKED, _NRO = "w_link_start", "w_link", "w_nro"


def rebuild_links(graph):
    """Fill the table of links: one row for each transport fibre that reaches a PM."""
    graph.make(_NRO, SQL("SELECT id FROM (%s) p", graph.nro_positions()))
    graph.make(_STARTS, _starts(graph))
    walk.walk(
        graph,
        _WALKED,
        graph.sql("SELECT id, position, fibre FROM %s", _STARTS),
        walk.UP,
        within=TRANSPORT,
    )
    graph.make(LINKS, _links(graph))
    for name in (_NRO, _STARTS, _WALKED):
        graph.drop(name)


def _starts(graph):
    """Query of the transport fibres in drawers of PMs; one that is split has many."""
    return SQL(
        """
        SELECT fibre AS id, min(id) AS position, fibre
        FROM (
            SELECT id, CASE WHEN class1 = %(up)s THEN fibre1 ELSE fibre2 END AS fibre
            FROM %(placed)s p
            WHERE (is_drawer OR is_pigtail) AND %(up)s IN (class1, class2)
                AND NOT EXISTS (SELECT FROM %(nro)s n WHERE n.id = p.id)
        ) found
        GROUP BY fibre
        """,
        up=TRANSPORT,
        placed=graph.table(PLACED),
        nro=graph.table(_NRO),
    )


def _links(graph):
    return SQL(
        """
        SELECT id AS fibre_line,
            CASE WHEN n IS NOT NULL THEN 'nro' ELSE 'gap' END AS end_kind,
            n AS nro_position_line,
            ARRAY(SELECT v FROM unnest(positions) WITH ORDINALITY u (v, rank)
                  WHERE v <> positions[1] ORDER BY rank DESC) AS position_lines,
            ARRAY(SELECT v FROM unnest(fibres) WITH ORDINALITY u (v, rank)
                  ORDER BY rank DESC) AS fibre_lines
        FROM (
            SELECT w.id, w.positions, n.id AS n,
                -- The last fibre is beyond the drawer when the walk left the transport.
                CASE WHEN w.ended = %(left)s
                     THEN w.fibres[:cardinality(w.fibres) - 1] ELSE w.fibres END
                    AS fibres
            FROM %(walked)s w
            LEFT JOIN %(nro)s n ON n.id = w.positions[cardinality(w.positions)]
        ) found
        """,
        left=walk.LEFT,
        walked=graph.table(_WALKED),
        nro=graph.table(_NRO),
    )
