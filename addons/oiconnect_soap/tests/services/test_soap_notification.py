from unittest.mock import patch

from odoo.tests.common import tagged

from odoo.addons.oiconnect_interop.models.accounts import retry_mixin
from odoo.addons.oiconnect_interop.transport.http_client import CallError

from ...soap import PayloadError
from ...soap.notification import EVENTS
from ...soap.services import sav
from .partner import PASSWORD, URL, NotificationCase, wait_of

SOLVING, SOLVED = "CASE SOLVING NOTIFICATION", "CASE SOLVED NOTIFICATION"
OK_WITHOUT_CODE = b"""<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">
<S:Body><setTroubleTicketByValueResponse xmlns="http://ossj.org/xml/TroubleTicket/v1-2">
<troubleTicketResponse/></setTroubleTicketByValueResponse></S:Body></S:Envelope>"""
FAULT_WITHOUT_CODE = b"""<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">
<S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>NullPointerException
</faultstring></S:Fault></S:Body></S:Envelope>"""


@tagged("post_install", "-at_install")
class TestSoapNotification(NotificationCase):
    """Changes of a ticket are sent to the operator's server, in order, once."""

    # ------------------------------------------------------------------
    # A story
    # ------------------------------------------------------------------

    def test_a_ticket_is_notified_from_its_beginning_to_its_end(self):
        ticket = self._resolved()
        self._notify()
        self.assertEqual(self.partner.events[-1], SOLVED)
        self.assertEqual(set(self.partner.events[:-1]), {SOLVING})
        self.assertEqual(self.partner.versions, ticket.event_ids.sorted("id").ids)
        self.assertEqual(set(self._states(ticket)), {"done"})
        self.assertEqual(
            {sent["reference"] for sent in self.partner.tickets}, {ticket.reference}
        )

    def test_each_event_stands_in_words_in_timelines(self):
        tickets = self.env["oiconnect.ticket"].with_context(lang="fr_FR")
        labels = {flow: tickets._flow_label(flow) for flow in EVENTS}
        self.assertEqual(labels["SAV_SOLVED"], "Ticket résolu")
        self.assertFalse([label for label in labels.values() if label.isupper()])
        self.assertEqual(len(set(labels.values())), len(EVENTS))

    def test_the_operator_reads_its_key_the_sirens_and_our_log_in(self):
        ticket = self._started()
        self._notify()
        [call] = self.partner.calls
        self.assertEqual(call.header, {"login": "oito", "password": PASSWORD})
        self.assertEqual(call.problems, ())
        sent = call.payload["ticket"]
        self.assertEqual(
            (sent["oc_key"], sent["oc_siren"]), (ticket.oc_key, "999000029")
        )
        self.assertEqual(sent["oi_siren"], "999000011")
        self.assertEqual(self.partner.addresses, [(URL, 20)])

    def test_a_partner_of_an_older_version_reads_its_own_namespace_and_states(self):
        self.operator.ticket_version = "2.x"
        self.account.value_namespace = sav.VALUE_2
        ticket = self._started()
        ticket._fire("freeze", reason="answer")
        self._notify()
        self.assertEqual(self.partner.tickets[-1]["wire_state"], "DEFERRED")
        namespaces = {call.value_namespace for call in self.partner.calls}
        self.assertEqual(namespaces, {sav.VALUE_2})

    def test_a_message_wakes_the_sending_once_it_is_committed(self):
        cron = self.env.ref("oiconnect_soap.cron_notify")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._started()
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)
        self._planned()
        self._wake()
        self.assertTrue(self._planned())

    def test_without_message_no_call_is_made(self):
        self._planned()
        self._notify()
        self.assertFalse(self.partner.calls)
        self.assertFalse(self._planned())

    # ------------------------------------------------------------------
    # Outcomes
    # ------------------------------------------------------------------

    def _end_of(self, event, step):
        """Return what becomes of a message and of the account."""
        event.write({"state": "pending", "error": False})
        self.account.write(
            {"failure_count": 0, "stopped_code": False, "next_try_date": False}
        )
        self.partner.steps.append(step)
        self._notify()
        account = self.account
        return event.state, account.failure_count, account.stopped_code

    def test_what_each_answer_and_each_failure_means(self):
        event = self._event(self._started())
        done, refused = ("done", 0, False), ("error", 0, False)
        retried = ("pending", 1, False)
        for steps, expected in (
            ((0, 6, -6, OK_WITHOUT_CODE), done),
            ((10, -10, 14, -14, 20, 21, 23, -23), retried),
            ((CallError("timeout"), CallError("unreachable", "down")), retried),
            ((b"<html>En travaux</html>", b"", CallError("broken")), retried),
            ((1, 2, 3, 8, -8, 9, 11, 13, 18, -22, 42), refused),
            ((FAULT_WITHOUT_CODE,), refused),
        ):
            for step in steps:
                with self.subTest(step=step):
                    self.assertEqual(self._end_of(event, step), expected)
        for code in (12, 15, 16):
            for step in (code, -code):
                with self.subTest(step=step):
                    found = self._end_of(event, step)
                    self.assertEqual(found, ("pending", 0, str(code)))

    def test_a_refusal_is_a_task_about_the_ticket_and_the_next_message_goes(self):
        ticket = self._started()
        ticket._fire("freeze", reason="answer")
        self.partner.steps.append(-8)
        self._notify()
        self.assertEqual(self._states(ticket), ["error", "done"])
        refused = ticket.event_ids.sorted("id")[0]
        self.assertTrue(refused.error.startswith("8 - "))
        todo = self.env["oiconnect.todo"].search(
            [("res_model", "=", "oiconnect.event"), ("res_id", "=", refused.id)]
        )
        self.assertEqual((todo.kind, todo.state), ("message", "open"))
        self.assertIn(ticket.reference, todo.name)
        self.assertEqual(ticket.untold_count, 1)

    def test_each_ticket_that_is_refused_is_a_task_of_its_own(self):
        tickets = self._started(), self._started(order=self._other_line())
        self.partner.steps.extend([13, 13])
        self._notify()
        todos = self.env["oiconnect.todo"].search(
            [("res_model", "=", "oiconnect.event"), ("state", "=", "open")]
        )
        refused = {self._event(ticket).id for ticket in tickets}
        self.assertEqual(set(todos.mapped("res_id")) & refused, refused)

    def test_a_message_that_the_contract_does_not_allow_keeps_no_other(self):
        ticket = self._started()
        bad = self._event(ticket)
        bad.payload = bad.payload | {"oc_siren": "12"}
        ticket._fire("freeze", reason="answer")
        self._notify()
        self.assertEqual(self._states(ticket), ["error", "done"])
        self.assertIn("serviceProviderID", bad.error)
        self.assertEqual(self.account.failure_count, 0)

    def test_a_flow_that_no_service_takes_is_in_error(self):
        event = self._event(self._started())
        event.flow = "SAV_UNKNOWN"
        self._notify()
        self.assertEqual(event.state, "error")
        self.assertIn("SAV_UNKNOWN", event.error)

    # ------------------------------------------------------------------
    # Order
    # ------------------------------------------------------------------

    def test_no_message_overtakes_another_while_the_server_fails(self):
        first, second = self._started(), self._started(order=self._other_line())
        first._fire("freeze", reason="answer")
        expected = (first | second).event_ids.sorted("id").ids
        self.partner.steps.append(CallError("timeout"))
        self._notify()
        self.assertEqual(len(self.partner.calls), 1, "the others wait behind it")
        self.account.next_try_date = False
        self._notify()
        self.assertEqual(self.partner.versions, [expected[0], *expected])

    def test_an_account_that_another_worker_has_is_left_for_a_moment(self):
        self._started()
        self._planned()
        accounts = self.env.registry["oiconnect.soap.account"]
        self.patch(accounts, "_lock", lambda *args: False)
        self._notify()
        self.assertFalse(self.partner.calls)
        self.assertAlmostEqual(wait_of(self._planned()), 5, delta=2)

    def test_one_job_leaves_their_turn_to_others(self):
        self.patch(retry_mixin, "CALLS_PER_JOB", 1)
        ticket = self._started()
        ticket._fire("freeze", reason="answer")
        self._planned()
        self._notify()
        self.assertEqual(self._states(ticket), ["done", "pending"])
        self.assertTrue(self._planned())

    def test_a_message_whose_end_is_not_known_is_sent_again_with_its_number(self):
        ticket = self._started()
        event = self._event(ticket)
        accounts = self.env.registry["oiconnect.soap.account"]

        def die(*_arguments):
            raise RuntimeError

        with patch.object(accounts, "_note_notification", die):
            with self.assertRaises(RuntimeError):
                self._notify()
        self.env.invalidate_all()
        self.assertEqual(event.state, "pending")
        self.partner.steps.append(6)
        self._notify()
        self.assertEqual(event.state, "done")
        self.assertEqual(self.partner.versions, [event.id, event.id])

    # ------------------------------------------------------------------
    # Journal
    # ------------------------------------------------------------------

    def test_each_call_is_in_the_journal_without_password_or_customer(self):
        ticket = self._started()
        self._notify()
        self.messages.create(
            {"ticket_id": ticket.id, "message_type": "info", "content": "Mme EXEMPLE"}
        )
        self.partner.steps.append(CallError("timeout"))
        self._notify()
        sent, failed = self._calls()
        self.assertEqual((sent.code, sent.is_failed), ("0", False))
        self.assertEqual((sent.res_model, sent.res_id), (ticket._name, ticket.id))
        self.assertEqual(sent.account_id, self.account)
        self.assertEqual(sent.operation, "setTroubleTicketByValue")
        self.assertIn(SOLVING, sent.request)
        self.assertIn("AUCUNE ERREUR", sent.answer)
        self.assertEqual((failed.code, failed.is_failed), (False, True))
        self.assertTrue(failed.error)
        for call in sent | failed:
            self.assertNotIn(PASSWORD, call.request)
            self.assertNotIn("EXEMPLE", call.request)
        self.assertEqual(ticket.soap_call_count, 2)

    def test_a_payload_error_names_fields_and_no_value(self):
        self.assertEqual(str(PayloadError({"supplierID": 3})), "supplierID (3)")
