from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.tests.common import TransactionCase, tagged
from odoo.tools import mute_logger

from ..hooks import _load_communes


@tagged("post_install", "-at_install")
class TestCommune(TransactionCase):
    """Every commune of France is there from the start."""

    def _commune(self, insee_code):
        return self.env["oiconnect.commune"].search([("insee_code", "=", insee_code)])

    def test_all_communes_are_loaded(self):
        self.assertGreater(self.env["oiconnect.commune"].search_count([]), 36_000)

    def test_mainland_corsica_overseas_and_districts_are_there(self):
        for code, name in {
            "01004": "Ambérieu-en-Bugey",
            "2A004": "Ajaccio",
            "97411": "Saint-Denis",
            "75101": "Paris 1er Arrondissement",
        }.items():
            with self.subTest(code):
                self.assertEqual(self._commune(code).name, name)

    def test_a_commune_is_found_by_name_insee_or_postal_code(self):
        commune = self._commune("01004")
        for text in ("Ambérieu-en-B", "01004", "01500"):
            with self.subTest(text):
                found = self.env["oiconnect.commune"].name_search(text, limit=None)
                self.assertIn(commune.id, [record_id for record_id, _name in found])

    def test_a_commune_may_have_several_postal_codes(self):
        self.assertIn(" ", self._commune("13055").postal_codes)

    def test_known_communes_by_insee_code(self):
        found = self.env["oiconnect.commune"]._by_insee(["01004", "00000"])
        self.assertEqual(list(found), ["01004"])

    def test_loading_again_keeps_what_a_user_edited(self):
        commune = self._commune("01004")
        commune.name = "Ambérieu (édité)"
        commune.flush_recordset()
        count = self.env["oiconnect.commune"].search_count([])
        _load_communes(self.env)
        self.assertEqual(self._commune("01004").name, "Ambérieu (édité)")
        self.assertEqual(self.env["oiconnect.commune"].search_count([]), count)

    @mute_logger("odoo.sql_db")
    def test_codes_are_checked_and_unique(self):
        create = self.env["oiconnect.commune"].create
        for vals, error in (
            ({"insee_code": "9900"}, CheckViolation),
            ({"insee_code": "99001", "postal_codes": "99100,99110"}, CheckViolation),
            ({"insee_code": "01004"}, UniqueViolation),
        ):
            with self.subTest(vals), self.assertRaises(error):
                with self.env.cr.savepoint():
                    create({"name": "Ville", **vals})
