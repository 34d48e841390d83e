from odoo.tests import tagged

from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_orders.tests.common import (
    make_network,
    make_operator,
    open_pm,
)

from .common import ADDRESS, BillingCase


@tagged("post_install", "-at_install")
class TestBillingLine(BillingCase):
    """The whole life of a line, from the order to its last invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = make_network(cls.env, "OITB", "ZB")
        cls.network, cls.building, cls.pm = (
            made["network"],
            made["building"],
            made["pm"],
        )
        cls.operator = make_operator(cls.env, "OCX3")
        cls.operator.write({**ADDRESS, "country_id": cls.env.ref("base.fr").id})
        open_pm(cls.env, made, cls.operator)
        cls.orders = cls.env["oiconnect.access.order"]

    def _in_service(self, day):
        line = {
            "oc_reference": f"OCX3-{day}",
            "connection_type": "STOC",
            "requested_type": "LOCA",
            "existing_socket": False,
            "order_date": "2025-01-04T10:05:00",
            "building_identifier": self.building.identifier,
            "pm_reference": self.pm.reference,
            "customer_name": "EXEMPLE",
            "customer_contact1": "0600000001",
        }
        [(order, refusals)] = self.orders._receive([line], self.operator, self.network)
        self.assertFalse(refusals)
        order._study()
        order._fire("connected")
        self._receive("_receive_activation", order, in_service_date=f"{day}T09:00:00")
        return order

    def _receive(self, method, order, **values):
        line = {
            "oc_reference": order.oc_reference,
            "service_reference": order.service_reference,
            **values,
        }
        _order, refusals = getattr(self.orders, method)(
            line, self.operator, self.network, Origin("file")
        )
        self.assertFalse(refusals)

    def _compute(self, month):
        return self.billing.compute(month, self.network)

    def test_from_the_order_to_the_last_invoice(self):
        self.product()
        order = self._in_service("2025-01-15")
        self.assertEqual(order.state, "in_service")
        first = self._compute("2025-01")
        self.assertEqual(self.billed(first, self.operator), [(1, 17.0, 17.0)])
        self.assertEqual(first.item_ids.line_ids.order_id, order)
        second = self._compute("2025-02")
        self.assertEqual(self.billed(second, self.operator), [(1, 31.0, 31.0)])
        self._receive(
            "_receive_termination", order, operation="RESIL", date="2025-03-11T17:00:00"
        )
        self.assertEqual(order.state, "terminated")
        third = self._compute("2025-03")
        self.assertEqual(self.billed(third, self.operator), [(1, 10.0, 10.0)])
        self.assertFalse(self._compute("2025-04").move_ids)
        self.assertEqual(order.billing_line_count, 3)
        lines = self.env["oiconnect.billing.line"]
        by_order = lines.search([("order_id", "=", order.id)])
        by_name = lines.search([("order_id.oc_reference", "=", order.oc_reference)])
        self.assertEqual((len(by_order), by_order), (3, by_name))

    def test_the_retained_type_chooses_the_price(self):
        self.product(name="Location", price=13.2, retained_type="loca")
        self.product(name="Cofinancement", price=5.1, retained_type="cofi")
        order = self._in_service("2025-01-01")
        self.assertEqual(order.retained_type, "loca")
        self.assertEqual(
            self.billed(self._compute("2025-01"), self.operator), [(1, 13.2, 13.2)]
        )
