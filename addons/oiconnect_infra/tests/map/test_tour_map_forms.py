from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..map_common import placed
from .test_tour_map import LATITUDE, LONGITUDE, MapTourCase


@tagged("post_install", "-at_install")
class TestTourMapForms(MapTourCase):
    """From a form to the map and back, in French."""

    def _form_tour(self, name, record):
        xmlid = record._name.removeprefix("oiconnect.").replace(".", "_")
        url = f"/odoo/action-oiconnect_infra.{xmlid}_action/{record.id}"
        self._tour(name, url)

    @needs_browser
    def test_a_pto_is_shown_where_its_building_is(self):
        self._form_tour("from_pto", self.pto)

    @needs_browser
    def test_a_pm_is_shown_with_its_neighbours(self):
        self._form_tour("from_pm", self.pm)

    @needs_browser
    def test_a_link_is_shown_from_end_to_end(self):
        self._form_tour("from_link", self.link)

    @needs_browser
    def test_an_nro_is_shown_where_it_is(self):
        place = placed(LATITUDE, LONGITUDE)
        nro = self.net.make("oiconnect.nro", reference="NRO-99001-01", **place)
        self._form_tour("from_nro", nro)

    @needs_browser
    def test_an_object_without_place_says_what_to_give(self):
        pm = self.net.pm("OICN-99001-0009")
        self._form_tour("without_place", pm)
