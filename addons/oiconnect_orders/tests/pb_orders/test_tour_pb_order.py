from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .common import PbCase


@tagged("post_install", "-at_install")
class TestTourPbOrder(PbCase, HttpCase):
    """A user with the right on PM orders works in French, in the browser."""

    @needs_browser
    def test_plan_a_pb_and_report_it_laid(self):
        user = new_test_user(
            self.env,
            "tour_pb",
            "oiconnect_base.group_pm_order_user",
            password="tour_pb",
            lang="fr_FR",
        )
        order = self._order()
        self.start_tour(
            "/odoo/action-oiconnect_orders.pb_order_action",
            "oiconnect_pb_order",
            login=user.login,
        )
        self.assertEqual(order.oc_reference, "PB-000001")
        self.assertEqual(order.state, "laid")
        self.assertPlaces("deployed")
        self.assertEqual(order.step_ids[0].user_id, user)
