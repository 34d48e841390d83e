from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.protocol_time import local_now

from .published_common import PublishedCase


@tagged("post_install", "-at_install")
class TestPublicationLines(PublishedCase):
    """Content of the files, column by column."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()

    def _row(self, version="V3.1"):
        [full] = self._published(self.plan, "full", version=version)
        [row] = full.rows
        return row

    def test_the_line_of_a_house(self):
        self._building(
            rivoli_code="1234",
            dwelling_count=3,
            line_length_km=1.4,
            rnb_code="ABCD1234EFGH",
            rnb_date=date(2026, 7, 1),
        )
        row = self._row()
        expected = {
            "IdentifiantImmeuble": "IMB/01004/X/0001",
            "CodeVoieRivoliImmeuble": "1234",
            "CodeInseeImmeuble": "01004",
            "NombreLogementsAdresseIPE": "3",
            "EtatImmeuble": "CIBLE",
            "ReferencePM": "OITI-01004-0001",
            "EtatPM": "DEPLOYE",
            "DateInstallationPM": "20250310",
            "TypeEmplacementPM": "PME-Armoire de rue",
            "NombreLogementsPM": "5",
            "TypeProjectionGeographique": "RGF93",
            "CoordonneePMX": "871234,12",
            "CoordonneePMY": "6548765,40",
            "CoordonneeImmeubleX": "871301,55",
            "LongueurLigneImmeuble": "1,40",
            "AccordGestionnaireImmeubleNecessaire": "N",
            "CodeOI": "OITI",
            "Code_RNB": "ABCD1234EFGH",
            "Date_RNB": "20260701",
        }
        self.assertEqual({name: row[name] for name in expected}, expected)

    def test_numbers_that_were_not_given_are_empty(self):
        self._building(x=0, y=0, projection=False)
        row = self._row()
        for name in ("CapaciteMaxPM", "CoordonneeImmeubleX", "LongueurLigneImmeuble"):
            self.assertEqual(row[name], "", name)

    def test_columns_of_each_version(self):
        self._building()
        self.assertNotIn("Code_RNB", self._row("V3.0"))
        self.assertEqual(len(self._row("V3.0")), 75)
        self.assertEqual(len(self._row("V3.1")), 78)

    def test_an_address_without_pm(self):
        self._building(pm_id=False)
        row = self._row()
        self.assertEqual(row["ReferencePM"], "")
        self.assertEqual(row["EtatPM"], "")
        self.assertEqual(row["FibreDedieeLibre"], "")

    def test_signs_that_would_break_a_naive_reader(self):
        self._building(
            street_name='RUE "A";B', syndic_conditions=" Appeler\r\nM. Exemple ; 48h "
        )
        row = self._row()
        self.assertEqual(row["NomVoieImmeuble"], "RUE 'A',B")
        self.assertEqual(row["ConditionsSyndic"], "Appeler  M. Exemple , 48h")

    def test_control_characters_that_came_below_the_forms(self):
        building = self._building()
        self.env.cr.execute(
            "UPDATE oiconnect_building SET street_name = %s, syndic_conditions = %s"
            " WHERE id = %s",
            ["RUE\x0b\x02A\x7f", "Appeler\tM.\x01\nExemple\x1b", building.id],
        )
        row = self._row()
        self.assertEqual(row["NomVoieImmeuble"], "RUE A ")
        self.assertEqual(row["ConditionsSyndic"], "Appeler M.  Exemple ")

    def test_coordinates_with_all_their_figures(self):
        self._building(projection="WGS84", x=5.123456789012345, y=46.1)
        row = self._row()
        self.assertEqual(row["CoordonneeImmeubleX"], "5,123456789012345")
        self.assertEqual(row["CoordonneeImmeubleY"], "46,10")
        # The PM is in another projection: its place cannot be written on this line.
        self.assertEqual(row["CoordonneePMX"], "")

    def test_a_line_without_place_is_in_the_projection_of_its_pm(self):
        self._building(projection=False, x=0, y=0)
        row = self._row()
        self.assertEqual(row["TypeProjectionGeographique"], "RGF93")
        self.assertEqual(row["CoordonneePMX"], "871234,12")

    def test_a_line_is_dated_for_its_pm_too(self):
        building = self._building()
        building.last_change_date = date(2026, 3, 1)
        self.pm.last_change_date = date(2026, 4, 1)
        self.assertEqual(self._row()["DateDerniereModification"], "20260401")

    def test_an_abandoned_building_leaves_after_three_months(self):
        building = self._building(state="abandoned")
        today = local_today()
        building.abandoned_date = today - timedelta(days=80)
        [full] = self._published(self.plan, "full")
        self.assertEqual(full.rows[0]["EtatImmeuble"], "ABANDONNE")
        building.abandoned_date = today - timedelta(days=100)
        [full] = self._published(self.plan, "full")
        self.assertFalse(full.lines)

    def test_the_buildings_of_a_pm_abandoned_for_long_leave_with_it(self):
        self._building()
        self.pm.state = "abandoned"
        self.pm.abandoned_date = local_today() - timedelta(days=100)
        [full] = self._published(self.plan, "full")
        self.assertFalse(full.lines)

    def test_only_the_pms_of_the_plan(self):
        self._building(1)
        self._building(2, pm_id=self._pm("OITI-01004-0002").id)
        self.plan.pm_ids = self.pm
        self.assertEqual(self._row()["IdentifiantImmeuble"], "IMB/01004/X/0001")

    def test_another_network_is_not_published(self):
        self._building()
        other = self.network.copy({"code": "PUB_02", "name": "Autre"})
        self._building(2, network_id=other.id, pm_id=False)
        self.assertEqual(self._row()["IdentifiantImmeuble"], "IMB/01004/X/0001")

    def test_a_planned_pm_is_named_from_v2_2_on(self):
        self._building()
        self.pm.state = "planned"
        formats = self.env["oiconnect.flow.format"]
        old = formats.search([("flow_id.code", "=", "IPE"), ("version", "=", "V2.1")])
        [publication] = self._publish(self.plan, "full", version=old)
        self.assertEqual(publication.state, "done", publication.message)
        self.assertEqual(self._row()["EtatPM"], "PLANIFIE")

    def test_names_of_the_files_of_one_day(self):
        self._building()
        first, second = (self._published(self.plan, "full")[0] for _ in range(2))
        day = f"{local_now():%Y%m%d}"
        self.assertEqual(first.name, f"PUB_01_OITI_PM_IPE_V31_{day}_00.csv")
        self.assertEqual(first.publication.name, first.name.replace("csv", "zip"))
        self.assertEqual(second.name, f"PUB_01_OITI_PM_IPE_V31_{day}_01.csv")

    def test_an_encoding_that_lacks_a_sign_gets_the_nearest(self):
        self._building(city="ŁÓDŹ €")
        form = self.formats["ipe", "V3.1"]
        form.encoding = "iso-8859-15"
        row = self._row()
        self.assertEqual(row["CommuneImmeuble"], "?ÓDZ €")
        publication = self.env["oiconnect.publication"].search([], limit=1)
        self.assertIn("iso-8859-15", publication.message)
