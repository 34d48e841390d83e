"""Routes of a staged delivery, rebuilt from its positions.

Plain SQL over a cursor, on the tables of the staging area whose names begin with
``prefix``. The ``line`` identifies a row: a fibre is the first line with its code.
"""

from .graph import PLACED, Graph
from .links import LINKS, UNLINKED, rebuild_links
from .result import ROUTES, rebuild_routes

__all__ = ["LINKS", "PLACED", "ROUTES", "drop", "rebuild"]


def rebuild(cr, prefix, graph=None):
    """Fill the tables of routes, of links and of placed positions; return the counts.

    ``{prefix}_route``: one row for each drawer position behind which a distribution
    fibre begins:

    - ``position_line``; ``position_lines`` and ``fibre_lines`` in the order of the way,
      the first position being that of the drawer
    - ``end_kind``: pto, free, gap or loop; ``reason`` of a gap: nothing (no position
      takes the fibre on), open (its position goes nowhere), absent (the next fibre is
      not in the delivery), branch (several positions take it on), long
    - ``pto_line``, ``pbo_line`` and ``box_line`` (where it ends): lines of t_ebp
    - ``link_fibre_line``: the transport fibre that feeds it; ``is_split``: others too

    ``{prefix}_link``: one row for each transport fibre that reaches a PM, with its way
    from the drawer of the NRO (``end_kind`` nro) or from where it is lost (gap).

    ``{prefix}_unlinked``: one row for each transport fibre that leaves an NRO and
    reaches no PM, with its ``positions`` and ``fibres``.

    ``{prefix}_placed``: for each position with a fibre, or in a drawer, its fibres and
    its box, named or deduced.

    :param graph: that of the checks, when no row was taken away since
    :return: rows of {end kind: count} of the routes
    """
    graph = graph or Graph(cr, prefix)
    if not graph.is_built:
        graph.build()
    graph.leave_out_repeated()
    rebuild_routes(graph)
    rebuild_links(graph)
    graph.drop_working()
    cr.execute(graph.sql("SELECT end_kind, count(*) FROM %s GROUP BY 1", ROUTES))
    return dict(cr.fetchall())


def drop(cr, prefix):
    """Drop the tables that ``rebuild`` fills."""
    graph = Graph(cr, prefix)
    for name in (ROUTES, LINKS, UNLINKED, PLACED):
        graph.drop(name)
