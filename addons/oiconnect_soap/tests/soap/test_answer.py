"""Answers and faults as partners get them."""

import unittest
from datetime import UTC, datetime, timedelta

from lxml import etree

from ...soap import (
    SERVICES,
    PayloadError,
    SoapFault,
    answer,
    fault,
    is_metadata,
    metadata,
    read_reply,
    return_answer,
    selected,
)
from ...soap.contract import ENVELOPE
from ...soap.services import sav, works
from .soap_common import OPERATIONS, invalid

SAV = SERVICES["sav"]
WORK = {
    "reference": "DERCO-1",
    "oi_siren": "999000011",
    "category": "DERCO",
    "equipment": "PBO",
    "pm_reference": "OICN-PM-99001-0042",
    "pm_service_reference": "XPM0000000000042",
    "change_date": datetime(2026, 7, 1, 8, 0),
    "operator_needed": "NON",
    "pbo_references": ["_NA_"],
}


class TestAnswers(unittest.TestCase):
    def _texts(self, content):
        root = etree.fromstring(content)
        return {
            etree.QName(node).localname: node.text
            for node in root.iter(etree.Element)
            if node.text and node.text.strip()
        }

    def test_acknowledgement(self):
        payload = {"answer": return_answer("OI-000001", 0)}
        content = answer(SAV, sav.CREATE, payload)
        self.assertEqual(invalid(content, SAV), [])
        self.assertEqual(
            self._texts(content),
            {
                "troubleTicketKey": "OI-000001",
                "returnCode": "0",
                "returnLabel": "AUCUNE ERREUR - ACQUITTE",
            },
        )

    def test_a_refused_create_has_no_key(self):
        content = answer(
            SAV, sav.CREATE, {"answer": return_answer(None, 9, "commercialId")}
        )
        self.assertEqual(invalid(content, SAV), [])
        self.assertIn(b'<cbt:troubleTicketKey xsi:nil="true"/>', content)
        self.assertIn(b"INFO commercialId HORS PARC OC", content)

    def test_moments_have_the_offset_of_paris(self):
        ticket = {
            "reference": "OI-1",
            "wire_state": "CLOSED",
            "date": datetime(2026, 1, 1, 8, 0),
            "closure_date": datetime(2026, 7, 1, 8, 0, tzinfo=UTC),
            "restored_date": "2026-10-25 01:30:00",
            "planned_date": "2026-10-25T02:30:00+02:00",
            "closure_duration": timedelta(hours=26, seconds=1),
        }
        payload = {"answer": return_answer("OI-1", 0), "ticket": ticket}
        texts = self._texts(answer(SAV, sav.GET, payload))
        self.assertEqual(texts["interactionDate"], "2026-01-01T09:00:00+01:00")
        self.assertEqual(texts["interactionDateComplete"], "2026-07-01T10:00:00+02:00")
        self.assertEqual(texts["serviceRestoredTime"], "2026-10-25T02:30:00+01:00")
        planned = texts["supplierPlannedActionDate"]
        self.assertEqual(planned, "2026-10-25T02:30:00+02:00")
        self.assertEqual(texts["closureDuration"], "P1DT2H1S")

    def test_works_with_attributes_and_none_at_all(self):
        (operation,) = works.SERVICE.operations
        for found in ([WORK], []):
            content = answer(works.SERVICE, operation, {"works": found})
            self.assertEqual(invalid(content, works.SERVICE), [])
            read = read_reply(content, works.SERVICE, operation)
            self.assertEqual(read.payload, {"works": found})

    def test_every_field_to_blame_is_named(self):
        ticket = {
            "defect": "x",
            "oc_siren": "1",
            "message_content": 1025 * "x",
            "wire_state": "OPEN",
        }
        with self.assertRaises(PayloadError) as caught:
            answer(SAV, sav.GET, {"ticket": ticket})
        self.assertEqual(
            caught.exception.problems,
            {
                "troubleTicketResponse": 1,
                "troubleTicketState": 2,
                "serviceProviderID": 3,
                "defectDescription": 2,
                "messageContent": 3,
            },
        )

    def test_characters_that_xml_does_not_know_are_blanks(self):
        payload = {"answer": return_answer("OI\x0b1\ud800", 0)}
        texts = self._texts(answer(SAV, sav.CREATE, payload))
        self.assertEqual(texts["troubleTicketKey"], "OI 1 ")

    def test_requested_attributes(self):
        ticket = {
            "reference": "1",
            "wire_state": "CLOSED",
            "oc_siren": "x",
            "defect": "y",
        }
        self.assertEqual(selected(sav.TICKET_VALUE, ticket, []), ticket)
        values = selected(sav.TICKET_VALUE, ticket, ["DefectDescription", "nothing"])
        self.assertEqual(set(values), {"reference", "wire_state", "defect"})

    def test_a_schedule_answers_with_its_header(self):
        service = SERVICES["schedule"]
        header = {
            "version": "5.0",
            "request_date": datetime(2026, 11, 27, 8, 0),
            "answer_date": datetime(2026, 11, 27, 8, 0, 1),
            "oc_siren": "999000029",
            "oi_siren": "999000011",
        }
        operation = service.operation("reportRDV")
        content = answer(service, operation, {}, header)
        self.assertEqual(invalid(content, service), [])
        self.assertIn(b"<horodatageReponse>", content)


class TestMetadata(unittest.TestCase):
    def test_each_getter_is_answered(self):
        getters = [op for op in sav.OPERATIONS if is_metadata(op)]
        self.assertEqual(len(getters), 10)
        for operation in getters:
            try:
                content = answer(SAV, operation, metadata(operation))
            except SoapFault as failure:
                self.assertEqual(operation.name, "getEventDescriptor")
                content = fault(SAV, failure)
            self.assertEqual(invalid(content, SAV), [])

    def test_types_of_tickets(self):
        operation = SAV.operation("getTroubleTicketTypes")
        self.assertEqual(metadata(operation), {"values": ["1", "2", "3"]})

    def test_lists_are_returned_as_escaped_text(self):
        operation = SAV.operation("getTroubleTicketPublicData")
        content = answer(SAV, operation, metadata(operation))
        read = read_reply(content, SAV, operation)
        lists = etree.fromstring(read.payload["xml"])
        self.assertEqual(lists.find("list[@name='type']/value").text, "1")


class TestFaults(unittest.TestCase):
    def test_every_code_is_a_valid_fault_of_every_operation(self):
        everywhere = [*OPERATIONS, *((service, None) for service in SERVICES.values())]
        for service, operation in everywhere:
            for code in (8, 10, 12, 22):
                content = fault(service, SoapFault(code, "x", operation))
                self.assertEqual(invalid(content, service), [])

    def test_each_exception_may_be_chosen(self):
        for operation in sav.OPERATIONS:
            for field in operation.faults:
                (exception,) = field.children
                failure = SoapFault(10, "OI-1", operation, exception.name)
                content = fault(SAV, failure)
                self.assertEqual(invalid(content, SAV), [])
                self.assertIn(f":{exception.name}>".encode(), content)

    def test_an_unknown_key(self):
        failure = SoapFault(8, "troubleTicketKey", sav.GET)
        root = etree.fromstring(fault(SAV, failure))
        node = root.find(f".//{{{ENVELOPE}}}Fault")
        self.assertEqual(node.findtext("faultcode"), "soapenv:Server")
        self.assertEqual(node.findtext("faultstring"), "objectNotFoundException")
        message = node.find(f".//{{{sav.COMMON}}}message")
        self.assertEqual(message.text, "8 - INFO troubleTicketKey INCONNUE")

    def test_an_unread_request_is_the_callers(self):
        content = fault(SAV, SoapFault(22))
        self.assertIn(b"soapenv:Client", content)
        self.assertIn(b"<co:message>22 - INTERFACE INCORRECTE</co:message>", content)

    def test_a_code_of_the_service(self):
        service = SERVICES["emutation"]
        operation = service.operation("MiseAJourRouteOptique")
        failure = SoapFault("S03", "", operation, "MiseAJourFault", "Fibre\0inconnue")
        content = fault(service, failure)
        self.assertEqual(invalid(content, service), [])
        self.assertIn(b"<tns:CodeErreur>S03</tns:CodeErreur>", content)

    def test_what_we_tell_is_read_by_our_client(self):
        for code in (10, 12, 14, 20):
            reply = read_reply(fault(SAV, SoapFault(code, "", sav.SET)), SAV, sav.SET)
            self.assertEqual((reply.code, reply.is_fault), (code, True))
