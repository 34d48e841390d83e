from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import ExchangeCase


@tagged("post_install", "-at_install")
class TestTourExchange(ExchangeCase, HttpCase):
    """An employee of the OI answers an operator who asks what became of a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "tour_trace",
            "oiconnect_base.group_access_manager,oiconnect_base.group_exchange_read",
            password="tour_trace",
            lang="fr_FR",
        )

    def setUp(self):
        super().setUp()
        self.file = self._take([self._wire(), self._wire(ReferencePm="")])
        [receipt] = self._drain()
        receipt._note_sent()

    @needs_browser
    def test_find_a_refused_line_and_play_its_file_again(self):
        """From the trace of an operator to why the line would still be refused."""
        self._take(b"CodeOI\r\nOITO\r\n", "OICN_OITO_PM_IPE_V31_20260314_01.csv")
        orders = self._orders_of(self.file)
        before = orders.mapped(lambda order: (order.oc_reference, order.state))
        self.start_tour(
            f"/odoo/oiconnect.operator/{self.operator.id}",
            "oiconnect_exchange",
            login=self.user.login,
            timeout=180,
        )
        self.env.invalidate_all()
        self.assertEqual(
            orders.mapped(lambda order: (order.oc_reference, order.state)), before
        )
        self.assertEqual(self._orders_of(self.file), orders)
        self.assertEqual(self.file.state, "in_partial")
