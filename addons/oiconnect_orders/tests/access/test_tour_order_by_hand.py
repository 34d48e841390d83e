from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestTourOrderByHand(OrderCase, HttpCase):
    """A day at the hotline, in French, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "tour_hotline",
            "oiconnect_base.group_access_user",
            password="tour_hotline",
            lang="fr_FR",
        )

    def _tour(self, name):
        self.start_tour(
            "/odoo/action-oiconnect_orders.access_order_action",
            name,
            login=self.user.login,
            timeout=180,
        )

    def _keep_one_network(self):
        """Leave no network but this one, and give its building an address."""
        self.env["oiconnect.network"].search([("id", "!=", self.network.id)]).write(
            {"active": False}
        )
        self.building.write(
            {
                "street_type": "RUE",
                "street_name": "DES LILAS",
                "city": "EXEMPLEVILLE",
                "postal_code": "99100",
            }
        )

    @needs_browser
    def test_reject_with_a_reason_then_take_an_order_by_telephone(self):
        self._keep_one_network()
        # In the building beside that of the order by telephone
        rejected = self._receive(
            self._line(
                oc_reference="OCT-REJET",
                building_identifier=self.other_building.identifier,
            )
        )
        self.env.flush_all()
        self._tour("oiconnect_order_reject_and_take")
        self._assert_rejected(rejected)
        order = self.orders.search([("operator_id", "=", self.operator.id)]) - rejected
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.building_id, self.building)
        self.assertEqual(order.customer_firstname, "Camille")
        self.assertEqual(set(order.step_ids.mapped("channel")), {"ui"})
        self.assertEqual(self._payload(order, "AR_CMD")["result"], "OK")

    def _assert_rejected(self, order):
        self.assertEqual(order.state, "cr_ko")
        payload = self._payload(order, "CR_CMD")
        self.assertEqual(
            (payload["result"], payload["reason_code"], payload["comment"]),
            ("KO", "FADR04", "Étage inexistant"),
        )
        self.assertEqual(self._last_step(order).user_id, self.user)

    @needs_browser
    def test_change_a_route_then_take_a_line_over_by_telephone(self):
        self._keep_one_network()
        holder = self._delivered(oc_reference="OCT-TENUE")
        holder._fire("activate")
        holder.pto_id.write({"reference": "ZO-PRISE-TENUE", "connector_count": 1})
        # In the building beside that of the line that is taken over
        order = self._order(
            oc_reference="OCT-ROUTE",
            building_identifier=self.other_building.identifier,
        )
        old = order.route_ids
        self.env.flush_all()
        self._tour("oiconnect_order_route_and_takeover")
        self._assert_rerouted(order, old)
        taker = holder.taken_over_by_ids
        self.assertEqual((holder.state, taker.state), ("overwritten", "delivered"))
        self.assertEqual(taker.operator_id, self.rival)

    def _assert_rerouted(self, order, old):
        self.assertNotEqual(order.route_ids, old)
        self.assertEqual(order.route_ids.position_name, "D4")
        self.assertTrue(order.discharge_number)
        payload = self._payload(order, "NOTIF_REPROV")
        self.assertEqual(payload["reprovision_reason"], "Fibre HS")
