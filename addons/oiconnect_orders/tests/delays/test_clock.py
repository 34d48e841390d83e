from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.workflow import SCREEN

from ..clock_common import MONDAY, ClockCase


@tagged("post_install", "-at_install")
class TestClock(ClockCase):
    """An order says what it waits for, of whom, until when."""

    def test_the_report_is_ours_to_give_sooner_when_the_pto_exists(self):
        pto = self._laid_pto()
        build = self._at(MONDAY, self._receive, self._line())
        ready = self._at(
            MONDAY,
            self._receive,
            self._line(existing_socket=True, pto_reference=pto.reference),
        )
        self.assertDue(build, "report_build", "2026-06-10 08:00:00")
        self.assertDue(ready, "report_existing", "2026-06-09 08:00:00")
        for moment, state in (
            ("2026-06-09 05:00:00", "in_time"),
            ("2026-06-09 07:59:00", "soon"),
            ("2026-06-09 08:00:01", "late"),
        ):
            with self.subTest(moment), self.at(moment):
                ready.invalidate_recordset(["due_state"])
                self.assertEqual(ready.due_state, state)

    def test_a_sub_contractor_has_its_days_then_the_customer_is_put_in_service(self):
        order = self._at(MONDAY, self._order)
        self.assertDue(order, "connection", "2026-08-07 08:00:00", "operator")
        self._fire_at("2026-06-20 10:00:00", order, "connected")
        self.assertDue(order, "service", "2026-07-20 10:00:00", "operator")
        self._fire_at("2026-06-21 10:00:00", order, "activate")
        self.assertFalse(order.due_kind or order.due_date or order.awaited)
        self.assertFalse(order.due_state)

    def test_an_order_refused_at_receipt_awaits_nothing(self):
        order = self._receive(self._line(order_date=None))
        self.assertEqual(order.state, "ar_ko")
        self.assertFalse(order.due_kind)

    def test_we_connect_in_working_days(self):
        order = self._ours()
        self.assertEqual(order.state, "connecting")
        self.assertDue(order, "connection_oi", "2026-07-06 08:00:00")

    def test_our_clock_stops_while_the_customer_is_awaited(self):
        order = self._ours()
        self._fire_at("2026-06-12 08:00:00", order, "connection_failed", "FCLI07")
        self.assertEqual(order.state, "connect_ko")
        self.assertDue(order, "new_visit", "2026-06-27 08:00:00", "customer")
        self.assertEqual(order.paused_kind, "connection_oi")
        self.assertEqual(str(order.paused_date), "2026-06-12 08:00:00")
        # Two weeks later, to the minute: as many working days are left
        self._fire_at("2026-06-26 08:00:00", order, "resume")
        self.assertDue(order, "connection_oi", "2026-07-20 08:00:00")
        self.assertFalse(order.paused_kind or order.paused_date)

    def test_our_clock_does_not_stop_while_we_mend_our_own_network(self):
        order = self._ours()
        self._fire_at("2026-06-12 08:00:00", order, "connection_failed", "FINT04")
        self.assertEqual(order.state, "connect_ko")
        self.assertDue(order, "connection_oi", "2026-07-06 08:00:00")
        self._fire_at("2026-06-26 08:00:00", order, "resume")
        self.assertDue(order, "connection_oi", "2026-07-06 08:00:00")

    def test_the_operators_clock_stops_while_we_mend(self):
        order = self._at(MONDAY, self._order)
        self._fire_at("2026-06-18 08:00:00", order, "connection_failed", "FINT04")
        self.assertDue(order, "repair", "2026-06-25 08:00:00", "us")
        self._fire_at("2026-06-28 08:00:00", order, "resume")
        # 60 days and the 10 of our repair
        self.assertDue(order, "connection", "2026-08-17 08:00:00", "operator")

    def test_a_discharge_number_makes_the_failure_ours(self):
        order = self._at(MONDAY, self._order)
        order.discharge_number = "HL-1"
        self._fire_at("2026-06-18 08:00:00", order, "connection_failed", "FCLI07")
        self.assertDue(order, "repair", "2026-06-25 08:00:00", "us")

    def test_an_overdue_clock_that_stops_stays_overdue_by_as_much(self):
        order = self._ours()
        self._fire_at("2026-07-08 08:00:00", order, "connection_failed", "FCLI07")
        self._fire_at("2026-07-18 08:00:00", order, "resume")
        self.assertDue(order, "connection_oi", "2026-07-16 08:00:00")

    def test_who_is_awaited_is_data_too(self):
        self.delays.create(
            {
                "kind": "new_visit",
                "operator_id": self.operator.id,
                "value": 8,
                "unit": "days",
                "awaited": "operator",
            }
        )
        order = self._ours()
        self._fire_at("2026-06-12 08:00:00", order, "connection_failed", "FCLI07")
        self.assertDue(order, "new_visit", "2026-06-20 08:00:00", "operator")

    def test_a_kind_without_delay_is_awaited_without_limit(self):
        self.delays.search([("kind", "=", "connection")]).unlink()
        order = self._at(MONDAY, self._order)
        self.assertEqual((order.due_kind, order.awaited), ("connection", "operator"))
        self.assertFalse(order.due_date)
        self._pass("2030-01-01 00:00:00")
        self.assertFalse(order.is_late)
        self._fire_at("2026-06-12 08:00:00", order, "connection_failed", "FINT04")
        self.assertFalse(order.paused_kind)

    def test_a_batch_costs_one_look_up_and_no_query_an_order(self):
        orders = self._at(MONDAY, self._receive, *[self._line() for _n in range(20)])
        self.env.flush_all()
        orders._move_clock(orders._workflow.transitions[0], {}, SCREEN)
        orders.write({"due_kind": False, "due_date": False})
        self.env.flush_all()
        self.delays._rules(self.network.id, self.operator.id)
        orders.mapped("connection_type")
        with self.assertQueryCount(1):
            orders._restart_clock()
            self.env.flush_all()
        self.assertEqual(set(orders.mapped("due_kind")), {"report_build"})

    def test_orders_of_before_get_the_clock_of_their_dates(self):
        order = self._at(MONDAY, self._order)
        order.write({"due_kind": False, "due_date": False, "awaited": False})
        self._night("2026-06-20 00:00:00")
        self.assertDue(order, "connection", "2026-08-07 08:00:00", "operator")
