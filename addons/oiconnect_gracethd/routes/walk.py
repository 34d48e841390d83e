"""Walks from fibre to fibre, all at once, one position at a time."""

from odoo.tools import SQL

from .graph import FIBRE_MASK, HINGES, IN_PBO

#: how a walk ends
NOTHING, STOPPED, LEFT, LOOP, BRANCH, LONG = range(1, 7)
#: more positions than any line has; what is longer is a fault of the delivery
MAX_STEPS = 200

DOWN, UP = "down", "up"


def walk(graph, name, starts, direction, within=None):
    """Fill the table ``name`` with the walks that begin at ``starts``.

    :param starts: query of (id, position, fibre): the fibre behind a position
    :param direction: DOWN prefers positions whose ps_1 is the fibre, UP those whose
        ps_2 is; one written in the other order is taken when there is none. The
        position just left is never taken again.
    :param within: class of cables in which the walk stays

    Rows: ``id``, ``ended``, ``positions``, ``fibres`` (in their order), ``last`` and
    ``last_fibre`` of them, ``is_split``, whether several positions take one of the
    fibres on that it stays in, and ``in_pbo``, the last position after the first that
    is in a PBO.
    """
    # To merge, all hinges would be sorted again at each step.
    graph.cr.execute("SET LOCAL enable_mergejoin = off")
    graph.make(
        name,
        SQL(
            """
            WITH RECURSIVE way AS (
                SELECT id, NULL::int AS ended, ARRAY[position] AS positions,
                    ARRAY[fibre] AS fibres, FALSE AS is_split, position AS last,
                    NULL::int AS in_pbo, fibre, 0 AS count
                FROM (%(starts)s) s
                UNION ALL
                %(following)s
            )
            SELECT id, COALESCE(ended, %(long)s) AS ended, positions, fibres, is_split,
                positions[cardinality(positions)] AS last,
                fibres[cardinality(fibres)] AS last_fibre, in_pbo
            FROM way WHERE ended IS NOT NULL OR count = %(most)s
            """,
            starts=starts,
            following=_following(graph, direction, within),
            long=LONG,
            most=MAX_STEPS,
        ),
    )
    graph.cr.execute("SET LOCAL enable_mergejoin TO DEFAULT")
    graph.cr.execute(graph.sql("ANALYZE %s (id, ended, last, last_fibre)", name))


def _following(graph, direction, within):
    """Query of the walks of ``way`` that go on, one position further.

    A walk that ends has no ``fibre`` to go on with. That is no condition on ``ended``:
    the planner would believe that few go on, and read all hinges at each step rather
    than keep them hashed. OFFSET 0 has each value reckoned once.
    """
    return SQL(
        """
        SELECT id, ended,
            CASE WHEN step IS NULL THEN positions
                 ELSE positions || position END AS positions,
            CASE WHEN step IS NULL OR beyond = 0 OR ended = %(loop)s THEN fibres
                 ELSE fibres || beyond END AS fibres,
            is_split, position AS last,
            CASE WHEN step & %(in_pbo)s <> 0 THEN position ELSE in_pbo END AS in_pbo,
            CASE WHEN ended IS NULL AND count < %(most)s THEN beyond END AS fibre,
            count
        FROM (
            SELECT t.*,
                CASE WHEN is_outside THEN %(left)s
                     WHEN is_branch THEN %(branch)s
                     WHEN step IS NULL THEN %(nothing)s
                     WHEN beyond = 0 THEN %(stopped)s
                     WHEN beyond = ANY(fibres) THEN %(loop)s END AS ended
            FROM (
                SELECT s.*, (step >> 32)::int AS position,
                    (step & %(mask)s)::int AS beyond
                FROM (%(steps)s OFFSET 0) s
                OFFSET 0
            ) t
            OFFSET 0
        ) taken
        """,
        left=LEFT,
        branch=BRANCH,
        nothing=NOTHING,
        stopped=STOPPED,
        loop=LOOP,
        most=MAX_STEPS,
        mask=FIBRE_MASK,
        in_pbo=IN_PBO,
        steps=_steps(graph, direction, within),
    )


def _steps(graph, direction, within):
    """Query of what each walk meets: one step, a branch or nothing.

    ``ways`` are the positions that take the fibre on as they should, ``back`` those
    that are written in the other order; the position just left is none of them.
    """
    first, other = ("1", "2") if direction == DOWN else ("2", "1")
    return SQL(
        """
        SELECT id, positions, fibres, is_split, in_pbo, count, is_outside,
            NOT is_outside AND (ways > 1 OR (ways = 0 AND back > 1)) AS is_branch,
            CASE WHEN is_outside THEN NULL
                 WHEN ways = 1 THEN CASE WHEN low >> 32 = last THEN high ELSE low END
                 WHEN ways = 0 AND back = 1 THEN
                    CASE WHEN back_low >> 32 = last THEN back_high ELSE back_low END
            END AS step
        FROM (
            SELECT l.id, l.positions, l.fibres, l.in_pbo, l.last,
                (l.is_split OR h.count1 > 1) IS TRUE AS is_split, l.count + 1 AS count,
                h.fibre IS NULL AS is_outside,
                %(low)s AS low, %(high)s AS high,
                %(number)s - (%(number)s > 0
                    AND l.last IN (%(low)s >> 32, %(high)s >> 32))::int AS ways,
                %(back_low)s AS back_low, %(back_high)s AS back_high,
                %(back_number)s - (%(back_number)s > 0
                    AND l.last IN (%(back_low)s >> 32, %(back_high)s >> 32))::int
                    AS back
            FROM way l %(joined)s h ON h.fibre = l.fibre
            WHERE l.fibre IS NOT NULL
            OFFSET 0
        ) w
        """,
        joined=_joined_hinges(graph, within),
        number=SQL.identifier("h", f"count{first}"),
        low=SQL.identifier("h", f"low{first}"),
        high=SQL.identifier("h", f"high{first}"),
        back_number=SQL.identifier("h", f"count{other}"),
        back_low=SQL.identifier("h", f"low{other}"),
        back_high=SQL.identifier("h", f"high{other}"),
    )


def _joined_hinges(graph, within):
    """Return the SQL that joins hinges: few are hashed when a walk stays within.

    All fibres that a walk meets have a hinge: one that it does not find is outside.
    """
    if within is None:
        return graph.sql("JOIN %s", HINGES)
    return SQL(
        "LEFT JOIN (SELECT * FROM %s WHERE class = %s)", graph.table(HINGES), within
    )
