from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests.common import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestOperator(TransactionCase):
    """The card of a commercial operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._create(cls, interop_code="OCT1", arcep_code="OCT1")

    def _create(self, **vals):
        return self.env["oiconnect.operator"].create({"name": "Opérateur", **vals})

    def test_an_operator_is_a_company_that_can_be_invoiced(self):
        self.assertTrue(self.operator.partner_id.is_company)
        self.assertEqual(self.operator._billing_partner(), self.operator.partner_id)

    def test_another_customer_may_be_invoiced_for_it(self):
        payer = self.env["res.partner"].create({"name": "Payeur"})
        self.operator.customer_id = payer
        self.assertEqual(self.operator._billing_partner(), payer)

    def test_codes_are_put_in_capital_letters(self):
        operator = self._create(
            interop_code=" oct2", arcep_code="oct2", arcep_prefix="t2"
        )
        self.assertEqual(operator.interop_code, "OCT2")
        self.assertEqual(operator.arcep_prefix, "T2")

    def test_the_name_shown_begins_with_the_code(self):
        self.assertEqual(self.operator.display_name, "OCT1 Opérateur")
        for model in ("oiconnect.operator", "oiconnect.commune"):
            self.assertFalse(self.env[model].new().display_name, model)
        found = self.env["oiconnect.operator"].name_search("OCT1")
        self.assertIn(self.operator.id, [record_id for record_id, _name in found])

    @mute_logger("odoo.sql_db")
    def test_codes_have_their_exact_length(self):
        for vals in (
            {"interop_code": "ABC", "arcep_code": "OCT3"},
            {"interop_code": "OCT3", "arcep_code": "AB"},
            {"interop_code": "OCT3", "arcep_code": "OCT3", "arcep_prefix": "A"},
            {"interop_code": "OC-3", "arcep_code": "OCT3"},
        ):
            with self.subTest(vals), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self._create(**vals)

    @mute_logger("odoo.sql_db")
    def test_two_operators_cannot_share_a_code(self):
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._create(interop_code="OCT1", arcep_code="OCT9")

    def test_the_siren_is_checked_by_its_last_digit(self):
        self.operator.siren = "999000029"
        with self.assertRaises(ValidationError):
            self.operator.siren = "999000028"

    def test_contacts_are_counted_on_the_card(self):
        self.env["oiconnect.operator.contact"].create(
            [
                {
                    "name": "Exemple",
                    "firstname": "Alix",
                    "operator_id": self.operator.id,
                },
                {"name": "Modèle", "operator_id": self.operator.id},
            ]
        )
        self.assertEqual(self.operator.contact_count, 2)
        action = self.operator.action_view_contacts()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.mapped("display_name"), ["Alix Exemple", "Modèle"])

    def test_a_contact_needs_an_e_mail_that_is_one(self):
        with self.assertRaises(ValidationError):
            self.env["oiconnect.operator.contact"].create(
                {
                    "name": "X",
                    "operator_id": self.operator.id,
                    "email": "not an address",
                }
            )
