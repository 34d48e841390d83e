from contextlib import suppress

from odoo.tests import HttpCase, no_retry, tagged
from odoo.tools.misc import file_path

from odoo.addons.oiconnect_base.tests.browser import needs_browser

FOLDER = "static/tests/map"


def suite_id(name):
    """Return what the runner of JavaScript tests calls the suite ``name``."""
    value = 0
    for character in name:
        value = ((value << 5) - value + ord(character)) & 0xFFFFFFFF
    return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestUnitMapClient(HttpCase):
    """JavaScript tests of the map, those of addons that add to it too; none of Odoo.

    One page runs all of them: it loads those of Odoo before it leaves them out.
    """

    def _suites(self):
        """Return the names of the suites of our addons that are installed."""
        domain = [("name", "=like", "oiconnect_%"), ("state", "=", "installed")]
        suites = []
        for addon in self.env["ir.module.module"].search(domain).mapped("name"):
            with suppress(FileNotFoundError):
                file_path(f"{addon}/{FOLDER}")
                suites.append(f"@{addon}")
        return suites

    def test_the_suite_is_called_as_the_runner_calls_it(self):
        self.assertEqual(suite_id("@web/core"), "e39ce9ba")

    @no_retry
    @needs_browser
    def test_what_the_map_does_without_a_screen(self):
        suites = self._suites()
        self.assertIn("@oiconnect_infra", suites)
        chosen = "".join(f"&id={suite_id(name)}" for name in suites)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000{chosen}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
