from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.exceptions import WorkflowError

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestBillingRun(BillingCase):
    """A run makes one draft invoice per operator, and never one too many."""

    def test_one_draft_invoice_per_operator(self):
        self.product()
        self.access("2024-06-10")
        self.access("2025-01-15")
        self.access("2024-06-10", operator=self.ocbb)
        run = self.compute("2025-01")
        self.assertEqual(run.state, "done")
        self.assertEqual(run.name, "2025-01 Réseau T95")
        self.assertEqual(run.move_ids.oiconnect_operator_id, self.ocaa | self.ocbb)
        self.assertEqual(set(run.move_ids.mapped("state")), {"draft"})
        self.assertEqual((run.invoice_count, run.line_count), (2, 3))
        self.assertEqual(run.amount, 31.0 + 17.0 + 31.0)
        self.assertAgrees(run)

    def test_the_invoice_is_a_french_one(self):
        self.product(price=100.0)
        self.access("2024-06-10")
        move = self.compute("2025-01").move_ids
        line = move.invoice_line_ids
        self.assertEqual(move.move_type, "out_invoice")
        self.assertEqual(move.partner_id, self.ocaa.partner_id)
        self.assertEqual(move.company_id, self.billing.company)
        self.assertEqual(line.account_id.code, "706000")
        self.assertEqual(line.tax_ids, self.billing.chart("tva_normale_encaissement"))
        self.assertEqual((move.amount_untaxed, move.amount_tax), (100.0, 20.0))
        self.assertEqual(move.invoice_origin, "2025-01 Réseau T95")
        self.assertEqual(move.ref, "T95-202501-OCX1")
        self.assertEqual(str(move.delivery_date), "2025-01-31")

    def test_an_archived_tax_is_an_error_and_no_invoice_without_tax(self):
        self.product()
        self.access("2024-06-10")
        tax = self.billing.chart("tva_normale_encaissement")
        tax.active = False
        run = self.compute("2025-01")
        self.assertEqual(run.state, "failed")
        self.assertIn(tax.name, run.row_ids.error)
        self.assertFalse(run.move_ids)
        tax.active = True
        run.action_compute()
        self.assertEqual((run.state, run.move_ids.amount_tax), ("done", 6.2))

    def test_small_amounts_leave_no_gap_between_accesses_and_invoice(self):
        """15 days of 0.07 € are 0.033 9 €: 33 accesses make 0.99, not 1.12."""
        self.product(price=0.07)
        for _access in range(33):
            self.access("2025-01-17")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(1, 0.99, 0.99)])
        self.assertAgrees(run)

    def test_the_customer_named_on_the_operator_gets_the_invoice(self):
        self.product()
        customer = self.ocaa.partner_id.copy({"name": "Siège de facturation"})
        self.ocaa.customer_id = customer
        self.access("2024-06-10")
        self.assertEqual(self.compute("2025-01").move_ids.partner_id, customer)

    # ------------------------------------------------------------------
    # Again
    # ------------------------------------------------------------------

    def test_computing_again_bills_nothing_more(self):
        self.product()
        self.access("2024-06-10")
        run = self.compute("2025-01")
        moves = run.move_ids
        run.action_compute()
        self.assertEqual(run.move_ids, moves)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.row_ids.mapped("state"), ["done"])

    def test_a_second_run_of_the_month_bills_nothing_more(self):
        self.product()
        self.access("2024-06-10")
        first = self.compute("2025-01")
        second = self.compute("2025-01")
        self.assertEqual((first.invoice_count, second.invoice_count), (1, 0))
        self.assertEqual((second.state, second.amount), ("done", 0.0))
        self.assertFalse(second.row_ids)

    def test_an_activation_received_late_comes_in_a_complementary_invoice(self):
        self.product()
        self.access("2024-06-10")
        run = self.compute("2025-01")
        late = self.access("2025-01-15")
        run.action_compute()
        self.assertEqual(run.invoice_count, 2)
        complement = max(run.move_ids, key=lambda move: move.id)
        self.assertEqual(complement.invoice_line_ids.mapped("price_subtotal"), [17.0])
        self.assertEqual(complement.oiconnect_item_ids.line_ids.order_id, late)

    def test_an_operator_forgotten_by_a_run_is_found_by_the_next(self):
        self.product()
        self.access("2024-06-10")
        self.compute("2025-01")
        self.access("2024-06-10", operator=self.ocbb)
        second = self.compute("2025-01")
        self.assertEqual(second.move_ids.oiconnect_operator_id, self.ocbb)

    def test_the_form_tells_that_the_month_has_a_run(self):
        self.product()
        run = self.compute("2025-01")
        form = Form(self.env["oiconnect.billing.run"])
        form.network_id = self.billing.network
        form.month = "2025-01-20"
        self.assertEqual(form.earlier_run_id, run)
        second = form.save()
        self.assertEqual(str(second.month), "2025-01-01")
        action = second.action_open_earlier_run()
        self.assertEqual(action["res_id"], run.id)

    # ------------------------------------------------------------------
    # Cancelled
    # ------------------------------------------------------------------

    def test_a_cancelled_run_gives_its_accesses_back(self):
        self.product()
        self.access("2024-06-10")
        run = self.compute("2025-01")
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual(run.move_ids.state, "cancel")
        self.assertFalse(run.item_ids)
        self.assertEqual((run.invoice_count, run.line_count), (0, 0))
        again = self.compute("2025-01")
        self.assertEqual(self.billed(again), [(1, 31.0, 31.0)])

    def test_a_cancelled_run_is_computed_no_more(self):
        self.product()
        run = self.compute("2025-01")
        run.action_cancel()
        with self.assertRaises(WorkflowError):
            run.action_compute()

    def test_a_run_with_a_posted_invoice_cannot_be_cancelled(self):
        self.product()
        self.access("2024-06-10")
        run = self.compute("2025-01")
        run.move_ids.action_post()
        with self.assertRaisesRegex(UserError, "posted invoices"):
            run.action_cancel()
        self.assertEqual((run.state, len(run.item_ids)), ("done", 1))

    def test_a_run_with_invoices_cannot_be_deleted(self):
        self.product()
        self.access("2024-06-10")
        run = self.compute("2025-01")
        with self.assertRaisesRegex(UserError, "cancel it"):
            run.unlink()
        draft = self.billing.run("2025-02")
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_the_month_of_a_computed_run_stays(self):
        self.product()
        run = self.compute("2025-01")
        with self.assertRaisesRegex(UserError, "new run"):
            run.month = "2025-02-01"

    # ------------------------------------------------------------------
    # What goes wrong
    # ------------------------------------------------------------------

    def test_an_operator_without_address_stops_no_other(self):
        self.product()
        self.ocaa.write({"street": False, "city": False})
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)
        run = self.compute("2025-01")
        self.assertEqual(run.state, "failed")
        self.assertEqual(run.move_ids.oiconnect_operator_id, self.ocbb)
        failed = run.row_ids.filtered(lambda row: row.state == "error")
        self.assertEqual(failed.operator_id, self.ocaa)
        self.assertRegex(failed.error, "OCX1.*Street, City")
        self.assertEqual(run.error_count, 1)
        self.assertFalse(run.item_ids.filtered(lambda i: i.operator_id == self.ocaa))

    def test_once_corrected_the_run_is_tried_again_for_that_operator_only(self):
        self.product()
        self.ocaa.street = False
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)
        run = self.compute("2025-01")
        first = run.move_ids
        self.ocaa.street = "2 rue de l'Essai"
        run.action_compute()
        self.assertEqual(run.state, "done")
        self.assertEqual((run.move_ids - first).oiconnect_operator_id, self.ocaa)
        self.assertEqual(run.row_ids.mapped("state"), ["done", "done"])

    @mute_logger("odoo.addons.oiconnect_billing.models.billing_run_operator")
    def test_an_unexpected_error_is_stored_too(self):
        self.product()
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)

        def check(row):
            if row.operator_id == self.ocaa:
                raise KeyError("broken")

        rows = self.env.registry["oiconnect.billing.run.operator"]
        self.patch(rows, "_check_customer", check)
        run = self.compute("2025-01")
        self.assertEqual(run.move_ids.oiconnect_operator_id, self.ocbb)
        # What broke may quote a customer.
        shown = run.row_ids.filtered("error").error
        self.assertIn("KeyError", shown)
        self.assertNotIn("broken", shown)

    def test_without_a_product_the_run_says_what_to_do(self):
        run = self.billing.run("2025-01")
        with self.assertRaisesRegex(UserError, "Configuration / Billing"):
            run.action_compute()
        self.assertEqual(run.state, "draft")

    def test_without_a_chart_of_accounts_the_run_says_what_to_do(self):
        self.product()
        journals = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.billing.company.id)]
        )
        journals.active = False
        with self.assertRaisesRegex(UserError, "chart of accounts"):
            self.compute("2025-01")

    @freeze_time("2025-03-10")
    def test_a_month_that_has_not_begun_cannot_be_billed(self):
        with self.assertRaises(ValidationError):
            self.billing.run("2025-04")
        self.assertEqual(self.billing.run("2025-03").state, "draft")

    @freeze_time("2025-03-10")
    def test_the_month_proposed_is_the_last_one(self):
        run = self.env["oiconnect.billing.run"].create(
            {"network_id": self.billing.network.id}
        )
        self.assertEqual(str(run.month), "2025-02-01")

    def test_each_step_is_in_the_history(self):
        self.product()
        run = self.compute("2025-01")
        run.action_cancel()
        run.invalidate_recordset(["step_ids"])
        self.assertEqual(
            run.step_ids.mapped("event"), ["cancel", "finish", "start", "create"]
        )
        self.assertEqual(run.step_ids[0].event_label, "Cancellation")

    # ------------------------------------------------------------------
    # Two networks
    # ------------------------------------------------------------------

    def test_each_network_has_its_invoices(self):
        other = self.billing.make_network("T96")
        self.product()
        self.product(price=3.1, name="Option", network_id=other.id)
        self.access("2024-06-10")
        self.access("2024-06-10", network_id=other.id)
        here = self.compute("2025-01")
        there = self.billing.compute("2025-01", other)
        self.assertEqual(self.billed(here), [(1, 31.0, 31.0)])
        self.assertEqual(self.billed(there), [(1, 31.0, 31.0), (1, 3.1, 3.1)])
