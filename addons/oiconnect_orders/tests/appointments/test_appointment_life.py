from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError

from ...appointment_states import LIVE_STATES
from ..appointment_common import NOW, AppointmentCase


@tagged("post_install", "-at_install")
class TestAppointmentLife(AppointmentCase):
    """Booked, validated or answered by another slot, moved, given back, expired."""

    def test_an_operator_books_a_slot(self):
        offer = self._slots()[0]
        booked = self._book(
            offer.reference, oc_reference="OCT-77", segment="ENTREPRISE"
        )
        self.assertRegex(booked.reference, r"^OITO-ERDV-\d{10}$")
        self.assertEqual((booked.start, booked.stop), (offer.start, offer.stop))
        self.assertEqual((booked.state, booked.awaits), ("created", "us"))
        self.assertEqual(booked.team_id, self.team)
        self.assertEqual(booked.oc_reference, "OCT-77")
        self.assertEqual((booked.kind, booked.product), ("production", "FTTH_ACCES"))
        [step] = booked.step_ids
        self.assertEqual((step.event, step.channel), ("create", "soap"))
        again = self._book()
        self.assertNotEqual(again.reference, booked.reference)

    def test_only_a_slot_that_is_offered_is_booked(self):
        offer = self._slots()[0]
        beside = offer.start + timedelta(minutes=30)
        for reference in (
            None,
            "nonsense",
            f"{self.team.id}-{beside:%Y%m%dT%H%M}",
            f"{self.team.id}-20260101T0800",
            f"999999-{offer.start:%Y%m%dT%H%M}",
        ):
            with self.subTest(reference):
                result = self.appointments._book(
                    self.operator, self.network, self.commune, reference
                )
                self.assertEqual(self._codes(result), ["FRDV02"])
        self.assertFalse(
            self.appointments.search([("network_id", "=", self.network.id)])
        )

    def test_a_slot_is_of_the_communes_of_its_team(self):
        offer = self._slots()[0]
        self.team.commune_ids = self.elsewhere
        self.assertEqual(self._codes(self._try_book(offer.reference)), ["FRDV02"])
        self._book(offer.reference, commune=self.elsewhere)

    def test_another_product_has_no_appointment(self):
        result = self._try_book(product="FTTO_ACCES")
        self.assertEqual(self._codes(result), ["FRDV05"])

    def test_an_operator_looks_up_its_own_appointments_only(self):
        booked = self._book()
        look = self.appointments._look_up
        self.assertEqual(look(booked.reference, self.operator), (booked, []))
        for reference, operator in (
            (booked.reference, self.rival),
            ("OITO-ERDV-9999999999", self.operator),
            (False, self.operator),
        ):
            with self.subTest(reference):
                self.assertEqual(self._codes(look(reference, operator)), ["FRDV03"])
        offer = self._slots()[0].reference
        move = self.appointments._move_to(booked.reference, self.rival, offer)
        self.assertEqual(self._codes(move), ["FRDV03"])
        cancel = self.appointments._answer(booked.reference, self.rival, "cancel")
        self.assertEqual(self._codes(cancel), ["FRDV03"])

    # ------------------------------------------------------------------
    # Our answer
    # ------------------------------------------------------------------

    def test_we_validate_a_request(self):
        booked = self._book()
        booked._fire("confirm")
        self.assertEqual((booked.state, booked.awaits), ("confirmed", False))

    def test_we_answer_by_another_slot_and_the_operator_accepts_it(self):
        booked = self._book()
        first, other = booked.start, self._slots()[2]
        _booked, refusals = booked._propose(other.reference, "Technicien absent")
        self.assertFalse(refusals)
        self.assertEqual((booked.state, booked.awaits), ("created", "operator"))
        self.assertEqual(booked.start, other.start)
        self.assertIn("Technicien absent", self._last_step(booked).note)
        # The slot it had requested is free for others
        self.assertEqual(self._slots()[0].start, first)
        accept = self.appointments._answer(booked.reference, self.operator, "confirm")
        self.assertFalse(accept[1])
        self.assertEqual((booked.state, booked.awaits), ("confirmed", False))

    def test_we_answer_by_another_slot_and_the_operator_takes_a_third(self):
        self.network.appointment_move_limit = 0
        booked = self._book()
        booked._propose(self._slots()[2].reference)
        third = self._slots()[4]
        result = self.appointments._move_to(
            booked.reference, self.operator, third.reference
        )
        self.assertFalse(result[1])
        self.assertEqual((booked.state, booked.awaits), ("created", "us"))
        # It did not change its mind: we did
        self.assertEqual(booked.move_count, 0)

    def test_an_operator_does_not_validate_its_own_wish(self):
        booked = self._book()
        accept = self.appointments._answer(booked.reference, self.operator, "confirm")
        self.assertEqual(self._codes(accept), ["FRDV04"])
        self.assertEqual(booked.state, "created")

    def test_nothing_else_is_proposed_once_it_is_ordered(self):
        order = self._oi_order()
        result = order.appointment_id._propose(self._slots()[2].reference)
        self.assertEqual(self._codes(result), ["FRDV04"])

    # ------------------------------------------------------------------
    # Moves
    # ------------------------------------------------------------------

    def test_a_move_gives_the_slot_back_and_takes_another(self):
        booked = self._book()
        first, other = booked.start, self._slots()[1]
        result = self.appointments._move_to(
            booked.reference, self.operator, other.reference
        )
        self.assertFalse(result[1])
        self.assertEqual((booked.start, booked.move_count), (other.start, 1))
        self.assertEqual(booked.state, "created")
        self.assertEqual(self._slots()[0].start, first)
        self.assertIn("24/11/2026 10:00", self._last_step(booked).note)

    def test_who_follows_visits_hears_of_their_new_slot(self):
        booked = self._book()
        heard = []
        write = type(booked).write

        def listen(visits, vals):
            heard.append(vals.get("start"))
            return write(visits, vals)

        self.patch(type(booked), "write", listen)
        other = self._slots()[1]
        booked._move(other.reference)
        self.assertIn(other.start, heard)

    def test_a_move_of_what_was_confirmed_is_to_be_confirmed_again(self):
        booked = self._book()
        booked._fire("confirm")
        booked._move(self._slots()[1].reference)
        self.assertEqual((booked.state, booked.awaits), ("postponed", "us"))
        booked._fire("confirm")
        self.assertEqual(booked.state, "confirmed")

    def test_an_appointment_is_moved_as_often_as_the_network_allows(self):
        self.network.appointment_move_limit = 2
        booked = self._book()
        for rank in (1, 2):
            self.assertFalse(booked._move(self._slots()[rank].reference)[1])
        start = booked.start
        self.assertEqual(
            self._codes(booked._move(self._slots()[5].reference)), ["FRDV01"]
        )
        self.assertEqual((booked.start, booked.move_count), (start, 2))

    def test_a_move_to_a_slot_that_is_taken_changes_nothing(self):
        other = self._slots()[1]
        booked = self._book()
        self._book(other.reference)
        start, seat = booked.start, booked.seat
        self.assertEqual(self._codes(booked._move(other.reference)), ["FRDV02"])
        self.assertEqual((booked.start, booked.move_count), (start, 0))
        self.assertEqual((booked.seat, len(booked.step_ids)), (seat, 1))

    def test_a_move_within_its_own_time_is_no_conflict_with_itself(self):
        booked = self._book()
        self.team.slot_minutes = 60
        inside = next(
            o for o in self._slots(appointment=booked) if o.start > booked.start
        )
        self.assertEqual(inside.start - booked.start, timedelta(hours=1))
        self.assertFalse(booked._move(inside.reference)[1])

    def test_what_has_ended_is_not_moved(self):
        booked = self._book()
        booked._fire("cancel")
        result = booked._move(self._slots()[1].reference)
        self.assertEqual(self._codes(result), ["FRDV04"])
        self.assertIn("Called off", str(result[1][0].message))

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def test_a_cancelled_appointment_gives_its_slot_back(self):
        offer = self._slots()[0]
        booked = self._book(offer.reference)
        result = self.appointments._answer(booked.reference, self.operator, "cancel")
        self.assertFalse(result[1])
        self.assertEqual(booked.state, "cancelled")
        self.assertFalse(booked.expiry_date)
        self._book(offer.reference)

    def test_an_appointment_without_an_order_expires(self):
        self.network.appointment_hold_hours = 6
        offer = self._slots()[4]
        booked = self._book(offer.reference)
        self.assertEqual(booked.expiry_date, NOW + timedelta(hours=6))
        ordered = self._oi_order().appointment_id
        with freeze_time(NOW + timedelta(hours=5)):
            self._run_expiry()
            self.assertEqual(booked.state, "created")
        with freeze_time(NOW + timedelta(hours=7)):
            self._run_expiry()
            self.assertEqual(booked.state, "expired")
            self.assertEqual(self._last_step(booked).channel, "job")
            self._book(offer.reference)
        self.assertEqual(ordered.state, "confirmed")

    def test_our_validation_gives_the_operator_time_to_order(self):
        booked = self._book(self._slots()[-1].reference)
        with freeze_time(NOW + timedelta(hours=40)):
            booked._fire("confirm")
            self.assertEqual(booked.expiry_date, NOW + timedelta(hours=88))
        with freeze_time(NOW + timedelta(hours=89)):
            self._run_expiry()
        self.assertEqual(booked.state, "expired")

    def test_a_slot_without_an_order_expires_at_its_start(self):
        booked = self._book()
        self.assertEqual(booked.expiry_date, booked.start)

    def test_many_expire_by_batches(self):
        self.team.capacity = 30
        offers = [offer.reference for offer in self._slots()]
        booked = self.appointments
        for rank in range(25):
            booked |= self._book(offers[rank % 3])
        with freeze_time(NOW + timedelta(days=3)):
            self._run_expiry()
        self.assertEqual(set(booked.mapped("state")), {"expired"})

    def test_an_appointment_is_never_erased(self):
        with self.assertRaises(UserError):
            self._book().unlink()

    def test_every_event_in_every_state(self):
        """An event outside the table is refused as FRDV04, and changes nothing."""
        workflow = self.appointments._workflow
        for state in sorted(workflow.states):
            for event in sorted(workflow.events - workflow.allowed(state)):
                booked = self._in_state(state)
                with (
                    self.subTest(state=state, event=event),
                    self.assertRaises(WorkflowError) as refused,
                ):
                    booked._fire(event)
                self.assertEqual(refused.exception.code, "FRDV04")
                self.assertEqual(booked.state, state)

    def test_the_table_knows_all_the_states(self):
        field = self.appointments._fields["state"]
        states = {key for key, _label in field.selection}
        self.assertEqual(self.appointments._workflow.states, states)
        self.assertLess(set(LIVE_STATES), states)
        labels = dict(self.appointments._event_labels())
        self.assertEqual(set(labels), self.appointments._workflow.events | {"create"})

    def _in_state(self, state):
        paths_of_state = {
            "created": (),
            "postponed": ("confirm", "move"),
            "confirmed": ("confirm",),
            "done": ("confirm", "visit"),
            "customer_absent": ("confirm", "miss"),
            "cancelled": ("cancel",),
            "expired": ("expire",),
        }
        self.team.capacity = 50
        booked = self._book()
        for event in paths_of_state[state]:
            booked._fire(event)
        return booked
