import io

from openpyxl import load_workbook

from odoo.tests import tagged

from odoo.addons.oiconnect_billing.tests.common import ADDRESS, Billing
from odoo.addons.oiconnect_billing.tests.french_chart import FrenchCompanyCase

from .space_common import SpaceCase


@tagged("post_install", "-at_install")
class TestInvoices(FrenchCompanyCase, SpaceCase):
    """Invoices of the operator, whoever pays them; nothing of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = Billing(cls.env, "T97")
        cls.person.company_ids |= cls.billing.company
        cls.billing.product()
        place = {**ADDRESS, "country_id": cls.env.ref("base.fr").id}
        cls.payer = cls.env["res.partner"].create({"name": "Centrale", **place})
        cls.operator.customer_id = cls.payer
        cls.rival.write(place)
        cls.accesses = {
            operator: cls.billing.access(operator, "2024-06-10")
            for operator in (cls.operator, cls.rival)
        }
        cls.run_ = cls.billing.compute("2025-01")
        cls.run_.move_ids.action_post()
        cls.mine, cls.rivals = (
            cls.run_.move_ids.filtered(lambda m, o=o: m.oiconnect_operator_id == o)
            for o in (cls.operator, cls.rival)
        )

    def _again(self, move, **values):
        """Post another invoice like ``move``."""
        again = move.copy(values)
        again.action_post()
        self.env.flush_all()
        return again

    def test_an_operator_that_another_one_pays_for_sees_its_invoices(self):
        self.assertEqual(self.mine.partner_id, self.payer)
        self._log_in()
        answer = self._get("/factures")
        self.assertIn(self.mine.name, answer)
        self.assertIn("Centrale", answer)
        self.assertNotIn(self.rivals.name, answer)
        found = self._get(f"/factures?unpaid=1&search={self.mine.name[-6:]}")
        self.assertIn(self.mine.name, found)
        for query in ("search=AUTRE", "page=99", "page=-3", "page=x", "unpaid=x"):
            self._get(f"/factures?{query}")
        # Tests have no printer of PDF: Odoo renders the page.
        answer = self.url_open(f"/my/oiconnect/factures/{self.mine.id}/pdf")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn(self.mine.name, answer.text)

    def test_the_annex_lists_the_accesses_of_the_invoice(self):
        self._log_in()
        answer = self.url_open(f"/my/oiconnect/factures/{self.mine.id}/annexe/xlsx")
        book = load_workbook(io.BytesIO(answer.content), read_only=True)
        rows = [list(row) for row in book.worksheets[0].values]
        reference = self.accesses[self.operator].oc_reference
        self.assertEqual([row[1] for row in rows[1:-1]], [reference])
        self.assertAlmostEqual(rows[-1][-1], self.mine.amount_untaxed)
        answer = self.url_open(f"/my/oiconnect/factures/{self.mine.id}/annexe/csv")
        self.assertIn(f";{reference};", answer.content.decode("utf-8-sig"))

    def test_the_invoices_of_another_are_unknown_by_each_address(self):
        draft = self.mine.copy()
        # What it pays for another one is not its own here.
        self.rival.customer_id = self.operator.partner_id
        paid = self._again(self.rivals, partner_id=self.operator.partner_id.id)
        self._log_in()
        self._get("/factures")
        tried = 0
        for move in (self.rivals, draft, paid):
            for rule, _methods in self._places("/my/oiconnect/factures/"):
                path = rule.rule.replace("<int:record_id>", str(move.id))
                path = path.replace("<any(xlsx,csv):form>", "csv")
                self._get(path.removeprefix("/my/oiconnect"), status=404)
                tried += 1
        self.assertEqual(tried, 6)
        self.assertNotIn(paid.name, self._get("/factures"))
        self._get("/factures/99999999999/pdf", status=404)
        self.operator.active = False
        self.env.flush_all()
        self.assertNotIn(self.mine.name, self._get("/factures"))

    def test_what_is_sent_to_it_for_something_else_is_shown_too(self):
        values = {"partner_id": self.operator.partner_id.id}
        works = self._again(self.mine, oiconnect_operator_id=False, **values)
        self._log_in()
        self.assertIn(works.name, self._get("/factures"))
        self._get(f"/factures/{works.id}/annexe/csv", status=404)
