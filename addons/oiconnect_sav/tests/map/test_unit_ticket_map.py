from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_infra.tests.map.test_unit_map_client import suite_id

SUITE = "@oiconnect_sav"


@tagged("post_install", "-at_install")
class TestUnitTicketMap(HttpCase):
    """JavaScript tests of static/tests/map, alone: not those of the network's map."""

    @no_retry
    @needs_browser
    def test_what_tickets_add_to_the_map(self):
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
