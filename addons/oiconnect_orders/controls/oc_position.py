"""Level 2: where we patch, is the operator's position at the PM one of its own?"""

from odoo.tools.translate import LazyTranslate

from .acknowledgement import Refusal

_lt = LazyTranslate(__name__)


class OcPositions:
    """The positions that a batch of orders names, and those in use."""

    def __init__(self, orders):
        self._named = orders.env["oiconnect.operator.position"]._named_by(orders)
        self._used = {
            p.id: p.order_ids[:1] for p in self._named.values() if p.order_ids
        }

    def of(self, order, service):
        return self._named.get((service.id, *order._position_sent()))

    def take(self, position, order):
        """Take the position; return another order that has it, None when it is free."""
        holder = self._used.setdefault(position.id, order)
        return None if holder == order else holder


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
            {"positions": len(place.service.position_ids)},
        )
    holder = referential.oc_positions.take(position, order)
    if holder:
        return Refusal(
            "FINT09",
            field,
            _lt("Your position at the PM (rack, drawer, port) is used already."),
            {"order": holder.oc_reference},
        )
    return None
