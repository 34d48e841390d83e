from odoo.tests.common import tagged

from ..common import TicketCase

REQUEST = "CASE CANCELATION REQUEST"


@tagged("post_install", "-at_install")
class TestTicketCancellation(TicketCase):
    """The operator gives up: at once, or with our agreement (SAV 3.0 §3.2)."""

    def _cancel(self, ticket):
        return self._ask(
            ticket,
            event=REQUEST,
            message={"message_type": "cancellation", "content": "Client rétabli"},
        )

    def test_what_has_not_begun_is_cancelled_at_once(self):
        ticket = self._open()
        self.assertFalse(self._cancel(ticket))
        self.assertEqual(
            (ticket.state, ticket.closure_code_id.code), ("cancelled", "ERR07")
        )
        self.assertEqual(self._sent_messages(ticket), [("SAV_CANCELLATION", "CLOSED")])

    def test_what_has_begun_needs_our_agreement(self):
        ticket = self._open()
        task = self._task(ticket)
        self._cancel(ticket)
        self.assertEqual(ticket.state, "cancel_requested")
        self.assertEqual(ticket._wire_state(), "OPENACTIVE.TO.BE.CANCELED")
        self.assertEqual(ticket.todo_ids.kind, "ticket_cancel")
        ticket._fire("agree_cancel")
        self.assertEqual((ticket.state, task.state), ("cancelled", "cancelled"))
        self.assertEqual(ticket.closure_code_id.code, "STT02")
        flows = [flow for flow, _state in self._sent_messages(ticket)][-2:]
        self.assertEqual(flows, ["SAV_CANCEL_AGREEMENT", "SAV_CANCELLATION"])

    def test_we_may_refuse_and_go_on(self):
        ticket = self._open()
        self._task(ticket)
        self._cancel(ticket)
        ticket._fire("refuse_cancel", note="Technicien sur place")
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(self._sent_messages(ticket)[-1], ("SAV_SOLVING", "OPENACTIVE"))
        self.assertEqual(self._last_payload(ticket)["comment"], "Technicien sur place")

    def test_a_resolution_is_not_cancelled(self):
        ticket = self._resolved()
        self.assertEqual(self._cancel(ticket), ["13"])
        self.assertFalse(ticket.message_line_ids, "a refusal changes nothing")

    def test_a_second_request_changes_nothing(self):
        ticket = self._open()
        self._cancel(ticket)
        self.assertEqual(self._cancel(ticket), ["6"])

    def test_a_request_to_cancel_ends_the_freeze(self):
        ticket = self._open()
        self._task(ticket)
        ticket._fire("freeze", reason="access")
        self._cancel(ticket)
        self.assertTrue(ticket.freeze_ids.stop)
        self.assertEqual(ticket.due_kind, "ticket_repair")
