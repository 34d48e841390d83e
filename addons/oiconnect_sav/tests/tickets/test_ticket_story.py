from datetime import timedelta

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_orders.tests.appointment_common import NOW

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketStory(TicketCase):
    """The life of a ticket, as the users' guide and the protocol tell it."""

    def test_a_ticket_opened_by_the_operator_waits_for_us(self):
        ticket = self._open()
        self.assertEqual((ticket.state, ticket.opened_by), ("open", "oc"))
        self.assertRegex(ticket.reference, r"^OITO-SAV-\d{10}$")
        self.assertEqual(ticket.todo_ids.kind, "ticket_start")
        self.assertFalse(
            self._sent_messages(ticket), "the answer of the call tells enough"
        )

    def test_a_task_starts_the_ticket(self):
        ticket = self._open()
        self._task(ticket)
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(self._sent_messages(ticket), [("SAV_SOLVING", "OPENACTIVE")])
        payload = self._last_payload(ticket)
        self.assertEqual(payload["resolution_action"], "INTERVENTION SANS RDV")
        self.assertEqual(payload["resolution_state"], "ACTION PREVUE")
        self.assertEqual(ticket.todo_ids.kind, "ticket_plan")

    def test_a_message_starts_the_ticket(self):
        ticket = self._open()
        self.messages.create(
            {"ticket_id": ticket.id, "message_type": "question", "content": "Depuis ?"}
        )
        self.assertEqual(ticket.state, "in_progress")
        flows = [flow for flow, _state in self._sent_messages(ticket)]
        self.assertEqual(flows, ["SAV_SOLVING", "SAV_INFORMATION"])
        payload = self._last_payload(ticket)
        self.assertEqual(
            (payload["message_type"], payload["message_content"]),
            ("DEMANDE", "Depuis ?"),
        )

    def test_a_ticket_that_has_not_begun_is_closed_with_a_code(self):
        ticket = self._open()
        with self.assertRaises(WorkflowError) as caught:
            ticket._fire("close")
        self.assertEqual(caught.exception.code, "1")
        ticket._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        self.assertEqual(ticket.state, "closed")
        payload = self._last_payload(ticket)
        self.assertEqual(payload["closure_label"], "ERR03#INFORMATIONS INCOMPLETES")

    def test_a_code_of_repair_does_not_close_what_has_not_begun(self):
        ticket = self._open()
        with self.assertRaises(WorkflowError) as caught:
            ticket._fire("close", closure_code=self._code("RET01"))
        self.assertEqual(caught.exception.code, "13")

    def test_a_ticket_in_progress_is_resolved_once_a_task_is_done(self):
        ticket = self._open()
        task = self._task(ticket)
        with self.assertRaises(WorkflowError):
            self._resolve(ticket)
        task._fire("do")
        self.assertEqual(ticket.todo_ids.kind, "ticket_resolve")
        self._resolve(ticket, comment="Fibre ressoudée")
        self.assertEqual(ticket.state, "resolved")
        payload = self._last_payload(ticket)
        self.assertEqual(
            (payload["closure_code"], payload["location"]), ("RET01", "PBO")
        )
        self.assertEqual(payload["responsibility"], "OI")
        self.assertEqual(payload["closure_comment"], "Fibre ressoudée")

    def test_a_repair_needs_the_localisation_of_the_defect(self):
        ticket = self._open()
        self._done(ticket)
        with self.assertRaises(WorkflowError) as caught:
            ticket._fire("resolve", closure_code=self._code("RET01"))
        self.assertEqual(caught.exception.code, "1")

    def test_the_operator_accepts_and_the_ticket_is_closed(self):
        ticket = self._resolved()
        self.assertFalse(self._ask(ticket, wire_state="CLOSED"))
        self.assertEqual(ticket.state, "closed")
        self.assertTrue(ticket.closed_date)
        self.assertFalse(ticket.todo_ids)

    def test_a_rejection_reopens_and_asks_for_another_task(self):
        ticket = self._resolved()
        self._say(ticket, content="Toujours en panne", wire_state="OPENACTIVE")
        self.assertEqual(ticket.state, "in_progress")
        self.assertTrue(ticket.task_ids.is_settled)
        self.assertFalse(ticket.closure_code_id or ticket.restored_date)
        self.assertEqual(ticket.next_step, "plan")
        with self.assertRaises(WorkflowError):
            self._resolve(ticket)
        self._done(ticket)
        self._resolve(ticket, "RET02")
        self.assertEqual(ticket.state, "resolved")
        ticket._fire("accept")
        self.assertEqual(ticket.state, "closed")

    def test_without_validation_a_resolution_closes(self):
        self.operator.validates_resolutions = False
        ticket = self._resolved()
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(self._sent_messages(ticket)[-1], ("SAV_SOLVED", "CLOSED"))

    def test_a_visit_that_is_not_enough_asks_for_another_one(self):
        ticket = self._open()
        task = self._task(ticket)
        task._fire("repeat", customer_absent=True)
        self.assertTrue(task.customer_absent)
        self.assertEqual(
            self._last_payload(ticket)["resolution_state"], "NOUVELLE ACTION A PREVOIR"
        )
        self.assertEqual(ticket.next_step, "plan")

    def test_joint_expertise_ends_with_its_own_codes(self):
        ticket = self._open()
        self._done(ticket)
        ticket._fire("call_expertise")
        self._done(ticket, kind="expertise")
        self._resolve(ticket, "EXC01", comment="Désaccord sur le PBO")
        self.assertEqual(ticket.closure_code_id.code, "EXC01")

    def test_a_ticket_of_ours_is_never_notified(self):
        ticket = self.tickets.create(
            {
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "service_reference": self.order.service_reference,
            }
        )
        self._done(ticket)
        self._resolve(ticket)
        self.assertEqual((ticket.opened_by, ticket.state), ("oi", "closed"))
        self.assertFalse(ticket.event_ids)
        found, refusals = self.tickets._look_up(
            self.operator, self.network, ticket.reference
        )
        self.assertEqual((found, refusals), (ticket, []))

    def test_the_termination_of_the_access_closes_its_tickets(self):
        ticket = self._open()
        task = self._task(ticket)
        self.order._fire("terminate")
        self.assertEqual((ticket.state, task.state), ("closed", "cancelled"))
        self.assertEqual(ticket.closure_code_id.code, "ERR08")

    def test_the_timeline_tells_tasks_and_messages(self):
        ticket = self._open()
        self._done(ticket)
        self._say(ticket, "question", "Quand passez-vous ?")
        kinds = {entry["kind"] for entry in ticket.timeline}
        self.assertEqual(kinds, {"step", "message", "task", "dialogue"})
        self.assertIn("Quand passez-vous ?", str(ticket.timeline))

    def test_a_customer_that_was_absent_needs_no_false_repair(self):
        ticket = self._open()
        self._task(ticket)._fire("repeat", customer_absent=True)
        with self.assertRaises(WorkflowError) as caught:
            self._resolve(ticket)
        self.assertEqual(caught.exception.code, "13")
        self._resolve(ticket, "ABS02")
        self.assertEqual(ticket.state, "resolved")
        payload = self._last_payload(ticket)
        self.assertEqual(payload["closure_code"], "ABS02")
        self.assertEqual(
            payload["resolution_state"], "ACTION TERMINEE", "no one comes again"
        )

    def test_another_visit_that_is_needed_resolves_nothing(self):
        ticket = self._open()
        self._task(ticket)._fire("repeat")
        self.assertFalse(ticket._ready_for("resolve"))

    def test_what_is_awaited_at_a_rejection_counts_once_it_is_done(self):
        ticket = self._open()
        self._done(ticket)
        other = self._task(ticket)
        self._resolve(ticket)
        ticket._fire("reject")
        self.assertFalse(other.is_settled)
        self.assertEqual(
            ticket._payload_resolution()["resolution_state"], "ACTION PREVUE"
        )
        other._fire("do")
        self._resolve(ticket)
        self.assertEqual(ticket.state, "resolved")

    def test_no_task_on_a_ticket_without_work(self):
        ticket = self._resolved()
        for event in (None, "accept"):
            if event:
                ticket._fire(event)
            with self.subTest(ticket.state):
                with self.assertRaises(WorkflowError):
                    self._task(ticket)
                with self.assertRaises(WorkflowError):
                    ticket.action_add_task()

    def test_the_service_comes_back_between_the_trouble_and_now(self):
        ticket = self._open()
        self._done(ticket)
        for restored in (NOW + timedelta(days=1), NOW - timedelta(days=1)):
            with self.subTest(restored), self.assertRaises(WorkflowError) as caught:
                self._resolve(ticket, restored_date=restored)
            self.assertEqual(caught.exception.code, "13")
        self._resolve(ticket, restored_date=NOW)
        self.assertEqual(ticket.repair_hours, 0)
