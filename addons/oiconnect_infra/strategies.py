"""Which free route comes first: the strategies that a network chooses from.

To add one, add a line to the table.
"""

from dataclasses import dataclass

BY_SEQUENCE = "route.sequence, route.id"
# An operator's jumpers stay together: first the modules where it is already, each
# filled from its first position on.
BY_POSITION = """
    NOT EXISTS (
        SELECT 1 FROM oiconnect_route held
        WHERE held.module_id = route.module_id
            AND held.operator_id = wanted.operator_id
    ),
    module.name, module.id,
    position.sequence, length(position.name), position.name, route.id
"""


@dataclass(frozen=True)
class Strategy:
    """``order``: SQL over ``route``, its ``position`` and ``module``, and ``wanted``.

    ``spread``: the PBO with the most free routes is taken, not the first that has one.
    """

    label: str
    order: str
    spread: bool = False


STRATEGIES = {
    "sequence": Strategy("First free route of the first PBO", BY_SEQUENCE),
    "position": Strategy("Nearest module position", BY_POSITION),
    "least_filled": Strategy("PBO with the most free routes", BY_SEQUENCE, spread=True),
}
DEFAULT_STRATEGY = "sequence"
