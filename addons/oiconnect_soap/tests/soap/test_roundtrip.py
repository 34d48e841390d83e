"""Property: what is written validates, and is read back as it was."""

import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from ...soap import SERVICES, PayloadError, answer, read_reply, read_request, request
from ...soap.services import sav
from .soap_common import OPERATIONS, invalid, payloads

HEADERS = {
    key: payloads(service.header) if service.header else st.none()
    for key, service in SERVICES.items()
}
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


class TestRoundTrip(unittest.TestCase):
    @settings(max_examples=250)
    @given(st.data())
    def test_requests(self, data):
        service, operation = data.draw(st.sampled_from(OPERATIONS))
        payload = data.draw(payloads(operation.request))
        header = data.draw(HEADERS[service.key])
        written = request(service, operation, payload, header)
        self.assertEqual(invalid(written, service), [])
        read = read_request(written, service)
        self.assertEqual(read.operation, operation)
        self.assertEqual(read.problems, ())
        self.assertEqual(read.payload, payload)
        self.assertEqual(read.header, header or {})

    @settings(max_examples=250)
    @given(st.data())
    def test_answers(self, data):
        service, operation = data.draw(st.sampled_from(OPERATIONS))
        payload = data.draw(payloads(operation.response))
        header = data.draw(HEADERS[service.key])
        written = answer(service, operation, payload, header)
        self.assertEqual(invalid(written, service), [])
        read = read_reply(written, service, operation)
        self.assertEqual(read.problems, ())
        self.assertEqual(read.payload, payload)

    @settings(max_examples=30)
    @given(payloads(sav.SET.request))
    def test_a_partner_of_2x_is_answered_in_its_namespace(self, payload):
        service = SERVICES["sav"]
        payload = {**payload, "ticket": sav.known_in(payload["ticket"], "2.1")}
        written = request(service, sav.SET, payload, value_namespace=sav.VALUE_2)
        self.assertEqual(invalid(written, service, sav.VALUE_2), [])
        self.assertNotIn(sav.VALUE.encode(), written)
        self.assertEqual(read_request(written, service).payload, payload)

    @settings(max_examples=250)
    @given(st.data())
    def test_any_payload_is_written_or_refused(self, data):
        service, operation = data.draw(st.sampled_from(OPERATIONS))
        keys = [field.key for field in operation.response.children]
        payload = data.draw(
            st.dictionaries(st.sampled_from([*keys, "ticket"]), json_values)
        )
        try:
            written = answer(service, operation, payload)
        except PayloadError as refusal:
            self.assertTrue(refusal.problems)
            return
        self.assertEqual(invalid(written, service), [])
