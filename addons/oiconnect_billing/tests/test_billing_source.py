from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import BillingCase
from .sources import Sources

HELD = {
    "access": 22,
    "pm_service": 23,
    "cofinancing": 23,
    "link_service": 23,
    "link_fibre": 22,
}


@tagged("post_install", "-at_install")
class TestBillingSource(BillingCase):
    """Each source declares what it bills; the run bills them all alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = Sources(cls.billing)
        cls.declared = cls.env["oiconnect.billing.source"]._declared()

    def make(self, key, *dates):
        return getattr(self.sources, key)(self.ocaa, *dates)

    def test_what_happens_once_is_billed_once_and_leads_back(self):
        for key, (model, source) in self.declared.items():
            if not source.is_event:
                continue
            with self.subTest(key):
                record = self.make(key, "2025-01-15")
                product = self.product(name=key, price=50.0, source=key)
                self.assertEqual(product.billing_type, "one_off")
                run = self.compute("2025-01")
                line = run.item_ids.line_ids
                self.assertEqual(line.res_model, model)
                self.assertEqual(line.res_id, record.id)
                self.assertEqual((line.kind, line.amount), ("one_off", 50.0))
                self.assertIn("OCX1", line.oc_reference)
                self.assertTrue(line.action_open_record()["res_id"])
                self.assertFalse(self.compute("2025-01").move_ids)
                self.assertFalse(self.compute("2025-02").move_ids)
                product.active = False

    def test_what_is_held_is_billed_by_the_day_and_given_back(self):
        """A day of the end is not billed, a last day is."""
        self.assertEqual(
            set(HELD), {k for k, (_m, s) in self.declared.items() if not s.is_event}
        )
        for key, days in HELD.items():
            with self.subTest(key):
                product = self.product(name=key, price=31.0, source=key)
                self.make(key, "2025-01-10")
                ended = self.make(key, "2024-06-10", "2025-01-23")
                run = self.compute("2025-01")
                self.assertEqual(
                    sorted(run.item_ids.line_ids.mapped("days")), sorted([22, days])
                )
                self.assertAgrees(run)
                self.assertIn("OCX1", run.item_ids.line_ids[0].oc_reference)
                # It turns out that it ended ten days earlier.
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET end_date = end_date - INTERVAL '10 days'"
                        " WHERE id = %s",
                        SQL.identifier(ended._table),
                        ended.id,
                    )
                )
                again = self.compute("2025-02")
                credit = again.item_ids.filtered(lambda item: item.kind == "credit")
                self.assertEqual((credit.days, credit.amount), (-10, -10.0))
                product.active = False

    def test_a_price_of_a_unit_is_multiplied(self):
        for key, unit, amount in (
            ("cofinancing", "share", 15.0),
            # A quarter of 12 dwellings
            ("cofinancing", "dwelling", 15.0),
            ("pb_batch", "dwelling", 35.0),
            ("link_order", "fibre", 15.0),
            ("pm_order", "dwelling", 60.0),
        ):
            with self.subTest(f"{key} {unit}"):
                product = self.product(name=key, price=5.0, source=key, unit=unit)
                more = {"level": 3} if key == "cofinancing" else {}
                record = getattr(self.sources, key)(self.ocaa, "2025-01-01", **more)
                run = self.compute("2025-01")
                line = run.item_ids.line_ids.filtered(
                    lambda line, record=record: line.res_id == record.id
                )
                self.assertEqual((line.amount, line.quantity), (amount, amount / 5))
                self.assertAgrees(run)
                run.action_cancel()
                product.active = False

    def test_a_batch_is_billed_to_each_operator_of_its_pm(self):
        pm = self.sources.pm
        for operator in (self.ocaa, self.ocbb):
            self.sources.pm_service(operator, "2024-06-10", pm=pm)
        batch = self.sources.pb_batch(self.ocaa, "2025-01-15")
        self.env.cr.execute(
            "UPDATE oiconnect_pb_batch SET operator_id = NULL WHERE id = %s", [batch.id]
        )
        self.product(source="pb_batch", price=4.0, unit="dwelling")
        run = self.compute("2025-01")
        self.assertEqual(self.billed(run), [(7, 4.0, 28.0)])
        self.assertEqual(self.billed(run, self.ocbb), [(7, 4.0, 28.0)])
        self.assertFalse(self.compute("2025-01").move_ids)

    def test_a_batch_is_billed_once_to_who_changed_its_service_that_day(self):
        pm, day = self.sources.pm, "2025-01-15"
        ended = self.sources.pm_service(self.ocaa, "2024-06-10", pm=pm)
        self.env.cr.execute(
            "UPDATE oiconnect_pm_service SET active = FALSE, end_date = %s"
            " WHERE id = %s",
            [day, ended.id],
        )
        self.sources.pm_service(self.ocaa, day, pm=pm)
        batch = self.sources.pb_batch(self.ocaa, day)
        self.env.cr.execute(
            "UPDATE oiconnect_pb_batch SET operator_id = NULL WHERE id = %s", [batch.id]
        )
        self.product(source="pb_batch", price=4.0, unit="dwelling")
        self.assertEqual(self.billed(self.compute("2025-01")), [(7, 4.0, 28.0)])

    def test_two_records_with_one_number_are_two(self):
        """Sources count their records each for itself."""
        access = self.access("2024-06-10")
        service = self.sources.pm_service(self.ocaa, "2024-06-10")
        self.env.cr.execute(
            "UPDATE oiconnect_pm_service SET id = %s WHERE id = %s",
            [access.id, service.id],
        )
        self.product(name="Accès", price=10.0)
        self.product(name="PM", price=20.0, source="pm_service")
        run = self.compute("2025-01")
        self.assertEqual(sorted(run.item_ids.mapped("amount")), [10.0, 20.0])
        self.assertEqual(access.billing_line_count, 1)

    def test_lines_are_found_by_the_name_of_any_record(self):
        self.sources.pm_service(self.ocaa, "2024-06-10")
        self.sources.ticket_wrong(self.ocaa, "2025-01-15")
        self.product(name="PM", source="pm_service")
        self.product(name="Ticket", source="ticket_wrong")
        run = self.compute("2025-01")
        lines = run.item_ids.line_ids
        for line in lines:
            name = (
                "oc_reference" if line.source != "pm_service" else "service_reference"
            )
            found = lines.search([(name, "=", line[name]), ("id", "in", lines.ids)])
            self.assertEqual(found, line)

    def test_a_record_that_was_deleted_has_a_name_still(self):
        batch = self.sources.pb_batch(self.ocaa, "2025-01-15")
        self.product(source="pb_batch")
        line = self.compute("2025-01").item_ids.line_ids
        self.env.cr.execute("DELETE FROM oiconnect_pb_batch WHERE id = %s", [batch.id])
        line.invalidate_recordset()
        self.assertIn(str(batch.id), line.oc_reference)
        with self.assertRaisesRegex(UserError, "deleted"):
            line.action_open_record()

    def test_a_product_says_what_its_source_knows(self):
        product = self.product(source="ticket_wrong")
        self.assertEqual(product.source_asks, "source")
        with self.assertRaisesRegex(ValidationError, "billed once"):
            product.write({"billing_type": "recurring"})
        with self.assertRaisesRegex(ValidationError, "not counted"):
            self.product(unit="fibre")

    def test_a_billed_product_bills_nothing_else(self):
        product = self.product()
        self.access("2024-06-10")
        self.compute("2025-01")
        with self.assertRaisesRegex(UserError, "another product"):
            product.source = "pm_service"

    # ------------------------------------------------------------------
    # What was known late
    # ------------------------------------------------------------------

    def kinds(self, run):
        return sorted(
            (str(item.period), item.kind, item.amount) for item in run.item_ids
        )

    def test_what_was_received_late_is_billed_with_the_next_month(self):
        self.product()
        self.access("2024-06-10")
        self.compute("2025-01")
        self.compute("2025-02")
        self.access("2025-01-22")
        self.assertEqual(
            self.kinds(self.compute("2025-03")),
            [
                ("2025-01-01", "late", 10.0),
                ("2025-02-01", "late", 31.0),
                ("2025-03-01", "full", 62.0),
            ],
        )
        self.assertFalse(self.compute("2025-03").move_ids)

    def test_what_is_not_sold_any_more_is_set_right_still(self):
        rental = self.product()
        ended = self.product(name="Option", price=62.0, last_month="2025-01-01")
        order = self.access("2024-06-10")
        self.compute("2025-01")
        rental.active = False
        self.billing.end(order, "2025-01-11")
        self.access("2025-01-22")
        self.assertEqual(
            self.kinds(self.compute("2025-02")),
            [
                ("2025-01-01", "credit", -42.0),
                ("2025-01-01", "credit", -21.0),
                ("2025-01-01", "late", 20.0),
            ],
        )
        self.assertEqual(ended.item_count, 3)

    def test_a_new_product_does_not_reach_back(self):
        self.product()
        self.access("2024-06-10")
        self.compute("2025-01")
        self.product(name="Option", price=2.0)
        self.assertEqual(
            [kind[:2] for kind in self.kinds(self.compute("2025-02"))],
            [("2025-02-01", "full")] * 2,
        )

    def test_what_came_back_is_billed_again(self):
        self.product()
        order = self.access("2024-06-10")
        self.compute("2025-01")
        self.billing.end(order, "2025-01-11")
        self.assertEqual(
            self.kinds(self.compute("2025-02")), [("2025-01-01", "credit", -21.0)]
        )
        self.billing.end(order, None)
        run = self.compute("2025-03")
        self.assertEqual(
            self.kinds(run),
            [
                ("2025-01-01", "again", 21.0),
                ("2025-02-01", "late", 31.0),
                ("2025-03-01", "full", 31.0),
            ],
        )
        self.assertAgrees(run)
        # It ends for good, earlier than was thought first.
        self.billing.end(order, "2025-01-06")
        self.assertEqual(
            self.kinds(self.compute("2025-04")),
            [
                ("2025-01-01", "credit", -26.0),
                ("2025-02-01", "credit", -31.0),
                ("2025-03-01", "credit", -31.0),
            ],
        )

    def test_an_access_that_changed_its_type_is_not_billed_twice(self):
        self.product(name="Location", price=13.0, retained_type="loca")
        self.product(name="Cofinancement", price=5.0, retained_type="cofi")
        self.access("2024-06-10", retained_type="cofi")
        order = self.access("2024-06-10")
        self.compute("2025-01")
        self.env.cr.execute(
            "UPDATE oiconnect_access_order SET retained_type = 'cofi' WHERE id = %s",
            [order.id],
        )
        self.sources.insert(
            "oiconnect.workflow.step",
            res_model=order._name,
            res_id=order.id,
            event="switch_type",
            date="2025-02-10 12:00:00",
            user_id=self.env.uid,
            channel="ui",
        )
        self.assertEqual(
            self.kinds(self.compute("2025-02")), [("2025-02-01", "full", 10.0)]
        )
