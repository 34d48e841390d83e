import json

from odoo.tests import HttpCase, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .people import FORBIDDEN, PEOPLE, make_person, menus_of

END = ".then(() => console.log('test successful'), (e) => console.error(e.message))"


@tagged("post_install", "-at_install")
class TestTourMenus(HttpCase):
    """What the navigation bar shows."""

    def _run(self, url, code, login, timeout=60):
        self.browser_js(
            url,
            f"(async () => {{ {code} }})(){END}",
            ready="Boolean(odoo.isReady && window.oiconnectMenus)",
            login=login,
            timeout=timeout,
        )

    @needs_browser
    def test_each_person_sees_the_menus_of_its_rights_and_nothing_else(self):
        for login in PEOPLE:
            with self.subTest(login):
                user = make_person(self.env, login)
                menus = json.dumps(menus_of(self.env, login))
                self._run(
                    f"/odoo/action-{FORBIDDEN[login]}",
                    "await oiconnectMenus.checkRefused();"
                    f"await oiconnectMenus.checkMenus({menus});",
                    user.login,
                )
