from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestTourWhy(OrderCase, HttpCase):
    """An automatic decision is explained, and taken back, in the browser."""

    @needs_browser
    def test_read_why_an_order_was_rejected_and_take_it_back(self):
        user = new_test_user(
            self.env,
            "tour_pourquoi",
            "oiconnect_base.group_access_manager",
            password="tour_pourquoi",
            lang="fr_FR",
        )
        order = self._order(pm_reference=self.other_pm.reference)
        self.start_tour(
            f"/odoo/oiconnect.access.order/{order.id}",
            "oiconnect_access_order_why",
            login=user.login,
        )
        order.invalidate_recordset()
        self.assertEqual(order.state, "connecting")
        decisions = order.decision_ids.sorted("id")
        self.assertEqual(decisions[1].user_id, user)
        self.assertEqual(decisions[1].note, "Plan du réseau vérifié")
