from .import_common import SIGNED, ImportCase, ipe_line


class TestImportManager(ImportCase):
    """The building managers and lots that an IPE names."""

    def test_managers_and_lots_are_found_or_made(self):
        lines = [
            ipe_line(1),
            ipe_line(2, SIGNED, BatimentImmeuble="BAT A"),
            ipe_line(3, SIGNED, BatimentImmeuble="BAT B"),
        ]
        self._import(lines)
        first, second, third = (self._building(n) for n in (1, 2, 3))
        self.assertFalse(first.manager_id)
        manager = second.manager_id
        self.assertEqual(third.manager_id, manager)
        self.assertEqual(manager.name, second.manager_name)
        self.assertEqual(manager.city, second.manager_city)
        self.assertEqual(manager.network_id, self.network)
        self.assertEqual(self._pm().lot_id.reference, "LOT-01-01")
        again = self._import(lines)
        self.assertEqual(self._counts(again)["building"], (0, 0, 3))
        self.assertFalse(self._changes(again))

    def test_another_manager_of_the_building(self):
        self._import([ipe_line(2, SIGNED)])
        first = self._building(2).manager_id
        self._import([ipe_line(2, SIGNED, SiretGestionnaire="73282932000074")])
        second = self._building(2).manager_id
        self.assertNotEqual(first, second)
        self.assertEqual(second.siret, "73282932000074")
        self.assertFalse(first.building_ids)

    def test_an_address_of_the_manager_that_changes(self):
        self._import([ipe_line(2, SIGNED)])
        manager = self._building(2).manager_id
        done = self._import([ipe_line(2, SIGNED, NomVoieGestionnaire="NEUVE")])
        self.assertEqual(manager.street_name, "NEUVE")
        self.assertEqual(
            self._changes(done).mapped(lambda c: (c.res_model, c.field, c.after)),
            [
                ("oiconnect.manager", "street_name", "NEUVE"),
                ("oiconnect.building", "manager_street_name", "NEUVE"),
            ],
        )
