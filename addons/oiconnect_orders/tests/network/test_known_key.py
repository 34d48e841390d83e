from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestKnownKeyOfOrders(OrderCase):
    """A place that orders name keeps its reference, unless the action changes it."""

    def test_a_place_that_was_ordered_is_known_and_its_orders_are_listed(self):
        order = self._order()
        staff = new_test_user(
            self.env,
            "cles_cmd",
            "oiconnect_base.group_infra_user,oiconnect_base.group_link_user",
            lang="fr_FR",
        )
        for place in (order.building_id, order.pm_id, order.pbo_id, order.pto_id):
            with self.subTest(place._name):
                self.assertTrue(place.key_is_known)
                effects = place.with_context(lang="fr_FR")._key_change_effects()
                named = [text for text in effects if order.oc_reference in text]
                self.assertEqual(len(named), 1, effects)
                self.assertIn("Commandes en cours", named[0])
                with self.assertRaisesRegex(UserError, "Changer la référence"):
                    mine = place.with_user(staff).with_context(lang="fr_FR")
                    mine[place._known_key] = "AUTRE-1"

    def test_an_order_that_ended_is_not_listed_and_its_place_stays_known(self):
        order = self._order()
        pto = order.pto_id
        order._fire("cancel")
        self.assertTrue(pto.key_is_known)
        effects = " ".join(pto._key_change_effects())
        self.assertNotIn(order.oc_reference, effects)

    def test_what_is_sent_after_the_change_tells_the_new_reference(self):
        order = self._order()
        order.pto_id._change_key("ZO-9999-9999", "Étiquette illisible")
        order._fire("connected")
        payload = self._payload(order, "CR_MAD")
        self.assertEqual(payload["pto_reference"], "ZO-9999-9999")
        self.assertEqual(order.route_ids.pto_id.reference, "ZO-9999-9999")
