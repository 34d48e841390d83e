from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import BillingCase, moment


@tagged("post_install", "-at_install")
class TestBillingProduct(BillingCase):
    """A product says which accesses it bills, when and how."""

    def test_two_products_two_lines(self):
        self.product(name="Cofinancement", price=5.0, retained_type="cofi")
        self.product(name="Location", price=13.2, retained_type="loca")
        self.access("2024-06-10", retained_type="loca")
        self.access("2024-06-10", retained_type="loca")
        self.access("2024-06-10", retained_type="cofi")
        self.assertEqual(
            self.billed(self.compute("2025-01")), [(1, 5.0, 5.0), (2, 13.2, 26.4)]
        )

    def test_the_connection_type_chooses_the_accesses(self):
        self.product(connection_type="oi", price=12.0)
        self.access("2024-06-10", connection_type="oi")
        self.access("2024-06-10", connection_type="stoc")
        self.access("2024-06-10", connection_type="oc")
        self.assertEqual(self.billed(self.compute("2025-01")), [(1, 12.0, 12.0)])

    def test_billing_may_begin_when_the_access_is_made_available(self):
        self.product(order_state="delivered")
        self.access(
            "2025-01-25",
            delivered_date=moment("2025-01-15"),
        )
        self.access(
            False,
            state="delivered",
            delivered_date=moment("2025-01-22"),
        )
        run = self.compute("2025-01")
        self.assertEqual([days for *_dates, days in self.days(run)], [17, 10])

    def test_an_access_not_in_service_yet_owes_nothing(self):
        self.product()
        self.access(False, state="delivered", delivered_date=moment("2024-06-10"))
        self.assertFalse(self.compute("2025-01").move_ids)

    def test_a_line_that_was_refused_or_cancelled_owes_nothing(self):
        self.product(order_state="delivered")
        self.access(False, "2025-01-10", state="cancelled")
        self.assertFalse(self.compute("2025-01").move_ids)

    def test_an_archived_product_bills_no_more(self):
        self.product()
        self.product(price=99.0).active = False
        self.access("2024-06-10")
        self.assertEqual(self.billed(self.compute("2025-01")), [(1, 31.0, 31.0)])

    def test_a_price_changes_at_a_month(self):
        self.product(name="Tarif 2024", price=12.0, last_month="2024-12-01")
        self.product(name="Tarif 2025", price=13.0, first_month="2025-01-01")
        self.access("2024-06-10")
        self.assertEqual(self.billed(self.compute("2024-12")), [(1, 12.0, 12.0)])
        self.assertEqual(self.billed(self.compute("2025-01")), [(1, 13.0, 13.0)])

    def test_an_invoice_keeps_the_price_of_its_day(self):
        product = self.product()
        self.access("2024-06-10")
        run = self.compute("2025-01")
        self.billing.price(product, 40.0, "2025-02")
        self.assertEqual(run.item_ids.price, 31.0)
        self.assertEqual(self.billed(run), [(1, 31.0, 31.0)])

    # ------------------------------------------------------------------
    # Once
    # ------------------------------------------------------------------

    def test_what_is_billed_once_is_billed_in_the_month_of_the_event(self):
        self.product(name="Mise en service", price=50.0, billing_type="one_off")
        self.access("2024-12-31")
        self.access("2025-01-15")
        self.access("2025-01-20", "2025-01-20")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(2, 50.0, 100.0)])
        self.assertAgrees(run)
        self.assertFalse(self.compute("2025-02").move_ids)

    def test_what_is_billed_once_is_not_given_back(self):
        self.product(price=50.0, billing_type="one_off")
        order = self.access("2025-01-15")
        self.compute("2025-01")
        self.billing.end(order, "2025-01-16")
        self.assertFalse(self.compute("2025-01").move_ids)

    # ------------------------------------------------------------------
    # Flat
    # ------------------------------------------------------------------

    def test_a_flat_fee_is_one_sum_whatever_the_accesses(self):
        self.product(name="Forfait", price=200.0, fee_mode="flat")
        self.access("2024-06-10")
        self.access("2025-01-30")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(1, 200.0, 200.0)])
        self.assertFalse(run.item_ids.line_ids)

    def test_a_flat_fee_needs_an_access_and_comes_once_a_month(self):
        self.product(name="Forfait", price=200.0, fee_mode="flat")
        self.assertFalse(self.compute("2025-01").move_ids)
        self.access("2025-01-30")
        self.assertEqual(len(self.compute("2025-01").move_ids), 1)
        self.assertFalse(self.compute("2025-01").move_ids)
        self.assertEqual(len(self.compute("2025-02").move_ids), 1)

    def test_a_cancelled_flat_fee_can_be_billed_again(self):
        self.product(name="Forfait", price=200.0, fee_mode="flat")
        self.access("2024-06-10")
        self.compute("2025-01").action_cancel()
        self.assertEqual(self.billed(self.compute("2025-01")), [(1, 200.0, 200.0)])

    # ------------------------------------------------------------------
    # Settings that go together
    # ------------------------------------------------------------------

    def test_the_form_leaves_out_what_makes_no_sense(self):
        form = Form(self.env["oiconnect.billing.product"])
        form.name = "Frais"
        form.product_id = self.billing.service
        form.billing_mode = "advance"
        self.assertEqual(form.prorata, "both")
        form.billing_type = "one_off"
        self.assertEqual((form.billing_mode, form.prorata), ("arrears", "none"))
        self.assertEqual(form.save().billing_type, "one_off")

    def test_contradictions_are_refused(self):
        for values in (
            {"price": -1.0},
            {"billing_type": "one_off", "prorata": "both"},
            {"billing_type": "one_off", "billing_mode": "advance"},
            {"billing_type": "one_off", "fee_mode": "flat"},
            {"fee_mode": "flat", "prorata": "first"},
            {"first_month": "2025-02-01", "last_month": "2025-01-01"},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.product(**values)

    def test_a_network_of_another_company_is_refused(self):
        stranger = self.env["oiconnect.network"].create(
            {
                "name": "Ailleurs",
                "oi_code": "OICN",
                "code": "T94",
                "pto_prefix": "ZZ",
                "company_id": self.env.ref("base.main_company").id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.product(network_id=stranger.id)

    def test_the_taxes_shown_are_those_of_the_company(self):
        product = self.product()
        self.assertEqual(
            product.tax_ids, self.billing.chart("tva_normale_encaissement")
        )

    def test_a_product_that_was_billed_bills_nothing_else_of_the_past(self):
        product = self.product(price=31.0, prorata="none")
        self.access("2024-06-10", "2025-01-11")
        self.assertEqual(self.billed(self.compute("2025-01")), [(1, 31.0, 31.0)])
        for vals in (
            {"prorata": "both"},
            {"order_state": "delivered"},
            {"connection_type": "oi"},
            {"retained_type": "cofi"},
            {"fee_mode": "flat"},
            {"billing_type": "one_off", "prorata": "none"},
            {"source": "takeover"},
            {"company_id": self.env["res.company"].create({"name": "Autre"}).id},
        ):
            with self.assertRaisesRegex(UserError, "another product"):
                product.write(vals)
        product.write({"prorata": "none", "name": "Accès 2025", "price": 31.0})
        self.assertFalse(self.compute("2025-02").move_ids)

    def test_a_product_that_was_billed_is_archived_not_deleted(self):
        product = self.product()
        self.access("2024-06-10")
        self.compute("2025-01")
        self.assertEqual(product.item_count, 1)
        with self.assertRaisesRegex(UserError, "archive"):
            product.unlink()
        unused = self.product(name="Jamais vendu")
        unused.unlink()
        self.assertFalse(unused.exists())
