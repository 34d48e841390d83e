from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestTourAccessOrder(OrderCase, HttpCase):
    """A user with the right on access orders works in French, in the browser."""

    @needs_browser
    def test_find_an_order_read_its_history_cancel_it(self):
        user = new_test_user(
            self.env,
            "tour_commandes",
            "oiconnect_base.group_access_user",
            password="tour_commandes",
            lang="fr_FR",
        )
        other, found = orders = self._receive(self._line(), self._line())
        orders._study()
        self.start_tour(
            "/odoo/action-oiconnect_orders.access_order_action",
            "oiconnect_access_order",
            login=user.login,
        )
        self.assertEqual(found.oc_reference, "OCT-000002")
        self.assertEqual((other.state, found.state), ("connecting", "cancelled"))
        step = self._last_step(found)
        self.assertEqual((step.user_id, step.channel), (user, "ui"))
        self.assertEqual(self._payload(found, "CR_ANNUL")["result"], "OK")
