from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .inventory_common import EDITORS, InventoryCase

READERS = ("oiconnect_base.group_infra_read", "oiconnect_base.group_link_read")


@tagged("post_install", "-at_install")
class TestTourInventory(InventoryCase, HttpCase):
    """Each screen of the network, used as the user guide tells, in French.

    What its search bar finds: test_screen_searches.py
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
    def test_an_editor_changes_what_there_is_and_deletes_what_nothing_needs(self):
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
        for unused in self.unused.values():
            self.assertFalse(unused.exists())

    def _check_cabinets(self, user):
        self.assertEqual(self.prdm.min_dwellings, 320)
        self.assertEqual(self.last_change(self.prdm).user_id, user)
        self.assertFalse(self.other_prdm.exists())
        self.assertEqual(self.pm.riser_count, 4)
        self.assertEqual(self.pm.link_ids.length_km, 3)
        self.assertFalse(self.other_pm.link_ids)
        self.assertEqual(self.pbo.material_type, "Boîtier 6 FO")

    def _check_homes_and_fibres(self):
        self.assertEqual(self.building.dwelling_count, 20)
        self.assertFalse(self.other.exists())
        self.assertEqual(self.pto.door, "12B")
        self.assertEqual(self.route.module_id.name, "TIROIR ESSAI BIS")
        self.assertEqual(self.route.cable_id.tube_count, 12)
        self.assertEqual(self.route.sequence, 25)

    @needs_browser
    def test_a_reader_changes_nothing(self):
        before = self.env["oiconnect.change"].search_count([])
        self.tour("reader", READERS)
        self.assertEqual(self.env["oiconnect.change"].search_count([]), before)
