from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..prices import general_and_particular
from .common import BillingCase


@tagged("post_install", "-at_install")
class TestBillingPrice(BillingCase):
    """A price has a start, an operator, a network; the past is never rewritten."""

    def amounts(self, month, operator=None):
        return [amount for *_rest, amount in self.billed(self.compute(month), operator)]

    def test_the_most_precise_price_applies(self):
        rows = [
            ("general", None, None, None),
            ("network", None, None, 7),
            ("operator", None, 1, None),
            ("both", None, 2, 7),
            ("operator 2", None, 2, None),
        ]
        prices = [(start, who, where, name) for name, start, who, where in rows]
        for network, general, particular in (
            (7, "network", {1: "operator", 2: "both"}),
            (8, "general", {1: "operator", 2: "operator 2"}),
        ):
            self.assertEqual(
                general_and_particular(prices, network, None), (general, particular)
            )

    def test_a_price_applies_from_its_month_on(self):
        product = self.product(price=12.0)
        self.billing.price(product, 13.0, "2025-02")
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)
        self.billing.price(product, 9.0, "2025-02", operator_id=self.ocbb.id)
        self.assertEqual(self.amounts("2025-01"), [12.0])
        run = self.compute("2025-02")
        self.assertEqual(self.billed(run), [(1, 13.0, 13.0)])
        self.assertEqual(self.billed(run, self.ocbb), [(1, 9.0, 9.0)])

    def test_a_network_has_a_price_of_its_own(self):
        product = self.product(price=12.0)
        self.access("2024-06-10")
        self.billing.price(product, 11.0, network_id=self.billing.network.id)
        self.assertEqual(self.amounts("2025-01"), [11.0])

    def test_who_has_no_price_owes_nothing(self):
        product = self.product(price=12.0)
        product.price_ids.unlink()
        self.billing.price(product, 9.0, operator_id=self.ocbb.id)
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)
        run = self.compute("2025-01")
        self.assertEqual(run.move_ids.oiconnect_operator_id, self.ocbb)

    def test_what_a_month_was_billed_by_stays(self):
        product = self.product(price=12.0)
        later = self.billing.price(product, 13.0, "2025-02")
        self.access("2024-06-10")
        self.compute("2025-01")
        general = product.price_ids - later
        for change in (
            lambda: general.write({"price": 1.0}),
            lambda: general.write({"start_month": "2025-06-01"}),
            lambda: product.write({"price": 1.0}),
            lambda: later.write({"start_month": "2025-01-01"}),
            lambda: self.billing.price(product, 1.0, "2025-01"),
            general.unlink,
        ):
            with self.assertRaisesRegex(UserError, "starts later"), self.cr.savepoint():
                change()
        # What was billed to others only, or not yet, is free.
        later.price = 14.0
        self.billing.price(product, 10.0, "2025-01", operator_id=self.ocbb.id)
        general.write({"price": 12.0})
        self.assertEqual(self.amounts("2025-02"), [14.0])

    def test_a_cancelled_run_frees_its_prices(self):
        product = self.product(price=12.0)
        self.access("2024-06-10")
        run = self.compute("2025-01")
        self.assertTrue(product.price_ids.is_billed)
        run.action_cancel()
        product.price = 11.0
        self.assertEqual(self.amounts("2025-01"), [11.0])

    def test_two_prices_of_one_scope_do_not_start_together(self):
        product = self.product(price=12.0)
        for scope in ({}, {"operator_id": self.ocaa.id}):
            self.billing.price(product, 13.0, "2025-02", **scope)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.billing.price(product, 14.0, "2025-02", **scope)

    def test_a_network_that_the_product_does_not_bill_has_no_price(self):
        other = self.billing.make_network("T96")
        product = self.product(network_id=self.billing.network.id)
        with self.assertRaisesRegex(ValidationError, "not billed on network"):
            self.billing.price(product, 1.0, network_id=other.id)

    def test_the_discussion_of_the_product_tells_of_its_prices(self):
        product = self.product()
        tracked = product.with_context(tracking_disable=False)
        self.assertNotIn("31", "".join(tracked.message_ids.mapped("body")))
        price = tracked.price_ids.create(
            {
                "product_id": product.id,
                "operator_id": self.ocaa.id,
                "price": 12.5,
            }
        )
        self.assertRegex(tracked.message_ids[0].body, r"12[.,]50")
        price.price = 12.75
        self.assertRegex(tracked.message_ids[0].body, r"12[.,]75")

    def test_a_reader_reads_prices_and_an_administrator_writes_them(self):
        product = self.product()
        for level, may in (("read", False), ("user", False), ("manager", True)):
            user = new_test_user(
                self.env,
                f"prix_{level}",
                f"oiconnect_base.group_billing_{level}",
                company_id=self.billing.company.id,
                company_ids=[(6, 0, self.billing.company.ids)],
            )
            price = product.price_ids.with_user(user)
            self.assertEqual(price.price, 31.0)
            if may:
                price.price = 30.0
                continue
            with self.assertRaises(AccessError):
                price.price = 1.0

    # ------------------------------------------------------------------
    # Minimum
    # ------------------------------------------------------------------

    def test_a_minimum_adds_what_the_month_lacks(self):
        self.product(name="Location", price=31.0)
        minimum = self.product(name="Minimum", price=100.0, fee_mode="minimum")
        self.billing.price(minimum, 20.0, operator_id=self.ocbb.id)
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)
        run = self.compute("2025-01")
        self.assertEqual(
            self.billed(run), [(1, 31.0, 31.0), (1, 69.0, 69.0)], "up to 100"
        )
        self.assertEqual(self.billed(run, self.ocbb), [(1, 31.0, 31.0)], "reached")
        self.assertFalse(self.compute("2025-01").move_ids, "once a month")

    # ------------------------------------------------------------------
    # Indexation
    # ------------------------------------------------------------------

    def index(self, products, coefficient, month):
        return self.env["oiconnect.billing.indexation"].create(
            {
                "coefficient": coefficient,
                "start_month": f"{month}-01",
                "product_ids": products.ids,
            }
        )

    def test_all_valid_prices_are_indexed_at_once_and_rounded(self):
        rental = self.product(name="Location", price=13.2)
        option = self.product(name="Option", price=0.33)
        self.billing.price(rental, 12.0, operator_id=self.ocbb.id)
        self.billing.price(rental, 15.0, "2025-06")
        dialog = self.index(rental | option, 1.0237, "2025-02")
        self.assertEqual(
            [
                (line.old_price, round(line.exact_price, 6), line.new_price)
                for line in dialog.line_ids
            ],
            [(13.2, 13.51284, 13.51), (12.0, 12.2844, 12.28), (0.33, 0.337821, 0.34)],
        )
        dialog.action_apply()
        self.access("2024-06-10")
        self.access("2024-06-10", operator=self.ocbb)
        self.assertEqual(self.amounts("2025-01"), [13.2, 0.33])
        run = self.compute("2025-02")
        self.assertEqual([row[2] for row in self.billed(run)], [13.51, 0.34])
        self.assertEqual([row[2] for row in self.billed(run, self.ocbb)], [12.28, 0.34])

    def test_an_indexation_is_made_whole_or_not_at_all(self):
        free, billed = self.product(price=10.0), self.product(price=20.0)
        self.billing.price(billed, 21.0, "2025-02")
        for month, coefficient, reason in (
            ("2025-02", 1.1, "starts in this month already"),
            ("2025-03", 0.0, "above 0"),
            ("2025-03", 1.0, "nothing is to be made"),
        ):
            with self.assertRaisesRegex(UserError, reason), self.cr.savepoint():
                self.index(free | billed, coefficient, month).action_apply()
        self.access("2024-06-10")
        self.compute("2025-03")
        with self.assertRaisesRegex(UserError, "starts later"), self.cr.savepoint():
            self.index(free, 1.1, "2025-03").action_apply()
        self.assertEqual(len(free.price_ids), 1)
