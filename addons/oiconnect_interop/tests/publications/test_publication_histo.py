from datetime import date, datetime, time, timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.protocol_time import local_now

from ..imports.import_common import ipe_line
from .published_common import PublishedCase


@tagged("post_install", "-at_install")
class TestPublicationHisto(PublishedCase):
    """The history: each change of the published columns, over twelve months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.building = cls._building(1)

    def _rows(self, plan=None):
        [histo] = self._published(plan or self.plan, "histo")
        return histo.rows

    def test_a_change_of_a_building(self):
        self.building.with_context(oiconnect_reason="Démolition").state = "abandoned"
        [row] = self._rows()
        today = f"{local_now():%Y%m%d}"
        self.assertEqual(
            row,
            {
                "CodeOI": "OITI",
                "IdentifiantImmeuble": "IMB/01004/X/0001",
                "CodeAdresseImmeuble": "010042AB01",
                "ReferencePM": "OITI-01004-0001",
                "NomChamp": "EtatImmeuble",
                "AncienneValeur": "CIBLE",
                "NouvelleValeur": "ABANDONNE",
                "DateModification": today,
                "MotifModification": "Démolition",
            },
        )

    def test_a_change_of_the_pm_is_published_once(self):
        self._building(2)
        self.pm.installation_date = date(2025, 3, 12)
        [row] = self._rows()
        self.assertEqual(row["IdentifiantImmeuble"], "")
        self.assertEqual(row["ReferencePM"], "OITI-01004-0001")
        self.assertEqual(row["NomChamp"], "DateInstallationPM")
        self.assertEqual(row["AncienneValeur"], "20250310")
        self.assertEqual(row["NouvelleValeur"], "20250312")

    def test_a_building_goes_to_another_pm(self):
        self.building.pm_id = self._pm("OITI-01004-0002")
        [row] = self._rows()
        self.assertEqual(row["NomChamp"], "ReferencePM")
        self.assertEqual(row["AncienneValeur"], "OITI-01004-0001")
        self.assertEqual(row["NouvelleValeur"], "OITI-01004-0002")

    def test_columns_that_are_not_published(self):
        self.building.write({"street_name": "DES LILAS", "is_new": True})
        self.assertFalse(self._rows())

    def test_an_administrator_chooses_the_columns(self):
        form = self._format("HISTOIPE", "V3.1")
        column = form.column_ids.filtered(lambda c: c.field_path == "change.field")
        column.value_list = (
            "NomVoieImmeuble=building.street_name|ImmeubleNeuf=building.is_new"
        )
        self.building.write(
            {"street_name": "DES LILAS", "is_new": True, "state": "abandoned"}
        )
        changes = {
            row["NomChamp"]: (row["AncienneValeur"], row["NouvelleValeur"])
            for row in self._rows()
        }
        self.assertEqual(
            changes,
            {
                "NomVoieImmeuble": ("DES TILLEULS", "DES LILAS"),
                "ImmeubleNeuf": ("N", "O"),
            },
        )

    def test_without_list_of_columns_the_file_is_stopped(self):
        form = self._format("HISTOIPE", "V3.1")
        column = form.column_ids.filtered(lambda c: c.field_path == "change.field")
        column.write({"value_type": "text", "value_list": False})
        [histo] = self._publish(self.plan, "histo")
        self.assertEqual(histo.state, "blocked")
        self.assertIn("HISTOIPE", histo.message)

    def test_twelve_months_in_the_order_of_time(self):
        now = fields.Datetime.now()
        for days, count in ((400, 2), (300, 3), (10, 4)):
            self._log(now - timedelta(days=days), count)
        self.assertEqual([row["NouvelleValeur"] for row in self._rows()], ["3", "4"])

    def _log(self, moment, count):
        self.env.cr.execute(
            """INSERT INTO oiconnect_change (res_model, res_id, reference, kind, field,
                      before, after, network_id, date, user_id)
               VALUES ('oiconnect.building', %s, %s, 'write', 'dwelling_count', '1', %s,
                       %s, %s, 1)""",
            [
                self.building.id,
                self.building.identifier,
                str(count),
                self.network.id,
                moment,
            ],
        )

    def test_a_change_is_dated_in_paris(self):
        day = local_today() - timedelta(days=20)
        self._log(datetime.combine(day, time(23, 30)), 7)
        [row] = self._rows()
        expected = day + timedelta(days=1)
        self.assertEqual(row["DateModification"], f"{expected:%Y%m%d}")

    def test_an_import_is_published_without_the_name_of_its_file(self):
        self._imported(ipe_line(1))
        rows = self._rows()
        self.assertIn("EtatImmeuble", [row["NomChamp"] for row in rows])
        self.assertEqual({row["MotifModification"] for row in rows}, {""})

    def test_a_deleted_building_is_called_as_it_was(self):
        self.building.state = "abandoned"
        self.building.unlink()
        [row] = self._rows()
        self.assertEqual(row["IdentifiantImmeuble"], "IMB/01004/X/0001")
        self.assertEqual(row["ReferencePM"], "")

    def test_only_the_pms_of_the_plan(self):
        other = self._building(2, pm_id=self._pm("OITI-01004-0002").id)
        (self.building | other).state = "abandoned"
        self.plan.pm_ids = self.pm
        [row] = self._rows()
        self.assertEqual(row["IdentifiantImmeuble"], "IMB/01004/X/0001")

    def test_the_history_of_links_and_nros(self):
        nro = self.env["oiconnect.nro"].create(
            {"reference": "01004NRO1", "network_id": self.network.id}
        )
        link = self.env["oiconnect.pm.link"].create(
            {
                "reference": "OITI-LNP-0001",
                "network_id": self.network.id,
                "pm_id": self.pm.id,
                "nro_id": nro.id,
                "length_km": 2.5,
            }
        )
        link.write({"state": "deployed", "length_km": 3})
        nro.state = "deployed"
        rows = self._rows(self._plan("cpn"))
        changes = {
            (row["ReferencePM"], row["NomChamp"]): (
                row["AncienneValeur"],
                row["NouvelleValeur"],
            )
            for row in rows
        }
        self.assertEqual(
            changes,
            {
                ("OITI-01004-0001", "EtatLienPMPRDM"): ("PLANIFIE", "DEPLOYE"),
                ("OITI-01004-0001", "LongueurLienPMPRDM"): ("2,5", "3"),
                ("", "EtatNRO"): ("PLANIFIE", "DEPLOYE"),
            },
        )
        self.assertEqual({row["ReferenceNRO"] for row in rows}, {"01004NRO1"})
