from odoo.exceptions import LockError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestTourAccessOrder(OrderCase, HttpCase):
    """A user with the right on access orders works in French, in the browser."""

    @needs_browser
    def test_find_an_order_cancel_it_then_read_refusals_as_sentences(self):
        """A forbidden action is refused in French, in a sentence."""
        user = new_test_user(
            self.env,
            "tour_commandes",
            "oiconnect_base.group_access_user",
            password="tour_commandes",
            lang="fr_FR",
        )
        found = self._receive(self._line(oc_reference="OCT-ANNULER"))
        found._study()
        orders = self._receive(
            *(
                self._line(oc_reference=reference)
                for reference in ("OCT-AVANCE", "OCT-TENUE", "OCT-AUTRE")
            )
        )
        self._hold(orders[1])
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/action-oiconnect_orders.access_order_action",
                "oiconnect_access_order",
                login=user.login,
                timeout=120,
            )
        self.assertEqual(found.state, "cancelled")
        self.assertEqual(orders.mapped("state"), ["connecting", "ar_ok", "ar_ok"])
        step = self._last_step(found)
        self.assertEqual((step.user_id, step.channel), (user, "ui"))
        self.assertEqual(self._payload(found, "CR_ANNUL")["result"], "OK")

    def _hold(self, order):
        """Let ``order`` be locked by another user, from now on."""
        model = self.registry[order._name]
        lock = model.lock_for_update

        def lock_for_update(orders, **options):
            if order.id in orders.ids:
                raise LockError("held")
            return lock(orders, **options)

        self.patch(model, "lock_for_update", lock_for_update)
