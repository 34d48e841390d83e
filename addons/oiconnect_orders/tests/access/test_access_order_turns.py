from collections import Counter
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged

from ...models.access import study
from ...models.access.study import TO_STUDY
from ..common import OrderCase, make_operator, open_pm


@tagged("post_install", "-at_install")
class TestAccessOrderTurns(OrderCase):
    """The study takes the orders of all operators in turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = make_operator(cls.env, "OCT3")
        open_pm(cls.env, cls.made, cls.third)
        cls.startClassPatcher(patch.object(study, "ORDERS_IN_TURN", 2))
        # What other tests or the demo left is not studied here.
        cls.mine = TO_STUDY & Domain("network_id", "=", cls.network.id)

    def receive(self, number, operator=None):
        return self._receive(
            *(self._line() for _rank in range(number)), operator=operator
        )

    def batches(self, size, study=True):
        """Return the batches, as counts by operator; each is studied at once."""
        found = []
        for batch in self.orders._study_batches(self.mine, size):
            found.append(
                Counter(batch.mapped(lambda order: order.operator_id.interop_code))
            )
            if study:
                batch._study()
        return found

    def test_a_large_file_does_not_keep_a_small_one_waiting(self):
        self.receive(10)
        self.receive(1, self.rival)
        batches = self.batches(4)
        self.assertEqual(batches[0], {"OCT1": 2, "OCT2": 1})
        self.assertEqual(sum(batches, Counter()), {"OCT1": 10, "OCT2": 1})

    def test_who_is_alone_has_the_whole_batch(self):
        self.receive(7)
        self.assertEqual(self.batches(4), [{"OCT1": 4}, {"OCT1": 3}])

    def test_more_operators_than_places_take_turns(self):
        """A batch has places for two of the three: who was left out comes next."""
        for operator in (self.operator, self.rival, self.third):
            self.receive(4, operator)
        batches = self.batches(4)
        self.assertEqual(batches[0], {"OCT1": 2, "OCT2": 2})
        self.assertIn("OCT3", batches[1])
        self.assertEqual(sum(batches, Counter()), {"OCT1": 4, "OCT2": 4, "OCT3": 4})

    def test_the_oldest_of_an_operator_come_first(self):
        orders = self.receive(5)
        batch = next(self.orders._study_batches(self.mine, 3))
        self.assertEqual(batch, orders[:3])

    def test_late_orders_are_taken_in_the_next_batch(self):
        self.receive(9)
        batches = self.orders._study_batches(self.mine, 2)
        next(batches)._study()
        late = self.receive(1, self.rival)
        self.assertEqual(next(batches), late)

    def test_what_cannot_be_studied_is_tried_once(self):
        """Orders that someone holds, or that break: the next run tries them again."""
        self.receive(5)
        self.assertEqual(
            self.batches(2, study=False), [{"OCT1": 2}] * 2 + [{"OCT1": 1}]
        )

    def test_the_study_goes_by_turns(self):
        """OCT1 has many orders: OCT2's and OCT3's are answered in the first batch."""
        self.receive(8)
        small = self.receive(1, self.rival) | self.receive(1, self.third)
        done = []

        def commit(_cron, processed=0, **_values):
            small.invalidate_recordset()
            done.append((processed, set(small.mapped("state"))))
            return 1

        crons = type(self.env["ir.cron"])
        with (
            patch.object(study, "STUDY_BATCH", 6),
            patch.object(crons, "_commit_progress", commit),
        ):
            self.orders._cron_study()
        first = next(states for processed, states in done if processed)
        self.assertNotIn("ar_ok", first)
        self.assertFalse(self.orders.search(self.mine))

    def test_waiting_orders_are_found_by_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_sort = off")
        # Of a few rows any index is as cheap: what it does not choose is to cost.
        self.env.cr.execute("SET LOCAL cpu_operator_cost = 100")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM oiconnect_access_order"
            " WHERE state = 'ar_ok' AND operator_id = %s ORDER BY id LIMIT 50",
            [self.operator.id],
        )
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertIn("oiconnect_access_order_study_turn_idx", plan)
