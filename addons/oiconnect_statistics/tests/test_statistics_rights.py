from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from ..charts import PAGES

GROUP = "oiconnect_base.group_statistics_read"


@tagged("post_install", "-at_install")
class TestStatisticsRights(TransactionCase):
    """Without the right: neither menu nor number."""

    def test_without_the_right_no_number(self):
        user = new_test_user(
            self.env,
            "sans_stat",
            "oiconnect_base.group_access_manager,oiconnect_base.group_ticket_manager",
        )
        statistics = self.env["oiconnect.statistics"].with_user(user)
        for page in PAGES.values():
            with self.subTest(page.key), self.assertRaises(AccessError):
                statistics.read_page(page.key)
            for chart in page.charts:
                with self.subTest(chart.key), self.assertRaises(AccessError):
                    statistics.read_chart(page.key, chart.key, {})

    def test_menus_are_those_of_the_right(self):
        menu = self.env.ref("oiconnect_statistics.menu_statistics_orders")
        for login, group, seen in (
            ("avec_stat", GROUP, True),
            ("autre_stat", "oiconnect_base.group_access_manager", False),
        ):
            user = new_test_user(self.env, login, group)
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in visible, seen, login)

    def test_each_page_has_its_menu_and_its_help(self):
        actions = self.env["ir.actions.client"].search(
            [("tag", "=", "oiconnect_statistics")]
        )
        self.assertEqual({one.params["page"] for one in actions}, set(PAGES))
        menus = self.env["ir.ui.menu"].search([("action", "!=", False)])
        led = {(menu.action._name, menu.action.id) for menu in menus}
        self.assertLessEqual({(one._name, one.id) for one in actions}, led)
        places = {self.env["oiconnect.help"]._place_of(one.id) for one in actions}
        self.assertEqual({place.split("#")[0] for place in places}, {"statistiques"})


@tagged("post_install", "-at_install")
class TestDownload(HttpCase):
    """Files follow the rights of the page."""

    def _get(self, login, path):
        self.authenticate(login, login)
        return self.url_open(f"/oiconnect/statistics/{path}")

    def test_files_are_for_who_may_see_the_page(self):
        new_test_user(self.env, "fichier_stat", GROUP, password="fichier_stat")
        new_test_user(
            self.env,
            "fichier_sans",
            "oiconnect_base.group_access_manager",
            password="fichier_sans",
        )
        found = self._get("fichier_stat", "orders.xlsx?filters={}")
        self.assertEqual(found.status_code, 200)
        self.assertTrue(found.content.startswith(b"PK"))
        self.assertIn("attachment", found.headers["Content-Disposition"])
        for path, status in (
            ("orders.pdf", 404),
            ("orders.xlsx?filters={", 422),
            ("orders.xlsx?filters=[[1]]", 422),
        ):
            found = self._get("fichier_stat", path)
            self.assertNotEqual(found.status_code, 200, (path, status))
        found = self._get("fichier_sans", "orders.xlsx?filters={}")
        self.assertEqual(found.status_code, 403)
