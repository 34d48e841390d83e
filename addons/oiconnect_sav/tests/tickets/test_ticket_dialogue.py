from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from ...message_types import MESSAGE_TYPES, WIRE_TYPES
from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketDialogue(TicketCase):
    """Messages of both parties, canned answers and escalation."""

    def test_every_type_has_its_value_on_the_wire(self):
        self.assertEqual(list(WIRE_TYPES), [key for key, _label in MESSAGE_TYPES])

    def test_a_question_of_the_operator_is_to_answer(self):
        ticket = self._open()
        self._task(ticket)
        self._say(ticket, "question", "Quand passez-vous ?")
        self.assertEqual(ticket.todo_ids.kind, "ticket_reply")
        self.messages.create(
            {"ticket_id": ticket.id, "message_type": "answer", "content": "Demain"}
        )
        self.assertEqual(ticket.todo_ids.kind, "ticket_plan")

    def test_each_message_writes_its_ticket(self):
        """Two connections that bring one message meet on the row of the ticket."""
        ticket = self._open()
        self.assertFalse(ticket.heard_date)
        for moment in ("2026-11-23 09:00:00", "2026-11-23 09:00:01"):
            self._at(moment, self._say, ticket, "info", moment)
            self.assertEqual(fields.Datetime.to_string(ticket.heard_date), moment)

    def test_an_information_asks_for_nothing(self):
        ticket = self._open()
        self._task(ticket)
        self._say(ticket, "info", "Chien méchant")
        self.assertEqual(ticket.todo_ids.kind, "ticket_plan")
        self.assertEqual(ticket.message_line_ids.direction, "in")

    def test_an_escalation_marks_the_ticket(self):
        ticket = self._open()
        self._say(ticket, "escalation", "Client prioritaire")
        self.assertTrue(ticket.is_escalated)
        other = self._open_other()
        self._ask(other, escalation=True)
        self.assertTrue(other.is_escalated)

    def _open_other(self):
        order = self._delivered()
        return self._open(order)

    def test_we_send_no_escalation(self):
        ticket = self._open()
        with self.assertRaises(UserError):
            self.messages.create(
                {"ticket_id": ticket.id, "message_type": "escalation", "content": "X"}
            )

    def test_a_message_that_was_sent_stays(self):
        ticket = self._open()
        message = self.messages.create({"ticket_id": ticket.id, "content": "Bonjour"})
        with self.assertRaises(UserError):
            message.write({"content": "Autre"})
        with self.assertRaises(UserError):
            message.unlink()

    def test_a_message_has_1024_characters(self):
        ticket = self._open()
        self.messages.create({"ticket_id": ticket.id, "content": "x" * 1024})
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.messages.create({"ticket_id": ticket.id, "content": "x" * 1025})
            self.env.flush_all()

    def test_no_message_to_an_ended_ticket(self):
        ticket = self._open()
        ticket._fire("close", closure_code=self._code("ERR01"))
        with self.assertRaises(UserError):
            self.messages.create({"ticket_id": ticket.id, "content": "Bonjour"})

    def test_a_canned_answer_begins_the_message(self):
        answer = self.env["oiconnect.ticket.answer"].create(
            {"name": "Passage", "message_type": "progress", "content": "En route."}
        )
        message = self.messages.new({"answer_id": answer.id, "content": "À 14 h."})
        message._onchange_answer_id()
        self.assertEqual(message.message_type, "progress")
        self.assertEqual(message.content, "En route.\nÀ 14 h.")
