from odoo import fields

from odoo.addons.oiconnect_base.bulk import (
    create_rows,
    filter_by_values,
    group_by_values,
    read_columns,
    write_columns,
)
from odoo.addons.oiconnect_base.workflow import SCREEN

from ..common import OrderCase


class TestBulkOrders(OrderCase):
    """Thousands of orders at once are what one by one would have been."""

    def _vals(self, rank, **values):
        return {
            "operator_id": self.operator.id,
            "network_id": self.network.id,
            "oc_reference": f"BULK-{rank}",
            "connection_type": "stoc",
            "requested_type": "auto",
            "order_date": fields.Datetime.to_datetime("2026-03-14 09:05:00"),
            "comment": "Tabulation\tet \\ barre\nà la ligne",
            "info": {"info_1": "baie « A »", "info_2": None},
            **values,
        }

    def test_each_column_is_as_create_would_have_made_it(self):
        # One has what the other lacks, and a text too long for its column.
        given = [
            self._vals(1, existing_socket=True, city="EXEMPLEVILLE"),
            self._vals(2, customer_name="N" * 40),
        ]
        orders = self.env["oiconnect.access.order"]
        one_by_one = orders.create([v | {"oc_reference": "ORM"} for v in given])
        at_once = create_rows(orders, given)
        self.env.flush_all()
        self.env.invalidate_all()
        names = [
            name
            for name, field in orders._fields.items()
            if field.store
            and field.column_type
            and name not in ("id", "oc_reference", "create_date", "write_date")
        ]
        for expected, found in zip(one_by_one, at_once, strict=True):
            for name in names:
                with self.subTest(name):
                    self.assertEqual(found[name], expected[name])
        self.assertEqual(at_once.mapped("oc_reference"), ["BULK-1", "BULK-2"])
        self.assertTrue(at_once[0].is_open, "computed with the next write")

    def test_its_values_are_in_the_cache_at_once(self):
        orders = self.env["oiconnect.access.order"]
        [order] = create_rows(orders, [self._vals(3)])
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertEqual(order.oc_reference, "BULK-3")
            self.assertEqual(order.operator_id, self.operator)

    def test_what_happens_at_once_is_in_the_first_version_of_the_row(self):
        orders = self.env["oiconnect.access.order"]

        def settle(made):
            made.write({"floor": "03"})
            made._apply_event("acknowledge", {}, SCREEN)

        made = create_rows(orders.sudo(), [self._vals(4), self._vals(5)], settle)
        self.assertFalse(
            [
                field.name
                for field in orders._fields.values()
                if set(made.ids) & set(self.env._field_dirty.get(field, ()))
            ],
            "nothing is left to write",
        )
        self.env.invalidate_all()
        self.assertEqual(made.mapped("state"), ["ar_ok"] * 2)
        self.assertEqual(made.mapped("floor"), ["03"] * 2)
        self.assertTrue(all(made.mapped("is_open")))
        self.assertTrue(all(made.mapped("due_date")), "the next delay runs")

    def test_nothing_is_made_of_nothing(self):
        self.assertFalse(create_rows(self.env["oiconnect.access.order"], []))
        write_columns(self.env["oiconnect.access.order"], {"city": []})

    def test_each_order_is_put_its_own_values(self):
        orders = self._receive(self._line(), self._line())
        write_columns(
            orders,
            {"city": ["NORD", False], "building_id": [None, self.building.id]},
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(orders.mapped("city"), ["NORD", False])
        self.assertFalse(orders[0].building_id)
        self.assertEqual(orders[1].building_id, self.building)

    def test_columns_are_read_as_the_next_flush_will_write_them(self):
        orders = self._receive(self._line(), self._line())
        self.env.invalidate_all()
        orders[0].city = "NORD"
        expected = [
            (order.city or None, order.operator_id.id, order.pbo_id.id or None)
            for order in orders
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        orders[1].city = "SUD"
        found = read_columns(orders, "city", "operator_id", "pbo_id", "is_open")
        self.assertEqual(found[0], (*expected[0], True))
        self.assertEqual(found[1], ("SUD", *expected[1][1:], True))

    def test_orders_with_the_same_values_are_evaluated_once(self):
        orders = self._receive(*(self._line() for _rank in range(4)))
        write_columns(orders, {"city": ["NORD", "SUD", "NORD", False]})
        groups = group_by_values(orders, "city", "state")
        self.assertEqual([len(group) for group in groups], [2, 1, 1])
        self.assertEqual(groups[0], orders[0] | orders[2])
        evaluated = []
        matching = filter_by_values(
            orders,
            ["city"],
            lambda order: evaluated.append(order) or order.city != "SUD",
        )
        self.assertEqual(matching, orders[0] | orders[2] | orders[3], "in their order")
        self.assertEqual(len(evaluated), 3)
        self.assertFalse(group_by_values(orders.browse(), "city"))

    def test_a_batch_costs_the_database_little_more_than_one_order(self):
        """Received and studied set by set: statements do not grow with the orders."""
        self.env.flush_all()

        def statements(count):
            lines = [self._line() for _n in range(count)]
            before = self.env.cr.sql_log_count
            self._receive(*lines)._study()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        statements(1)
        one, ten = statements(1), statements(10)
        self.assertLess(ten, one + 40)
