"""Paths of states of buildings and PMs (PM protocol: EtatImmeuble, EtatPM)."""

from odoo.tools import SQL

_ON_DEMAND = {
    "on_demand": ("on_demand_deploying",),
    # The order of the PBO is cancelled or refused: back to on demand.
    "on_demand_deploying": ("deployed", "on_demand"),
    "deploying": ("deployed",),
    "deployed": (),
    "abandoned": (),
}
#: {the manager must agree: {state: states that follow, the usual one first}}
BUILDING_PATHS = {
    True: {
        "target": ("signed", "on_demand"),
        "signed": ("deploying", "on_demand"),
        **_ON_DEMAND,
    },
    False: {
        "target": ("deploying", "on_demand"),
        "signed": ("deploying", "on_demand"),
        **_ON_DEMAND,
    },
}
PM_PATH = {
    "planned": ("deploying",),
    "deploying": ("deployed",),
    "deployed": (),
    "abandoned": (),
}
ABANDONED = "abandoned"


def following(path, state):
    """Return the states that may follow ``state``: abandoned at any time."""
    if state == ABANDONED:
        return path[state]
    return (*path.get(state, ()), ABANDONED)


def building_move_allowed(agreement, before, after):
    """Return the condition that a building may go from one state to the other."""
    return SQL(
        "(%s IS TRUE AND %s OR %s IS NOT TRUE AND %s)",
        agreement,
        move_allowed(BUILDING_PATHS[True], before, after),
        agreement,
        move_allowed(BUILDING_PATHS[False], before, after),
    )


def move_allowed(path, before, after):
    """Return the condition that an object may go from one state to the other."""
    moves = [(state, later) for state in path for later in following(path, state)]
    return SQL(
        "(%s, %s) IN (%s)",
        before,
        after,
        SQL(", ").join(SQL("(%s, %s)", *move) for move in moves),
    )
