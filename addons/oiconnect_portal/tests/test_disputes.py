from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_billing.tests.common import ADDRESS, Billing
from odoo.addons.oiconnect_billing.tests.french_chart import FrenchCompanyCase

from .space_common import TOKEN, SpaceCase


@tagged("post_install", "-at_install")
class TestDisputes(FrenchCompanyCase, SpaceCase):
    """An operator contests lines of its invoices, and reads the answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = Billing(cls.env, "T97")
        cls.person.company_ids |= cls.billing.company
        cls.rival_person.company_ids |= cls.billing.company
        cls.billing.product()
        place = {**ADDRESS, "country_id": cls.env.ref("base.fr").id}
        for operator in (cls.operator, cls.rival):
            operator.write(place)
            cls.billing.access(operator, "2024-06-10")
        run = cls.billing.compute("2025-01")
        run.move_ids.action_post()
        cls.line, cls.rivals_line = (
            run.item_ids.filtered(lambda i, o=o: i.operator_id == o).line_ids
            for o in (cls.operator, cls.rival)
        )

    def _content(self, *rows):
        head = "Numéro de ligne;Montant contesté;Motif"
        return "\r\n".join([head, *rows]).encode("cp1252")

    def _disputes(self):
        own = [("operator_id", "=", self.operator.id)]
        return self.env["oiconnect.billing.dispute"].search(own)

    def _send(self, *rows):
        token = TOKEN.search(self._get("/contestations")).group(1)
        answer = self.url_open(
            "/my/oiconnect/contestations",
            data={"csrf_token": token},
            files={"file": ("janvier.csv", self._content(*rows), "text/csv")},
            timeout=60,
        )
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        return answer.text

    def test_a_file_is_sent_and_its_answers_are_read(self):
        self._log_in()
        answer = self._send(f"L{self.line.id};99;", f"L{self.rivals_line.id};1;Clos")
        self.assertIn("Dites pourquoi cette ligne est contestée.", answer)
        self.assertIn(f"L{self.rivals_line.id}", answer)
        self.assertIn("Aucune facture comptabilisée", answer)
        self.assertFalse(self._disputes())
        self.assertIn("10,50", self._send(f"L{self.line.id};10,50;Résilié"))
        dispute = self._disputes()
        self.assertEqual(dispute.contested_amount, 10.5)
        self.assertFalse(dispute.user_id)
        dispute.line_ids._refuse("Toujours en service")
        self.assertIn("Toujours en service", self._get(f"/contestations/{dispute.id}"))
        answers = self._get(f"/contestations/{dispute.id}/reponses")
        self.assertIn("Refusée", answers)

    def test_the_disputes_of_another_are_unknown(self):
        space = self._space(self.rival_person)
        rows = (f"L{self.rivals_line.id};1;Clos",)
        dispute, problems = space._contest(self._content(*rows), "a.csv")
        self.assertEqual(problems, [])
        self.env.flush_all()
        self._log_in()
        self.assertNotIn(dispute.name, self._get("/contestations?page=x"))
        for path in ("", "/reponses"):
            self._get(f"/contestations/{dispute.id}{path}", status=404)
        self._get("/contestations/99999999999", status=404)
        with self.assertRaises(UserError):
            self._space()._contest(b"", "a.csv")
