"""Level 2: where we patch, is the operator's position at the PM one of its own?"""

from odoo.tools.translate import LazyTranslate

from .receipt import Refusal

_lt = LazyTranslate(__name__)


class OcPositions:
    """The positions that a batch of orders names, and those in use."""

    def __init__(self, orders):
        self._named = orders.env["oiconnect.operator.position"]._named_by(orders)
        self._used = {p.id for p in self._named.values() if p.order_ids}

    def of(self, order, service):
        return self._named.get((service.id, *order._told_position()))

    def take(self, position):
        """Take the position; False when another order of the batch or before has it."""
        free = position.id not in self._used
        self._used.add(position.id)
        return free


def control_oc_position(order, place, referential, today):
    """Check the position that the order names, in networks that ask for it."""
    if order.connection_type != "oi" or not order.network_id.check_oc_position:
        return None
    field = f"info_{order.operator_id.rack_info or 1}"
    position = referential.oc_positions.of(order, place.service)
    if not position:
        return Refusal(
            "FINT08",
            field,
            _lt("Your position at the PM (rack, drawer, port) is unknown."),
        )
    if not referential.oc_positions.take(position):
        return Refusal(
            "FINT09",
            field,
            _lt("Your position at the PM (rack, drawer, port) is used already."),
        )
    return None
