from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.oiconnect_import.bulk import errors, format_check, merge, staging

from .import_common import SIGNED, ImportCase, ipe_line

HERE = {"CodeAdresseImmeuble": "010042AB01", "NumeroVoieImmeuble": "1"}
NAMELESS = HERE | {"IdentifiantImmeuble": ""}


@tagged("post_install", "-at_install")
class TestImportBatches(ImportCase):
    """A file cut into pieces gives what it would give in one."""

    def setUp(self):
        super().setUp()
        for module, name in (
            (merge, "BATCH"),
            (format_check, "_BATCH"),
            (errors, "_FLUSH_AT"),
            (staging, "_BLOCK"),
            (staging, "_COPY"),
        ):
            patcher = patch.object(module, name, 2)
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_lines_on_both_sides_of_each_cut_are_all_applied(self):
        for count in (1, 2, 3, 4, 5):
            with self.subTest(count=count):
                self.network = self._make_network(f"OI{count:02d}")
                lines = [
                    ipe_line(rank, CodeOI=self.network.oi_code)
                    for rank in range(1, count + 1)
                ]
                done = self._import(lines, "export.csv")
                self.assertEqual(self._counts(done)["building"], (count, 0, 0))
                self.assertEqual(done.line_count, count)
                for rank in range(1, count + 1):
                    self.assertEqual(self._building(rank).street_number, str(rank))

    def test_what_is_new_and_what_changes_in_one_batch(self):
        self._import([ipe_line(rank) for rank in (2, 4, 6)])
        done = self._import(
            [
                ipe_line(rank, NombreLogementsAdresseIPE=str(rank + 10))
                for rank in range(1, 8)
            ]
        )
        self.assertEqual(self._counts(done)["building"], (4, 3, 0))
        for rank in range(1, 8):
            building = self._building(rank)
            self.assertEqual(len(building), 1)
            self.assertEqual(building.dwelling_count, rank + 10)
        changes = self._changes(done).filtered(lambda line: line.kind == "write")
        self.assertEqual(
            changes.mapped(lambda line: (line.reference[-1], line.before, line.after)),
            [("2", "1", "12"), ("4", "1", "14"), ("6", "1", "16")],
        )

    def test_errors_of_doubtful_lines_of_each_batch_are_reported(self):
        lines = [ipe_line(rank, TypeZone="9", CodeInseePM="X") for rank in range(1, 6)]
        lines[2] = ipe_line(3, NombreLogementsAdresseIPE=" +3 ")
        done = self._import(lines)
        self.assertEqual(
            [(item.line, item.column) for item in done.error_ids.sorted("line")],
            [
                (line, column)
                for line in (2, 3, 5, 6)
                for column in ("CodeInseePM", "TypeZone")
            ],
        )
        self.assertEqual((done.line_count, done.error_line_count), (5, 4))
        self.assertEqual(self._building(3).dwelling_count, 3, "read, put back, applied")

    def test_each_building_is_placed_by_its_own_projection(self):
        places = {
            1: ("RGF93", "871301,55", "6548801,02"),
            2: ("WGS84", "55,45", "-20,88"),
            3: ("RGR92", "339000", "7690000"),
            4: ("RGR92", "999999999999", "999999999999"),
            5: ("RGF93", "871301,55", "6548801,02"),
        }
        self._import(
            [
                ipe_line(
                    rank,
                    ReferencePM=f"OITI-01004-{rank:04d}",
                    TypeProjectionGeographique=projection,
                    CoordonneeImmeubleX=x,
                    CoordonneeImmeubleY=y,
                )
                for rank, (projection, x, y) in places.items()
            ]
        )
        found = [
            (round(building.latitude, 1), round(building.longitude, 1))
            for building in map(self._building, places)
        ]
        self.assertEqual(
            found, [(46.0, 5.2), (-20.9, 55.5), (-20.9, 55.5), (0, 0), (46.0, 5.2)]
        )


@tagged("post_install", "-at_install")
class TestImportKeys(ImportCase):
    """Choice of the record of a line, when several could be meant."""

    def _here(self):
        """Return the buildings of the address of the tests, oldest first."""
        return self.env["oiconnect.building"].search(
            [("address_code", "=", "010042AB01"), ("network_id", "=", self.network.id)],
            order="id",
        )

    def test_another_identifier_is_another_building(self):
        self._import([ipe_line(1)])
        done = self._import([ipe_line(2, HERE)])
        self.assertEqual(self._counts(done)["building"], (1, 0, 0))
        self.assertEqual(
            self._here().mapped("identifier"), ["IMB/01004/X/0001", "IMB/01004/X/0002"]
        )

    def test_the_nameless_building_is_meant_among_named_ones(self):
        self._import([ipe_line(1, HERE), ipe_line(2, HERE)])
        nameless = self._building(1).copy({"identifier": False})
        done = self._import([ipe_line(1, NAMELESS, NombreLogementsAdresseIPE="7")])
        self.assertFalse(done.error_ids.filtered(lambda e: e.severity == "error"))
        self.assertEqual(self._here().mapped("dwelling_count"), [1, 1, 7])
        self.assertEqual(nameless.dwelling_count, 7)

    def test_the_building_of_another_line_is_not_taken(self):
        self._import([ipe_line(1)])
        done = self._import(
            [ipe_line(1), ipe_line(1, NAMELESS, NombreLogementsAdresseIPE="8")]
        )
        self.assertEqual(self._counts(done)["building"], (1, 0, 1))
        self.assertEqual(self._building(1).dwelling_count, 1)

    def test_building_names_tell_the_buildings_of_an_address_apart(self):
        self._import([ipe_line(1, NAMELESS, BatimentImmeuble=name) for name in "AB"])
        line = ipe_line(1, NAMELESS, BatimentImmeuble="B")
        self._import([line | {"NombreLogementsAdresseIPE": "9"}])
        self.assertEqual(self._here().mapped("dwelling_count"), [1, 9])

    def test_buildings_of_another_network_make_nothing_ambiguous(self):
        mine = self.network
        self.network = self._make_network("OITJ")
        theirs = {"CodeOI": "OITJ"}
        self._import(
            [ipe_line(1, HERE | theirs), ipe_line(2, HERE | theirs)], "export.csv"
        )
        other, self.network = self.network, mine
        done = self._import([ipe_line(1, NAMELESS)])
        self.assertFalse(done.error_ids)
        lots = self.env["oiconnect.lot"].search([("reference", "=", "LOT-01-01")])
        self.assertEqual(lots.network_id, mine | other, "each has its own lot")
        self.assertEqual(self._pm().lot_id.network_id, mine)

    def test_managers_are_those_of_the_network(self):
        mine = self.network
        self.network = self._make_network("OITJ")
        self._import([ipe_line(1, SIGNED, CodeOI="OITJ")], "export.csv")
        theirs = self._building(1).manager_id
        self.network = mine
        self._import([ipe_line(1, SIGNED)])
        manager = self._building(1).manager_id
        self.assertNotEqual(manager, theirs)
        self.assertEqual(manager.network_id, mine)

    def test_a_building_goes_to_another_pm(self):
        self._import([ipe_line(1), ipe_line(2, ReferencePM="OITI-01004-0002")])
        done = self._import([ipe_line(1, ReferencePM="OITI-01004-0002")])
        self.assertEqual(self._building(1).pm_id, self._pm("OITI-01004-0002"))
        self.assertEqual(
            self._changes(done).mapped(lambda c: (c.field, c.before, c.after)),
            [("pm_id", "OITI-01004-0001", "OITI-01004-0002")],
        )

    def test_a_key_that_is_refused_is_reported_once(self):
        done = self._import(
            [ipe_line(1, IdentifiantImmeuble="X" * 80, CodeAdresseImmeuble="")]
        )
        self.assertEqual(
            [item.code for item in done.error_ids if item.severity == "error"],
            ["FIMP16"],
        )

    def test_equal_values_written_in_two_ways_are_no_difference(self):
        done = self._import(
            [
                ipe_line(1, ComplementNumeroVoiePM="B"),
                ipe_line(
                    2,
                    CapaciteMaxPM="0720",
                    TypeEmplacementPM="PME-ARMOIRE DE RUE",
                    CoordonneePMX="871234.120",
                    EmplacementActifDisponible="non",
                    ComplementNumeroVoiePM="B",
                ),
            ]
        )
        self.assertFalse(done.error_ids)

    def test_digits_that_are_not_stored_make_no_change(self):
        line = ipe_line(1, LongueurLigneImmeuble="1,4249")
        self._import([line])
        done = self._import([line])
        self.assertEqual(self._counts(done)["building"], (0, 0, 1))
