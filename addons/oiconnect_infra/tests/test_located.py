from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import InfraCase


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
