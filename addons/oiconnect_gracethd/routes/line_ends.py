"""Nodes of cables that name none: those at the ends of their line."""

from odoo.tools import SQL

LINE_ENDS = "w_line_end"
_VOID, _NODES = "w_void_end", "w_node"
#: metres within which the end of a line is on a node
TOLERANCE = 0.1


def make_line_ends(graph):
    """Fill ``LINE_ENDS``: code of a cable, and the nodes of its void ends.

    The line may be drawn either way: an end that names its node tells which.
    """
    void = graph.make(
        _VOID,
        graph.sql(
            """
            SELECT DISTINCT ON (c.cb_code) c.cb_code AS code, c.cb_nd1 AS nd1,
                c.cb_nd2 AS nd2, l.x1, l.y1, l.x2, l.y2
            FROM %s c JOIN %s l ON l.cl_cb_code = c.cb_code AND l.x1 IS NOT NULL
            WHERE c.cb_code IS NOT NULL AND (c.cb_nd1 IS NULL OR c.cb_nd2 IS NULL)
            ORDER BY c.cb_code, c.line, l.line
            """,
            "t_cable",
            "t_cableline",
        ),
    )
    nodes = graph.make(_NODES, SQL(_PLACES, void=void, node=graph.table("t_noeud")))
    graph.cr.execute(SQL("CREATE INDEX ON %s (x, y)", nodes))
    graph.cr.execute(SQL("ANALYZE %s", nodes))
    graph.make(LINE_ENDS, SQL(_ENDS, void=void, start=_at(nodes, 1), end=_at(nodes, 2)))
    graph.drop(_VOID)
    graph.drop(_NODES)


def _at(nodes, end):
    """Query of the node nearest to one end of the line of ``v``."""
    return SQL(
        """
        SELECT n.code FROM %(nodes)s n
        WHERE n.x BETWEEN v.%(x)s - %(near)s AND v.%(x)s + %(near)s
            AND n.y BETWEEN v.%(y)s - %(near)s AND v.%(y)s + %(near)s
        ORDER BY (n.x - v.%(x)s) ^ 2 + (n.y - v.%(y)s) ^ 2, n.code LIMIT 1
        """,
        nodes=nodes,
        x=SQL.identifier(f"x{end}"),
        y=SQL.identifier(f"y{end}"),
        near=TOLERANCE,
    )


# Few deliveries have void ends: others read no node.
_PLACES = """
    SELECT nd_code AS code, x1 AS x, y1 AS y FROM %(node)s
    WHERE nd_code IS NOT NULL AND x1 IS NOT NULL AND EXISTS (SELECT FROM %(void)s)
"""
_ENDS = """
    SELECT code,
        CASE WHEN nd1 IS NULL THEN CASE WHEN nd2 = "start" THEN "end"
             ELSE "start" END END AS node1,
        CASE WHEN nd2 IS NULL THEN CASE WHEN nd1 = "end" THEN "start"
             ELSE "end" END END AS node2
    FROM (
        SELECT v.code, v.nd1, v.nd2, (%(start)s) AS "start", (%(end)s) AS "end"
        FROM %(void)s v
    ) found
"""
