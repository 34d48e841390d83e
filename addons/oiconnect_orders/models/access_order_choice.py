from odoo import models


class AccessOrder(models.Model):
    """What the orders ask of the network's routes, and which ones they are told."""

    _inherit = "oiconnect.access.order"

    def _route_requests(self, passed):
        """Return what to ask for each order of ``{order: place}``."""
        return [
            {
                "pbo_ids": place.pbos.ids,
                "operator_id": order.operator_id.id,
                "pto_id": place.pto and place.pto.id,
                "connector_number": False,
                "new_socket": order._makes_socket(place.pto),
                "more": {"access_order_id": order.id},
            }
            for order, place in passed.items()
        ]

    def _makes_socket(self, pto):
        """Tell whether the order has a socket laid: it has all the network's fibres."""
        return not self.existing_socket and not (pto and pto.route_ids)

    def _move_socket(self, reference):
        """The other fibres were laid to the socket that the installer used, too."""
        ordered = self.pto_id
        result = super()._move_socket(reference)
        if self.pto_id != ordered:
            ordered._unwire_unless_laid()
            self.env.flush_all()
            unlaid = self.pto_id.filtered(lambda pto: pto.state == "to_build")
            self.route_ids._fill_sockets(set(unlaid.ids))
        return result

    def _payload_routes(self):
        """Also the other fibres of the socket; nobody is told who holds them."""
        own = super()._payload_routes()
        if self.network_id.socket_fibres == "1":
            return own
        others = self.pto_id.route_ids - self._told_routes()
        nobody = self.env["oiconnect.operator"]
        return own + [
            route._payload(nobody) | {"operator_code": None}
            for route in others.sorted("connector_number")
        ]
