from odoo import fields
from odoo.tools import mute_logger

from .import_common import (
    SIGNED,
    WITHOUT_PM,
    ImportCase,
    ipe_file,
    ipe_header,
    ipe_line,
)

FILE_NAME_OITJ = "TEST_01_OITJ_PM_IPEZMD_V31_20260901_00.csv"


class TestImportNetwork(ImportCase):
    """Creation of the network by an IPE, and changes to an existing one."""

    # -- initialise -------------------------------------------------------------------

    def test_first_import_makes_pms_and_buildings(self):
        done = self._import(
            [
                ipe_line(1),
                ipe_line(2, SIGNED, BatimentImmeuble="BAT A"),
                ipe_line(3, WITHOUT_PM),
            ]
        )
        self.assertEqual(done.state, "done")
        self.assertEqual((done.line_count, done.ok_line_count), (3, 3))
        self.assertEqual(self._counts(done), {"pm": (1, 0, 0), "building": (3, 0, 0)})
        self.assertFalse(done.error_ids)
        self.assertEqual(self._building(1).pm_id, self._pm())
        self.assertEqual(self._building(2).pm_id, self._pm())
        self.assertFalse(self._building(3).pm_id)

    def test_columns_of_the_building(self):
        self._import([ipe_line(1)])
        building = self._building()
        self.assertEqual(
            building.read(
                [
                    "state",
                    "building_type",
                    "dwelling_count",
                    "zone_type",
                    "line_length_km",
                    "manager_agreement_required",
                    "on_demand_eligible",
                    "cabling_date",
                    "order_acceptance_date",
                    "last_change_date",
                    "street_number",
                    "projection",
                    "x",
                ]
            )[0],
            {
                "id": building.id,
                "state": "deployed",
                "building_type": "house",
                "dwelling_count": 1,
                "zone_type": "3",
                "line_length_km": 1.42,
                "manager_agreement_required": False,
                "on_demand_eligible": False,
                "cabling_date": fields.Date.to_date("2025-04-15"),
                "order_acceptance_date": fields.Date.to_date("2025-05-15"),
                "last_change_date": fields.Date.to_date("2025-04-16"),
                "street_number": "1",
                "projection": "RGF93",
                "x": 871301.55,
            },
        )
        self.assertEqual(building.pbo_type_id.code, "AERIEN POTEAU ENEDIS")
        self.assertEqual(building.connection_type_id.code, "AERIEN")
        self.assertEqual(building.commune_id.insee_code, "01004")
        self.assertEqual(building.company_id, self.network.company_id)

    def test_columns_of_the_pm(self):
        self._import([ipe_line(1)])
        pm = self._pm()
        self.assertEqual(pm.state, "deployed")
        self.assertEqual(pm.location_type, "cabinet")
        self.assertEqual(pm.authorisation, "open")
        self.assertEqual(pm.dwelling_count, 5)
        self.assertEqual(pm.address_quality, "precise")
        self.assertEqual(pm.first_delivery_date, fields.Date.to_date("2025-03-20"))
        self.assertEqual(pm.projection, "RGF93")
        self.assertAlmostEqual(pm.latitude, 46.017031, 5)
        self.assertEqual(pm.commune_id.insee_code, "01004")

    def test_derived_columns_are_those_of_the_orm(self):
        self._import(
            [
                ipe_line(1, ComplementNumeroVoieImmeuble="b"),
                ipe_line(2, SIGNED, BatimentImmeuble="BAT A"),
                ipe_line(3, NumeroVoieImmeuble="0", CoordonneeImmeubleX=""),
            ]
        )
        for rank in (1, 2, 3):
            building = self._building(rank)
            names = ("address", "latitude", "longitude", "commune_id")
            by_sql = [building[name] for name in names]
            for name in names:
                self.env.add_to_compute(building._fields[name], building)
            self.assertEqual([building[name] for name in names], by_sql)
        self.assertEqual(self._building(1).street_number_suffix, "B")
        self.assertEqual(self._building(3).latitude, 0)

    def test_unknown_commune_leaves_the_code(self):
        self._import([ipe_line(1, CodeInseeImmeuble="99001")])
        self.assertEqual(self._building().insee_code, "99001")
        self.assertFalse(self._building().commune_id)

    def test_empty_yes_or_no_stays_unknown(self):
        self._import([ipe_line(1, FibreDedieeLibre="", ImmeubleNeuf="O")])
        self.env.cr.execute(
            "SELECT dedicated_fibre_free, is_new FROM oiconnect_building WHERE id = %s",
            [self._building().id],
        )
        self.assertEqual(self.env.cr.fetchone(), (None, True))

    def test_creation_is_in_the_history(self):
        done = self._import([ipe_line(1)])
        changes = self._changes(done)
        self.assertEqual(
            changes.mapped(lambda c: (c.res_model, c.reference, c.kind, c.field)),
            [
                ("oiconnect.lot", "LOT-01-01", "create", False),
                ("oiconnect.pm", "OITI-01004-0001", "create", False),
                ("oiconnect.building", "IMB/01004/X/0001", "create", False),
            ],
        )
        self.assertEqual(changes.network_id, self.network)
        self.assertEqual(changes.user_id, self.env.user)
        self.assertEqual(set(changes.mapped("reason")), {done.file_name})

    def test_older_version_has_fewer_columns(self):
        header = ipe_header("V2.0")
        name = "TEST_01_OITI_PM_IPEZMD_V20_20260901_00.csv"
        done = self._import(ipe_file([ipe_line(1)], header), name)
        self.assertEqual(done.flow_version, "V2.0")
        self.assertEqual(done.state, "done")
        self.assertFalse(self._building().line_length_km)

    # -- update -----------------------------------------------------------------------

    def test_update_changes_what_differs_and_keeps_before_and_after(self):
        self._import([ipe_line(1), ipe_line(2)])
        done = self._import(
            [
                ipe_line(1, NombreLogementsPM="6", NombreLogementsAdresseIPE="2"),
                ipe_line(2, NombreLogementsPM="6"),
            ]
        )
        self.assertEqual(self._counts(done), {"pm": (0, 1, 0), "building": (0, 1, 1)})
        changes = self._changes(done)
        self.assertEqual(
            changes.mapped(lambda c: (c.res_model, c.kind, c.field, c.before, c.after)),
            [
                ("oiconnect.pm", "write", "dwelling_count", "5", "6"),
                ("oiconnect.building", "write", "dwelling_count", "1", "2"),
            ],
        )
        self.assertEqual(self._building().dwelling_count, 2)

    def test_history_has_the_texts_of_the_orm(self):
        """One change by the import, undone by hand: the texts mirror each other."""
        self._import([ipe_line(1)])
        done = self._import(
            [
                ipe_line(
                    1,
                    WITHOUT_PM,
                    CoordonneeImmeubleX="871302,5",
                    LongueurLigneImmeuble="2,10",
                    TypePBO="FACADE",
                    DateCablageAdresse="",
                    FibreDedieeLibre="O",
                )
            ]
        )
        by_import = {
            change.field: (change.before, change.after)
            for change in self._changes(done)
            if change.res_model == "oiconnect.building"
        }
        self.assertEqual(
            set(by_import),
            {
                "state",
                "pm_id",
                "x",
                "line_length_km",
                "pbo_type_id",
                "cabling_date",
                "dedicated_fibre_free",
            },
        )
        building = self._building().with_context(oiconnect_batch="hand")
        building.write(
            {
                "state": "deployed",
                "pm_id": self._pm().id,
                "x": 871301.55,
                "line_length_km": 1.42,
                "pbo_type_id": self._pbo_type("AERIEN POTEAU ENEDIS").id,
                "cabling_date": "2025-04-15",
                "dedicated_fibre_free": False,
            }
        )
        by_hand = {
            change.field: (change.after, change.before)
            for change in self.env["oiconnect.change"].search([("batch", "=", "hand")])
        }
        self.assertEqual(by_hand, by_import)

    def _pbo_type(self, code):
        return self.env["oiconnect.pbo.type"].search([("code", "=", code)])

    def test_same_file_again_writes_no_row(self):
        lines = [ipe_line(rank) for rank in range(1, 30)] + [ipe_line(30, WITHOUT_PM)]
        self._import(lines)
        before = self._physical_rows()
        done = self._import(lines)
        self.assertEqual(self._physical_rows(), before)
        self.assertEqual(self._counts(done), {"pm": (0, 0, 1), "building": (0, 0, 30)})
        self.assertFalse(self._changes(done))

    def _physical_rows(self):
        """Rows with their place in the table: one that is written moves."""
        found = []
        for table in ("oiconnect_pm", "oiconnect_building"):
            self.env.cr.execute(
                f"SELECT id, ctid::text, write_date FROM {table} ORDER BY id"
            )
            found += self.env.cr.fetchall()
        return found

    def test_date_of_last_change_is_that_of_the_file(self):
        self._import([ipe_line(1), ipe_line(2, DateDerniereModification="20250101")])
        self.assertEqual(str(self._building(2).last_change_date), "2025-01-01")
        self.assertEqual(str(self._pm().last_change_date), "2025-01-01")
        done = self._import(
            [
                ipe_line(1, DateDerniereModification="20260101"),
                ipe_line(2, DateDerniereModification="20260101"),
            ]
        )
        self.assertEqual(str(self._building(2).last_change_date), "2026-01-01")
        self.assertFalse(self._changes(done), "a date alone is no change to tell")
        self.assertEqual(self._counts(done)["pm"], (0, 0, 1))

    def test_file_without_some_columns_leaves_them(self):
        self._import([ipe_line(1)])
        header = [
            name
            for name in ipe_header()
            if name not in ("LongueurLigneImmeuble", "TypePBO", "BatimentImmeuble")
        ]
        done = self._import(ipe_file([ipe_line(1, NumeroVoieImmeuble="7")], header))
        building = self._building()
        self.assertEqual(building.line_length_km, 1.42)
        self.assertEqual(building.pbo_type_id.code, "AERIEN POTEAU ENEDIS")
        self.assertIn("7 RUE DES TILLEULS", building.address)
        self.assertEqual(self._changes(done).mapped("field"), ["street_number"])

    def test_unknown_columns_are_ignored(self):
        header = ["Remarque", *ipe_header(), "Autre"]
        done = self._import(ipe_file([ipe_line(1, Remarque="x", Autre="y")], header))
        self.assertEqual(done.state, "done")
        self.assertEqual(self._building().street_name, "DES TILLEULS")

    def test_columns_in_any_order_and_spelling(self):
        header = [name.upper() for name in reversed(ipe_header())]
        line = {name.upper(): value for name, value in ipe_line(1).items()}
        self._import(ipe_file([line], header))
        self.assertEqual(self._building().pm_id, self._pm())

    # -- PMs of several lines ---------------------------------------------------------

    def test_first_line_of_a_pm_is_used_others_are_reported(self):
        done = self._import(
            [
                ipe_line(1),
                ipe_line(2, CapaciteMaxPM="360", CommentairePM="DERRIERE LA MAIRIE"),
            ]
        )
        self.assertEqual(self._pm().max_capacity, 720)
        self.assertEqual(
            self._errors(done), [(3, "CommentairePM", "P1"), (3, "CapaciteMaxPM", "P1")]
        )
        self.assertEqual(set(done.error_ids.mapped("severity")), {"warning"})
        self.assertIn("line 2", done.error_ids[0].message)
        self.assertEqual(done.state, "done")

    def test_pm_comes_from_its_first_good_line(self):
        done = self._import(
            [
                ipe_line(1, CapaciteMaxPM="360", TypeZone="9"),
                ipe_line(2),
            ]
        )
        self.assertEqual(self._pm().max_capacity, 720)
        self.assertFalse(self._building(1))
        self.assertEqual(self._errors(done), [(2, "TypeZone", "FIMP16")])

    # -- keys -------------------------------------------------------------------------

    def test_building_without_identifier_is_known_by_its_address(self):
        line = ipe_line(1, IdentifiantImmeuble="", BatimentImmeuble="BAT A")
        self._import([line])
        done = self._import([line | {"NombreLogementsAdresseIPE": "4"}])
        self.assertEqual(self._counts(done)["building"], (0, 1, 0))
        building = self._found("building", "address_code", "010042AB01")
        self.assertEqual(building.dwelling_count, 4)

    def test_new_identifier_names_the_building_of_the_address(self):
        self._import([ipe_line(1, IdentifiantImmeuble="")])
        done = self._import([ipe_line(1)])
        self.assertEqual(self._counts(done)["building"], (0, 1, 0))
        self.assertEqual(
            self._changes(done).mapped(lambda c: (c.field, c.before, c.after)),
            [("identifier", False, "IMB/01004/X/0001")],
        )

    def test_line_without_identifier_finds_the_only_building_there(self):
        self._import([ipe_line(1)])
        done = self._import(
            [ipe_line(1, IdentifiantImmeuble="", NombreLogementsAdresseIPE="3")]
        )
        self.assertEqual(self._counts(done)["building"], (0, 1, 0))
        self.assertEqual(self._building().dwelling_count, 3)

    def test_two_identifiers_for_one_nameless_building(self):
        self._import([ipe_line(1, IdentifiantImmeuble="")])
        done = self._import(
            [
                ipe_line(1),
                ipe_line(2, CodeAdresseImmeuble="010042AB01", NumeroVoieImmeuble="1"),
            ]
        )
        self.assertEqual(self._counts(done)["building"], (1, 1, 0))
        self.assertEqual(
            self.env["oiconnect.building"].search_count(
                [("network_id", "=", self.network.id)]
            ),
            2,
        )

    def test_other_network_is_left_alone(self):
        other = self._make_network("OITJ")
        lines = [ipe_line(1, CodeOI="OITJ")]
        self._import(lines, FILE_NAME_OITJ, other)
        done = self._import([ipe_line(1, NombreLogementsAdresseIPE="9")])
        self.assertEqual(self._counts(done)["building"], (1, 0, 0))
        theirs = self.env["oiconnect.building"].search([("network_id", "=", other.id)])
        self.assertEqual(theirs.dwelling_count, 1)
        self.assertEqual(theirs.pm_id.network_id, other)

    # -- transaction ------------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_nothing_is_left_of_the_work(self):
        self._import([ipe_line(1), ipe_line(2, TypeZone="9")])
        self.env.cr.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'oiconnect_stage%'"
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
