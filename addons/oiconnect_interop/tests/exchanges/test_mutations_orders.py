import random

from odoo.tests.common import tagged

from .mutation_common import MutationCase


class MutatedOrders(MutationCase):
    """CMD_ACCES: an operator's file with accidents never stops the line.

    In classes, so that processes share them out.
    """

    flow = "CMD_ACCES"
    count = 1000

    def rows(self):
        return [
            self._wire(
                NomClient=name, ReferenceCommandePriseInterneOC=self._reference()
            )
            for name in ("ÉLODIE", "NOËL", "ÇA VA")
        ]

    def _reference(self):
        """Return one that no accident makes out of another."""
        return f"OCT-{random.Random(self.rank).getrandbits(64):016x}"

    def check_untouched(self, exchange, rows):
        wanted = {row["ReferenceCommandePriseInterneOC"]: row for row in rows}
        orders = self.env["oiconnect.access.order"].search(
            [("oc_reference", "in", list(wanted))]
        )
        self.assertEqual(len(orders), len(wanted))
        for order in orders:
            row = wanted[order.oc_reference]
            self.assertEqual(
                (order.state, order.customer_name, order.pm_reference, order.origin),
                ("ar_ok", row["NomClient"], row["ReferencePm"], exchange.name),
            )

    def _order_mutants(self, part):
        self._receive_mutants(range(part * self.count, (part + 1) * self.count))


@tagged("post_install", "-at_install", "slow")
class TestMutatedOrders0(MutatedOrders):
    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._order_mutants(0)

    def test_a_line_that_breaks_us_would_be_seen(self):
        def explode(_orders, _line):
            raise ZeroDivisionError

        self.patch(self.env.registry["oiconnect.access.order"], "_info_of", explode)
        with self.assertRaises(AssertionError) as caught:
            self._receive_mutants(range(15))
        self.assertIn("neither a traceback", str(caught.exception))


@tagged("post_install", "-at_install", "slow")
class TestMutatedOrders1(MutatedOrders):
    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._order_mutants(1)


@tagged("post_install", "-at_install", "slow")
class TestMutatedOrders2(MutatedOrders):
    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._order_mutants(2)


@tagged("post_install", "-at_install", "slow")
class TestMutatedOrders3(MutatedOrders):
    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._order_mutants(3)


@tagged("post_install", "-at_install", "slow")
class TestMutatedOrders4(MutatedOrders):
    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._order_mutants(4)


@tagged("post_install", "-at_install", "slow")
class TestMutatedOrders5(MutatedOrders):
    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._order_mutants(5)


@tagged("post_install", "-at_install", "slow")
class TestMutatedOrders6(MutatedOrders):
    def test_each_file_ends_and_lines_that_nothing_touched_are_ordered(self):
        self._order_mutants(6)
