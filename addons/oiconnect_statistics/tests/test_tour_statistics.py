from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .common import EVERY_KIND, StatisticsCase


@tagged("post_install", "-at_install")
class TestTourStatistics(StatisticsCase, HttpCase):
    """Each page of statistics, in French."""

    @needs_browser
    def test_numbers_lead_to_their_lists(self):
        groups = [f"oiconnect_base.group_{kind}_read" for kind in EVERY_KIND]
        new_test_user(self.env, "tour_stat", ",".join(groups), lang="fr_FR")
        self.start_tour(
            "/odoo/action-oiconnect_statistics.statistics_orders_action",
            "oiconnect_statistics",
            login="tour_stat",
        )
