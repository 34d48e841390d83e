from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestAccountMove(BillingCase):
    """What accountants do with an invoice, and what becomes of its accesses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing.product(name="Location", retained_type="loca")
        cls.billing.product(name="Cofinancement", price=5.0, retained_type="cofi")
        cls.billing.access(cls.ocaa, "2024-06-10")
        cls.billing.access(cls.ocaa, "2024-06-10", retained_type="cofi")
        cls.billing.access(cls.ocaa, "2024-06-10", retained_type="cofi")
        cls.run_ = cls.billing.compute("2025-01")
        cls.move = cls.run_.move_ids

    def test_a_line_that_is_not_what_its_accesses_make_is_not_posted(self):
        self.product(name="Autre")
        move = self.compute("2025-01").move_ids
        line, whole = move.invoice_line_ids[0], move.amount_untaxed
        for vals in ({"price_unit": 30.0}, {"quantity": 2}, {"discount": 10.0}):
            before = {name: line[name] for name in vals}
            line.write(vals)
            with self.assertRaisesRegex(UserError, "accesses make"):
                move.action_post()
            line.write(before)
        move.write(
            {
                "invoice_line_ids": [
                    Command.create({"name": "Geste", "price_unit": -5.0})
                ]
            }
        )
        move.action_post()
        self.assertEqual((move.state, move.amount_untaxed), ("posted", whole - 5))

    def test_the_invoice_counts_its_accesses(self):
        self.assertEqual(self.move.oiconnect_line_count, 3)
        action = self.move.action_oiconnect_lines()
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(lines.move_id, self.move)
        self.assertEqual(len(lines), 3)

    def test_posting_is_stamped_and_undone(self):
        self.assertFalse(self.move.oiconnect_posted_on)
        self.move.action_post()
        self.assertTrue(self.move.oiconnect_posted_on)
        self.move.button_draft()
        self.assertFalse(self.move.oiconnect_posted_on)
        self.assertEqual(self.move.oiconnect_line_count, 3)

    def test_another_invoice_is_none_of_ours(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.ocaa.partner_id.id,
                "invoice_line_ids": [
                    Command.create({"name": "Divers", "price_unit": 10.0})
                ],
            }
        )
        move.action_post()
        self.assertFalse(move.oiconnect_posted_on)
        move.button_draft()
        move.button_cancel()
        move.button_draft()
        self.assertEqual(move.state, "draft")

    def test_a_cancelled_invoice_gives_its_accesses_back(self):
        self.move.button_cancel()
        self.assertEqual(self.move.oiconnect_line_count, 0)
        self.assertFalse(self.run_.item_ids)
        self.run_.action_compute()
        self.assertEqual(self.run_.invoice_count, 1)
        self.assertEqual(self.run_.line_count, 3)

    def test_a_posted_invoice_cancelled_by_an_accountant_does_so_too(self):
        self.move.action_post()
        self.move.button_cancel()
        self.assertEqual(self.billing.compute("2025-01").line_count, 3)

    def test_a_cancelled_invoice_cannot_come_back_and_bill_twice(self):
        self.move.button_cancel()
        with self.assertRaisesRegex(UserError, "compute the run"):
            self.move.button_draft()

    def test_a_deleted_draft_gives_its_accesses_back(self):
        self.move.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.run_.item_ids)
        self.assertFalse(self.run_.row_ids)
        self.run_.action_compute()
        self.assertEqual(self.run_.line_count, 3)

    def test_a_line_taken_off_a_draft_gives_its_accesses_back(self):
        line = self.move.invoice_line_ids.filtered(lambda line: line.quantity == 2)
        self.move.write({"invoice_line_ids": [Command.delete(line.id)]})
        self.assertEqual(self.move.oiconnect_line_count, 1)
        self.run_.action_compute()
        complement = self.run_.move_ids - self.move
        self.assertEqual(complement.amount_untaxed, 10.0)
        self.assertEqual(complement.oiconnect_line_count, 2)

    def test_a_credit_note_is_the_operators_but_of_no_run(self):
        self.move.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.move.ids)
            .create({"journal_id": self.move.journal_id.id, "date": "2025-02-10"})
        )
        wizard.refund_moves()
        note = self.move.reversal_move_ids
        self.assertEqual(note.oiconnect_operator_id, self.ocaa)
        self.assertFalse(note.oiconnect_run_id)
        self.assertEqual(note.oiconnect_line_count, 0)
        self.assertFalse(self.billing.compute("2025-01").move_ids)

    def test_the_operator_and_its_orders_lead_to_the_billing(self):
        self.assertEqual(self.ocaa.oiconnect_invoice_count, 1)
        action = self.ocaa.action_view_oiconnect_invoices()
        self.assertEqual(self.env["account.move"].search(action["domain"]), self.move)
        order = self.run_.item_ids.line_ids[0].order_id
        self.assertEqual(order.billing_line_count, 1)
        action = order.action_view_billing_lines()
        lines = self.env["oiconnect.billing.line"].search(action["domain"])
        self.assertEqual(lines.run_id, self.run_)
        self.assertEqual(lines.action_open_record()["res_id"], order.id)

    def test_the_run_leads_to_its_invoices_lines_and_analysis(self):
        for action, expected in (
            (self.run_.action_view_invoices(), self.move),
            (self.run_.action_view_lines(), self.run_.item_ids.line_ids),
            (self.run_.action_view_items(), self.run_.item_ids),
        ):
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found.sorted("id"), expected.sorted("id"))

    def test_an_item_leads_to_its_accesses(self):
        item = self.run_.item_ids.filtered(lambda item: item.line_count == 2)
        action = item.action_view_lines()
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(lines, item.line_ids)
        self.assertEqual(set(lines.mapped("operator_id")), {self.ocaa})
