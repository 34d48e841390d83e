from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import OrderCase
from .test_map_presence import placed


@tagged("post_install", "-at_install")
class TestTourMapPresence(OrderCase, HttpCase):
    """A user in charge of PM orders asks the map where an operator is, in French."""

    @needs_browser
    def test_the_map_shows_where_an_operator_is(self):
        self.env["oiconnect.map.layer"].search([]).active = False
        self.pm.write(placed(46.01, 5.2))
        self.other_pm.write(placed(46.012, 5.202))
        user = new_test_user(
            self.env,
            "tour_presence",
            "base.group_user,oiconnect_base.group_infra_read,"
            "oiconnect_base.group_pm_order_read",
            lang="fr_FR",
        )
        network = self.network.id
        self.start_tour(
            f"/odoo/network-map?map=16/46.011/5.201&network={network}",
            "oiconnect_map_presence",
            login=user.login,
            timeout=120,
        )
