from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests.common import tagged
from odoo.tools import mute_logger

from ..common import OrderCase

DAY = "2027-03-31T00:00:00"
# Midnight in Paris, in summer since the 28th
DAY_UTC = "2027-03-30 22:00:00"


@tagged("post_install", "-at_install")
class TestPlannedEnd(OrderCase):
    """An operator terminates an access from a day to come on."""

    def setUp(self):
        super().setUp()
        self.order = self._delivered()
        self.order._fire("activate")
        self.route = self.order.route_ids

    def _terminate(self, date=DAY, order=None):
        order = order or self.order
        line = {
            "oc_reference": order.oc_reference,
            "service_reference": order.service_reference,
            "operation": "RESIL",
            "date": date,
        }
        return self.orders._receive_termination(
            line, self.operator, self.network, self.origin
        )

    def _run_on(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("oiconnect_orders.cron_planned_end").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_line_serves_until_the_day(self):
        _order, refusals = self._terminate()
        self.assertFalse(refusals)
        self.assertEqual(self.order.state, "in_service")
        self.assertEqual(str(self.order.planned_end_date), DAY_UTC)
        self.assertFalse(self.order.end_date)
        self.assertEqual(
            (self.route.state, self.route.operator_id.id), ("used", self.operator.id)
        )
        self.assertEqual(self._payload(self.order, "CR_RES")["result"], "OK")

    def test_the_fibre_is_free_on_the_day_and_the_operator_is_not_notified_twice(self):
        self._terminate()
        self._run_on("2027-03-30 21:00:00")
        self.assertEqual(self.order.state, "in_service")
        self._run_on("2027-03-30 22:30:00")
        self.assertEqual(self.order.state, "terminated")
        self.assertEqual(str(self.order.end_date), DAY_UTC)
        self.assertEqual((self.route.state, self.route.operator_id.id), ("free", False))
        self.assertEqual(len(self._payloads(self.order, "CR_RES")), 1)
        self.assertEqual(self._last_step(self.order).channel, "job")

    def test_the_day_can_be_changed(self):
        self._terminate()
        self._terminate("2027-04-30T00:00:00")
        self._run_on("2027-04-01 12:00:00")
        self.assertEqual(self.order.state, "in_service")
        self._run_on("2027-05-01 12:00:00")
        self.assertEqual(str(self.order.end_date), "2027-04-29 22:00:00")
        results = [p["result"] for p in self._payloads(self.order, "CR_RES")]
        self.assertEqual(results, ["OK", "OK"])

    def test_a_day_that_is_past_ends_the_line_at_once(self):
        self._terminate("2026-03-31T00:00:00")
        self.assertEqual(self.order.state, "terminated")
        self.assertFalse(self.order.planned_end_date)

    def test_a_line_that_is_taken_over_before_its_day_is_not_ended_twice(self):
        self._terminate()
        self.order._fire("overwrite")
        self._run_on("2027-04-01 12:00:00")
        self.assertEqual(self.order.state, "overwritten")

    def test_an_order_that_is_not_delivered_has_no_end_to_plan(self):
        order = self._order()
        _order, refusals = self._terminate(order=order)
        self.assertEqual([refusal.code for refusal in refusals], ["FIMP16"])
        self.assertEqual(self._payload(order, "CR_RES")["result"], "KO")
        self.assertFalse(order.planned_end_date)

    @mute_logger("odoo.addons.oiconnect_base.isolated_work")
    def test_an_access_that_fails_keeps_no_other_in_service(self):
        other = self._delivered()
        other._fire("activate")
        for order in (self.order, other):
            self._terminate(order=order)
        apply_transition = type(self.orders)._apply_transition

        def fail(orders, transition, values, origin):
            if self.order in orders:
                raise ValueError("a fault of ours")
            return apply_transition(orders, transition, values, origin)

        with patch.object(type(self.orders), "_apply_transition", fail):
            self._run_on("2027-03-30 22:30:00")
        self.assertEqual((self.order.state, other.state), ("in_service", "terminated"))
        self._run_on("2027-03-30 22:31:00")
        self.assertEqual(self.order.state, "terminated")
