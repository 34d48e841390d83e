from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..map_common import placed
from .test_tour_map import LATITUDE, LONGITUDE, MapTourCase


@tagged("post_install", "-at_install")
class TestTourMapForms(MapTourCase):
    """From a form to the map and back, in French."""

    @needs_browser
    def test_what_a_form_shows_is_shown_on_the_map(self):
        """A PTO, a PM, a link, an NRO where they are; what to give without a place."""
        place = placed(LATITUDE, LONGITUDE)
        self.net.make("oiconnect.nro", reference="NRO-99001-01", **place)
        self.net.pm("OICN-99001-0009")
        url = f"/odoo/action-oiconnect_infra.pto_action/{self.pto.id}"
        self._tour("forms", url, timeout=180)
