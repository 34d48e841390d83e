from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..clock_common import MONDAY, ClockCase

# As long as an operator may write it, and without a space to break at
REFERENCE = "OCT1/LISTE/2026-0000000000-001"


@tagged("post_install", "-at_install")
class TestAccessOrderList(ClockCase, HttpCase):
    """The list of accesses shows what one decides by, in each of its modes."""

    # All its columns at once have room
    browser_size = "1600x900"

    @needs_browser
    def test_each_mode_has_its_columns_and_no_reference_is_cut(self):
        user = new_test_user(
            self.env,
            "tour_liste",
            "oiconnect_base.group_access_user",
            password="tour_liste",
            lang="fr_FR",
        )
        self.operator.name = "Opérateur d'essai au très long nom commercial"
        order = self._at(MONDAY, self._order, oc_reference=REFERENCE)
        self._fire_at(MONDAY, order, "connection_failed", "FINT04")
        self.start_tour(
            "/odoo/action-oiconnect_orders.access_order_action",
            "oiconnect_access_list",
            login=user.login,
        )
