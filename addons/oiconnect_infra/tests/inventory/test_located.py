from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...geo import projection as geo
from ..common import InfraCase


@tagged("post_install", "-at_install")
class TestLocated(InfraCase):
    def test_place_is_computed_from_the_original_coordinates(self):
        self.building.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        self.assertAlmostEqual(self.building.latitude, 46.017031, places=6)
        self.assertAlmostEqual(self.building.longitude, 5.213504, places=6)
        self.env.flush_all()
        self.building.invalidate_recordset()
        self.assertEqual(self.building.x, 871234.12)
        self.assertEqual(self.building.y, 6548765.4)

    def test_each_object_has_its_own_projection(self):
        reunion, degrees = self.env["oiconnect.pbo"].create(
            [
                {
                    "reference": reference,
                    "pm_id": self.pm.id,
                    "network_id": self.net.network.id,
                    "projection": projection,
                    "x": x,
                    "y": y,
                }
                for reference, projection, x, y in (
                    ("PBO-R", "RGR92", 338_800, 7_691_300),
                    ("PBO-D", "WGS84", 5.211494, 46.017031),
                )
            ]
        )
        self.assertAlmostEqual(reunion.latitude, -20.87, places=2)
        self.assertEqual((degrees.latitude, degrees.longitude), (46.017031, 5.211494))

    def test_seven_projections_come_back_from_the_database_to_a_centimetre(self):
        for projection, x, y in (
            ("RGF93", 871234.127, 6548765.431),
            ("WGS84", 5.2114943127, 46.0170313127),
            ("WGS84", 580141.273, 5783089.641),
            ("LAMB2E", 823456.781, 2112345.678),
            ("RGFG95", 352123.456, 545678.912),
            ("RGR92", 338800.123, 7691300.457),
            ("RGM04", 523123.451, 8590123.457),
            ("RGSPM06", 561234.567, 5180123.457),
        ):
            with self.subTest(projection, x=x):
                self.building.write({"projection": projection, "x": x, "y": y})
                self.env.flush_all()
                self.building.invalidate_recordset()
                stored = (self.building.projection, self.building.x, self.building.y)
                self.assertEqual(stored, (projection, x, y))
                [back_x], [back_y] = geo.from_wgs84(
                    projection,
                    [self.building.latitude],
                    [self.building.longitude],
                    metres=not geo.is_degrees(x, y),
                )
                centimetre = geo.CENTIMETRE if geo.is_degrees(x, y) else 0.01
                self.assertAlmostEqual(back_x, x, delta=centimetre)
                self.assertAlmostEqual(back_y, y, delta=centimetre)

    def test_without_coordinates_the_object_is_nowhere(self):
        self.building.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        self.building.write({"x": False, "y": False})
        self.assertEqual((self.building.latitude, self.building.longitude), (0, 0))

    def test_impossible_coordinates_leave_the_object_nowhere(self):
        self.building.write({"projection": "RGR92", "x": 1e12, "y": 1e12})
        self.assertEqual((self.building.latitude, self.building.longitude), (0, 0))

    @mute_logger("odoo.sql_db")
    def test_coordinates_need_a_projection(self):
        with self.assertRaises(CheckViolation):
            self.building.write({"x": 871234.12, "y": 6548765.4})
            self.building.flush_recordset()

    # ------------------------------------------------------------------
    # A place typed or moved in degrees
    # ------------------------------------------------------------------

    def move(self, latitude, longitude):
        self.building.write({"latitude": latitude, "longitude": longitude})
        self.env.flush_all()
        self.building.invalidate_recordset()

    def assertOriginal(self, latitude, longitude):
        """The original coordinates are those of the place, to a centimetre."""
        building = self.building
        self.assertTrue(
            geo.is_exact(
                building.projection, building.x, building.y, latitude, longitude
            )
        )

    def test_a_place_moved_on_the_map_keeps_its_projection(self):
        for projection, x, y in (
            ("RGF93", 871234.12, 6548765.4),
            ("LAMB2E", 820_000, 2_115_000),
            ("RGFG95", 350_000, 540_000),
            ("RGR92", 338_800, 7_691_300),
            ("RGM04", 520_000, 8_580_000),
            ("RGSPM06", 560_000, 5_180_000),
            ("WGS84", 5.211494, 46.017031),
        ):
            with self.subTest(projection):
                self.building.write({"projection": projection, "x": x, "y": y})
                latitude, longitude = self.building.latitude, self.building.longitude
                self.move(latitude + 0.001, longitude - 0.001)
                self.assertEqual(self.building.projection, projection)
                self.assertEqual(self.building.latitude, latitude + 0.001)
                self.assertOriginal(latitude + 0.001, longitude - 0.001)

    def test_metres_of_the_web_map_stay_metres(self):
        self.building.write(
            {"projection": "WGS84", "x": 578_861.352, "y": 5_780_349.22}
        )
        self.move(46.01, 5.21)
        self.assertEqual(self.building.projection, "WGS84")
        self.assertGreater(self.building.x, 500_000)
        self.assertOriginal(46.01, 5.21)

    def test_a_first_place_is_in_degrees(self):
        self.move(46.01, 5.21)
        self.assertEqual(
            (self.building.projection, self.building.x, self.building.y),
            ("WGS84", 5.21, 46.01),
        )
        made = self.net.building("IMB/DEG", latitude=46.02, longitude=5.22)
        self.assertEqual((made.projection, made.x, made.y), ("WGS84", 5.22, 46.02))

    def test_one_of_the_two_degrees_is_corrected(self):
        self.building.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        longitude = self.building.longitude
        self.building.write({"latitude": 46.02})
        self.assertOriginal(46.02, longitude)

    def test_a_place_out_of_the_projection_is_stored_in_degrees(self):
        self.building.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        self.move(-90, 12)
        self.assertEqual(self.building.projection, "WGS84")
        self.assertEqual((self.building.x, self.building.y), (12, -90))

    def test_no_place_any_more(self):
        self.building.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        self.move(0, 0)
        self.assertEqual((self.building.x, self.building.y), (0, 0))

    def test_degrees_that_are_no_place(self):
        for latitude, longitude in ((96, 5), (46, 190), (6_548_765, 871_234)):
            with self.assertRaises(ValidationError):
                self.building.write({"latitude": latitude, "longitude": longitude})

    def test_the_ends_of_the_world_are_places(self):
        for latitude, longitude, is_place in (
            (90, 180, True),
            (-90, -180, True),
            (90.001, 5, False),
            (46, -180.001, False),
        ):
            values = {"latitude": latitude, "longitude": longitude}
            with self.subTest(**values):
                building = self.net.building(f"B{latitude}/{longitude}")
                building = building.with_context(lang="fr_FR")
                if is_place:
                    building.write(values)
                    self.assertEqual((building.x, building.y), (longitude, latitude))
                    continue
                with self.assertRaisesRegex(ValidationError, building.identifier):
                    building.write(values)

    def test_the_history_tells_the_original_coordinates(self):
        self.building.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        before = len(self.changes(self.building))
        self.move(46.02, 5.22)
        fields = {change[1] for change in self.changes(self.building)[before:]}
        self.assertEqual(fields, {"x", "y"})

    def test_original_coordinates_win_over_the_same_place_in_degrees(self):
        """A form gives both: what was typed and what it computed from it."""
        self.building.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        latitude, longitude = self.building.latitude, self.building.longitude
        self.building.write(
            {
                "projection": "RGF93",
                "x": 871234.12,
                "y": 6548765.4,
                "latitude": latitude,
                "longitude": longitude,
            }
        )
        self.assertEqual((self.building.x, self.building.y), (871234.12, 6548765.4))

    def test_a_copy_is_at_the_same_place(self):
        self.pbo.write({"projection": "RGF93", "x": 871234.12, "y": 6548765.4})
        copy = self.pbo.copy({"reference": "PBO-COPY"})
        self.assertEqual((copy.x, copy.y), (871234.12, 6548765.4))
        self.assertEqual(copy.latitude, self.pbo.latitude)
