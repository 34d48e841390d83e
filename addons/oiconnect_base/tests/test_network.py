from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests.common import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestNetwork(TransactionCase):
    """The network of an infrastructure operator."""

    def _create(self, **vals):
        return self.env["oiconnect.network"].create(
            {
                "name": "Réseau",
                "oi_code": "OITN",
                "code": "RESEAU_01",
                "pto_prefix": "ZX",
                **vals,
            }
        )

    def test_a_network_belongs_to_the_company_of_its_author(self):
        self.assertEqual(self._create().company_id, self.env.company)

    @mute_logger("odoo.sql_db")
    def test_codes_of_a_network_have_their_form(self):
        for vals in ({"oi_code": "OI"}, {"pto_prefix": "z1"}, {"code": "a/b"}):
            with self.subTest(vals), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self._create(**vals)

    def test_its_siren_is_checked(self):
        with self.assertRaises(ValidationError):
            self._create(siren="123456789")
        self.assertEqual(self._create(siren="999000011").siren, "999000011")

    def test_a_company_without_network_is_prompted_to_create_one(self):
        company = self.env["res.company"].create({"name": "Sans réseau"})
        networks = self.env["oiconnect.network"].with_company(company)
        with self.assertRaisesRegex(UserError, "Sans réseau"):
            networks._default_network()

    def test_a_network_of_another_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "Autre société"})
        network = self._create(company_id=company.id)
        user = self.env["res.users"].create(
            {
                "name": "Lecteur",
                "login": "lecteur_reseau",
                "group_ids": [(6, 0, [self.ref("oiconnect_base.group_infra_read")])],
            }
        )
        seen = self.env["oiconnect.network"].with_user(user).search([])
        self.assertNotIn(network, seen)
