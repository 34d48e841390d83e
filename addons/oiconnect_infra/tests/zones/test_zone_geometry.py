import json
import random

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...geo import zone as geo

SQUARE = {"type": "Polygon", "coordinates": [[[5, 46], [6, 46], [6, 47], [5, 46]]]}
points = st.lists(
    st.tuples(st.floats(5, 5.02), st.floats(46, 46.02)), min_size=1, max_size=40
)


class TestZoneGeometry(BaseCase):
    def test_a_polygon_is_taken_as_dict_or_text(self):
        self.assertEqual(geo.as_geojson(geo.parsed(SQUARE)), SQUARE)
        self.assertEqual(geo.as_geojson(geo.parsed(json.dumps(SQUARE))), SQUARE)

    def test_heights_are_left_out(self):
        high = {"type": "Polygon", "coordinates": [[[*p, 9] for p in _ring(SQUARE)]]}
        self.assertEqual(geo.as_geojson(geo.parsed(high)), SQUARE)

    def test_an_invalid_zone_is_reported(self):
        long = [[5 + rank / 1e5, 46 + (rank % 2) / 1e3] for rank in range(6000)]
        for geometry, code in (
            (None, "unreadable"),
            ("{", "unreadable"),
            ({"type": "Polygon"}, "unreadable"),
            ({"type": "Point", "coordinates": [5, 46]}, "not_polygon"),
            ({"type": "Polygon", "coordinates": []}, "empty"),
            (_polygon([[870000, 6540000], [871000, 6540000], [871000, 6541000]]),
             "not_degrees"),
            (_polygon([[5, 46], [6, 47], [6, 46], [5, 47]]), "crossing"),
            (_polygon(long), "too_long"),
        ):  # fmt: skip
            with self.subTest(code), self.assertRaises(geo.ZoneError) as caught:
                geo.parsed(geometry)
            self.assertEqual(caught.exception.code, code)

    @given(points)
    @settings(max_examples=150, deadline=None)
    def test_a_hull_holds_points_that_are_close(self, places):
        shape = geo.hull(*zip(*places, strict=True))
        self.assertEqual(shape.geom_type, "Polygon")
        stored = geo.parsed(geo.as_geojson(shape))
        for place in places:
            self.assertTrue(stored.covers(shapely.Point(place)), place)

    def test_a_point_or_a_line_has_a_surface(self):
        for longitudes, latitudes in (([5], [46]), ([5, 5.01], [46, 46.01])):
            self.assertGreater(geo.hull(longitudes, latitudes).area, 0)

    def test_a_hull_does_not_go_to_what_is_in_the_wrong_place(self):
        chance = random.Random(1)
        longitudes = [5 + chance.random() / 100 for _rank in range(30)] + [-1.5]
        latitudes = [46 + chance.random() / 100 for _rank in range(30)] + [48.8]
        west, _south, _east, north = geo.hull(longitudes, latitudes).bounds
        self.assertGreater(west, 4.9)
        self.assertLess(north, 46.1)

    def test_two_villages_are_one_zone(self):
        longitudes = [5 + rank / 1e4 for rank in range(20)] + [5.08] * 12
        latitudes = [46.0] * 20 + [46.0 + rank / 1e4 for rank in range(12)]
        _west, _south, east, _north = geo.hull(longitudes, latitudes).bounds
        self.assertGreater(east, 5.08)

    def test_margins_are_metres(self):
        west, south, east, north = geo.hull([5], [46]).bounds
        self.assertAlmostEqual((north - south) * geo.METRES_PER_DEGREE, 60, delta=3)
        self.assertAlmostEqual(
            (east - west) * geo.METRES_PER_DEGREE * 0.6947, 60, delta=3
        )
        wide = geo.widened(geo.hull([5], [46]), 500)
        self.assertAlmostEqual(
            (wide.bounds[3] - north) * geo.METRES_PER_DEGREE, 500, delta=1
        )

    def test_rings_hold_what_is_inside_an_odd_number_of_times(self):
        island = shapely.box(5.4, 46.4, 5.6, 46.6)
        lake = shapely.box(5.2, 46.2, 5.8, 46.8)
        shape = shapely.union_all([shapely.box(5, 46, 6, 47) - lake, island])
        rings = [shapely.Polygon(ring) for ring in geo.rings(shape)]
        self.assertEqual(len(rings), 3)
        for x, y, inside in ((5.1, 46.1, 1), (5.3, 46.3, 0), (5.5, 46.5, 1), (4, 4, 0)):
            count = sum(ring.contains(shapely.Point(x, y)) for ring in rings)
            self.assertEqual(count % 2, inside, (x, y))

    def test_far_away_a_zone_has_few_points(self):
        circle = shapely.Point(5, 46).buffer(0.01, quad_segs=64)
        self.assertEqual(shapely.get_num_coordinates(circle), 257)
        self.assertLess(shapely.get_num_coordinates(geo.simplified(circle, 0.001)), 20)


def _polygon(points):
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def _ring(geometry):
    return geometry["coordinates"][0]
