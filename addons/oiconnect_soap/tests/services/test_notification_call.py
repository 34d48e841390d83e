"""A message of the outbox as a call, in each version of the protocol. Plain Python."""

import unittest

from ...soap import PayloadError, read_request, request
from ...soap.notification import EVENTS, TEXT_SIZE, accepted, notification
from ...soap.services import sav
from ..soap.soap_common import invalid

HEADER = {"login": "oito", "password": "demo"}
TICKET = {
    "reference": "OITO-SAV-0000000001",
    "oc_key": "OC-SAV-0001",
    "service_reference": "FTTH-1",
    "pto_reference": None,
    "state": "in_progress",
    "wire_state": "OPENACTIVE",
    "oc_siren": "999000029",
    "oi_siren": "999000011",
    "date": "2026-03-14 09:05:00",
}
WORK = {
    "resolution_action": "INTERVENTION AVEC RDV",
    "resolution_state": "ACTION PLANIFIEE",
    "planned_date": "2026-07-14 06:00:00",
    "appointment_reference": "RDV-0001",
}
END = {
    "closure_code": "RET01",
    "closure_label": "RET01#DEFAUT CONFIRME ET CORRIGE PAR OI",
    "location": "PBO",
    "responsibility": "OI",
    "reprovision_reference": None,
    "closure_comment": "Fibre ressoudée",
    "restored_date": "2026-03-14 09:00:00",
    "repair_hours": 26.25,
}
MESSAGE = {
    "message_type": "PROPOSITION DE RDV",
    "message_content": "Quand passer ?",
    "suggestions": ["2026-03-15 08:00:00", "2026-03-16 08:00:00"],
}
VALUES_BY_FLOW = {
    "SAV_SOLVING": WORK | {"comment": None},
    "SAV_SOLVED": WORK | END | {"wire_state": "CLEARED"},
    "SAV_INFORMATION": MESSAGE,
    "SAV_CANCEL_AGREEMENT": {"comment": "Entendu", "wire_state": "CLOSED"},
    "SAV_CANCELLATION": END
    | {"wire_state": "CLOSED", "closure_comment": None, "comment": "Abandonné"},
}


def call(flow, version="3.0", namespace="", number=7, **values):
    """Return the envelope of a notification."""
    message = TICKET | VALUES_BY_FLOW[flow] | values
    payload = notification(flow, message, number, version)
    lists = accepted(payload["ticket"])
    return request(sav.SERVICE, sav.SET, payload, HEADER, namespace, lists)


def ticket(content):
    """Return what the partner reads of the ticket."""
    return read_request(content, sav.SERVICE).payload["ticket"]


class TestNotificationCall(unittest.TestCase):
    def test_every_flow_is_valid_in_both_versions(self):
        self.assertEqual(VALUES_BY_FLOW.keys(), EVENTS.keys())
        for version, namespace in (("3.0", ""), ("2.x", sav.VALUE_2), ("2.x", "")):
            for flow, event in EVENTS.items():
                with self.subTest(flow=flow, version=version, namespace=namespace):
                    content = call(flow, version, namespace)
                    self.assertEqual(invalid(content, sav.SERVICE, namespace), [])
                    self.assertEqual(ticket(content)["event"], event)
                    used = namespace or sav.VALUE
                    self.assertIn(f'"{used}"'.encode(), content)

    def test_a_partner_knows_a_repeated_message_by_its_number(self):
        content = call("SAV_SOLVING", number=4321)
        self.assertIn(b"lastUpdateVersionNumber>4321<", content)
        self.assertIn(b"resyncRequired>false<", content)

    def test_dates_have_the_offset_of_paris_on_their_day(self):
        content = call("SAV_SOLVING").decode()
        self.assertIn("interactionDate>2026-03-14T10:05:00+01:00<", content)
        self.assertIn("supplierPlannedActionDate>2026-07-14T08:00:00+02:00<", content)

    def test_a_closure_has_its_exact_label_and_the_length_of_the_repair(self):
        content = call("SAV_SOLVED").decode()
        self.assertIn("ClosureLabel>RET01#DEFAUT CONFIRME ET CORRIGE PAR OI<", content)
        self.assertIn("closureDuration>P1DT2H15M<", content)

    def test_a_resolution_to_validate_has_no_end_a_closed_ticket_has(self):
        self.assertNotIn("closure_date", ticket(call("SAV_SOLVED")))
        closed = ticket(call("SAV_SOLVED", wire_state="CLOSED"))
        self.assertEqual(closed["closure_date"], closed["date"])

    def test_a_comment_is_a_message_or_the_comment_of_the_closure(self):
        agreed = ticket(call("SAV_CANCEL_AGREEMENT"))
        self.assertEqual(
            (agreed["message_type"], agreed["message_content"]), ("INFO", "Entendu")
        )
        cancelled = ticket(call("SAV_CANCELLATION"))
        self.assertEqual(cancelled["closure_comment"], "Abandonné")
        self.assertNotIn("message_type", cancelled)
        self.assertNotIn("message_type", ticket(call("SAV_SOLVING")))

    def test_a_long_comment_is_cut_where_the_contract_ends(self):
        sent = ticket(call("SAV_CANCEL_AGREEMENT", comment="é" * 2000))
        self.assertEqual(len(sent["message_content"]), TEXT_SIZE)
        self.assertTrue(sent["message_content"].endswith("…"))

    def test_dates_that_are_offered_keep_their_order(self):
        sent = ticket(call("SAV_INFORMATION"))
        self.assertLess(sent["suggestion1"], sent["suggestion2"])
        self.assertNotIn("suggestion3", sent)

    def test_a_closure_code_that_administrators_added_is_sent(self):
        closure = {"closure_code": "EXC04", "closure_label": "EXC04#ESSAI"}
        self.assertIn(b">EXC04#ESSAI<", call("SAV_SOLVED", **closure))

    def test_values_outside_the_contract_are_reported_field_by_field(self):
        with self.assertRaises(PayloadError) as caught:
            call("SAV_SOLVING", oc_siren="123", date="demain")
        self.assertEqual(
            set(caught.exception.problems), {"serviceProviderID", "interactionDate"}
        )
