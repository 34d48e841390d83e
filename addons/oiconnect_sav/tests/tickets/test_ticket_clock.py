from odoo.tests.common import tagged

from ..common import TicketCase

# A Monday at 10:00 in Paris
MONDAY = "2026-11-23 09:00:00"


@tagged("post_install", "-at_install")
class TestTicketClock(TicketCase):
    """Delays of a ticket: repair, guaranteed or not, its pauses, and validation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._hours("ticket_repair", 10)
        cls._hours("ticket_gtr_always", 4)
        cls._hours("ticket_answer", 24)
        cls._hours("ticket_validation", 48)

    def _opened(self, **values):
        return self._at(MONDAY, self._open, **values)

    def test_the_repair_runs_from_the_opening(self):
        ticket = self._opened()
        self.assertDue(ticket, "ticket_repair", "2026-11-23 19:00:00")
        self._at("2026-11-23 11:00:00", self._task, ticket)
        self.assertDue(ticket, "ticket_repair", "2026-11-23 19:00:00")

    def test_a_guaranteed_repair_has_its_own_delay(self):
        ticket = self._opened(gtr_range="always", gtr_delay="4H")
        self.assertDue(ticket, "ticket_gtr_always", "2026-11-23 13:00:00")

    def test_the_hours_of_signalling_are_those_of_the_ticket(self):
        ticket = self._opened(
            gtr_range="signalling",
            gtr_delay="10H",
            gtr_days="L-S",
            gtr_hours="08:00-18:00",
        )
        # Ten hours from Monday 10:00 to 18:00, then two on Tuesday, Paris time
        self.assertDue(ticket, "ticket_gtr", "2026-11-24 09:00:00")
        self._at("2026-11-23 10:00:00", self._task, ticket)
        self._at("2026-11-23 16:00:00", ticket._fire, "freeze", reason="access")
        self._at("2026-11-24 08:00:00", ticket._fire, "thaw")
        self.assertDue(ticket, "ticket_gtr", "2026-11-24 11:00:00")

    def test_a_guarantee_that_cannot_be_read_is_that_of_the_contract(self):
        ticket = self._opened(gtr_range="always", gtr_delay="VOIR CONTRAT")
        self.assertDue(ticket, "ticket_gtr_always", "2026-11-23 13:00:00")

    def test_a_freeze_stops_the_repair_and_awaits_the_operator(self):
        ticket = self._opened()
        self._at("2026-11-23 10:00:00", self._task, ticket)
        self._at("2026-11-23 12:00:00", ticket._fire, "freeze", reason="answer")
        self.assertDue(ticket, "ticket_answer", "2026-11-24 12:00:00", "operator")
        self.assertEqual(ticket.paused_kind, "ticket_repair")
        self._at("2026-11-23 15:00:00", self._say, ticket, "answer", "Étage 2")
        self.assertEqual(ticket.state, "in_progress", "an answer ends the freeze")
        self.assertDue(ticket, "ticket_repair", "2026-11-23 22:00:00")

    def test_a_message_of_another_type_ends_no_freeze(self):
        ticket = self._opened()
        self._task(ticket)
        ticket._fire("freeze", reason="answer")
        self._say(ticket, "info", "Bien reçu")
        self.assertEqual(ticket.state, "frozen")
        ticket._fire("thaw")
        ticket._fire("freeze", reason="access")
        self._say(ticket, "answer", "Étage 2")
        self.assertEqual(ticket.state, "frozen", "it waits for no answer")

    def test_freezes_are_stored_and_taken_off_the_time_of_repair(self):
        ticket = self._opened()
        self._at("2026-11-23 10:00:00", self._done, ticket)
        self._at("2026-11-23 11:00:00", ticket._fire, "freeze", reason="access")
        self._at("2026-11-23 13:30:00", ticket._fire, "thaw")
        self._at("2026-11-23 15:00:00", self._resolve, ticket)
        self.assertEqual(ticket.freeze_ids.hours, 2.5)
        self.assertEqual(ticket.repair_hours, 3.5)

    def test_a_rejected_resolution_goes_on_with_what_was_left(self):
        ticket = self._opened()
        self._at("2026-11-23 10:00:00", self._done, ticket)
        self._at("2026-11-23 15:00:00", self._resolve, ticket)
        self.assertDue(ticket, "ticket_validation", "2026-11-25 15:00:00", "operator")
        self._at("2026-11-24 15:00:00", ticket._fire, "reject")
        self.assertDue(ticket, "ticket_repair", "2026-11-24 19:00:00")

    def test_a_resolution_without_an_answer_is_accepted(self):
        ticket = self._opened()
        self._at("2026-11-23 10:00:00", self._done, ticket)
        self._at("2026-11-23 15:00:00", self._resolve, ticket)
        accept = self.tickets._cron_accept_by_default
        self._run("2026-11-25 14:59:00", accept)
        self.assertEqual(ticket.state, "resolved")
        self._run("2026-11-25 15:00:00", accept)
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(self._sent_messages(ticket)[-1], ("SAV_SOLVED", "CLOSED"))
        self.assertEqual(ticket.step_ids.sorted("id")[-1:].channel, "job")

    def test_a_late_repair_is_marked_and_to_do(self):
        ticket = self._opened()
        misses = self.env["oiconnect.delay.miss"]
        self._run("2026-11-23 20:00:00", misses._cron_mark_late)
        self.assertTrue(ticket.is_late)
        self.assertEqual(ticket.miss_ids.kind, "ticket_repair")
        self._at("2026-11-23 21:00:00", self._done, ticket)
        self._at("2026-11-23 21:30:00", self._resolve, ticket)
        self.assertTrue(ticket.miss_ids.done_date)
        figures = self.env["oiconnect.delay.count"].search(
            [("kind", "=", "ticket_repair"), ("operator_id", "=", self.operator.id)]
        )
        counted = (sum(figures.mapped("ended")), sum(figures.mapped("late")))
        self.assertEqual(counted, (1, 1))

    def test_a_clock_that_is_set_back_ends_a_freeze_all_the_same(self):
        ticket = self._opened()
        self._at("2026-11-23 10:00:00", self._task, ticket)
        self._at("2026-11-23 12:00:00", ticket._fire, "freeze", reason="access")
        self._at("2026-11-23 11:50:00", ticket._fire, "thaw")
        self.assertEqual((ticket.state, ticket.freeze_ids.hours), ("in_progress", 0))
