from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_orders.tests.common import make_network

from .space_common import SpaceCase

FAULT = {"defect": "PAS DE SIGNAL", "defect_class": "1", "prelocation": "PBO"}


@tagged("post_install", "-at_install")
class TestRequests(SpaceCase):
    """Appointments and tickets that an operator asks for by itself."""

    def _book(self, slot, reference="CMD-42"):
        return self._post(
            "/rendez-vous/reserver",
            slot=slot,
            insee="99001",
            kind="production",
            reference=reference,
            network=str(self.network.id),
        )

    def _visits(self, reference="CMD-42"):
        return self.env["oiconnect.appointment"].search(
            [("oc_reference", "=", reference)]
        )

    def _ticket(self, **values):
        line = self.own["acces"].service_reference
        given = {"line": line, "key": "PORTAIL-1", **FAULT, **values}
        return self._post("/tickets/nouveau", **given)

    def _tickets(self):
        return self.env["oiconnect.ticket"].search([("oc_key", "=like", "PORTAIL-%")])

    # ------------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------------

    def test_slots_of_a_town_are_found_by_its_name_and_code(self):
        self._log_in()
        slot = self._slots()[0]
        for commune in ("99001", "exemplev"):
            answer = self._get(
                f"/rendez-vous/nouveau?commune={commune}&network={self.network.id}"
            )
            self.assertIn(slot, answer)

    def test_of_two_networks_the_one_that_serves_the_town_is_taken(self):
        other = make_network(self.env, code="OIZ9", prefix="Z9")
        places = other["building"] + other["other_building"]
        (places + self.building).commune_id = self.commune
        self._log_in()
        self.assertFalse(self._space()._network("", self.commune))
        answer = self._get("/rendez-vous/nouveau?commune=99001")
        self.assertIn("aucun ou plusieurs desservent cette commune", answer)
        places.commune_id = False
        self.assertEqual(self._space()._network("", self.commune), self.network)
        self.assertIn(self._slots()[0], self._get("/rendez-vous/nouveau?commune=99001"))

    def test_an_appointment_is_booked_moved_and_called_off(self):
        self._log_in()
        first, second = self._slots()[:2]
        self._book(first)
        visit = self._visits()
        self.assertEqual(visit.operator_id, self.operator)
        self.assertEqual((visit.state, visit.awaits), ("created", "us"))
        start = visit.start
        seen = self._space()._seen(visit)
        self._post(f"/rendez-vous/{visit.id}/deplacer", slot=second, seen=seen)
        self.assertGreater(visit.start, start)
        # The page of another browser shows it where it was.
        answer = self._post(f"/rendez-vous/{visit.id}/deplacer", slot=first, seen=seen)
        self.assertIn("a changé depuis que vous", answer)
        answer = self._post(f"/rendez-vous/{visit.id}/annuler", seen=seen)
        self.assertIn("alert-danger", answer)
        self.assertGreater(visit.start, start)
        seen = self._space()._seen(visit)
        for _twice in range(2):
            answer = self._post(f"/rendez-vous/{visit.id}/annuler", seen=seen)
            self.assertIn("alert-success", answer)
        self.assertEqual(visit.state, "cancelled")

    def test_booked_from_two_browsers_it_is_booked_once(self):
        self._log_in()
        first, second = self._slots()[:2]
        self._book(first)
        # A double click; then the same reference from another browser
        self.assertIn("alert-success", self._book(first))
        self.assertIn("alert-danger", self._book(second))
        self.assertEqual(len(self._visits()), 1)

    def test_a_slot_that_is_taken_meanwhile_is_refused(self):
        self._log_in()
        [slot] = self._slots()[:1]
        self.team.capacity = 1
        self._space(self.rival_person)._book(
            self.network, self.commune, "production", slot, "AUTRE"
        )
        answer = self._book(slot)
        self.assertIn("vient de prendre ce créneau", answer)
        # With those that are free beside
        self.assertNotIn(f'value="{slot}"', answer)
        self.assertIn(f'value="{self._slots()[0]}"', answer)
        self.assertFalse(self._visits())

    def test_a_slot_that_we_propose_is_accepted(self):
        self._log_in()
        self._book(self._slots()[0])
        visit = self._visits()
        self.assertIn("alert-danger", self._post(f"/rendez-vous/{visit.id}/accepter"))
        visit._propose(self._slots()[1])
        self.env.flush_all()
        self._post(f"/rendez-vous/{visit.id}/accepter")
        self.assertEqual(visit.state, "confirmed")

    # ------------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------------

    def test_a_ticket_is_opened_and_spoken_about(self):
        self.own["tickets"].write({"order_id": False})
        self._log_in()
        self._ticket(description="Plus de signal")
        ticket = self._tickets()
        self.assertEqual(ticket.operator_id, self.operator)
        self.assertEqual(ticket.opened_by, "oc")
        for _twice in range(2):
            answer = self._post(f"/tickets/{ticket.id}/dire", text="Le client est là")
            self.assertIn("alert-success", answer)
        self.assertEqual(answer.count("Le client est là"), 1)
        self._post(f"/tickets/{ticket.id}/annuler", text="Réparé par le client")
        self.assertIn(ticket.state, ("cancelled", "cancel_requested"))

    def test_a_form_sent_twice_opens_one_ticket(self):
        self.own["tickets"].write({"order_id": False})
        self._log_in()
        self._ticket()
        self._ticket()
        self.assertEqual(len(self._tickets()), 1)

    def test_a_second_ticket_on_a_line_is_refused(self):
        self.own["tickets"].write({"order_id": False})
        self._log_in()
        self._ticket()
        self.assertIn("alert-danger", self._ticket(key="PORTAIL-2"))
        self.assertEqual(len(self._tickets()), 1)

    def test_the_line_of_another_is_answered_as_unknown(self):
        def refusal(line):
            with self.assertRaises(UserError) as caught:
                self._space()._open_ticket({"line": line, "key": "K", **FAULT})
            return str(caught.exception).replace(line, "…")

        theirs = self.theirs["acces"]
        unknown = refusal("FTTH-INCONNU")
        self.assertEqual(refusal(theirs.service_reference), unknown)
        self._log_in()
        answer = self._ticket(line=theirs.service_reference)
        self.assertIn("alert-danger", answer)
        self.assertFalse(self._tickets())

    def test_a_repair_is_validated(self):
        self.own["tickets"].write({"order_id": False})
        self._log_in()
        self._ticket()
        ticket = self._tickets()
        task = self.env["oiconnect.ticket.task"].create({"ticket_id": ticket.id})
        task._fire("do")
        codes = self.env["oiconnect.ticket.code"]
        ticket._fire(
            "resolve",
            closure_code=self.env["oiconnect.ticket.closure.code"]._of("RET01"),
            location=codes._of("location", "PBO"),
        )
        self.env.flush_all()
        self.assertIn("valider", self._get(f"/tickets/{ticket.id}"))
        for _twice in range(2):
            answer = self._post(f"/tickets/{ticket.id}/valider")
            self.assertIn("alert-success", answer)
        self.assertEqual(ticket.state, "closed")

    def test_a_message_without_words_is_refused(self):
        self._log_in()
        ticket = self.own["tickets"]
        self.assertIn("alert-danger", self._post(f"/tickets/{ticket.id}/dire"))
