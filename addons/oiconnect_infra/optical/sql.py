"""Queries that follow fibres: joins of whole sets, one recursion up and one down.

Splices make simple chains (two unique indexes, and a trigger against circles), so
the recursions end, and each fibre has exactly one head.
"""

from odoo.tools import SQL

# Few parts are each found by their index; for many, whole tables are joined. The
# planner cannot guess how far a recursion goes: left alone it reads all for one, and
# looks a hundred thousand up one by one.
FEW, MANY = 200, 10_000
_BY_INDEX = (
    "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
    " SET LOCAL enable_seqscan = off"
)
_BY_COST = "SET LOCAL work_mem = '64MB'"
_BY_SETS = _BY_COST + "; SET LOCAL enable_nestloop = off"
AS_USUAL = (
    "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on;"
    " SET LOCAL enable_seqscan = on; SET LOCAL enable_nestloop = on; RESET work_mem"
)


def plan(number):
    """Return the settings for ``number`` parts; ``AS_USUAL`` undoes them."""
    if number <= FEW:
        return _BY_INDEX
    return _BY_COST if number <= MANY else _BY_SETS


def strands(fibre_ids):
    """Return the query of the strands on which the fibres are, one row each.

    With the routes that end on it, from the PM on, the position on its first fibre,
    and the route of that position.
    """
    return SQL(
        """
        WITH RECURSIVE entry(fibre_id) AS (SELECT DISTINCT unnest(%s::int[])),
        up(fibre_id) AS (
            SELECT fibre_id FROM entry
            UNION ALL
            SELECT splice.upstream_id
            FROM up JOIN oiconnect_splice splice ON splice.downstream_id = up.fibre_id
        ),
        strand(head_id, fibre_id, splice_id, rank) AS (
            SELECT DISTINCT up.fibre_id, up.fibre_id, NULL::int, 0
            FROM up WHERE NOT EXISTS (
                SELECT FROM oiconnect_splice splice
                WHERE splice.downstream_id = up.fibre_id
            )
            UNION ALL
            SELECT strand.head_id, splice.downstream_id, splice.id, strand.rank + 1
            FROM strand JOIN oiconnect_splice splice
                ON splice.upstream_id = strand.fibre_id
        ),
        run AS (
            SELECT head_id, array_agg(strand.fibre_id ORDER BY rank) AS fibres,
                array_agg(splice_id ORDER BY rank)
                    FILTER (WHERE splice_id IS NOT NULL) AS splices,
                array_agg(route.id ORDER BY rank)
                    FILTER (WHERE route.id IS NOT NULL) AS routes
            FROM strand
            LEFT JOIN oiconnect_route route ON route.fibre_id = strand.fibre_id
            GROUP BY head_id
        )
        SELECT run.*, position.id, starting.id
        FROM run JOIN oiconnect_pbo_fibre first ON first.id = head_id
        LEFT JOIN oiconnect_pm_position position
            ON position.cable_id = first.cable_id AND position.tube = first.tube
            AND position.fibre = first.fibre
        LEFT JOIN oiconnect_route starting ON starting.position_id = position.id
        """,
        fibre_ids,
    )


def ends(route_ids, position_ids, head_ids):
    """Return the query of both ends of the paths of these keys."""
    return SQL(
        """
        WITH item AS (
            SELECT 'route' AS kind, id, id AS route_id, position_id,
                fibre_id AS last_id, pto_id, connector_number
            FROM oiconnect_route WHERE id = ANY(%(routes)s::int[])
            UNION ALL
            SELECT 'position', id, NULL, id, NULL, NULL, NULL
            FROM oiconnect_pm_position WHERE id = ANY(%(positions)s::int[])
            UNION ALL
            SELECT 'fibre', id, NULL, NULL, id, NULL, NULL
            FROM oiconnect_pbo_fibre WHERE id = ANY(%(heads)s::int[])
        )
        SELECT item.kind, item.id, item.route_id, item.position_id,
            position.link_fibre_id, position.cable_id IS NOT NULL, first.id,
            item.last_id, last.pbo_id, item.pto_id, item.connector_number,
            item.kind = 'fibre' AND cable.kind = 'transport'
        FROM item
        LEFT JOIN oiconnect_pbo_fibre last ON last.id = item.last_id
        LEFT JOIN oiconnect_pbo_cable cable ON cable.id = last.cable_id
        LEFT JOIN oiconnect_pm_position position ON position.id = item.position_id
        LEFT JOIN oiconnect_pbo_fibre first
            ON first.cable_id = position.cable_id AND first.tube = position.tube
            AND first.fibre = position.fibre
        """,
        routes=route_ids,
        positions=position_ids,
        heads=head_ids,
    )
