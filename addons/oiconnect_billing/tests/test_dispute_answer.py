import csv
import io

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .dispute_common import DisputeCase


@tagged("post_install", "-at_install")
class TestDisputeAnswer(DisputeCase):
    """Answers, one by one or many at once, and the credit notes of what is accepted."""

    def refuse(self, lines, reason="Le contrat court encore"):
        wizard = self.env["oiconnect.billing.dispute.refusal"]
        wizard = wizard.with_context(active_model=lines._name, active_ids=lines.ids)
        wizard.create({"reason": reason}).action_refuse()

    def test_accepted_lines_make_one_draft_credit_note_an_invoice(self):
        self.billing.product(name="Option", price=2.0)
        second = self.billing.compute("2025-01").move_ids.filtered(
            lambda move: move.oiconnect_operator_id == self.ocaa
        )
        second.action_post()
        other = second.oiconnect_item_ids.line_ids[0]
        dispute, _problems = self.import_(
            *(f"L{line.id};10,00;Clos" for line in self.lines), f"L{other.id};2;Clos"
        )
        dispute.line_ids[1:].action_accept()
        dispute.action_make_refunds()
        notes = dispute.refund_ids
        self.assertEqual(notes.reversed_entry_id, self.move | second)
        self.assertEqual(set(notes.mapped("state")), {"draft"})
        self.assertEqual(set(notes.mapped("move_type")), {"out_refund"})
        self.assertEqual(sorted(notes.mapped("amount_untaxed")), [2.0, 20.0])
        note = notes.filtered(lambda one: one.reversed_entry_id == self.move)
        billed = self.move.invoice_line_ids[0]
        self.assertEqual(note.invoice_line_ids.tax_ids, billed.tax_ids)
        self.assertEqual(note.invoice_line_ids.account_id, billed.account_id)
        self.assertEqual(note.oiconnect_operator_id, self.ocaa)
        self.assertEqual(note.oiconnect_disputed_count, 2)
        action = note.action_oiconnect_disputed_lines()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, dispute.line_ids[1:3])
        self.assertEqual(found.refund_id, note)
        self.assertEqual(dispute.refund_count, 2)

    def test_what_was_credited_is_not_credited_again(self):
        dispute = self.contest("10", "10")
        dispute.line_ids.action_accept()
        dispute.action_make_refunds()
        with self.assertRaisesRegex(UserError, "no accepted line"):
            dispute.action_make_refunds()
        for action in ("action_accept", "action_reopen", "action_withdraw"):
            with self.assertRaises(UserError):
                getattr(dispute.line_ids, action)()
        self.assertEqual(len(dispute.refund_ids), 1)

    def test_a_credit_note_that_goes_gives_its_lines_back(self):
        dispute = self.contest("10", "11")
        dispute.line_ids.action_accept()
        for leave in ("button_cancel", "unlink"):
            dispute.action_make_refunds()
            note = dispute.line_ids.refund_id
            getattr(note, leave)()
            self.assertEqual(dispute.uncredited_count, 2, leave)
        dispute.action_make_refunds()
        cancelled = dispute.refund_ids.filtered(lambda note: note.state == "cancel")
        with self.assertRaisesRegex(UserError, "can be credited again"):
            cancelled.button_draft()
        note = dispute.line_ids.refund_id
        note.write({"invoice_line_ids": [Command.delete(note.invoice_line_ids.id)]})
        self.assertEqual(dispute.uncredited_count, 2)
        dispute.line_ids.action_reopen()
        self.assertEqual(dispute.open_count, 2)

    def test_a_refusal_says_why_and_may_be_taken_back(self):
        dispute = self.contest("10", "10")
        first, second = dispute.line_ids
        self.refuse(first)
        self.assertEqual((first.state, first.answer[:10]), ("refused", "Le contrat"))
        self.assertEqual(first.answered_by_id, self.env.user)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.refuse(second, "  ")
        with self.assertRaises(UserError):
            self.refuse(first | second)
        self.assertEqual(second.state, "open", "all or none")
        self.assertIn("Le contrat", "".join(dispute.message_ids.mapped("body")))
        first.action_reopen()
        self.assertEqual((first.state, first.answer), ("open", False))

    def test_an_invoice_that_changed_meanwhile_is_not_credited(self):
        dispute = self.contest("10", "10")
        self.move.button_draft()
        with self.assertRaisesRegex(UserError, "not posted any more"):
            dispute.line_ids[0].action_accept()
        self.move.action_post()
        dispute.line_ids[0].action_accept()
        self.move.button_draft()
        self.move.button_cancel()
        with self.assertRaisesRegex(UserError, "not posted any more"):
            dispute.action_make_refunds()
        line = dispute.line_ids[0]
        self.assertFalse(line.item_id)
        self.assertEqual(line.billed_amount, 31.0, "what was billed is still shown")
        self.assertFalse(line.event_date)
        with self.assertRaises(UserError):
            line.action_open_record()
        self.assertFalse(self.lines.exists())
        # The run bills the accesses again: these lines can be contested.
        self.run_.action_compute()
        again = self.run_.move_ids.filtered(
            lambda m: m.state == "draft" and m.oiconnect_operator_id == self.ocaa
        )
        again.action_post()
        self.lines = again.oiconnect_item_ids.line_ids
        self.assertEqual(self.contest("10").line_count, 1)
        dispute.line_ids[1].action_withdraw()

    def test_archived_operators_and_customers_are_credited_still(self):
        payer = self.env["res.partner"].create(
            {"name": "Centrale", "email": "c@x.example"}
        )
        dispute = self.contest("10")
        dispute.line_ids.action_accept()
        self.ocaa.customer_id = payer
        self.ocaa.active = False
        dispute.action_make_refunds()
        self.assertEqual(dispute.refund_ids.partner_id, self.move.partner_id)
        dispute.action_send_answers()

    def test_somebody_else_posts_the_credit_note_where_the_company_wants_so(self):
        groups = "oiconnect_base.group_billing_manager"
        first, second = (self.person(f"avoir_{rank}", groups) for rank in (1, 2))
        self.company.oiconnect_billing_second = True
        dispute = self.contest("10")
        dispute.line_ids.with_user(first).action_accept()
        dispute.with_user(first).action_make_refunds()
        note = dispute.refund_ids
        with self.assertRaisesRegex(UserError, "somebody else posts it"):
            note.with_user(first).action_post()
        note.with_user(second).action_post()
        self.assertEqual(note.state, "posted")

    def test_a_user_answers_without_any_right_of_accounting(self):
        user = self.person("repond", "oiconnect_base.group_billing_user")
        dispute = self.contest("10", "10").with_user(user)
        dispute.line_ids[0].action_accept()
        dispute.line_ids[1]._refuse("Non")
        action = dispute.action_make_refunds()
        self.assertEqual(
            self.env["account.move"].with_user(user).search(action["domain"]),
            dispute.sudo().refund_ids,
        )
        with self.assertRaises(AccessError):
            dispute.line_ids.unlink()
        for name, value in (("state", "accepted"), ("amount", 31.0), ("answer", "x")):
            with self.assertRaises(AccessError):
                dispute.line_ids[1].write({name: value})
        with self.assertRaises(AccessError):
            dispute.sudo(False).write({"due_date": "2030-01-01"})

    def test_an_access_that_ends_late_is_not_given_back_twice(self):
        dispute = self.contest("10")
        dispute.line_ids.action_accept()
        self.sold.prorata = "both"
        self.billing.end(self.orders[0], "2025-01-11")
        run = self.billing.compute("2025-02")
        credits = run.item_ids.filtered(lambda item: item.kind == "credit")
        self.assertEqual(credits.mapped("amount"), [-11.0], "21 due, 10 credited")
        march = self.billing.compute("2025-03")
        self.assertFalse(march.item_ids.filtered(lambda i: i.kind != "full"))
        for day in (None, "2025-01-11"):
            self.billing.end(self.orders[0], day)
        self.assertFalse(
            self.billing.compute("2025-04").item_ids.filtered(
                lambda item: item.period.month == 1
            )
        )

    def test_what_is_credited_of_an_access_that_goes_on_is_not_billed_again(self):
        dispute = self.contest("10")
        dispute.line_ids.action_accept()
        for month in ("2025-02", "2025-03"):
            kinds = set(self.billing.compute(month).item_ids.mapped("kind"))
            self.assertEqual(kinds, {"full"})

    def test_the_answers_are_a_file_line_by_line(self):
        dispute = self.contest("10", "11,5", "5", reason="=1+1")
        self.refuse(dispute.line_ids[1], "Le contrat\ncourt")
        dispute.line_ids[0].action_accept()
        target = io.BytesIO()
        dispute._write_answers(target)
        text = target.getvalue().decode("utf-8-sig")
        rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
        self.assertEqual(
            [(row["Answer"], row["Amount credited"]) for row in rows],
            [("Accepted", "10,00"), ("Refused", "0,00"), ("To answer", "0,00")],
        )
        self.assertEqual(rows[0]["Line number"], f"L{self.lines[0].id}")
        self.assertEqual(rows[1]["Reason of the answer"], "Le contrat court")
        self.assertEqual(rows[0]["Reason"], "'=1+1")
        self.assertFalse(rows[0]["Credit note"])
        dispute.action_make_refunds()
        dispute.refund_ids.action_post()
        target = io.BytesIO()
        dispute._write_answers(target)
        self.assertIn(dispute.refund_ids.name, target.getvalue().decode("utf-8-sig"))

    def test_the_answers_go_to_whom_the_invoices_go(self):
        dispute = self.contest("10", "10")
        with self.assertRaisesRegex(UserError, "No line"):
            dispute.action_send_answers()
        dispute.line_ids.action_accept()
        with self.assertRaisesRegex(UserError, "no e-mail"):
            dispute.action_send_answers()
        self.ocaa.email = "factures@ocx1.example.com"
        user = self.person("envoie", "oiconnect_base.group_billing_user")
        dispute.with_user(user).action_send_answers()
        self.assertTrue(dispute.sent_date)
        sent = dispute.message_ids.filtered("attachment_ids")
        self.assertEqual(sent.partner_ids, self.ocaa.partner_id)
        self.assertRegex(sent.attachment_ids.name, r"^réponses-.+\.csv$")
        self.assertIn("Acceptée", sent.attachment_ids.raw.decode("utf-8-sig"))
        self.assertEqual(sent.author_id, user.partner_id)
