from odoo.tests.common import new_test_user, tagged

from .common import Billing
from .french_chart import FrenchCompanyCase


@tagged("post_install", "-at_install")
class TestInvoiceSearch(FrenchCompanyCase):
    """The number of an invoice leads to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = Billing(cls.env)
        operator = cls.billing.operator("OCT1")
        cls.invoice = cls.billing.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "name": "FAC/2026/00417",
                "partner_id": operator.partner_id.id,
                "oiconnect_operator_id": operator.id,
            }
        )

    def _find(self, text, group):
        user = new_test_user(
            self.env,
            group,
            f"oiconnect_base.{group}",
            company_id=self.billing.company.id,
            company_ids=[(6, 0, self.billing.company.ids)],
        )
        self.env.flush_all()
        return self.env["oiconnect.quick.search"].with_user(user).find(text)

    def test_an_invoice_by_its_number(self):
        answer = self._find("fac 2026 00417", "group_billing_read")
        self.assertTrue(answer["exact"])
        [group] = answer["groups"]
        self.assertEqual((group["model"], group["label"]), ("account.move", "Invoices"))
        [row] = group["records"]
        self.assertEqual(row["id"], self.invoice.id)
        self.assertIn("OCT1", row["detail"])

    def test_who_does_not_bill_finds_none(self):
        self.assertFalse(self._find("FAC/2026/00417", "group_access_user")["groups"])
