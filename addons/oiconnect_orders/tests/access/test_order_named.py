from odoo.tests.common import tagged

from ..clock_common import ClockCase


@tagged("post_install", "-at_install")
class TestOrderNamed(ClockCase):
    """An order is chosen among millions by what people have of its references."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["oiconnect.access.order"]

    def _named(self, text):
        return [order_id for order_id, _name in self.orders.name_search(text)]

    def test_a_part_of_the_operators_reference_is_enough(self):
        order = self._order(oc_reference="EXEMPLE-4321")
        self.assertEqual(self._named("ple-432"), order.ids)
        self.assertFalse(self._named("EXEMPLE-9"))

    def test_our_own_reference_is_given_whole(self):
        order = self._order(oc_reference="EXEMPLE-1")
        self.assertEqual(self._named(order.service_reference), order.ids)
        self.assertFalse(self._named(order.service_reference[:-3]))

    def test_lines_about_an_order_are_found_the_same_way(self):
        order = self._order(oc_reference="EXEMPLE-LATE")
        self.env["oiconnect.delay.miss"]._note(order)
        for text in ("le-late", order.service_reference):
            found = self.env["oiconnect.delay.miss"].search(
                [("res_name", "ilike", text)]
            )
            self.assertEqual(found.mapped("res_id"), order.ids)
