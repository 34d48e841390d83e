from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import InfraCase

SIRET = "73282932000074"


@tagged("post_install", "-at_install")
class TestManager(InfraCase):
    """Managers of buildings: columns in files, stored as records."""

    def manager(self, **values):
        return self.net.make("oiconnect.manager", **{"name": "SYNDIC A"} | values)

    def manager_of(self, building):
        """Return the manager, and what the building says of it."""
        return building.manager_id, building.manager_name, building.manager_city

    def test_columns_make_the_manager(self):
        self.building.write(
            {
                "manager_name": "SYNDIC A",
                "manager_postal_code": "99100",
                "manager_city": "VILLE EXEMPLE",
                "manager_siret": SIRET,
            }
        )
        manager = self.building.manager_id
        self.assertEqual((manager.name, manager.siret), ("SYNDIC A", SIRET))
        self.assertEqual(manager.address, "99100 VILLE EXEMPLE")
        self.assertEqual(manager.network_id, self.net.network)
        self.assertEqual(self.changes(manager), [("create", None, None, None)])

    def test_one_manager_for_all_its_buildings(self):
        named = {"manager_name": "SYNDIC A", "manager_postal_code": "99100"}
        first = self.net.building("B1", **named)
        second = self.net.building("B2", **named | {"manager_name": "Syndic a"})
        elsewhere = self.net.building("B3", **named | {"manager_postal_code": "99200"})
        self.assertEqual(first.manager_id, second.manager_id)
        self.assertEqual(first.manager_id.building_count, 2)
        self.assertNotEqual(elsewhere.manager_id, first.manager_id)
        self.assertEqual(second.manager_name, "Syndic a", "what the file gave stays")

    def test_the_siret_tells_more_than_the_name(self):
        manager = self.manager(siret=SIRET)
        building = self.net.building(
            "B1", manager_name="NOUVEAU NOM", manager_siret=SIRET
        )
        self.assertEqual(building.manager_id, manager)

    def test_choosing_a_manager_gives_its_columns(self):
        manager = self.manager(city="VILLE EXEMPLE", siret=SIRET)
        with Form(self.building) as form:
            form.manager_id = manager
            self.assertEqual(form.manager_siret, SIRET)
        self.assertEqual(
            self.manager_of(self.building), (manager, "SYNDIC A", "VILLE EXEMPLE")
        )
        self.assertIn(
            ("write", "manager_siret", None, SIRET), self.changes(self.building)
        )

    def test_removing_the_manager_clears_its_columns(self):
        self.building.manager_id = self.manager(city="VILLE EXEMPLE")
        self.building.manager_id = False
        self.assertFalse(any(self.manager_of(self.building)))

    def test_a_building_without_manager_any_more_loses_its_link(self):
        self.building.manager_name = "SYNDIC A"
        self.building.manager_name = False
        self.assertFalse(self.building.manager_id)

    def test_a_change_of_the_manager_goes_to_its_buildings(self):
        manager = self.manager()
        buildings = self.building | self.net.building("B2")
        buildings.manager_id = manager
        manager.write({"street_name": "DE LA MAIRIE", "street_number": "1"})
        for building in buildings:
            self.assertEqual(building.manager_address, "1 DE LA MAIRIE")
            self.assertIn(
                ("write", "manager_street_name", None, "DE LA MAIRIE"),
                self.changes(building),
            )
        manager.phone = "0100000000"
        self.assertEqual(manager.name, "SYNDIC A")

    def test_a_manager_renamed_keeps_its_buildings(self):
        self.building.manager_name = "SYNDIC A"
        manager = self.building.manager_id
        manager.name = "SYNDIC B"
        self.assertEqual(self.manager_of(self.building)[:2], (manager, "SYNDIC B"))

    def test_the_siret_is_checked(self):
        with self.assertRaisesRegex(ValidationError, "73282932000075"):
            self.manager(siret="73282932000075")

    def test_one_manager_by_siret_or_by_name_and_postal_code(self):
        self.manager(postal_code="99100")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.manager(name="Syndic A", postal_code="99100")
        self.manager(postal_code="99100", siret=SIRET)

    def test_a_manager_with_buildings_is_not_deleted(self):
        manager = self.manager()
        self.building.manager_id = manager
        with self.assertRaisesRegex(UserError, "IMB/99001/X/0001"):
            manager.unlink()
        self.building.manager_id = False
        manager.unlink()
        self.assertFalse(manager.exists())

    def test_buildings_and_managers_are_on_one_network(self):
        other = self.manager(
            network_id=self.net.network.copy({"code": "T98", "pto_prefix": "ZY"}).id
        )
        with self.assertRaisesRegex(ValidationError, "T9|Réseau"):
            self.building.manager_id = other

    def test_many_buildings_are_linked_by_few_queries(self):
        vals = [
            {
                "identifier": f"M{rank}",
                "network_id": self.net.network.id,
                "manager_name": f"SYNDIC {rank % 3}",
            }
            for rank in range(60)
        ]
        buildings = self.env["oiconnect.building"].create(vals)
        self.assertEqual(len(buildings.manager_id), 3)
        self.env.flush_all()
        with self.assertQueryCount(40):
            buildings.write({"manager_name": "SYNDIC 1"})
        self.assertEqual(buildings.manager_id.name, "SYNDIC 1")
