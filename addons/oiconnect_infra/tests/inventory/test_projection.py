from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...geo import projection as geo

CENTIMETRE = 0.01
# Where each projection is used: x from, x to, y from, y to
TERRITORIES = {
    "RGF93": (100_000, 1_240_000, 6_050_000, 7_110_000),
    "LAMB2E": (60_000, 1_190_000, 1_620_000, 2_680_000),
    "RGFG95": (130_000, 460_000, 230_000, 640_000),
    "RGR92": (314_000, 380_000, 7_634_000, 7_692_000),
    "RGM04": (500_000, 533_000, 8_560_000, 8_605_000),
    "RGSPM06": (540_000, 580_000, 5_170_000, 5_225_000),
    # Conical ones: a degree of latitude on each side of their own
    **{
        f"CC{zone}": (
            1_300_000,
            2_100_000,
            (zone - 41) * 1_000_000 + 90_000,
            (zone - 41) * 1_000_000 + 310_000,
        )
        for zone in range(42, 51)
    },
    "RGAF09": (630_000, 735_000, 1_590_000, 2_005_000),
}
# Computed by gdaltransform (GDAL 3.10.3): (longitude, latitude), (x, y)
CONTROL_POINTS = {
    "CC42": ((3.2, 42.3), (1716490.8946, 1233339.4240)),
    "CC43": ((3.9, 43.1), (1773260.1990, 2211500.8543)),
    "CC44": ((1.44, 43.6), (1574055.9897, 3156751.1904)),
    "CC45": ((-0.58, 44.84), (1417058.9616, 4188472.3091)),
    "CC46": ((4.83, 45.76), (1842346.0596, 5174961.7910)),
    "CC47": ((5.04, 47.32), (1854197.2271, 6237580.6027)),
    "CC48": ((-1.68, 48.11), (1351739.5463, 7222803.4672)),
    "CC49": ((2.35, 48.85), (1652300.1648, 8183524.3706)),
    "CC50": ((3.06, 50.63), (1704245.1626, 9270075.2454)),
    "RGAF09": ((-61.07, 14.6), (707904.6470, 1614967.8824)),
}


@st.composite
def points(draw):
    projection = draw(st.sampled_from(sorted(TERRITORIES)))
    left, right, bottom, top = TERRITORIES[projection]
    return projection, draw(st.floats(left, right)), draw(st.floats(bottom, top))


class TestProjection(BaseCase):
    @given(points())
    @settings(max_examples=300, deadline=None)
    def test_round_trip_stays_within_a_centimetre(self, point):
        projection, x, y = point
        latitudes, longitudes = geo.to_wgs84(projection, [x], [y])
        [back_x], [back_y] = geo.from_wgs84(projection, latitudes, longitudes)
        self.assertLess(abs(back_x - x), CENTIMETRE)
        self.assertLess(abs(back_y - y), CENTIMETRE)

    @given(st.floats(-179.9, 179.9), st.floats(-84, 84), st.booleans())
    @settings(max_examples=200, deadline=None)
    def test_wgs84_comes_back_in_degrees_and_in_metres(
        self, longitude, latitude, metres
    ):
        [x], [y] = geo.from_wgs84("WGS84", [latitude], [longitude], metres)
        latitudes, longitudes = geo.to_wgs84("WGS84", [x], [y])
        if metres and geo.is_degrees(x, y):
            # So close to the origin of the web map, metres would be read as degrees.
            self.assertLess(max(abs(x), abs(y)), 181)
            return
        [back_x], [back_y] = geo.from_wgs84("WGS84", latitudes, longitudes, metres)
        self.assertLess(abs(back_x - x), CENTIMETRE)
        self.assertLess(abs(back_y - y), CENTIMETRE)
        self.assertTrue(geo.is_exact("WGS84", x, y, latitude, longitude))

    @given(points())
    @settings(max_examples=200, deadline=None)
    def test_a_place_in_degrees_comes_back_to_a_centimetre(self, point):
        projection, x, y = point
        [latitude], [longitude] = geo.to_wgs84(projection, [x], [y])
        [found_x], [found_y] = geo.from_wgs84(projection, [latitude], [longitude])
        self.assertTrue(geo.is_exact(projection, found_x, found_y, latitude, longitude))

    def test_a_place_out_of_the_projection_is_not_exact(self):
        self.assertFalse(geo.is_exact("RGR92", float("inf"), 0, -21, 55))
        self.assertFalse(geo.is_exact("RGF93", 700_000, 6_600_000, 46.5, 3.1))

    def assertPlace(self, projection, x, y, latitude, longitude, delta=1e-5):
        [found_latitude], [found_longitude] = geo.to_wgs84(projection, [x], [y])
        self.assertAlmostEqual(found_latitude, latitude, delta=delta)
        self.assertAlmostEqual(found_longitude, longitude, delta=delta)

    def test_origins_of_the_projections(self):
        self.assertPlace("RGF93", 700_000, 6_600_000, 46.5, 3.0, 1e-9)
        # The old datum lies some 50 m away from the new one.
        self.assertPlace("LAMB2E", 600_000, 2_200_000, 46.8, 2.3372, 1e-3)

    def test_control_points_of_survey_projections(self):
        self.assertEqual(CONTROL_POINTS.keys(), geo.SURVEY_EPSG.keys())
        for projection, (place, (x, y)) in CONTROL_POINTS.items():
            with self.subTest(projection):
                longitude, latitude = place
                [found_x], [found_y] = geo.from_wgs84(
                    projection, [latitude], [longitude]
                )
                self.assertLess(abs(found_x - x), CENTIMETRE)
                self.assertLess(abs(found_y - y), CENTIMETRE)
                self.assertTrue(geo.is_exact(projection, x, y, latitude, longitude))

    def test_origins_of_the_conical_zones(self):
        for zone in range(42, 51):
            y = (zone - 42) * 1_000_000 + 1_200_000
            self.assertPlace(f"CC{zone}", 1_700_000, y, zone, 3.0, 1e-9)

    def test_central_meridians_overseas(self):
        for projection, y, meridian in (
            ("RGFG95", 500_000, -51),
            ("RGR92", 7_660_000, 57),
            ("RGM04", 8_580_000, 45),
            ("RGSPM06", 5_200_000, -57),
            ("RGAF09", 1_600_000, -63),
        ):
            _latitudes, [longitude] = geo.to_wgs84(projection, [500_000], [y])
            self.assertAlmostEqual(longitude, meridian, places=9)

    def test_wgs84_is_read_by_its_magnitude(self):
        self.assertPlace("WGS84", 5.2, 46.0, 46.0, 5.2, 1e-12)
        # The same place in metres of the web map
        self.assertPlace("WGS84", 578_861.352, 5_780_349.22, 46.0, 5.2)

    def test_degrees_and_metres_in_one_file(self):
        latitudes, longitudes = geo.to_wgs84(
            "WGS84", [5.2, 578_861.352, -61.0], [46.0, 5_780_349.22, 14.6]
        )
        for found, expected in zip(latitudes, [46.0, 46.0, 14.6], strict=True):
            self.assertAlmostEqual(found, expected, places=5)
        for found, expected in zip(longitudes, [5.2, 5.2, -61.0], strict=True):
            self.assertAlmostEqual(found, expected, places=5)

    def test_from_wgs84_to_itself(self):
        self.assertEqual(geo.from_wgs84("WGS84", [46.0], [5.2]), ([5.2], [46.0]))

    def test_a_column_of_points_keeps_its_order(self):
        xs = [650_000 + 1000 * rank for rank in range(500)]
        latitudes, longitudes = geo.to_wgs84("RGF93", xs, [6_862_000] * 500)
        self.assertEqual(len(latitudes), 500)
        self.assertEqual(longitudes, sorted(longitudes))

    def test_what_cannot_be_projected_is_not_finite(self):
        latitudes, _longitudes = geo.to_wgs84("RGR92", [1e12], [1e12])
        self.assertFalse(isfinite(latitudes[0]))

    def test_unknown_projection(self):
        with self.assertRaises(KeyError):
            geo.to_wgs84("NTF", [1], [1])

    def test_every_projection_has_a_label(self):
        self.assertEqual(geo.LABELS.keys(), geo.EPSG.keys())
