from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..map.test_tour_map import LATITUDE, LONGITUDE, STEP, MapTourCase

LIST = "/odoo/action-oiconnect_infra.zone_action"


def rectangle(west, east):
    """Return the ring around the street between two ranks of buildings."""
    south, north = LATITUDE - 0.005, LATITUDE + 0.005
    west, east = LONGITUDE + west * STEP, LONGITUDE + east * STEP
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@tagged("post_install", "-at_install")
class TestTourZone(MapTourCase):
    """Rear zones as the people of the network use them, in French."""

    def _zone(self, *rings):
        geometry = {"type": "Polygon", "coordinates": [rings[0]]}
        if len(rings) > 1:
            polygons = [[ring] for ring in rings]
            geometry = {"type": "MultiPolygon", "coordinates": polygons}
        return self.env["oiconnect.zone"]._put({self.pm: geometry}, "drawn")

    def _draw_tour(self, name):
        self._tour(name, self._url(17, rank=4, card=f"pm-{self.pm.id}"))

    @needs_browser
    def test_an_outline_that_is_drawn_is_not_lost_unasked(self):
        zone = self._zone(rectangle(0, 8))
        before = zone.geometry
        self._draw_tour("zone_lost")
        zone.invalidate_recordset()
        self.assertEqual((zone.geometry, zone.source), (before, "drawn"))

    @needs_browser
    def test_an_outline_that_was_given_is_not_replaced_unasked(self):
        zone = self._zone(rectangle(0, 2))
        self._draw_tour("zone_hull")
        zone.invalidate_recordset()
        self.assertEqual(zone.source, "hull")
        self.assertGreater(zone.east, LONGITUDE + 9 * STEP)

    @needs_browser
    def test_a_zone_in_parts_says_how_it_is_changed(self):
        self._zone(rectangle(0, 2), rectangle(5, 8))
        self._draw_tour("zone_parts")

    @needs_browser
    def test_the_list_of_zones_leads_to_the_map_and_takes_a_file(self):
        """What is outside is listed; a file is corrected, then imported."""
        self._zone(rectangle(-1, 9.5))
        self._tour("zone_list", LIST, timeout=180)
        self.env.invalidate_all()
        zone = self.env["oiconnect.zone"].search([("pm_id", "=", self.pm.id)])
        self.assertEqual(zone.source, "imported")
        self.assertEqual(len(zone.geometry["coordinates"][0]), 4)
