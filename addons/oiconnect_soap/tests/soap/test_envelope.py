"""Golden envelopes: whatever their writing, the same request."""

import unittest
from datetime import datetime, timedelta

from ...soap import SERVICES, SoapFault, missing, read_reply, read_request
from ...soap.codes import LISTS
from ...soap.services import sav, works
from .soap_common import envelope, envelopes

SAV = SERVICES["sav"]
CREATE = {
    "date": datetime(2024, 3, 1, 8, 0),
    "event": "CASE CREATE REQUEST",
    "wire_state": "QUEUED",
    "oc_siren": "999000029",
    "oc_name": "OCAA",
    "oi_siren": "999000011",
    "oi_name": "OICN",
    "type": "1",
    "service_reference": "PREST-0001",
    "pto_reference": "FI-0001-0001",
    "oc_key": "OC-SIG-42",
    "customer_name": "DUPONT",
    "customer_contact1": "0102030405",
    "appointment_mode": "AUTO",
    "appointment_reference": "RDV-1",
    "defect_class": "1",
    "defect": "PAS DE SIGNAL",
    "prelocation": "PBO",
    "already_operated": False,
}


class TestGoldenRequests(unittest.TestCase):
    def _read(self, name, **options):
        service = SERVICES[name.split("/")[0]]
        read = read_request(envelope(name), service, **options)
        self.assertEqual(read.problems, ())
        return read

    def test_every_golden_request_is_read_without_problem(self):
        for key in SERVICES:
            for name in envelopes(key):
                with self.subTest(name):
                    self._read(name)

    def test_a_create_is_the_same_in_every_writing(self):
        changed = {"create_latin1": {"customer_name": "DUPRÉ"}}
        for name in envelopes("sav"):
            if "create" not in name:
                continue
            with self.subTest(name):
                read = self._read(name)
                expected = CREATE | changed.get(name.split("/")[1], {})
                self.assertEqual(read.payload, {"ticket": expected})
                self.assertEqual(read.operation.name, "createTroubleTicketByValue")
                self.assertEqual(
                    read.header, {"login": "ocaa", "password": "demo-ocaa"}
                )

    def test_the_namespace_of_the_partners_version_is_read(self):
        self.assertEqual(self._read("sav/create").value_namespace, sav.VALUE)
        read = self._read("sav/create_capitals_2x")
        self.assertEqual(read.value_namespace, sav.VALUE_2)

    def test_solved_notification_has_its_duration(self):
        ticket = self._read("sav/solved").payload["ticket"]
        self.assertEqual(ticket["closure_duration"], timedelta(days=1, hours=2))
        self.assertEqual(
            ticket["closure_label"], "RET01#DEFAUT CONFIRME ET CORRIGE PAR OI"
        )

    def test_a_set_has_the_flag_of_stale_copies(self):
        payload = self._read("sav/set_minimal").payload
        self.assertIs(payload["resync_required"], False)
        self.assertEqual(payload["ticket"]["reference"], "OI-000001")

    def test_no_attribute_name_means_all(self):
        self.assertEqual(
            self._read("sav/get").payload, {"reference": "OI-000001", "names": []}
        )

    def test_moment_without_offset_is_paris_time(self):
        payload = self._read("schedule/search").payload
        self.assertEqual(payload["start"], datetime(2026, 12, 1, 7, 0))

    def test_both_spellings_of_an_appointment(self):
        for name in ("schedule/consult", "schedule/move"):
            payload = self._read(name).payload
            self.assertEqual(payload["appointment_reference"], "RDV-1")

    def test_works_are_requested_with_either_order_of_sirens(self):
        for name in envelopes("works"):
            header = self._read(name).header
            found = works.operator_siren(header, {"999000011"})
            self.assertEqual(found, "999000029")
            self.assertIsNone(works.operator_siren(header, {"999000045"}))

    def test_empty_criteria_are_no_criteria(self):
        payload = self._read("works/by_start").payload
        self.assertEqual(set(payload), {"category", "start_period"})

    def test_references_of_a_list(self):
        payload = self._read("works/by_services_qualified").payload
        self.assertEqual(
            payload["pm_service_references"], ["XPM0000000000042", "XPM0000000000043"]
        )
        self.assertEqual(payload["operator_needed"], "OUI")

    def test_action_is_empty_or_that_of_the_operation(self):
        actions = (
            "",
            '""',
            "createTroubleTicketByValue",
            '"createTroubleTicketByValue"',
            "http://interop-fibre.fr/SAV/3.0/createTroubleTicketByValue",
            "urn:createTroubleTicketByValueRequest",
        )
        for action in actions:
            with self.subTest(action):
                self._read("sav/create", action=action)
        with self.assertRaises(SoapFault) as caught:
            self._read("sav/create", action="setTroubleTicketByValue")
        self.assertEqual(caught.exception.code, 22)


class TestProblems(unittest.TestCase):
    def _problems(self, name, *changes):
        text = envelope(name).decode()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        service = SERVICES[name.split("/")[0]]
        read = read_request(text.encode(), service)
        return [(problem.code, problem.field) for problem in read.problems]

    def test_each_value_that_does_not_fit_is_reported(self):
        found = self._problems(
            "sav/create",
            (">999000029<", ">99900002<"),
            (">PAS DE SIGNAL<", ">FIBRE CASSEE<"),
            (">2024-03-01T09:00:00+01:00<", ">01/03/2024<"),
            ("<f:alreadyOperated>false<", "<f:alreadyOperated>peut-être<"),
            ("<f:defectClassId>1<", "<f:defectClassId>3<"),
            (">OC-SIG-42<", f">{31 * 'x'}<"),
        )
        expected = [
            (3, "interactionDate"),
            (3, "serviceProviderID"),
            (3, "serviceProviderTroubleTicketKey"),
            (2, "defectClassId"),
            (2, "defectDescription"),
            (3, "alreadyOperated"),
        ]
        self.assertEqual(found, expected)

    def test_a_missing_value_is_reported_once(self):
        found = self._problems(
            "schedule/book",
            ("<codeInsee>99001</codeInsee>", ""),
            (">GP<", ">PARTICULIER<"),
            ("<sirenOC>999000029</sirenOC>", "<sirenOC/>"),
        )
        expected = [(1, "sirenOC"), (2, "segmentMarche"), (1, "codeInsee")]
        self.assertEqual(found, expected)

    def test_a_value_given_twice_is_no_value_to_choose(self):
        found = self._problems(
            "sav/get",
            ("<tt:attrNames/>", "<tt:troubleTicketKey>X</tt:troubleTicketKey>"),
        )
        self.assertEqual(found, [(3, "troubleTicketKey")])

    def test_elements_within_a_text(self):
        found = self._problems("sav/create", (">DUPONT<", "><b>DUPONT</b><"))
        self.assertEqual(found, [(3, "customerLastName")])

    def test_the_label_names_the_field(self):
        text = envelope("sav/create").replace(b"PAS DE SIGNAL", b"x")
        (problem,) = read_request(text, SAV).problems
        self.assertEqual(problem.path, ("ticket", "defect"))
        self.assertEqual(
            problem.label, "INFO defectDescription ERRONEE - HORS VALEURS PREVUEES"
        )

    def test_lists_are_those_of_the_caller(self):
        lists = {**LISTS, "defect": ("FIBRE CASSEE",)}
        text = envelope("sav/create").replace(b"PAS DE SIGNAL", b"fibre cassee")
        read = read_request(text, SAV, lists=lists)
        self.assertEqual(read.payload["ticket"]["defect"], "FIBRE CASSEE")

    def test_what_an_event_needs(self):
        ticket = read_request(envelope("sav/create"), SAV).payload["ticket"]
        self.assertEqual(missing(ticket), ())
        del ticket["service_reference"], ticket["defect"]
        found = [(problem.code, problem.path[-1]) for problem in missing(ticket)]
        self.assertEqual(found, [(1, "defect")])
        del ticket["pto_reference"]
        found = [problem.field for problem in missing(ticket)]
        self.assertEqual(found, ["commercialId", "defectDescription"])
        (problem,) = missing({}, [("messageType",)])
        self.assertEqual(problem.label, "INFO messageType OBLIGATOIRE")
        for name in ("solving", "solved", "cancel_request", "message"):
            ticket = read_request(envelope(f"sav/{name}"), SAV).payload["ticket"]
            self.assertEqual(missing(ticket), (), name)

    def test_no_header_is_no_credentials(self):
        text = envelope("sav/get")
        start, end = text.index(b"<soapenv:Header>"), text.index(b"<soapenv:Body>")
        read = read_request(text[:start] + text[end:], SAV)
        self.assertEqual(read.header, {})
        self.assertEqual(
            [(problem.code, problem.field) for problem in read.problems],
            [(1, "LoginName"), (1, "Password")],
        )


class TestReplies(unittest.TestCase):
    def _read(self, name, operation="setTroubleTicketByValue"):
        return read_reply(envelope(f"replies/{name}"), SAV, SAV.operation(operation))

    def test_acknowledged(self):
        reply = self._read("set")
        self.assertEqual((reply.code, reply.is_fault), (0, False))
        self.assertEqual(reply.payload["answer"]["reference"], "OI-000001")

    def test_a_ticket_is_read_back(self):
        reply = self._read("get", "getTroubleTicketByKey")
        self.assertEqual(reply.payload["ticket"]["wire_state"], "OPENACTIVE")

    def test_the_code_is_read_in_both_channels(self):
        expected = {
            "refused_by_code": (13, False),
            "fault": (8, True),
            "fault_plain": (14, True),
            "fault_no_code": (None, True),
        }
        for name, outcome in expected.items():
            reply = self._read(name)
            self.assertEqual((reply.code, reply.is_fault), outcome, name)
            self.assertTrue(reply.label)
        self.assertEqual(self._read("fault_no_code").label, "Internal Error")

    def test_another_answer_is_refused(self):
        with self.assertRaises(SoapFault):
            self._read("create")
