from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..clock_common import ClockCase


@tagged("post_install", "-at_install")
class TestTourPhone(ClockCase, HttpCase):
    """On a telephone, which shows one column, a board opens where one has to act."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "tour_phone",
            "oiconnect_base.group_access_user",
            password="tour_phone",
            lang="fr_FR",
        )

    def setUp(self):
        super().setUp()
        now = fields.Datetime.now()
        self._ours(
            now, oc_reference="PHONE-ON-TIME", install_date="2099-01-01T10:00:00"
        )
        order = self._order(oc_reference="PHONE-LATE")
        moment = now - timedelta(days=30)
        self._fire_at(moment, order, "connection_failed", "FINT04")

    def _tour(self, action, view):
        self.start_tour(
            f"/odoo/action-{action}?view_type={view}",
            "oiconnect_phone_board",
            login=self.user.login,
        )

    @needs_browser
    def test_the_board_of_what_is_to_do_opens_on_what_is_late(self):
        self._tour("oiconnect_base.todo_action", "kanban")

    @needs_browser
    def test_the_board_of_orders_opens_on_no_empty_column(self):
        self._tour("oiconnect_orders.access_order_action", "kanban")
