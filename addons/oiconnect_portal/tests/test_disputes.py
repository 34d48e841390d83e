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

    def _lines_path(self):
        return f"/factures/{self.line.move_id.id}/lignes"

    def _tick(self, reason, **amounts):
        """Send the form of an invoice's lines, with these ticked."""
        token = TOKEN.search(self._get(self._lines_path())).group(1)
        data = {"csrf_token": token, "reason": reason}
        for number, amount in amounts.items():
            data |= {f"line_{number}": "1", f"amount_{number}": amount}
        answer = self.url_open(
            f"/my/oiconnect{self._lines_path()}", data=data, timeout=60
        )
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        return answer.text

    def test_a_line_is_contested_by_ticking_it_on_its_invoice(self):
        self._log_in()
        number = f"L{self.line.id}"
        self.assertIn("Contester des lignes", self._get("/factures"))
        page = self._get(self._lines_path())
        self.assertIn(self.line.oc_reference, page)
        self.assertNotIn(self.rivals_line.oc_reference, page)
        answer = self._tick("Résilié depuis mai", **{number: "10,50"})
        self.assertIn("10,50", answer)
        dispute = self._disputes()
        self.assertEqual(dispute.contested_amount, 10.5)
        self.assertEqual(dispute.line_ids.reason, "Résilié depuis mai")
        self.assertIn(dispute.name, self._get(self._lines_path()))
        # The back button, and the same once more
        self.assertIn(dispute.name, self._tick("Encore", **{number: "9"}))
        self.assertEqual(len(self._disputes()), 1)

    def test_what_is_ticked_is_checked_as_a_file_is(self):
        self._log_in()
        number = f"L{self.line.id}"
        self.assertIn("Choisissez les lignes", self._tick("Résilié"))
        self.assertIn("Dites pourquoi", self._tick(" ", **{number: "1"}))
        for amount in ("", "abc", "-1", "99999"):
            with self.subTest(amount):
                page = self._tick("Résilié", **{number: amount})
                self.assertIn("Rien n'est encore contesté", page.replace("&#39;", "'"))
        rivals = f"L{self.rivals_line.id}"
        self.assertIn("Aucune facture", self._tick("Clos", **{rivals: "1"}))
        self.assertIn("Rien n'est", self._tick("Clos", x="1").replace("&#39;", "'"))
        self.assertFalse(self._disputes())

    def test_the_invoice_of_another_is_unknown(self):
        self._log_in()
        other = self.rivals_line.move_id
        self._get(f"/factures/{other.id}/lignes", status=404)

    def test_lines_are_found_by_the_operators_reference(self):
        self._log_in()
        path = self._lines_path()
        found = self._get(f"{path}?search={self.line.oc_reference}")
        self.assertIn(f"L{self.line.id}", found)
        self.assertIn("Aucune ligne", self._get(f"{path}?search=inconnue"))

    def test_the_csv_of_an_invoice_has_the_columns_that_it_needs_back(self):
        self._log_in()
        text = self._get(f"/factures/{self.line.move_id.id}/annexe/csv")
        header, row, *_others = text.splitlines()
        self.assertTrue(header.endswith(";Montant contesté;Motif"), header)
        name = "accès.csv"
        content = f"{header}\r\n{row};2,00;Clos".encode()
        dispute, problems = self._space()._contest(content, name)
        self.assertEqual(problems, [])
        self.assertEqual(dispute.contested_amount, 2.0)
