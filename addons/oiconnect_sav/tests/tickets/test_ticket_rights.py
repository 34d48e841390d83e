from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged

from ..common import TicketCase

CUSTOMER = ("customer_name", "customer_contact1", "description", "closure_comment")


@tagged("post_install", "-at_install")
class TestTicketRights(TicketCase):
    """Rights on tickets: their readers, and what these see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(
            cls.env, "lecture_sav", "oiconnect_base.group_ticket_read"
        )
        cls.hotline = new_test_user(
            cls.env, "hotline_sav", "oiconnect_base.group_ticket_user"
        )
        cls.orderer = new_test_user(
            cls.env, "commandes_sav", "oiconnect_base.group_access_user"
        )

    def test_without_the_right_no_ticket(self):
        ticket = self._open()
        for model in ("oiconnect.ticket", "oiconnect.ticket.task"):
            self.assertFalse(self.env[model].with_user(self.orderer).has_access("read"))
        with self.assertRaises(AccessError):
            ticket.with_user(self.orderer).read(["reference"])

    def test_the_work_of_each_right_is_its_own(self):
        self._open()
        todos = self.env["oiconnect.todo"]
        of_tickets = todos.with_user(self.reader).search([])
        self.assertEqual(set(of_tickets.mapped("res_model")), {"oiconnect.ticket"})
        of_orders = todos.with_user(self.orderer).search([])
        self.assertNotIn("oiconnect.ticket", of_orders.mapped("res_model"))

    def test_the_history_of_orders_is_not_that_of_tickets(self):
        ticket = self._open()
        steps = self.env["oiconnect.workflow.step"]
        seen = steps.with_user(self.reader).search([]).mapped("res_model")
        self.assertIn("oiconnect.ticket", seen)
        self.assertNotIn("oiconnect.access.order", seen)
        self.assertTrue(ticket.with_user(self.reader).timeline)

    def _words(self, lines, name):
        """Return all that the lines tell in one field, as one text."""
        self.env.invalidate_all()
        return str(lines.mapped(name))

    def _both(self, login, *levels):
        names = (f"oiconnect_base.group_{level}" for level in levels)
        return new_test_user(self.env, login, ",".join(names))

    def test_words_of_the_history_are_read_by_the_right_of_their_kind(self):
        ticket = self._open()
        task = self._task(ticket)
        for record, event in ((ticket, "escalate"), (task, "do")):
            record._fire(event, note="EXEMPLE a rappelé")
        self.order._fire("terminate", note="EXEMPLE déménage")
        tickets = ticket.step_ids | task.step_ids
        orders = self.order.step_ids
        readers = self._both("mixte_sav", "ticket_user", "access_read")
        orderers = self._both("mixte_commandes", "ticket_read", "access_user")
        for user, lines, seen in (
            (self.hotline, tickets, True),
            (self.reader, tickets, False),
            (orderers, tickets, False),
            (orderers, orders, True),
            (readers, tickets, True),
            (readers, orders, False),
        ):
            with self.subTest(user.login, model=lines[0].res_model):
                lines = lines.with_user(user)
                words = self._words(lines, "readable_note")
                self.assertEqual("EXEMPLE" in words, seen)
                with self.assertRaises(AccessError):
                    lines.read(["note"])

    def test_words_of_messages_are_read_by_the_right_of_their_kind(self):
        ticket = self._open()
        self._done(ticket)
        self._resolve(ticket, comment="EXEMPLE rétabli")
        event = ticket.event_ids[0]
        event.error = "EXEMPLE refusé"
        names = ("readable_payload", "readable_error")
        orderer = self._both("mixte_messages", "ticket_read", "access_user")
        for user, seen in (
            (self.hotline, True),
            (self.reader, False),
            (orderer, False),
        ):
            with self.subTest(user.login):
                line = event.with_user(user)
                for name in names:
                    self.assertEqual("EXEMPLE" in self._words(line, name), seen, name)
                timeline = str(ticket.with_user(user).timeline)
                self.assertEqual("EXEMPLE refusé" in timeline, seen)
                with self.assertRaises(AccessError):
                    line.read(["payload"])

    def test_notes_of_after_sales_visits_are_those_of_tickets(self):
        visit = self._book()
        visit._fire("confirm", note="EXEMPLE rappelé")
        steps = visit.step_ids.with_user(self.hotline)
        self.assertNotIn("EXEMPLE", self._words(steps, "readable_note"))
        visit.kind = "repair"
        self.assertIn("EXEMPLE", self._words(steps, "readable_note"))

    def test_a_reader_reads_nothing_of_the_customer(self):
        ticket = self._open().with_user(self.reader)
        for name in CUSTOMER:
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.read([name])
        self.assertTrue(ticket.read(["reference", "state", "operator_id"]))
        messages = self.env["oiconnect.ticket.message"].with_user(self.reader)
        self.assertFalse(messages.has_access("read"))
        self.assertNotIn("dialogue", {one["kind"] for one in ticket.timeline})
        ticket.with_user(self.hotline).read(list(CUSTOMER))

    def test_a_reader_reads_nothing_that_was_written_of_a_task(self):
        task = self._done(self._open(), instructions="Sonner chez EXEMPLE")
        task.message_post(body="EXEMPLE est absent le matin")
        photo = self.env["ir.attachment"].create(
            {
                "name": "exemple.txt",
                "raw": b"plan",
                "res_model": task._name,
                "res_id": task.id,
            }
        )
        for name in ("instructions", "result", "photo_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                task.with_user(self.reader).read([name])
        self.assertTrue(task.with_user(self.reader).read(["state", "loss"]))
        for records in (task.message_ids, photo):
            domain = [("id", "in", records.ids)]
            for user, seen in ((self.reader, False), (self.hotline, True)):
                found = records.with_user(user).search(domain)
                with self.subTest(records._name, user=user.login):
                    self.assertEqual(bool(found), seen)

    def test_another_company_sees_nothing(self):
        ticket = self._open()
        company = self.env["res.company"].create({"name": "Autre OI"})
        stranger = new_test_user(
            self.env,
            "autre_oi",
            "oiconnect_base.group_ticket_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        tickets = self.tickets.with_user(stranger)
        self.assertFalse(tickets.search([("id", "=", ticket.id)]))
        with self.assertRaises(AccessError):
            tickets.browse(ticket.id).read(["reference"])

    def test_a_reader_sees_after_sales_visits_only(self):
        visit = self._book()
        appointments = self.env["oiconnect.appointment"].with_user(self.reader)
        self.assertFalse(appointments.search([("id", "=", visit.id)]))
        seen = appointments.with_user(self.orderer).search([("id", "=", visit.id)])
        self.assertEqual(seen.id, visit.id)
