from math import inf
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.oiconnect_import.bulk import merge, staging
from odoo.addons.oiconnect_import.bulk.places import projected
from odoo.addons.oiconnect_infra.geo.projection import to_wgs84

from .import_common import SIGNED, ImportCase, ipe_line


def at(x, y, projection="RGF93"):
    """What puts a line at a place, in metres or degrees written as the file does."""
    return {
        "TypeProjectionGeographique": projection,
        "CoordonneeImmeubleX": str(x).replace(".", ","),
        "CoordonneeImmeubleY": str(y).replace(".", ","),
    }


@tagged("post_install", "-at_install")
class TestImportPlaces(ImportCase):
    """Each building is on the map where its line says."""

    def setUp(self):
        super().setUp()
        patcher = patch.object(merge, "BATCH", 2)
        patcher.start()
        self.addCleanup(patcher.stop)

    def _place(self, rank):
        building = self._building(rank)
        return round(building.latitude, 6), round(building.longitude, 6)

    def test_buildings_of_several_batches_are_each_at_their_place(self):
        xs = [871_301.55 + 100 * rank for rank in range(5)]
        self._import([ipe_line(rank, at(x, 6_548_801.02)) for rank, x in enumerate(xs)])
        latitudes, longitudes = to_wgs84("RGF93", xs, [6_548_801.02] * 5)
        for rank, place in enumerate(zip(latitudes, longitudes, strict=True)):
            self.assertEqual(self._place(rank), tuple(round(part, 6) for part in place))

    def test_a_line_without_coordinates_moves_no_other(self):
        nowhere = at("", "")
        lines = [
            ipe_line(1, nowhere),
            ipe_line(2),
            ipe_line(3, nowhere),
            ipe_line(4),
        ]
        self._import(lines)
        self.assertEqual(self._place(1), (0, 0))
        self.assertEqual(self._place(3), (0, 0))
        self.assertEqual(self._place(2), self._place(4))
        self.assertGreater(self._place(2)[0], 40)

    def test_a_batch_where_nothing_is_located_is_written_too(self):
        self._import([ipe_line(rank, at("", "")) for rank in range(1, 4)])
        self.assertEqual({self._place(rank) for rank in range(1, 4)}, {(0, 0)})

    def test_what_moves_and_what_is_new_in_one_batch(self):
        self._import([ipe_line(1), ipe_line(2)])
        before = self._place(1)
        self._import([ipe_line(1, at("872301,55", "6549801,02")), ipe_line(3)])
        self.assertNotEqual(self._place(1), before)
        self.assertEqual(self._place(2), before)
        self.assertEqual(self._place(3), before)

    def test_points_that_no_map_holds_are_left_out_alone(self):
        lines, latitudes, longitudes = projected(
            [("RGF93", [1, 2, 3], [871_301.55, inf, 871_401.55], [6_548_801.02] * 3)]
        )
        self.assertEqual(list(lines), [1, 3])
        self.assertEqual(len(latitudes), len(longitudes))

    def test_no_point_makes_no_place(self):
        self.assertEqual(projected([]), ([], [], []))
        self.assertEqual(projected([("RGF93", [1], [inf], [inf])]), ((), (), ()))


@tagged("post_install", "-at_install")
class TestImportRelations(ImportCase):
    """What lines name is looked for in a list of this run."""

    def _listed(self, suffix):
        """What PostgreSQL knows of a list: the number of its lines."""
        self.env.cr.execute(
            "SELECT relname, reltuples FROM pg_class WHERE relname LIKE %s",
            [f"oiconnect_stage_%{suffix}"],
        )
        [(_name, count)] = self.env.cr.fetchall()
        return count

    def _import_and_look(self, lines):
        with patch.object(staging.Stage, "drop", lambda stage: None):
            return self._import(lines)

    def test_the_planner_knows_how_many_pms_were_just_made(self):
        self._import_and_look(
            [ipe_line(rank, ReferencePM=f"OITI-01004-{rank:04d}") for rank in range(9)]
        )
        self.assertEqual(self._listed("_oiconnect_building_pm"), 9)

    def test_the_planner_knows_how_many_managers_were_just_made(self):
        self._import_and_look(
            [
                ipe_line(rank, SIGNED, GestionnaireImmeuble=f"SYNDIC {rank}")
                for rank in range(1, 5)
            ]
        )
        self.assertEqual(self._listed("_managers"), 4)

    def test_a_pm_of_another_network_is_not_taken_for_ours(self):
        ours = self.network
        self.network = self._make_network("OIOT")
        self._import([ipe_line(1, CodeOI="OIOT")], "autre.csv")
        theirs = self._building(1).pm_id
        self.network = ours
        self._import([ipe_line(1)])
        self.assertEqual(self._building(1).pm_id.reference, theirs.reference)
        self.assertEqual(self._building(1).pm_id.network_id, ours)
