from unittest.mock import patch

from odoo.tests.common import tagged
from odoo.tools import mute_logger

from ...models.tickets.operator_mail import QUEUE, TEMPLATE
from ..common import TicketCase

LOGGER = "odoo.addons.oiconnect_sav.models.tickets.operator_mail"
ADDRESS, OTHER = "supervision@exemple.test", "nuit@exemple.test"


@tagged("post_install", "-at_install")
class TestTicketMail(TicketCase):
    """The contacts of an operator that requests it get mails about its tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator.mails_tickets = True
        cls.contacts = cls.env["oiconnect.operator.contact"].create(
            [
                {"name": name, "email": email, "for_tickets": for_tickets}
                | {"operator_id": cls.operator.id}
                for name, email, for_tickets in (
                    ("Supervision", ADDRESS, True),
                    ("Commandes", "commandes@exemple.test", False),
                    ("Sans adresse", False, True),
                )
            ]
        )

    def _mails(self, ticket):
        return self.env["mail.mail"].search(
            [("model", "=", ticket._name), ("res_id", "=", ticket.id)], order="id"
        )

    def _new_mail(self, ticket, action):
        before = self._mails(ticket)
        action()
        return self._mails(ticket) - before

    def test_each_step_that_the_operator_hears_of_is_a_mail(self):
        ticket = self._open()
        self.assertFalse(self._mails(ticket), "it opened the ticket itself")
        mail = self._new_mail(ticket, lambda: self._task(ticket))
        self.assertIn("pris en charge", mail.body_html)
        say = {"ticket_id": ticket.id, "message_type": "info", "content": "Bonjour"}
        mail = self._new_mail(ticket, lambda: self.messages.create(say))
        self.assertIn("message", mail.body_html)
        self.assertFalse(
            self._new_mail(ticket, lambda: ticket._fire("freeze", reason="access"))
        )
        ticket._fire("thaw")
        self._done(ticket)
        mail = self._new_mail(ticket, lambda: self._resolve(ticket))
        self.assertIn("résolu", mail.body_html)
        self.assertIn(ticket.closure_code_id.code, mail.body_html)
        self.assertIn("valider ou de rejeter", mail.body_html)
        self.assertFalse(self._new_mail(ticket, lambda: ticket._fire("accept")))

    def test_a_cancellation_is_a_mail(self):
        ticket = self._open()
        mail = self._new_mail(ticket, lambda: ticket._fire("request_cancel"))
        self.assertIn("annulé", mail.body_html)

    def test_a_refusal_is_a_mail_that_says_closed(self):
        ticket = self._open()
        code = self._code("ERR04")
        mail = self._new_mail(ticket, lambda: ticket._fire("close", closure_code=code))
        self.assertIn("est clôturé", mail.body_html)
        self.assertNotIn("valider ou de rejeter", mail.body_html)

    def test_the_mail_waits_in_the_queue_for_the_contacts_of_tickets(self):
        ticket = self._open()
        cron = self.env.ref(QUEUE)
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        ticket._fire("start")
        mail = self._mails(ticket)
        self.assertEqual((mail.state, mail.email_to), ("outgoing", ADDRESS))
        self.assertIn(ticket.reference, mail.subject)
        self.assertIn(ticket.oc_key, mail.subject)
        after = self.env["ir.cron.trigger"].search_count(triggers)
        self.assertEqual(after, before + 1)

    def test_several_contacts_get_one_mail(self):
        self.contacts[1].write({"email": OTHER, "for_tickets": True})
        ticket = self._open()
        ticket._fire("start")
        recipients = set(self._mails(ticket).email_to.split(", "))
        self.assertEqual(recipients, {ADDRESS, OTHER})

    def test_no_mail_tells_of_the_end_customer(self):
        ticket = self._open(
            customer_name="DUPONT-EXEMPLE",
            customer_contact1="0600000042",
            description="Rappeler Camille",
        )
        say = {"ticket_id": ticket.id, "content": "Chez DUPONT-EXEMPLE demain"}
        self.messages.create(say)
        self._done(ticket)
        self._resolve(ticket, comment="Camille a signé")
        mails = self._mails(ticket)
        self.assertEqual(len(mails), 3)
        for mail in mails:
            text = f"{mail.subject} {mail.body_html}"
            for word in (
                "DUPONT",
                "0600000042",
                "Camille",
                ticket.service_reference,
                ticket.pto_id.reference,
            ):
                self.assertNotIn(word, text)

    def test_by_default_no_mail_is_sent(self):
        self.assertFalse(self.rival.mails_tickets)
        self.operator.mails_tickets = False
        ticket = self._open()
        ticket._fire("start")
        self.assertFalse(self._mails(ticket))

    def test_without_a_contact_for_tickets_there_is_no_mail(self):
        self.contacts.for_tickets = False
        ticket = self._open()
        ticket._fire("start")
        self.assertFalse(self._mails(ticket))

    def test_a_ticket_that_we_opened_is_not_sent_by_mail_either(self):
        ticket = self.tickets.create(
            {"operator_id": self.operator.id, "network_id": self.network.id}
        )
        ticket._fire("start")
        self.assertFalse(self._mails(ticket))

    def test_a_mail_that_cannot_be_written_does_not_stop_the_ticket(self):
        ticket = self._open(description="Rappeler Camille")
        templates = type(self.env["mail.template"])

        def fails(*_args, **_kw):
            self.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(templates, "send_mail", fails),
            mute_logger("odoo.sql_db"),
            self.assertLogs(LOGGER, "WARNING") as logs,
        ):
            ticket._fire("start")
        self.assertNotIn("Camille", str(logs.output))
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(self._sent_messages(ticket), [("SAV_SOLVING", "OPENACTIVE")])
        self.assertFalse(self._mails(ticket))

    def test_without_its_template_the_ticket_goes_on(self):
        self.env.ref(TEMPLATE).unlink()
        ticket = self._open()
        with self.assertLogs(LOGGER, "WARNING"):
            ticket._fire("start")
        self.assertEqual(ticket.state, "in_progress")
