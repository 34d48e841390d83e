"""The journal's copy of an envelope."""

import unittest

from hypothesis import given
from hypothesis import strategies as st

from ...soap import SERVICES, answer, read_request, redacted, request
from ...soap.redaction import MASK
from ...soap.services import sav
from .soap_common import TEXTS, envelope, envelopes, payloads

SAV = SERVICES["sav"]
PERSONAL = [field.key for field in sav.BLOCK if field.customer] + ["description"]


class TestRedaction(unittest.TestCase):
    def test_passwords_and_customers_are_masked(self):
        for name in envelopes("sav"):
            with self.subTest(name):
                copy = redacted(envelope(name), SAV)
                for hidden in ("demo-ocaa", "DUPONT", "DUPRÉ", "0102030405"):
                    self.assertNotIn(hidden, copy)
                self.assertIn("ocaa", copy)

    def test_what_support_needs_stays(self):
        copy = redacted(envelope("sav/create"), SAV)
        for shown in ("OC-SIG-42", "PREST-0001", "PAS DE SIGNAL", "999000029"):
            self.assertIn(shown, copy)

    def test_undeclared_elements_are_masked(self):
        text = envelope("sav/create_extra_elements").decode()
        text = text.replace("<f:nested>", '<f:nested owner="DUPONT">tail DUPONT')
        copy = redacted(text.encode(), SAV)
        self.assertNotIn("BLUE", copy)
        self.assertNotIn("DUPONT", copy)

    def test_a_name_is_shown_in_its_place_only(self):
        text = envelope("sav/create").decode()
        for name in ("message", "LoginName", "returnLabel"):
            extra = f"<f:{name}>DUPONT rappelle</f:{name}><f:commercialId>"
            copy = redacted(text.replace("<f:commercialId>", extra).encode(), SAV)
            self.assertNotIn("DUPONT", copy)
        copy = redacted(envelope("replies/fault"), SAV)
        self.assertIn("8 - INFO troubleTicketKey INCONNUE", copy)

    def test_copies_of_other_services_keep_their_references(self):
        for key in ("works", "schedule", "emutation", "vertical_structure"):
            for name in envelopes(key):
                copy = redacted(envelope(name), SERVICES[key])
                self.assertNotIn(MASK, copy, name)

    def test_what_cannot_be_read_is_not_copied(self):
        self.assertEqual(
            redacted(b"<a>DUPONT", SAV), "9 bytes that cannot be read: not well-formed"
        )

    @given(payloads(sav.SET.request), TEXTS, st.sampled_from(PERSONAL))
    def test_a_customer_is_in_no_copy(self, payload, name, key):
        customer = f"{name}-Zq7"[-20:]
        payload = {**payload, "ticket": {**payload["ticket"], key: customer}}
        header = {"login": "ocaa", "password": "secret-Zq7"}
        sent = request(SAV, sav.SET, payload, header)
        ticket = {"reference": "1", "wire_state": "CLOSED", **payload["ticket"]}
        answered = answer(SAV, sav.GET, {"answer": {}, "ticket": ticket})
        self.assertEqual(
            read_request(sent, SAV).payload["ticket"][key], customer.strip()
        )
        for content in (sent, answered):
            self.assertNotIn("Zq7", redacted(content, SAV))
