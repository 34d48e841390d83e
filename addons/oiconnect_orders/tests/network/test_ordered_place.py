from odoo.exceptions import UserError
from odoo.tests.common import new_test_user, tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestOrderedPlace(OrderCase):
    """Each record that an order names leads to its orders, and back."""

    def _places(self, order):
        return (
            order.operator_id,
            order.building_id,
            order.pm_id,
            order.pm_service_id,
            order.pbo_id,
            order.pto_id,
        )

    def test_each_place_counts_and_opens_its_orders(self):
        order = self._order()
        self._order(self.rival, building_identifier=self.other_building.identifier)
        for place in self._places(order):
            with self.subTest(place._name):
                action = place.action_view_access_orders()
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertIn(order, found)
                self.assertEqual(place.access_order_count, len(found))
        self.assertEqual(order.operator_id.access_order_count, 1)
        self.assertEqual(order.pm_id.access_order_count, 2)

    def test_finished_orders_are_counted_and_shown_too(self):
        order = self._order()
        order._fire("cancel")
        action = order.building_id.action_view_access_orders()
        self.assertFalse(action["context"], "no filter hides them")
        self.assertEqual(order.building_id.access_order_count, 1)

    def test_without_the_right_nothing_is_counted(self):
        order = self._order()
        user = new_test_user(
            self.env, "reseau_seul", "oiconnect_base.group_infra_manager"
        )
        for place in self._places(order):
            with self.subTest(place._name):
                self.assertEqual(place.with_user(user).access_order_count, 0)

    def test_what_orders_name_is_not_deleted(self):
        order = self._order()
        order.route_ids.sudo()._release()
        with self.assertRaisesRegex(UserError, order.oc_reference):
            order.pto_id.unlink()

    def test_a_pm_made_available_to_an_operator_is_not_deleted(self):
        pm = self.made["pm"].copy({"reference": "OICN-99001-0099"})
        service = self.env["oiconnect.pm.service"].create(
            {
                "reference": "PM-SERVICE-99",
                "network_id": pm.network_id.id,
                "pm_id": pm.id,
                "operator_id": self.operator.id,
                "start_date": "2026-01-05",
            }
        )
        with self.assertRaisesRegex(UserError, r"1 PM services \(PM-SERVICE-99"):
            pm.unlink()
        service.unlink()
        pm.unlink()
        self.assertFalse(pm.exists())

    def test_a_route_leads_to_its_order(self):
        order = self._order()
        self.assertEqual(order.route_count, 1)
        self.assertEqual(order.route_ids.access_order_id, order)
        arch = self.env["oiconnect.route"].get_view(view_type="form")["arch"]
        self.assertIn("access_order_id", arch)
