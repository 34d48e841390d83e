import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .people import FORBIDDEN, PEOPLE, make_person, menus_of

END = ".then(() => console.log('test successful'), (e) => console.error(e.message))"
ROOT = "oiconnect_base.menu_root"


@tagged("post_install", "-at_install")
class TestMenus(TransactionCase):
    """What each person is given to open."""

    def test_each_person_has_the_menus_of_its_rights_and_nothing_else(self):
        for login in PEOPLE:
            with self.subTest(login):
                env = self.env(user=make_person(self.env, login))
                menus = env["ir.ui.menu"].load_menus(False)
                root = menus[self.env.ref(ROOT).id]
                shown = sorted(self._leaves(menus, root))
                self.assertEqual(shown, menus_of(self.env, login))
                action = env["ir.actions.actions"]._for_xml_id(FORBIDDEN[login])
                with self.assertRaises(AccessError):
                    env[action["res_model"]].web_search_read([], {})

    def _leaves(self, menus, menu):
        """Yield the names of the menus below ``menu`` that open a screen."""
        for child in map(menus.get, menu["children"]):
            if child["children"]:
                yield from self._leaves(menus, child)
            else:
                yield child["xmlid"]


@tagged("post_install", "-at_install")
class TestTourMenus(HttpCase):
    """What the navigation bar shows."""

    @needs_browser
    def test_a_person_sees_the_menus_of_its_rights_and_nothing_else(self):
        login = "commandes"
        menus = json.dumps(menus_of(self.env, login))
        code = (
            "await oiconnectMenus.checkRefused();"
            f"await oiconnectMenus.checkMenus({menus});"
        )
        self.browser_js(
            f"/odoo/action-{FORBIDDEN[login]}",
            f"(async () => {{ {code} }})(){END}",
            ready="Boolean(odoo.isReady && window.oiconnectMenus)",
            login=make_person(self.env, login).login,
        )
