from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.tests.common import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestReason(TransactionCase):
    """The protocol's code list is data that an administrator can change."""

    def test_the_list_of_access_1_2_is_complete(self):
        reasons = self.env["oiconnect.reason"].search([])
        families = reasons.grouped("family")
        counts = {family: len(found) for family, found in families.items()}
        self.assertEqual(
            counts,
            {"FCLI": 7, "FADR": 4, "FIMP": 19, "FINT": 13, "FAUT": 1, "FRDV": 6},
        )

    def test_reasons_are_french_for_french_users(self):
        reason = self.env["oiconnect.reason"]._of("FIMP15").with_context(lang="fr_FR")
        self.assertEqual(reason.name, "Champs obligatoires manquants")

    def test_final_reasons_are_those_without_another_attempt(self):
        final = self.env["oiconnect.reason"].search([("is_final", "=", True)])
        self.assertEqual(final.mapped("code"), ["FCLI04", "FCLI05", "FCLI06", "FIMP18"])

    def test_a_code_of_a_new_version_is_found_as_soon_as_it_is_added(self):
        reasons = self.env["oiconnect.reason"]
        self.assertFalse(reasons._of("FINT31"))
        added = reasons.create({"code": "FINT31", "name": "New", "family": "FINT"})
        self.assertEqual(reasons._of("FINT31"), added)
        added.unlink()
        self.assertFalse(reasons._of("FINT31"))

    def test_an_archived_code_is_still_read(self):
        reason = self.env["oiconnect.reason"]._of("FINT03")
        reason.active = False
        self.assertEqual(self.env["oiconnect.reason"]._of("FINT03"), reason)

    @mute_logger("odoo.sql_db")
    def test_codes_have_the_form_of_the_protocol_and_are_unique(self):
        create = self.env["oiconnect.reason"].create
        for code, error in (("XINT31", CheckViolation), ("FINT01", UniqueViolation)):
            with self.subTest(code), self.assertRaises(error):
                with self.env.cr.savepoint():
                    create({"code": code, "name": "X", "family": "FINT"})
