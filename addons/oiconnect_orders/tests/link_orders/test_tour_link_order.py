from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .common import LinkCase


@tagged("post_install", "-at_install")
class TestTourLinkOrder(LinkCase, HttpCase):
    """A user with the right on link orders works in French, in the browser."""

    @needs_browser
    def test_make_fibres_available_deliver_them_and_note_the_validation(self):
        user = new_test_user(
            self.env,
            "tour_lien",
            "oiconnect_base.group_link_user",
            password="tour_lien",
            lang="fr_FR",
        )
        order = self._order(oc_reference="OCT-TOUR")
        self.start_tour(
            "/odoo/action-oiconnect_orders.link_order_action",
            "oiconnect_link_order",
            login=user.login,
        )
        self.assertEqual(order.state, "validated")
        self.assertEqual(self._numbers(order), [1, 2])
        self.assertEqual(order.step_ids[0].user_id, user)
