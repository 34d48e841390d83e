import base64
import random
import tracemalloc
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.exceptions import BusyError

from ...soap import SERVICES, codes
from ...soap.safe_xml import LIMITS
from ...soap.services import sav
from ..soap.soap_common import envelope, invalid
from ..soap.test_hostile import REFUSED, REFUSED_BYTES
from .service_common import CALLER, PASSWORD, ServiceCase

LOGGER = "odoo.addons.oiconnect_soap.models.services.soap_server"
TYPES = sav.SERVICE.operation("getTroubleTicketTypes")


@tagged("post_install", "-at_install")
class TestSoapServer(ServiceCase):
    """Dispatching of a call, whatever the service."""

    def _model(self, name):
        return type(self.env[name])

    def test_the_order_of_refusals(self):
        """Size, reading, authentication, service open or not, values, the trade."""
        bad = self._value(defect=None, event="CASE SOLVED NOTIFICATION")
        body = self._body(sav.CREATE, {"ticket": bad}, password="faux")
        server = self._model("oiconnect.soap.server")
        with patch.object(server, "_is_service_active", lambda *_args: False):
            large = body + b" " * LIMITS.size
            self.assertFault(self._read(*self._post(large)), 22)
            cut = body[:-20]
            self.assertFault(self._read(*self._post(cut)), 22)
            self.assertFault(self._read(*self._post(body)), 12)
            body = body.replace(b"faux", PASSWORD.encode())
            self.assertFault(self._read(*self._post(body)), 19)
        self.assertCode(self._read(*self._post(body)), 13)

    def test_a_service_without_handler_says_so(self):
        service = SERVICES["works"]
        token = base64.b64encode(f"ocaa:{PASSWORD}".encode()).decode()
        server = self._model("oiconnect.soap.server")
        with patch.object(server, "_handlers", lambda _server: {}):
            status, content = self._post(
                envelope("works/by_start"), service, authorization=f"Basic {token}"
            )
        self.assertEqual(status, 500)
        self.assertIn(b"17", content)
        self.assertEqual(invalid(content, service), [])

    def test_services_without_login_are_opened_by_http(self):
        service = SERVICES["works"]
        content = envelope("works/by_start")
        wrong = [
            f"Basic {base64.b64encode(text).decode()}"
            for text in (b"ocaa:faux", b"ocaa", b"oc\0aa:x", b"\xff:x", b":")
        ]
        for authorization in ("", "Basic !!", "Bearer x", *wrong):
            with self.subTest(authorization):
                status, answer = self._post(
                    content, service, authorization=authorization
                )
                self.assertEqual(status, 500)
                self.assertIn(b"12", answer)
                self.assertEqual(self._last_call().code, "12")

    def test_an_action_of_another_operation(self):
        body = self._body(TYPES, {})
        for action in ("", '""', f'"{TYPES.name}"', f"urn:x/{TYPES.name}"):
            status, _content = self._post(body, action=action)
            self.assertEqual(status, 200, action)
        answer = self._post(body, action="getEventTypes")
        self.assertFault(self._read(*answer, TYPES), 22)

    def test_hostile_bodies_are_answered_by_a_fault(self):
        texts = {name: text.encode() for name, text in REFUSED.items()}
        for name, content in {**texts, **REFUSED_BYTES}.items():
            with self.subTest(name):
                status, answer = self._post(content)
                self.assertIn(status, (413, 500))
                self.assertEqual(status == 413, len(content) > LIMITS.size)
                self.assertFault(self._read(status, answer), 22)

    def test_memory_stays_flat(self):
        content = b"<a b='c'>" * 10_000_000
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        before = tracemalloc.get_traced_memory()[0]
        self._post(content)
        self.assertLess(tracemalloc.get_traced_memory()[1] - before, 5_000_000)

    def test_noise(self):
        chance = random.Random(7)
        for size in (0, 1, 10, 1000):
            self._read(*self._post(chance.randbytes(size)))

    # ------------------------------------------------------------------
    # Failures
    # ------------------------------------------------------------------

    def _failing(self, error):
        """Let a creation fail once its ticket is there."""
        tickets = self._model("oiconnect.ticket")
        create = tickets._create_received

        def failing(ticket, *args):
            create(ticket, *args)
            raise error

        return patch.object(tickets, "_create_received", failing)

    def test_what_fails_leaves_nothing_but_its_line_in_the_journal(self):
        before = self.tickets.search_count([])
        with self._failing(ValueError("EXEMPLE")), self.assertLogs(LOGGER) as logs:
            reply = self._create_by_soap()
        self.assertFault(reply, 10)
        self.assertEqual(self.tickets.search_count([]), before)
        self.assertNotIn("EXEMPLE", "".join(logs.output))
        call = self._last_call()
        self.assertEqual((call.code, call.is_fault), ("10", True))
        self.assertEqual(call.error, "ValueError")

    def test_no_trace_goes_to_the_caller(self):
        with self._failing(KeyError("x")), mute_logger(LOGGER):
            _status, content = self._post(
                self._body(sav.CREATE, {"ticket": self._value()})
            )
        for word in (b"Traceback", b"KeyError", b".py"):
            self.assertNotIn(word, content)

    def test_a_locked_record_is_reported_by_14(self):
        ticket = self._opened()
        tickets = self._model("oiconnect.ticket")
        busy = BusyError("occupé")
        with patch.object(tickets, "_apply_update", side_effect=busy):
            reply = self._set_by_soap(ticket, message_type="INFO", message_content="x")
        self.assertFault(reply, 14)

    def test_a_creation_that_came_twice_at_once_is_tried_again(self):
        """The next try sees the ticket of the other connection, and answers it."""
        before = self.tickets.search_count([])
        with self._failing(BusyError("occupé")), self.assertRaises(ConcurrencyError):
            self._create_by_soap()
        self.assertEqual(self.tickets.search_count([]), before)

    def test_an_unexpected_refusal_is_reported_by_10(self):
        with self._failing(UserError("Monsieur EXEMPLE")), mute_logger(LOGGER):
            self.assertFault(self._create_by_soap(), 10)

    def test_an_answer_outside_the_contract_is_reported_by_18(self):
        ticket = self._opened()
        ticket.sudo().contract = {"oc_name": "x" * 300}
        self.assertFault(self._get_by_soap(ticket.reference), 18)
        self.assertIn("serviceProviderName", self._last_call().error)

    # ------------------------------------------------------------------
    # Journal
    # ------------------------------------------------------------------

    def test_a_call_is_in_the_journal_without_its_customer(self):
        ticket = self._opened(customer_name="ZEBULON", description="Interphone QX12")
        call = self._last_call()
        self.assertEqual((call.direction, call.service), ("in", "sav"))
        self.assertEqual(call.operation, "createTroubleTicketByValue")
        self.assertEqual(call.account_id, self.account)
        self.assertEqual(call.operator_id, self.operator)
        self.assertEqual(call.company_id, self.network.company_id)
        self.assertEqual((call.res_model, call.res_id), (ticket._name, ticket.id))
        self.assertEqual(call.code, "0")
        self.assertFalse(call.is_fault or call.is_failed)
        self.assertEqual(call.remote_address, CALLER)
        self.assertIn(self.order.service_reference, call.request)
        self.assertIn(ticket.reference, call.answer)
        for secret in ("ZEBULON", "QX12", PASSWORD):
            self.assertNotIn(secret, call.request + call.answer)

    def test_a_refusal_is_a_failure_and_a_repetition_is_none(self):
        self._create_by_soap(service_reference="INCONNUE")
        self.assertEqual(self._end(), ("8", True))
        ticket = self._opened()
        self._set_by_soap(ticket)
        self.assertEqual(self._end(), ("6", False))

    def _end(self):
        call = self._last_call()
        return call.code, call.is_failed

    def test_the_envelope_of_an_unknown_caller_is_not_stored(self):
        self._post(self._body(TYPES, {}, "personne", "x"))
        self._post(b"<rien/>")
        for call in self.env["oiconnect.soap.call"].search([], limit=2):
            self.assertFalse(call.request or call.answer or call.account_id)
            self.assertTrue(call.is_failed)

    def test_long_envelopes_are_cut(self):
        body = self._body(sav.CREATE, {"ticket": self._value()})
        end = b"</tt:troubleTicketValue>"
        self.assertIn(end, body)
        self._post(body.replace(end, b"<more>text</more>" * 2000 + end))
        self.assertEqual(len(self._last_call().request), 20_000)

    def test_old_calls_are_erased_by_batches(self):
        self._post(self._body(TYPES, {}))
        calls = self.env["oiconnect.soap.call"].search([])
        self.assertTrue(calls)
        self._run("2027-02-20 03:00:00", calls._cron_erase)
        self.assertTrue(calls.exists())
        self._run("2027-03-20 03:00:00", calls._cron_erase)
        self.assertFalse(calls.exists())

    def test_the_settings_are_numbers_of_sense(self):
        settings = self.env["res.config.settings"].create(
            {"oiconnect_soap_call_days": 30, "oiconnect_lock_tries": 5}
        )
        settings.execute()
        parameters = self.env["ir.config_parameter"].sudo()
        self.assertEqual(parameters.get_param("oiconnect_interop.lock_tries"), "5")
        with self.assertRaises(UserError):
            self.env["res.config.settings"].create({"oiconnect_lock_tries": 0})

    def test_codes_of_the_dispatcher_are_in_the_table(self):
        for code in (codes.MAINTENANCE, codes.BAD_DATA, codes.SERVICE_DISABLED):
            self.assertIn(code, codes.RETURN_CODES)
