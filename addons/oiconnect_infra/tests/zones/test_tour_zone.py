from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..map.test_tour_map import LATITUDE, LONGITUDE, STEP, MapTourCase
from ..map_common import placed


def rectangle(west, east):
    """Return the ring around the street between two ranks of buildings."""
    south, north = LATITUDE - 0.005, LATITUDE + 0.005
    west, east = LONGITUDE + west * STEP, LONGITUDE + east * STEP
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@tagged("post_install", "-at_install")
class TestTourZone(MapTourCase):
    """Rear zones as the people of the network use them, in French."""

    def _zone(self, *rings, pm=None):
        geometry = {"type": "Polygon", "coordinates": [rings[0]]}
        if len(rings) > 1:
            polygons = [[ring] for ring in rings]
            geometry = {"type": "MultiPolygon", "coordinates": polygons}
        return self.env["oiconnect.zone"]._put({pm or self.pm: geometry}, "drawn")

    @needs_browser
    def test_an_outline_that_was_given_is_neither_lost_nor_replaced_unasked(self):
        """One in parts says how it is changed."""
        zone = self._zone(rectangle(0, 8))
        parts = self._zone(rectangle(0, 2), rectangle(5, 8), pm=self.other_pm)
        before = parts.geometry
        url = self._url(17, rank=4, card=f"pm-{self.pm.id}")
        self._tour("zone_given", url, timeout=120)
        self.env.invalidate_all()
        self.assertEqual(zone.source, "hull")
        self.assertGreater(zone.east, LONGITUDE + 9 * STEP)
        self.assertEqual((parts.geometry, parts.source), (before, "drawn"))

    @needs_browser
    def test_forms_and_the_list_of_zones_lead_to_the_map(self):
        """A PTO, a PM, a link, an NRO where they are; what to give without a place.

        What is outside its zone is listed; a file is corrected, then imported.
        """
        place = placed(LATITUDE, LONGITUDE)
        self.net.make("oiconnect.nro", reference="NRO-99001-01", **place)
        self.net.pm("OICN-99001-0008")
        self._zone(rectangle(-1, 9.5))
        url = f"/odoo/action-oiconnect_infra.pto_action/{self.pto.id}"
        self._tour("forms", url, timeout=180)
        self.env.invalidate_all()
        zone = self.env["oiconnect.zone"].search([("pm_id", "=", self.pm.id)])
        self.assertEqual(zone.source, "imported")
        self.assertEqual(len(zone.geometry["coordinates"][0]), 4)
