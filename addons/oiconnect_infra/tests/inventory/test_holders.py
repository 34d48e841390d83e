from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import InfraCase
from ..wiring import Wiring

SIRET = "73282932000074"


class HolderCase(InfraCase):
    def refused(self, error, act):
        with mute_logger("odoo.sql_db"), self.assertRaises(error), self.cr.savepoint():
            act()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestManagerColumns(HolderCase):
    """Manager of a building: columns of files, and changes by people."""

    def manager(self, **values):
        return self.net.make("oiconnect.manager", **{"name": "SYNDIC A"} | values)

    def test_what_is_given_with_a_manager_wins_over_what_it_says(self):
        manager = self.manager(city="VILLE EXEMPLE", postal_code="99100")
        building = self.net.building(
            "B1", manager_id=manager.id, manager_city="VILLE BASSE"
        )
        self.assertEqual(
            (building.manager_id, building.manager_name, building.manager_city),
            (manager, "SYNDIC A", "VILLE BASSE"),
        )
        self.assertEqual(building.manager_postal_code, "99100")

    def test_each_way_of_changing_who_manages(self):
        first = self.manager(siret=SIRET, postal_code="99100")
        second = self.manager(name="SYNDIC B", postal_code="99200")
        self.building.manager_id = first
        for values, manager in (
            ({"manager_city": "VILLE BASSE"}, first),
            ({"manager_name": "Autre nom"}, first),
            ({"manager_siret": False, "manager_name": "syndic b",
              "manager_postal_code": "99200"}, second),
            ({"dwelling_count": 4}, second),
            ({"manager_postal_code": False, "manager_name": "SYNDIC C"}, None),
        ):  # fmt: skip
            with self.subTest(**values):
                self.building.write(values)
                expected = manager or self.env["oiconnect.manager"].search(
                    [("name", "=", "SYNDIC C")]
                )
                self.assertEqual(self.building.manager_id, expected)
        self.assertEqual(first.building_count + second.building_count, 0)

    def test_the_first_building_of_a_file_makes_the_manager(self):
        buildings = self.env["oiconnect.building"].create(
            [
                {
                    "identifier": f"B{rank}",
                    "network_id": self.net.network.id,
                    "manager_name": name,
                    "manager_city": city,
                }
                for rank, (name, city) in enumerate(
                    (("Syndic Z", "VILLE HAUTE"), ("SYNDIC Z", "VILLE BASSE"))
                )
            ]
        )
        manager = buildings.manager_id
        self.assertEqual((manager.name, manager.city), ("Syndic Z", "VILLE HAUTE"))
        self.assertEqual(
            buildings.mapped("manager_city"), ["VILLE HAUTE", "VILLE BASSE"]
        )

    def test_what_only_the_manager_has_does_not_touch_its_buildings(self):
        manager = self.manager()
        self.building.manager_id = manager
        count = len(self.changes(self.building))
        manager.write({"phone": "0100000000", "comment": "Le matin"})
        self.assertEqual(len(self.changes(self.building)), count)
        self.assertIn(("write", "phone", None, "0100000000"), self.changes(manager))
        manager.siret = SIRET
        self.assertEqual(self.building.manager_siret, SIRET)

    def test_the_address_on_one_line(self):
        for number, suffix, line in (
            ("12", "B", "12B RUE DES TILLEULS 99100 VILLE"),
            ("12", False, "12 RUE DES TILLEULS 99100 VILLE"),
            ("0", False, "RUE DES TILLEULS 99100 VILLE"),
            (False, False, "RUE DES TILLEULS 99100 VILLE"),
        ):
            self.building.write(
                {
                    "manager_name": "SYNDIC A",
                    "manager_street_number": number,
                    "manager_street_number_suffix": suffix,
                    "manager_street_type": "RUE",
                    "manager_street_name": "DES TILLEULS",
                    "manager_postal_code": "99100",
                    "manager_city": "VILLE",
                }
            )
            with self.subTest(number=number, suffix=suffix):
                self.assertEqual(self.building.manager_address, line)

    def test_a_wrong_siret_is_refused_on_both_sides(self):
        french = self.building.with_context(lang="fr_FR")
        wrong = SIRET[:-1] + "5"
        with self.assertRaisesRegex(ValidationError, f"{wrong}.*pas valable"):
            french.manager_siret = wrong
        manager = self.manager().with_context(lang="fr_FR")
        with self.assertRaisesRegex(ValidationError, f"{wrong}.*pas valide"):
            manager.siret = wrong


@tagged("post_install", "-at_install")
class TestLotAndBatch(HolderCase):
    """PMs called together, addresses delivered together."""

    def batch(self, **values):
        return self.net.make(
            "oiconnect.pb.batch",
            **{"reference": "LOTPB-9", "pm_id": self.pm.id} | values,
        )

    def test_a_pm_does_not_leave_the_batch_of_its_addresses(self):
        batch = self.batch(building_ids=[Command.set(self.building.ids)])
        other = self.net.pm("OICN-99001-0002")
        with self.assertRaisesRegex(
            ValidationError, "IMB/99001/X/0001 n'est pas derrière le PM OICN-99001-0002"
        ):
            batch.with_context(lang="fr_FR").pm_id = other
        batch.write({"building_ids": [Command.clear()], "pm_id": other.id})
        self.assertEqual((batch.building_count, batch.dwelling_count), (0, 0))

    def test_what_was_agreed_on_is_typed(self):
        self.building.dwelling_count = 4
        batch = self.batch(
            building_ids=[Command.set(self.building.ids)], dwelling_count=3
        )
        self.assertEqual(batch.dwelling_count, 3)
        batch.dwelling_count = 0
        self.refused(CheckViolation, lambda: batch.write({"dwelling_count": -1}))

    def test_references_are_those_of_one_network(self):
        self.batch()
        self.refused(UniqueViolation, self.batch)
        self.net.make("oiconnect.lot", reference="LOT-9")
        self.refused(
            UniqueViolation, lambda: self.net.make("oiconnect.lot", reference="LOT-9")
        )

    def test_a_lot_counts_what_is_left_in_it(self):
        lot = self.net.make(
            "oiconnect.lot",
            reference="LOT-9",
            opening_date="2026-01-01",
            closing_date="2026-01-01",
        )
        self.pm.write({"lot_id": lot.id, "dwelling_count": 340})
        self.net.pm("OICN-99001-0002", dwelling_count=100)
        self.assertEqual(lot.dwelling_count, 340)
        self.pm.lot_id = False
        lot.invalidate_recordset()
        self.assertEqual((lot.pm_count, lot.dwelling_count), (0, 0))
        lot.unlink()
        self.assertFalse(lot.exists())


@tagged("post_install", "-at_install")
class TestLinkFibreLimits(HolderCase):
    """Fibres of a link: numbered on, moved, held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiring = Wiring(cls.env, "T92")
        cls.feeds = cls.wiring.link_fibres(3)
        cls.link = cls.feeds.link_id
        cls.bare = cls.link.copy({"reference": "LIEN-99001-0002", "capacity": 36})

    def wizard(self, **values):
        wizards = self.env["oiconnect.pm.link.fibre.new"].with_context(lang="fr_FR")
        return wizards.create({"link_id": self.bare.id, **values})

    def test_a_link_gets_the_fibres_that_it_lacks(self):
        wizard = self.wizard()
        self.assertEqual((wizard.count, wizard.fibres_per_tube), (36, 12))
        wizard.action_create()
        self.bare.invalidate_recordset()
        self.assertEqual((self.bare.link_fibre_count, self.bare.capacity), (36, 36))
        self.assertEqual(self.wizard().count, 0)

    def test_colours_end_and_numbers_go_on(self):
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        most = max(colours)
        for naming, names in (
            ("number", [str(most), str(most + 1)]),
            ("colour", [colours[most], str(most + 1)]),
        ):
            self.bare.fibre_ids.unlink()
            self.wizard(
                count=most + 1, fibres_per_tube=most + 1, naming=naming
            ).action_create()
            fibres = self.bare.fibre_ids.sorted("number")
            self.assertEqual(fibres[-2:].mapped("fibre"), names)
            self.assertEqual(len(set(fibres.mapped("tube"))), 1)

    def test_how_many_at_a_time(self):
        for values, message in (
            ({"count": 1001}, "Créez 1 à 1000 fibres à la fois"),
            ({"count": 0}, "Créez 1 à 1000"),
            ({"count": 1, "fibres_per_tube": 0}, "au moins une fibre"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self.wizard(**values).action_create()
        self.wizard(count=1000, fibres_per_tube=1).action_create()
        self.assertEqual(self.bare.capacity, 1000)

    def test_both_links_count_a_fibre_that_is_moved(self):
        self.feeds[2].state = "out_of_service"
        self.feeds[2].write({"link_id": self.bare.id, "number": 7})
        self.assertEqual((self.link.capacity, self.link.used_fibre_count), (2, 0))
        self.assertEqual((self.bare.capacity, self.bare.used_fibre_count), (1, 1))
        self.assertEqual(self.feeds[2].display_name, "LIEN-99001-0002 / 7")
        self.feeds[2].unlink()
        self.assertFalse(self.feeds[2].exists(), "out of service: no one holds it")

    def test_the_database_refuses_what_makes_no_sense(self):
        fibre, other = self.feeds[0], self.feeds[1]
        for error, values in (
            (CheckViolation, {"number": 0}),
            (UniqueViolation, {"number": other.number}),
            (CheckViolation, {"operator_id": self.ocaa.id}),
        ):
            with self.subTest(**values):
                self.refused(error, lambda values=values: fibre.write(values))

    def test_a_fibre_out_of_service_stays_so_when_it_is_patched(self):
        self.feeds[0].state = "out_of_service"
        position = self.wiring.position("P1", link_fibre_id=self.feeds[0].id)
        position.link_fibre_id = False
        self.assertEqual(self.feeds[0].state, "out_of_service")

    def test_held_fibres_are_named_in_french(self):
        self.feeds[:2].write({"state": "used", "operator_id": self.ocaa.id})
        with self.assertRaisesRegex(
            UserError, "LIEN-99001-0001 / 1, LIEN-99001-0001 / 2. Libérez-les"
        ):
            self.feeds.with_context(lang="fr_FR").unlink()
        self.assertEqual(len(self.feeds.exists()), 3)
