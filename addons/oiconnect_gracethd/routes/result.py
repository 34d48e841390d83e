"""Routes of the drawer positions, and how each ends."""

from odoo.tools import SQL

from . import walk
from .graph import (
    BOXES,
    CABLES,
    DISTRIBUTION,
    FIBRES,
    HINGES,
    JUMPER,
    MIXED,
    PLACED,
    PTO,
    TRANSPORT,
)

ROUTES = "route"
_STARTS, _DOWN, _UP = "w_start", "w_down", "w_up"


def rebuild_routes(graph):
    """Fill the table of routes."""
    _make_starts(graph)
    walk.walk(
        graph,
        _DOWN,
        graph.sql("SELECT id, id AS position, fibre FROM %s", _STARTS),
        walk.DOWN,
    )
    # Jumpers lead to the transport fibre, which ends the walk.
    walk.walk(
        graph,
        _UP,
        graph.sql(
            """
            SELECT id, id AS position, upstream AS fibre FROM %s
            WHERE upstream IS NOT NULL
            """,
            _STARTS,
        ),
        walk.UP,
        within=JUMPER,
    )
    _make_routes(graph)
    for name in (_STARTS, _DOWN, _UP):
        graph.drop(name)


def _make_starts(graph):
    """Drawer positions with the fibre behind them, of distribution or a pigtail to it.

    It is ps_2; where ps_2 leads elsewhere, ps_1, if its cable is of distribution alone:
    the transport fibres of a mixed cable arrive as ps_1.
    """
    graph.make(
        _STARTS,
        SQL(
            """
            WITH pigtail AS (
                SELECT fibre1 AS fibre FROM %(placed)s
                WHERE is_pigtail AND class1 = %(jumper)s AND class2 = ANY(%(down)s)
                UNION
                SELECT fibre2 FROM %(placed)s
                WHERE is_pigtail AND class2 = %(jumper)s AND class1 = ANY(%(down)s)
            ), head AS (
                SELECT id, fibre1, fibre2,
                    class2 = ANY(%(down)s)
                        OR fibre2 IN (SELECT fibre FROM pigtail) AS is_second,
                    class1 = %(distribution)s
                        OR fibre1 IN (SELECT fibre FROM pigtail) AS is_first
                FROM %(placed)s
                WHERE is_drawer AND NOT is_pigtail
            )
            SELECT id,
                CASE WHEN is_second THEN fibre2 ELSE fibre1 END AS fibre,
                CASE WHEN is_second THEN fibre1 ELSE fibre2 END AS upstream
            FROM head WHERE is_first OR is_second
            """,
            jumper=JUMPER,
            distribution=DISTRIBUTION,
            down=[DISTRIBUTION, MIXED],
            placed=graph.table(PLACED),
        ),
    )


def _make_routes(graph):
    graph.make(
        ROUTES,
        SQL(
            """
            SELECT position_line, end_kind,
                CASE WHEN end_kind = 'gap' THEN reason END AS reason,
                position_lines, fibre_lines, box_line,
                CASE WHEN end_kind = 'pto' THEN pto END AS pto_line,
                pbo_line, link_fibre_line, is_split
            FROM (%(ended)s) ended
            """,
            ended=_ended(graph),
        ),
    )
    # The route of a drawer position: position_line = x
    graph.cr.execute(
        graph.sql("ALTER TABLE %s ADD PRIMARY KEY (position_line)", ROUTES)
    )
    _find_sockets_by_dwelling(graph)
    graph.cr.execute(graph.sql("ANALYZE %s (position_line, end_kind)", ROUTES))


def _ended(graph):
    """Query of the walks with their ends and what was met on the way."""
    return SQL(
        """
        SELECT d.id AS position_line,
            %(end_kind)s AS end_kind,
            CASE WHEN d.ended = %(branch)s THEN 'branch'
                 WHEN d.ended = %(long)s THEN 'long'
                 WHEN d.ended = %(nothing)s THEN 'nothing'
                 WHEN e.is_absent THEN 'absent'
                 ELSE 'open' END AS reason,
            d.positions AS position_lines,
            d.fibres AS fibre_lines,
            e.box AS box_line,
            CASE WHEN b.kind = %(pto)s THEN b.id ELSE f.pto END AS pto,
            q.pbo AS pbo_line,
            CASE WHEN u.class = %(transport)s THEN u.fibre END AS link_fibre_line,
            COALESCE(u.is_split, FALSE) AS is_split
        FROM %(down)s d
        JOIN %(placed)s e ON e.id = d.last
        LEFT JOIN %(box)s b ON b.id = e.box
        JOIN %(fibre)s f ON f.id = d.last_fibre
        -- The last position of the way that is in a PBO, or that of the drawer
        LEFT JOIN %(placed)s q ON q.id = COALESCE(d.in_pbo, d.id)
            AND q.pbo IS NOT NULL
        LEFT JOIN (
            SELECT w.id, h.fibre, h.class, w.is_split OR h.count1 > 1 AS is_split
            FROM %(up)s w JOIN %(hinge)s h ON h.fibre = w.last_fibre
            WHERE w.ended = %(left)s
        ) u ON u.id = d.id
        """,
        end_kind=_end_kind(),
        branch=walk.BRANCH,
        long=walk.LONG,
        nothing=walk.NOTHING,
        left=walk.LEFT,
        pto=PTO,
        transport=TRANSPORT,
        placed=graph.table(PLACED),
        box=graph.table(BOXES),
        fibre=graph.table(FIBRES),
        hinge=graph.table(HINGES),
        down=graph.table(_DOWN),
        up=graph.table(_UP),
    )


def _end_kind():
    """Expression of the end of the walk ``d``.

    ``e`` is its last position, in the box ``b``; ``f`` is its last fibre. A drop ends
    at its PTO, though no position may lie there.
    """
    return SQL(
        """
        CASE
            WHEN d.ended = %(loop)s THEN 'loop'
            WHEN d.ended IN (%(branch)s, %(long)s) THEN 'gap'
            WHEN d.ended = %(stopped)s AND e.is_absent THEN 'gap'
            WHEN b.kind = %(pto)s THEN 'pto'
            WHEN d.ended = %(stopped)s AND e.is_waiting THEN 'free'
            WHEN f.is_drop AND NOT e.is_drawer THEN 'pto'
            WHEN d.ended = %(nothing)s AND f.pto IS NOT NULL THEN 'pto'
            ELSE 'gap'
        END
        """,
        loop=walk.LOOP,
        branch=walk.BRANCH,
        long=walk.LONG,
        stopped=walk.STOPPED,
        nothing=walk.NOTHING,
        pto=PTO,
    )


def _find_sockets_by_dwelling(graph):
    """Find the PTO by the dwelling that the last position is pre-allocated to.

    It is that of a drop that no cable leads to a PTO, or of a cable that ends where the
    dwellings of several PTOs are.
    """
    graph.cr.execute(
        SQL(
            """
            UPDATE %(route)s r SET pto_line = b.id, end_kind = 'pto', reason = NULL
            FROM %(position)s p
            JOIN (
                SELECT dwelling, min(id) AS id, min(node) AS node FROM %(box)s
                WHERE kind = %(pto)s GROUP BY 1 HAVING count(*) = 1
            ) b ON b.dwelling = p.ps_preaff
            WHERE p.line = r.position_lines[cardinality(r.position_lines)]
                AND r.pto_line IS NULL
                AND (r.end_kind = 'pto' OR r.reason = 'nothing' AND EXISTS (
                    SELECT FROM %(fibre)s f
                    JOIN %(cable)s c ON c.code = f.fo_cb_code
                    WHERE f.line = r.fibre_lines[cardinality(r.fibre_lines)]
                        AND b.node IN (c.node1, c.node2)))
            """,
            route=graph.table(ROUTES),
            position=graph.table("t_position"),
            box=graph.table(BOXES),
            fibre=graph.table("t_fibre"),
            cable=graph.table(CABLES),
            pto=PTO,
        )
    )
