"""Walks from fibre to fibre, all at once, one position at a time."""

from odoo.tools import SQL

from .graph import FIBRE_MASK, HINGES

#: how a walk ends
NOTHING, STOPPED, LEFT, LOOP, BRANCH, LONG = range(1, 7)
#: more positions than any line has; what is longer is a fault of the delivery
MOST_STEPS = 200

DOWN, UP = "down", "up"


def walk(graph, name, starts, direction, within=None):
    """Fill the table ``name`` with the walks that begin at ``starts``.

    :param starts: query of (id, position, fibre): the fibre behind a position
    :param direction: DOWN prefers positions whose ps_1 is the fibre, UP those whose
        ps_2 is; one written in the other order is taken when there is none. The
        position just left is never taken again.
    :param within: class of cables in which the walk stays

    Rows: ``id``, ``ended``, ``positions``, ``fibres`` (in their order), ``last`` and
    ``last_fibre`` of them, and ``is_split``, whether several positions take one of the
    fibres on.
    """
    cr = graph.cr
    graph.make(
        name,
        SQL(
            """
            SELECT id, NULL::int AS ended, ARRAY[position] AS positions,
                ARRAY[fibre] AS fibres, FALSE AS is_split, position AS last,
                fibre AS last_fibre
            FROM (%s) s WHERE FALSE
            """,
            starts,
        ),
    )
    level, following = f"{name}_a", f"{name}_b"
    graph.make(
        level,
        SQL(
            """
            SELECT id, NULL::int AS ended, ARRAY[position] AS positions,
                ARRAY[fibre] AS fibres, position AS last, fibre, FALSE AS is_split
            FROM (%s) s
            """,
            starts,
        ),
    )
    for _step in range(MOST_STEPS):
        # How many go on decides whether they are joined or looked up one by one.
        cr.execute(graph.sql("ANALYZE %s (ended)", level))
        graph.make(following, _next_level(graph, level, direction, within))
        if not cr.rowcount:
            break
        _keep(graph, name, following, SQL("ended"), SQL("ended IS NOT NULL"))
        level, following = following, level
    else:
        _keep(graph, name, level, SQL("%s", LONG), SQL("ended IS NULL"))
    cr.execute(graph.sql("ANALYZE %s (id, ended, last, last_fibre)", name))
    graph.drop(level)
    graph.drop(following)


def _keep(graph, name, level, ended, condition):
    graph.cr.execute(
        SQL(
            """
            INSERT INTO %s
            SELECT id, %s, positions, fibres, is_split,
                positions[cardinality(positions)], fibres[cardinality(fibres)]
            FROM %s WHERE %s
            """,
            graph.table(name),
            ended,
            graph.table(level),
            condition,
        )
    )


def _next_level(graph, level, direction, within):
    """Query of the walks of ``level`` that go on, one position further."""
    return SQL(
        """
        SELECT id,
            CASE WHEN is_outside THEN %(left)s
                 WHEN is_branch THEN %(branch)s
                 WHEN step IS NULL THEN %(nothing)s
                 WHEN beyond = 0 THEN %(stopped)s
                 WHEN beyond = ANY(fibres) THEN %(loop)s END AS ended,
            CASE WHEN step IS NULL THEN positions
                 ELSE positions || position END AS positions,
            CASE WHEN step IS NULL OR beyond = 0 OR beyond = ANY(fibres) THEN fibres
                 ELSE fibres || beyond END AS fibres,
            position AS last, beyond AS fibre, is_split
        FROM (
            SELECT s.*, (step >> 32)::int AS position, (step & %(mask)s)::int AS beyond
            FROM (%(steps)s) s
        ) taken
        """,
        left=LEFT,
        branch=BRANCH,
        nothing=NOTHING,
        stopped=STOPPED,
        loop=LOOP,
        mask=FIBRE_MASK,
        steps=_steps(graph, level, direction, within),
    )


def _steps(graph, level, direction, within):
    """Query of what each walk meets: one step, a branch or nothing.

    ``ways`` are the positions that take the fibre on as they should, ``back`` those
    that are written in the other order; the position just left is none of them.
    """
    first = SQL("h.count1, h.low1, h.high1")
    other = SQL("h.count2, h.low2, h.high2")
    if direction == UP:
        first, other = other, first
    return SQL(
        """
        SELECT l.id, l.positions, l.fibres, l.is_split OR h.count1 > 1 AS is_split,
            %(outside)s AS is_outside,
            NOT %(outside)s AND (ways > 1 OR (ways = 0 AND back > 1)) AS is_branch,
            CASE WHEN %(outside)s THEN NULL
                 WHEN ways = 1 THEN
                    CASE WHEN a.low >> 32 = l.last THEN a.high ELSE a.low END
                 WHEN ways = 0 AND back = 1 THEN
                    CASE WHEN b.low >> 32 = l.last THEN b.high ELSE b.low END
            END AS step
        FROM %(level)s l
        JOIN %(hinge)s h ON h.fibre = l.fibre
        CROSS JOIN LATERAL (VALUES (%(first)s)) a (number, low, high)
        CROSS JOIN LATERAL (VALUES (%(other)s)) b (number, low, high)
        CROSS JOIN LATERAL (
            SELECT
                a.number - (l.last IN (a.low >> 32, a.high >> 32)
                    AND a.number > 0)::int AS ways,
                b.number - (l.last IN (b.low >> 32, b.high >> 32)
                    AND b.number > 0)::int AS back
        ) w
        WHERE l.ended IS NULL
        """,
        outside=(
            SQL("FALSE")
            if within is None
            else SQL("(h.class IS DISTINCT FROM %s)", within)
        ),
        level=graph.table(level),
        hinge=graph.table(HINGES),
        first=first,
        other=other,
    )
