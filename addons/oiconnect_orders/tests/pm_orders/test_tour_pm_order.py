from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..pm_common import PmOrderCase


@tagged("post_install", "-at_install")
class TestTourPmOrder(PmOrderCase, HttpCase):
    """People with rights on PM orders work in French, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["oiconnect.network"].search([]).filtered(
            lambda network: network != cls.network
        ).active = False

    def _tour(self, action, name, group):
        user = new_test_user(
            self.env,
            "tour_pm",
            f"oiconnect_base.{group}",
            password="tour_pm",
            lang="fr_FR",
        )
        url = f"/odoo/action-oiconnect_orders.{action}"
        self.start_tour(url, name, login=user.login)
        return user

    @needs_browser
    def test_rent_a_pm_by_telephone_and_make_it_available(self):
        user = self._tour(
            "pm_order_action", "oiconnect_pm_order", "group_pm_order_user"
        )
        order = self.pm_orders.search(
            [("operator_id", "=", self.operator.id), ("pm_id", "=", self.other_pm.id)]
        )
        self.assertEqual((order.state, order.service_id.kind), ("delivered", "loca"))
        self.assertEqual(order.step_ids[0].user_id, user)
        natures = [payload["nature"] for payload in self._sent_payloads(order)]
        self.assertEqual(natures, ["initial", "update"])

    @needs_browser
    def test_write_an_engagement_and_apply_it(self):
        self._rented()
        self._tour(
            "cofinancing_action", "oiconnect_cofinancing", "group_pm_order_manager"
        )
        engagement = self.env["oiconnect.cofinancing"].search(
            [("reference", "=", "COFI-TOUR")]
        )
        self.assertEqual(engagement.pm_ids, self.other_pm)
        self.assertTrue(engagement.switched_date)
        [service] = self.services._running(
            self.operator, self.network, [("pm_id", "=", self.other_pm.id)]
        )
        self.assertEqual(service.kind, "cofi")
