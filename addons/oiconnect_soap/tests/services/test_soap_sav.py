from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import models
from odoo.tests.common import tagged

from odoo.addons.oiconnect_sav.models.tickets.line import READ_OF

from ...soap import codes
from ...soap.services import sav
from ..soap.soap_common import envelope, envelopes, invalid
from .service_common import OC_SIREN, OI_SIREN, ServiceCase

CANCEL = "CASE CANCELATION REQUEST"


@tagged("post_install", "-at_install")
class TestSoapCreation(ServiceCase):
    """An operator opens a ticket by SAV 3.0 and hears how it was taken."""

    def test_a_ticket_is_opened(self):
        ticket = self._opened(
            oc_key="OC-1",
            offer="OFFRE-1",
            gtr_delay="10H",
            gtr_range="SIGNALISATION",
            critical_level="CRITIQUE",
            detection_date=datetime(2026, 11, 22, 18, 30),
        )
        self.assertEqual(ticket.operator_id, self.operator)
        self.assertEqual((ticket.state, ticket.opened_by), ("open", "oc"))
        self.assertEqual((ticket.oc_key, ticket.oc_siren), ("OC-1", OC_SIREN))
        self.assertEqual(ticket.order_id, self.order)
        self.assertEqual(ticket.description, "Plus de signal depuis ce matin")
        self.assertEqual(ticket.detection_date, datetime(2026, 11, 22, 18, 30))
        self.assertEqual((ticket.gtr_range, ticket.priority), ("signalling", "2"))
        self.assertEqual(ticket.contract["offer"], "OFFRE-1")
        self.assertEqual(ticket.step_ids.mapped("channel"), ["soap"])

    def test_it_was_opened_when_it_came_here(self):
        ticket = self._opened(date=datetime(2020, 1, 1))
        self.assertEqual(ticket.opened_date, datetime(2026, 11, 23, 8, 0))

    def test_a_call_reads_what_it_needs_of_a_record_at_once(self):
        """Columns missing from the lists of columns to read cost one query each."""
        read_alone, read = [], models.BaseModel._fetch_field

        def note(records, field):
            read_alone.append(str(field))
            return read(records, field)

        with patch.object(models.BaseModel, "_fetch_field", note):
            self._opened()
        listed = (*READ_OF, "oiconnect.soap.account", "oiconnect.operator")
        listed += ("oiconnect.network", "res.users", "res.partner")
        forgotten = [name for name in read_alone if name.rpartition(".")[0] in listed]
        self.assertEqual(forgotten, [])

    def test_the_same_key_is_answered_with_the_same_ticket(self):
        ticket = self._opened(oc_key="OC-1")
        again = self._opened(oc_key="OC-1")
        self.assertEqual(again, ticket)

    def test_a_message_and_an_escalation_come_with_it(self):
        ticket = self._opened(
            message_type="INFO", message_content="Chien", escalation=True
        )
        self.assertEqual(ticket.message_line_ids.content, "Chien")
        self.assertTrue(ticket.is_escalated)

    def test_what_is_missing_is_named_as_on_the_wire(self):
        for key, name in (
            ("oc_siren", "serviceProviderID"),
            ("type", "troubleTicketType"),
            ("service_reference", "commercialId"),
            ("oc_key", "serviceProviderTroubleTicketKey"),
            ("defect", "defectDescription"),
        ):
            with self.subTest(key):
                reply = self._create_by_soap(**{key: None})
                self.assertCode(reply, 1)
                self.assertEqual(reply.label, codes.label(1, name))
                self.assertNotIn("reference", reply.payload["answer"])

    def test_values_out_of_their_list_or_form(self):
        body = self._body(sav.CREATE, {"ticket": self._value()}).decode()
        for good, bad, code in (
            ("PAS DE SIGNAL", "PANNE", 2),
            (">PBO<", ">CAVE<", 2),
            (">QUEUED<", ">OUVERT<", 2),
            (OC_SIREN, "12345", 3),
            (">false<", ">peut-être<", 3),
        ):
            with self.subTest(bad):
                content = body.replace(good, bad).encode()
                self.assertCode(self._read(*self._post(content)), code)
        self.assertFalse(self.tickets.search([("operator_id", "=", self.operator.id)]))

    def test_a_value_that_an_administrator_adds_is_accepted_and_sent(self):
        self.assertCode(self._refused_by_writer("BRUIT"), 2)
        value = self.env["oiconnect.ticket.code"].create(
            {"code_list": "defect", "code": "BRUIT", "name": "Bruit"}
        )
        reply = self._refused_by_writer("BRUIT")
        self.assertCode(reply, 0)
        ticket = self._ticket(reply.payload["answer"]["reference"])
        self.assertEqual(ticket.defect_id, value)
        value.active = False
        status, content = self._post(
            self._body(sav.GET, {"reference": ticket.reference, "names": []})
        )
        self.assertEqual(status, 200)
        self.assertIn(b"BRUIT", content, "what was said stays")
        self.assertCode(self._refused_by_writer("BRUIT"), 2)

    def _refused_by_writer(self, defect):
        """Create with a value that the writer of our tests does not know."""
        body = self._body(sav.CREATE, {"ticket": self._value()})
        return self._read(*self._post(body.replace(b"PAS DE SIGNAL", defect.encode())))

    def test_refusals_of_the_trade(self):
        cases = (
            ({"service_reference": "INCONNUE"}, 8, "commercialId"),
            ({"appointment_reference": "RDV-9"}, 101, ""),
            ({"event": CANCEL}, 13, "description"),
        )
        for values, code, name in cases:
            with self.subTest(values):
                reply = self._create_by_soap(**values)
                self.assertCode(reply, code)
                self.assertEqual(reply.label, codes.label(code, name))
        self._opened()
        self.assertCode(self._create_by_soap(), 100)

    def test_the_line_of_another_operator(self):
        theirs = self._delivered(operator=self.rival)
        reply = self._create_by_soap(service_reference=theirs.service_reference)
        self.assertCode(reply, 9)

    def test_every_golden_envelope_is_accepted(self):
        """Prefixes, nil, empty, capitals, more elements, Latin-1, comments."""
        for name in envelopes("sav"):
            if not name.startswith("sav/create"):
                continue
            with self.subTest(name):
                status, answer = self._post(self._own(envelope(name)))
                self.assertEqual(status, 200, answer)
                self.assertIn(b">0<", answer)
                ticket = self.tickets.search([], limit=1)
                self.assertEqual(ticket.order_id, self.order)
                # The next one has the same key and the same line.
                ticket.oc_key = f"TAKEN-{ticket.id}"
                ticket._fire(
                    "close",
                    closure_code=self._code("ERR03"),
                    comment="Précisez le local",
                )

    def _own(self, content):
        """Return a golden envelope about the line of this test, without a visit."""
        reference = self.order.service_reference.encode()
        for written in (b"PREST-0001", b"PREST<!-- - -->-0001"):
            content = content.replace(written, reference)
        return content.replace(b"RDV-1", b"")


@tagged("post_install", "-at_install")
class TestSoapChange(ServiceCase):
    """Everything after the creation is a setTroubleTicketByValue."""

    def setUp(self):
        super().setUp()
        self.ticket = self._opened()

    def test_a_message_is_heard_once(self):
        said = {"message_type": "DEMANDE", "message_content": "Quand passez-vous ?"}
        self.assertCode(self._set_by_soap(self.ticket, **said), 0)
        message = self.ticket.message_line_ids
        self.assertEqual(message.message_type, "question")
        self.assertEqual(message.content, said["message_content"])
        self.assertEqual(message.direction, "in")
        self.assertCode(self._set_by_soap(self.ticket, **said), 6)
        self.assertEqual(len(self.ticket.message_line_ids), 1)
        self._set_by_soap(self.ticket, message_type="INFO", message_content="Merci")
        self.assertCode(self._set_by_soap(self.ticket, **said), 0)

    def test_dates_are_offered(self):
        first = datetime(2026, 11, 24, 8, 0)
        reply = self._set_by_soap(
            self.ticket, message_type="PROPOSITION DE RDV", suggestion1=first
        )
        self.assertCode(reply, 0)
        message = self.ticket.message_line_ids
        self.assertEqual(message.message_type, "appointment_proposal")
        self.assertEqual(message.suggestion1, first)

    def test_nothing_new_is_code_6(self):
        self.assertCode(self._set_by_soap(self.ticket), 6)
        steps = len(self.ticket.step_ids)
        self.assertCode(self._set_by_soap(self.ticket, customer_name="EXEMPLE"), 6)
        self.assertEqual(len(self.ticket.step_ids), steps)

    def test_the_customer_is_reached_otherwise(self):
        reply = self._set_by_soap(self.ticket, customer_contact1="0600000009")
        self.assertCode(reply, 0)
        self.assertEqual(self.ticket.customer_contact1, "0600000009")

    def test_an_escalation_is_heard_once(self):
        self.assertCode(self._set_by_soap(self.ticket, escalation=True), 0)
        self.assertTrue(self.ticket.is_escalated)
        self.assertCode(self._set_by_soap(self.ticket, escalation=True), 6)

    def test_a_ticket_in_the_queue_is_cancelled(self):
        self.assertCode(self._cancel(), 0)
        self.assertEqual(self.ticket.state, "cancelled")
        self.assertCode(self._cancel(), 6)

    def test_a_ticket_at_work_waits_for_our_agreement(self):
        self._task(self.ticket)
        self.assertCode(self._cancel(), 0)
        self.assertEqual(self.ticket.state, "cancel_requested")

    def _cancel(self):
        return self._set_by_soap(
            self.ticket,
            event=CANCEL,
            message_type="COMMENTAIRE DDE ANNUL",
            message_content="Client rétabli",
        )

    def test_a_resolution_is_accepted_or_rejected_by_its_state(self):
        self._done(self.ticket)
        self._resolve(self.ticket)
        self.assertEqual(self.ticket.state, "resolved")
        rejected = {
            "wire_state": "OPENACTIVE",
            "message_type": "INFO",
            "message_content": "Toujours en panne",
        }
        self.assertCode(self._set_by_soap(self.ticket, **rejected), 0)
        self.assertEqual(self.ticket.state, "in_progress")
        self._done(self.ticket)
        self._resolve(self.ticket)
        self.assertCode(self._set_by_soap(self.ticket, wire_state="CLOSED"), 0)
        self.assertEqual(self.ticket.state, "closed")

    def test_what_only_we_say_is_not_expected(self):
        for event in (
            "CASE CREATE REQUEST",
            "CASE SOLVING NOTIFICATION",
            "CASE SOLVED NOTIFICATION",
            "CASE CANCELATION AGREEMENT",
            "CASE CANCELATION",
            "SU CASE INFORMATION NOTIFICATION",
        ):
            with self.subTest(event):
                reply = self._set_by_soap(self.ticket, event=event)
                self.assertCode(reply, 13)
                self.assertEqual(reply.label, codes.label(13, "description"))
        self.assertEqual(self.ticket.state, "open")

    def test_a_ticket_that_is_over(self):
        self.ticket._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        said = {"message_type": "INFO", "message_content": "Encore"}
        self.assertCode(self._set_by_soap(self.ticket, **said), 11)

    def test_an_unknown_or_missing_key(self):
        self.assertFault(self._set_by_soap("OITO-SAV-9999999999"), 8)
        self.assertCode(self._set_by_soap(None), 1)

    def test_an_old_copy_is_not_changed(self):
        """OSS/J: resyncRequired refuses the change of a copy that is stale."""
        self._task(self.ticket)
        self.ticket.invalidate_recordset(["event_ids"])
        version = self.ticket._payload_version()
        self.assertTrue(version)
        said = {"message_type": "INFO", "message_content": "Bonjour"}
        change = self._change(self.ticket, version=version - 1, **said)
        change["resync_required"] = True
        status, content = self._post(self._body(sav.SET, change))
        self.assertEqual(status, 500)
        self.assertIn(b"ossResyncRequiredException", content)
        self.assertIn(self.ticket.reference.encode(), content)
        self.assertEqual(invalid(content, sav.SERVICE), [])
        self.assertFalse(self.ticket.message_line_ids)
        change["ticket"]["version"] = version
        self.assertCode(self._call(sav.SET, change), 0)


@tagged("post_install", "-at_install")
class TestSoapFetch(ServiceCase):
    """The operator fetches a ticket; the getters tell what the service knows."""

    def test_a_ticket_as_it_was_opened(self):
        ticket = self._opened(
            customer_contact1="0600000001",
            offer="OFFRE-1",
            gtr_range="INCONDITIONNELLE",
        )
        value = self._get_by_soap(ticket.reference).payload["ticket"]
        self.assertEqual(value["reference"], ticket.reference)
        self.assertEqual(value["wire_state"], "QUEUED")
        self.assertEqual((value["oc_siren"], value["oi_siren"]), (OC_SIREN, OI_SIREN))
        self.assertEqual(value["service_reference"], self.order.service_reference)
        self.assertEqual(value["defect"], "PAS DE SIGNAL")
        self.assertEqual(value["customer_contact1"], "0600000001")
        self.assertEqual(value["offer"], "OFFRE-1")
        self.assertEqual(value["gtr_range"], "INCONDITIONNELLE")
        self.assertEqual(value["date"], datetime(2026, 11, 23, 8, 0))
        self.assertIs(value["already_operated"], False)
        self.assertNotIn("resolution_state", value, "no work on it yet")

    def test_moments_have_their_offset_on_the_wire(self):
        ticket = self._opened()
        body = self._body(sav.GET, {"reference": ticket.reference, "names": []})
        _status, content = self._post(body)
        self.assertIn(b">2026-11-23T09:00:00+01:00<", content)

    def test_a_ticket_that_is_solved(self):
        ticket = self._opened()
        self._done(ticket)
        self._at(datetime(2026, 11, 23, 11, 30), self._resolve, ticket, comment="Fait")
        value = self._get_by_soap(ticket.reference).payload["ticket"]
        self.assertEqual(value["wire_state"], "CLEARED")
        self.assertEqual(value["closure_code"], "RET01")
        self.assertEqual(value["closure_label"], self._code("RET01").label)
        self.assertEqual((value["location"], value["responsibility"]), ("PBO", "OI"))
        self.assertEqual(value["closure_duration"], timedelta(hours=3, minutes=30))
        self.assertEqual(value["closure_comment"], "Fait")
        self.assertEqual(value["resolution_state"], "ACTION TERMINEE")

    def test_a_ticket_of_the_hotline_is_read_and_never_notified(self):
        ticket = self.tickets.create(
            {
                "network_id": self.network.id,
                "operator_id": self.operator.id,
                "service_reference": self.order.service_reference,
                "description": "Appel du client",
            }
        )
        self.assertFalse(ticket.event_ids)
        value = self._get_by_soap(ticket.reference).payload["ticket"]
        self.assertEqual(value["description"], "Appel du client")
        self.assertNotIn("oc_key", value)

    def test_some_elements_only(self):
        ticket = self._opened(oc_key="OC-1")
        names = ("serviceProviderTroubleTicketKey", "DEFECTDESCRIPTION", "inconnu")
        value = self._get_by_soap(ticket.reference, *names).payload["ticket"]
        self.assertEqual(set(value), {"reference", "wire_state", "oc_key", "defect"})

    def test_an_operator_of_2x_reads_its_version(self):
        self.operator.ticket_version = "2.x"
        self.account.value_namespace = sav.VALUE_2
        ticket = self._opened(gtr_delay="10H")
        ticket._fire("start")
        ticket._fire("freeze", reason="answer")
        body = self._body(sav.GET, {"reference": ticket.reference, "names": []})
        status, content = self._post(body)
        self.assertEqual(status, 200)
        self.assertIn(b">DEFERRED<", content)
        self.assertNotIn(b"GRTDelay", content)
        self.assertIn(sav.VALUE_2.encode(), content)
        self.assertNotIn(sav.VALUE.encode(), content)
        self.assertEqual(invalid(content, sav.SERVICE, sav.VALUE_2), [])

    def test_every_getter_is_answered(self):
        for operation in sav.OPERATIONS[3:]:
            with self.subTest(operation.name):
                payload = {"event_type": "X"} if operation.request.children else {}
                status, content = self._post(self._body(operation, payload))
                is_descriptor = operation.name == "getEventDescriptor"
                self.assertEqual(status, 500 if is_descriptor else 200)
                self.assertEqual(invalid(content, sav.SERVICE), [])

    def test_the_getters_return_the_stored_values(self):
        self.env["oiconnect.ticket.code"].create(
            {"code_list": "type", "code": "4", "name": "Autre"}
        )
        operation = sav.SERVICE.operation("getTroubleTicketTypes")
        reply = self._call(operation, {})
        self.assertIn("4", reply.payload["values"])
