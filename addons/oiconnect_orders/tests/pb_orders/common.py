from odoo.fields import Command

from odoo.addons.oiconnect_base.workflow import Origin

from ..common import OrderCase


class PbCase(OrderCase):
    """Two addresses connectable on demand behind one PBO, two operators at the PM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building.state = "on_demand"
        cls.neighbour = cls.other_building
        cls.neighbour.write(
            {"state": "on_demand", "pbo_ids": [Command.set(cls.pbo.ids)]}
        )
        cls.pb_orders = cls.env["oiconnect.pb.order"]
        cls.origin = Origin("file", version="V3.1")

    @classmethod
    def _line(cls, **values):
        """Return a correct line of CMDPB, but for ``values``."""
        cls.rank += 1
        return {
            "oc_reference": f"PB-{cls.rank:06d}",
            "building_identifier": cls.building.identifier,
            "pm_reference": cls.pm.reference,
            "order_date": "2026-03-14",
            "dwelling_count": 1,
            **values,
        }

    def _receive(self, *lines, operator=None):
        results = self.pb_orders._receive_in_turn(
            list(lines), operator or self.operator, self.network, self.origin
        )
        ids = [order.id for order, _refusals in results]
        return self.pb_orders.browse(ids)

    def _order(self, operator=None, **values):
        return self._receive(self._line(**values), operator=operator)

    def _cancel(self, order, operator=None, **values):
        """Return the refusals of the line that cancels ``order``."""
        line = {"oc_reference": order.oc_reference, "date": "2026-03-20", **values}
        _order, refusals = self.pb_orders._receive_cancellation(
            line, operator or self.operator, self.network, self.origin
        )
        return [refusal.code for refusal in refusals]

    def assertPlaces(self, state):
        self.assertEqual((self.building.state, self.neighbour.state), (state, state))
