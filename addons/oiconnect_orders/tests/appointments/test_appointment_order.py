from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_base.workflow import SCREEN

from ..appointment_common import NOW, AppointmentCase


@tagged("post_install", "-at_install")
class TestAppointmentOrder(AppointmentCase):
    """An order that we connect rests on the appointment taken before it."""

    def _refused(self, code, appointment=None, **values):
        order = self._oi_order(appointment, **values)
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", code))
        self.assertEqual(self._payload(order, "CR_CMD")["reason_code"], code)
        return order

    def test_the_order_confirms_its_appointment(self):
        booked = self._book()
        order = self._oi_order(booked)
        self.assertEqual(order.state, "connecting")
        self.assertEqual(booked.state, "confirmed")
        self.assertEqual(booked.order_id, order)
        self.assertEqual(order.appointment_id, booked)
        self.assertEqual(booked.oc_reference, order.oc_reference)
        self.assertEqual(booked.building_id, self.building)
        self.assertFalse(booked.expiry_date or booked.awaits)

    def test_an_order_accepts_the_slot_that_we_proposed(self):
        booked = self._book()
        booked._propose(self._slots()[2].reference)
        self._oi_order(booked)
        self.assertEqual((booked.state, booked.awaits), ("confirmed", False))

    def test_an_unknown_appointment_is_refused(self):
        self._refused("FRDV03", appointment_reference="OITO-ERDV-9999999999")

    def test_the_appointment_of_another_operator_is_refused_and_left_alone(self):
        theirs = self._book(operator=self.rival)
        self._refused("FRDV03", theirs)
        self.assertEqual(theirs.state, "created")

    def test_an_appointment_that_has_ended_is_refused(self):
        for event in ("cancel", "expire"):
            booked = self._book()
            booked._fire(event)
            with self.subTest(event):
                self._refused("FRDV04", booked)

    def test_an_appointment_that_has_expired_is_refused_before_the_job_says_so(self):
        booked = self._book(self._slots()[-1].reference)
        line = self._oi_line(booked)
        with freeze_time(booked.expiry_date):
            order = self._receive(line)
            order._study()
        self.assertEqual(order.reason_id.code, "FRDV04")
        self.assertEqual(booked.state, "created")

    def test_an_appointment_that_serves_another_order_is_refused(self):
        booked = self._book()
        self._oi_order(booked)
        self._refused("FRDV04", booked)

    def test_two_orders_of_one_file_do_not_share_an_appointment(self):
        booked = self._book()
        orders = self._receive(self._oi_line(booked), self._oi_line(booked))
        orders._study()
        self.assertEqual(orders.mapped("state"), ["connecting", "cr_ko"])
        self.assertEqual(orders[1].reason_id.code, "FRDV04")
        self.assertEqual(booked.order_id, orders[0])

    def test_a_network_may_want_to_validate_first(self):
        self.network.appointment_validation = True
        booked = self._book()
        self._refused("FRDV04", booked)
        booked._fire("confirm")
        self.assertEqual(self._oi_order(booked).state, "connecting")

    def test_an_appointment_for_another_work_or_product_is_refused(self):
        self.team.for_repair = True
        self._refused("FRDV05", self._book(kind="repair"))
        odd = self._book()
        odd.product = "FTTO_ACCES"
        self._refused("FRDV05", odd)

    def test_an_appointment_at_another_address_is_refused(self):
        self._refused("FRDV06", self._book(building_id=self.other_building.id))
        self._refused("FRDV06", self._book(commune=self.elsewhere))

    def test_no_visit_for_a_pto_that_exists(self):
        pto = self._laid_pto()
        order = self._order(
            connection_type="OI",
            existing_socket=True,
            pto_reference=pto.reference,
            appointment_reference=None,
        )
        self.assertEqual(order.state, "connecting")
        self.assertFalse(order.appointment_id)

    def test_a_network_without_teams_reads_no_appointment(self):
        self.team.active = False
        order = self._order(
            connection_type="OI", appointment_reference="F10-DGO-1-ERDV"
        )
        self.assertEqual(order.state, "connecting")

    # ------------------------------------------------------------------
    # What becomes of the visit
    # ------------------------------------------------------------------

    def _fail(self, order, code):
        order.reason_id = self.env["oiconnect.reason"]._of(code)
        order._fire("connection_failed")

    def test_a_connection_done_is_a_visit_done(self):
        order = self._oi_order()
        order._fire("connected")
        self.assertEqual(order.appointment_id.state, "done")

    def test_an_order_that_ends_frees_its_slot(self):
        for event in ("cancel", "abandon"):
            order = self._oi_order()
            order.reason_id = self.env["oiconnect.reason"]._of("FINT10")
            slot = order.appointment_id.start
            order._fire(event)
            with self.subTest(event):
                self.assertEqual(order.appointment_id.state, "cancelled")
                self.assertEqual(self._slots()[0].start, slot)

    def test_a_customer_who_is_absent_is_visited_again(self):
        order = self._oi_order()
        self.env["oiconnect.reason"]._of("FCLI07").customer_absent = True
        self._fail(order, "FCLI07")
        missed = order.appointment_id
        self.assertEqual(missed.state, "customer_absent")
        with self.assertRaisesRegex(UserError, missed.reference):
            order.action_resume()
        result = self.appointments._move_to(
            missed.reference, self.operator, self._slots()[3].reference
        )
        self.assertFalse(result[1])
        self.assertEqual(missed.state, "postponed")
        self.assertEqual(order.state, "connect_ko")
        missed._fire("confirm")
        self.assertEqual(order.state, "connecting")
        order._fire("connected")
        self.assertEqual(missed.state, "done")

    def test_a_visit_that_failed_otherwise_took_place_and_is_made_again(self):
        order = self._oi_order()
        self._fail(order, "FINT04")
        visited = order.appointment_id
        self.assertEqual(visited.state, "done")
        visited._move(self._slots()[3].reference)
        visited._fire("confirm")
        self.assertEqual((order.state, visited.state), ("connecting", "confirmed"))

    def test_a_visit_that_went_well_is_not_made_again(self):
        order = self._oi_order()
        order._fire("connected")
        visited = order.appointment_id
        result = visited._move(self._slots()[3].reference)
        self.assertEqual(self._codes(result), ["FRDV04"])

    def test_the_operator_moves_the_visit_of_its_order(self):
        order = self._oi_order()
        booked = order.appointment_id
        booked._move(self._slots()[3].reference)
        self.assertEqual(booked.state, "postponed")
        self.assertFalse(booked.expiry_date)
        with freeze_time(NOW + timedelta(days=30)):
            self._run_expiry()
        self.assertEqual(booked.state, "postponed")

    def test_orders_without_a_visit_look_up_no_appointment(self):
        orders = self._receive(*(self._line() for _rank in range(3)))
        self.env.flush_all()
        with self.assertQueryCount(0):
            orders._follow_by_appointments("noted", SCREEN)
            orders._needs_visit()

    def test_the_orders_of_a_file_find_their_appointments_in_one_query(self):
        self.team.capacity = 10
        lines = [self._oi_line() for _rank in range(4)]
        orders = self._receive(*lines)
        with self.assertQueryCount(1):
            found = orders._named_appointments()
        self.assertEqual(len(found), 4)
