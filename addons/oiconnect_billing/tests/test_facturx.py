from lxml import etree

from odoo.tests import tagged

from .common import BillingCase

# Fictitious numbers, whose check digits are right
SELLER = {"vat": "FR66999000011", "company_registry": "99900001100018"}
BUYER = {"vat": "FR23999000029", "company_registry": "99900002900010"}
SPACES = {
    "ram": "urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}


@tagged("post_install", "-at_install")
class TestFacturx(BillingCase):
    """Factur-X (EN 16931) of our invoices, by Odoo's own module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing.product()
        cls.billing.access(cls.ocaa, "2024-06-10")
        cls.billing.access(cls.ocaa, "2025-01-15")
        cls.company = cls.billing.company
        cls.company.write({"country_id": cls.env.ref("base.fr").id})
        cls.builder = cls.env["account.edi.xml.cii"]

    def _complete(self):
        """Give the company and the customer what CONFIGURE.md asks for."""
        self.company.write(
            {**SELLER, "email": "facturation@example.com", "phone": "0100000000"}
        )
        self.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        self.ocaa.write(BUYER)

    def _posted(self):
        move = self.billing.compute("2025-01").move_ids
        move.action_post()
        return move

    def _texts(self, tree, path):
        return tree.xpath(f"//ram:{path}/text()", namespaces=SPACES)

    def test_an_invoice_is_valid_for_a_french_company(self):
        self._complete()
        move = self._posted()
        content, errors = self.builder._export_invoice(move)
        self.assertEqual(errors, set())
        tree = etree.fromstring(content)
        for path, expected in (
            ("SpecifiedLegalOrganization/ram:ID", [SELLER, BUYER]),
            ("SpecifiedTaxRegistration/ram:ID", [SELLER, BUYER]),
        ):
            key = "vat" if "Tax" in path else "company_registry"
            self.assertEqual(
                set(self._texts(tree, path)), {company[key] for company in expected}
            )
        total = self._texts(tree, "GrandTotalAmount")
        self.assertEqual([float(text) for text in total], [move.amount_total])
        lines = self._texts(
            tree, "SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        )
        self.assertAlmostEqual(sum(map(float, lines)), move.amount_untaxed)
        self.assertEqual(len(lines), 2, "full months, and days")

    def test_what_is_missing_is_reported_before_it_is_sent(self):
        _content, errors = self.builder._export_invoice(self._posted())
        self.assertGreaterEqual(len(errors), 3, "bank account, VAT number, e-mail")

    def test_french_companies_are_offered_the_format(self):
        partner = self.ocaa.partner_id
        self.assertEqual(partner._get_suggested_ubl_cii_edi_format(), "facturx")
