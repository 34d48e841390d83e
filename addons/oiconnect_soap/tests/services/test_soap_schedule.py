from datetime import timedelta

from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.planning import slot_reference
from odoo.addons.oiconnect_orders.tests.appointment_common import NOW, make_team

from ...soap.services import schedule
from .other_services_common import (
    OC_SIREN,
    OI_SIREN,
    REQUEST_DATE,
    SIRENS,
    OtherServiceCase,
)

SEARCH, BOOK = "rechercheCreneauxLibres", "reservationCreneau"
CONSULT, MOVE = "consultationRdv", "reportRDV"
INSEE = "99001"
WEEK = timedelta(days=7)
BOOKED, CONFIRMED = "REPORT_RDV_RESERVE", "REPORT_RDV_CONFIRME"


@tagged("post_install", "-at_install")
class TestSoapSchedule(OtherServiceCase):
    """PlanChargeFtthSav: search, book, consult and move an after-sales visit."""

    contract = schedule.SERVICE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repairers = make_team(
            cls.env,
            cls.network,
            name="Dépannage",
            for_production=False,
            for_repair=True,
        )

    def _header(self, login, **values):
        return {
            "version": "5.0",
            "request_date": REQUEST_DATE,
            "oc_siren": SIRENS[login],
            "oi_siren": OI_SIREN,
            **values,
        }

    def _search(self, login="ocaa", **values):
        query = {
            "visit_kind": "S",
            "product": "FTTH_ACCES",
            "market": "GP",
            "insee_code": INSEE,
            "start": NOW,
            "end": NOW + WEEK,
            "defect_prelocalization": "PBO",
            **values,
        }
        return self._ask_service(SEARCH, query, login)

    def _free(self):
        return [slot["slot_reference"] for slot in self._search().payload["slots"]]

    def _booking(self, slot, **values):
        return {
            "product": "FTTH_ACCES",
            "market": "GP",
            "insee_code": INSEE,
            "slot_reference": slot,
            **values,
        }

    def _booked(self, slot=None, login="ocaa"):
        """Return the appointment that an operator books by the service."""
        query = self._booking(slot or self._free()[0])
        answer = self._answer_of(BOOK, query, login)
        return self.appointments.search(
            [("reference", "=", answer["appointment_reference"])]
        )

    def _moving(self, reference, slot, kind=BOOKED, **values):
        return {
            "visit_kind": "S",
            "appointment_reference": reference,
            "move_kind": kind,
            **self._booking(slot),
            **values,
        }

    def _move(self, visit, slot, kind=BOOKED, **values):
        query = self._moving(visit.reference, slot, kind, **values)
        return self._ask_service(MOVE, query)

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------

    def test_slots_are_those_of_repair_teams(self):
        offers = self._slots(kind="repair")
        self.assertTrue(offers)
        self.assertEqual(self._free(), [offer.reference for offer in offers])
        slot = self._search().payload["slots"][0]
        self.assertEqual(
            (slot["start"], slot["end"]), (offers[0].start, offers[0].stop)
        )

    def test_a_commune_that_no_team_serves_has_no_slot(self):
        self.repairers.commune_ids = self.commune
        reply = self._search(insee_code="99002")
        self.assertFalse(reply.is_fault)
        self.assertEqual(reply.payload["slots"], [])

    def test_a_commune_that_does_not_exist(self):
        self.assertFault(self._search(insee_code="99999"), 8)

    def test_a_period_that_ends_before_it_begins(self):
        self.assertFault(self._search(end=NOW - WEEK), 4)

    def test_connections_are_not_booked_here(self):
        self.assertFault(self._search(visit_kind="P"), 13)

    def test_a_line_that_is_named_changes_nothing(self):
        """Whose line it is is not looked at: nothing tells of others."""
        theirs = self._delivered(operator=self.rival)
        free = self._free()
        for name, value in (
            ("service_reference", theirs.service_reference),
            ("pto_reference", theirs.pto_id.reference),
            ("service_reference", "INCONNUE"),
        ):
            with self.subTest(value):
                slots = self._search(**{name: value}).payload["slots"]
                self.assertEqual([slot["slot_reference"] for slot in slots], free)

    # ------------------------------------------------------------------
    # Booking, consultation
    # ------------------------------------------------------------------

    def test_a_visit_is_booked_and_consulted(self):
        slot = self._free()[0]
        visit = self._booked(slot)
        self.assertEqual((visit.kind, visit.operator_id), ("repair", self.operator))
        self.assertEqual(visit.team_id, self.repairers)
        self.assertEqual(self._last_call().res_id, visit.id)
        self.assertNotIn(slot, self._free())
        answer = self._answer_of(CONSULT, {"appointment_reference": visit.reference})
        self.assertEqual(
            answer,
            {
                "appointment_reference": visit.reference,
                "start": visit.start,
                "end": visit.stop,
                "insee_code": INSEE,
                "visit_kind": "S",
                "product": "FTTH_ACCES",
                "market": "GP",
                "state": "CREE",
            },
        )

    def test_a_visit_that_a_ticket_names_is_confirmed(self):
        visit = self._booked()
        ticket = self._open(appointment_reference=visit.reference)
        answer = self._answer_of(CONSULT, {"appointment_reference": visit.reference})
        self.assertEqual(answer["state"], "CONFIRME")
        self.assertEqual(answer["service_reference"], ticket.service_reference)

    def test_a_slot_that_is_taken(self):
        slot = self._free()[0]
        self._booked(slot, "ocbb")
        self.assertFault(self._ask_service(BOOK, self._booking(slot)), 101)

    def test_a_slot_that_is_none(self):
        production = self._slots()[0].reference
        for slot in ("x", production, "999999999-20261124T0800", "1-99991231T0000"):
            with self.subTest(slot):
                self.assertFault(self._ask_service(BOOK, self._booking(slot)), 101)

    def test_what_is_over_is_no_longer_available(self):
        visit = self._booked()
        visit._fire("cancel")
        query = {"appointment_reference": visit.reference}
        self.assertFault(self._ask_service(CONSULT, query), 101)

    # ------------------------------------------------------------------
    # Move
    # ------------------------------------------------------------------

    def test_a_visit_is_moved_once(self):
        visit = self._booked()
        slot = self._free()[-1]
        for _time in range(2):
            self.assertFalse(self._move(visit, slot).is_fault)
        self.assertEqual(slot_reference(visit.team_id.id, visit.start), slot)
        self.assertEqual(visit.move_count, 1, "sent again, it changes nothing")

    def test_the_kind_of_move_fits_the_state(self):
        visit = self._booked()
        slot, other = self._free()[-2:]
        self.assertFault(self._move(visit, slot, CONFIRMED), 13)
        self.assertFault(self._move(visit, slot, "NOUVEAU_RDV"), 13)
        visit._fire("confirm")
        self.assertFault(self._move(visit, slot, BOOKED), 13)
        self.assertFalse(self._move(visit, slot, CONFIRMED).is_fault)
        self.assertEqual(visit.state, "postponed")
        self.assertFalse(self._move(visit, other, CONFIRMED).is_fault)

    def test_a_customer_who_was_absent_is_visited_again(self):
        visit = self._booked()
        visit._fire("miss")
        self.assertFalse(self._move(visit, self._free()[-1], "NOUVEAU_RDV").is_fault)
        self.assertEqual(visit.state, "postponed")

    def test_moves_have_a_limit(self):
        self.network.appointment_move_limit = 1
        visit = self._booked()
        slot, other = self._free()[-2:]
        self.assertFalse(self._move(visit, slot).is_fault)
        self.assertFault(self._move(visit, other), 11)

    def test_a_visit_is_not_moved_to_another_commune(self):
        visit = self._booked()
        before = visit.start
        reply = self._move(visit, self._free()[-1], insee_code="99002")
        self.assertFault(reply, 13)
        self.assertEqual(visit.start, before)

    # ------------------------------------------------------------------
    # Header, isolation
    # ------------------------------------------------------------------

    def test_the_header_comes_back(self):
        _status, content = self._send(CONSULT, self._consulted(self._booked()))
        for text in (
            b"<sirenOC>999000029<",
            b"<sirenOI>999000011<",
            b"<versionWS>5.0<",
        ):
            self.assertIn(text, content)
        self.assertIn(b"horodatageReponse", content)

    def _consulted(self, visit):
        return {"appointment_reference": visit.reference}

    def test_swapped_sirens_are_read(self):
        query = self._consulted(self._booked())
        swapped = {"oc_siren": OI_SIREN, "oi_siren": OC_SIREN}
        self.assertTrue(self._answer_of(CONSULT, query, **swapped))

    def test_sirens_of_others_are_refused(self):
        query = self._consulted(self._booked())
        reply = self._ask_service(CONSULT, query, oc_siren=SIRENS["ocbb"])
        self.assertFault(reply, 15)

    def test_the_visit_of_another_is_as_unknown_as_none(self):
        theirs = self._booked(login="ocbb")
        before = theirs.start
        slot = self._free()[-1]
        unknown = "X" * len(theirs.reference)
        for name, payload_of in (
            (CONSULT, lambda reference: {"appointment_reference": reference}),
            (MOVE, lambda reference: self._moving(reference, slot)),
        ):
            with self.subTest(name):
                status, content = self.assertSameAnswer(
                    name, theirs.reference, unknown, payload_of
                )
                self.assertEqual(status, 500)
                self.assertIn(b"INCONNUE", content)
        self.assertEqual(theirs.start, before)

    def test_a_visit_for_an_order_is_none_of_these(self):
        visit = self._book()
        self.assertFault(self._ask_service(CONSULT, self._consulted(visit)), 8)
