from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

SUITE = "@oiconnect_infra"


def suite_id(name):
    """Return what the runner of JavaScript tests calls the suite ``name``."""
    value = 0
    for character in name:
        value = ((value << 5) - value + ord(character)) & 0xFFFFFFFF
    return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestUnitMapClient(HttpCase):
    """JavaScript tests of static/tests/map, alone: not those of Odoo."""

    def test_the_suite_is_called_as_the_runner_calls_it(self):
        self.assertEqual(suite_id("@web/core"), "e39ce9ba")

    @no_retry
    @needs_browser
    def test_what_the_map_does_without_a_screen(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={suite_id(SUITE)}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
