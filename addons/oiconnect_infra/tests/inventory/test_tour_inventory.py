from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .inventory_common import EDITORS, InventoryCase

READERS = ("oiconnect_base.group_infra_read", "oiconnect_base.group_link_read")


@tagged("post_install", "-at_install")
class TestTourInventory(InventoryCase, HttpCase):
    """Each screen of the network, used as the user guide tells, in French.

    What its search bar finds: test_screen_searches.py. Where its buttons lead:
    tests/test_crawl.py.
    """

    def tour(self, name, groups=EDITORS):
        user = new_test_user(self.env, f"tour_{name}", ",".join(groups), lang="fr_FR")
        self.start_tour(
            "/odoo/action-oiconnect_infra.change_action",
            f"oiconnect_inventory_{name}",
            login=user.login,
            timeout=180,
        )
        self.env.invalidate_all()
        return user

    def last_change(self, record):
        return self.env["oiconnect.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )

    @needs_browser
    def test_an_editor_changes_what_there_is(self):
        user = self.tour("screens")
        self._check_groups()
        self._check_cabinets(user)
        self._check_homes_and_fibres()

    def _check_groups(self):
        self.assertEqual(self.nro.street_name, "DE LA GARE")
        self.assertEqual(self.pm.technical_pm_ids.room_code, "B1204")
        self.assertEqual(self.pm.lot_id.name, "Appel du plateau")
        self.assertEqual(self.pm.batch_ids.dwelling_count, 17)
        self.assertEqual(self.building.manager_name, "SYNDIC ESSAI ET FILS")
        self.assertFalse(self.unused["nro"].exists())

    def _check_cabinets(self, user):
        self.assertEqual(self.prdm.min_dwellings, 320)
        self.assertEqual(self.last_change(self.prdm).user_id, user)
        self.assertEqual(self.pm.riser_count, 4)
        self.assertEqual(self.pm.link_ids.length_km, 3)
        self.assertEqual(self.pbo.material_type, "Boîtier 6 FO")

    def _check_homes_and_fibres(self):
        self.assertEqual(self.building.dwelling_count, 20)
        self.assertEqual(self.pto.door, "12B")
        self.assertEqual(self.route.module_id.name, "TIROIR ESSAI BIS")
        self.assertEqual(self.route.cable_id.tube_count, 12)
        self.assertEqual(self.route.sequence, 25)

    def test_an_editor_deletes_what_nothing_needs(self):
        editor = new_test_user(self.env, "editor", ",".join(EDITORS), lang="fr_FR")
        editors = {
            self.prdm: "PM-ESSAI-01",
            self.pm.technical_pm_ids: "TIROIR ESSAI",
            self.pm.lot_id: "PM-ESSAI-01",
            self.building.manager_id: "IMB/99001/X/0001",
            self.building: "ZZ-ESSA-0001",
            self.route.module_id: "PM-ESSAI-01 / TIROIR ESSAI / P1",
            self.route.cable_id: "PM-ESSAI-01 / TIROIR ESSAI / P1",
        }
        for record, user in editors.items():
            with (
                self.subTest(record._name),
                self.assertRaisesRegex(UserError, f"ne peut pas être supprimé.*{user}"),
            ):
                record.with_user(editor).with_context(lang="fr_FR").unlink()
        unused = (*self.unused.values(), self.other_pm.link_ids, self.other_prdm)
        for record in (*unused, self.other):
            with self.subTest(record._name):
                self.assertTrue(record)
                record.with_user(editor).unlink()
                self.assertFalse(record.exists())

    @needs_browser
    def test_a_reader_changes_nothing(self):
        before = self.env["oiconnect.change"].search_count([])
        self.tour("reader", READERS)
        self.assertEqual(self.env["oiconnect.change"].search_count([]), before)
