"""A generated client and our layer, without a network between them."""

import unittest
from datetime import UTC, datetime

import requests
import zeep
from hypothesis import given, settings
from hypothesis import strategies as st
from zeep.exceptions import Fault
from zeep.transports import Transport

from ...soap import (
    CONTENT_TYPE,
    SERVICES,
    SoapFault,
    answer,
    fault,
    read_request,
    return_answer,
)
from ...soap.services import sav
from .soap_common import OPERATIONS, contract_of, payloads

HEADER_PARTS = {
    "sav": "parameters",
    "works": "InfoTravauxFTTHHeader",
    "schedule": "EnteteType",
}


class Server(Transport):
    """Read what the client posts, answer what the test wants."""

    def __init__(self, service):
        super().__init__()
        self.service = service
        self.read = self.payload = self.header = self.failure = None

    def post(self, address, message, headers):
        action = headers.get("SOAPAction", "")
        content_type = headers["Content-Type"]
        self.read = read_request(message, self.service, content_type, action)
        response = requests.Response()
        response.status_code = 500 if self.failure else 200
        response.headers["Content-Type"] = CONTENT_TYPE
        if self.failure:
            response._content = fault(self.service, self.failure)
        else:
            response._content = answer(
                self.service, self.read.operation, self.payload, self.header
            )
        return response


def on_the_wire(field, payload):
    """Return the payload as a client gives it: nested, by names on the wire."""
    found = {}
    for child in field.children:
        value = payload if child.flat else payload.get(child.key)
        if value is None:
            continue
        if child.collapsed:
            value = {child.children[0].key: value}
        if child.many:
            found[child.name] = [_one_on_the_wire(child, item) for item in value]
        else:
            found[child.name] = _one_on_the_wire(child, value)
    return found


def _one_on_the_wire(field, value):
    if field.children:
        return on_the_wire(field, value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


class TestClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients = {
            key: zeep.Client(contract_of(service), transport=Server(service))
            for key, service in SERVICES.items()
        }

    def _call(self, service, operation, payload, header):
        client = self.clients[service.key]
        options = {}
        if service.header:
            part = HEADER_PARTS[service.key]
            options["_soapheaders"] = {part: on_the_wire(service.header, header)}
        call = client.service[operation.name]
        return call(**on_the_wire(operation.request, payload), **options)

    @settings(max_examples=150)
    @given(st.data())
    def test_every_operation_is_called_and_answered(self, data):
        service, operation = data.draw(st.sampled_from(OPERATIONS))
        header = {}
        if service.header:
            header = data.draw(payloads(service.header))
        payload = data.draw(payloads(operation.request))
        server = self.clients[service.key].transport
        server.payload = data.draw(payloads(operation.response))
        server.header, server.failure = header, None
        self._call(service, operation, payload, header)
        self.assertEqual(server.read.operation, operation)
        self.assertEqual(server.read.problems, ())
        self.assertEqual(server.read.payload, payload)
        self.assertEqual(server.read.header, header)

    def test_a_ticket_as_a_client_sees_it(self):
        server = self.clients["sav"].transport
        server.failure, server.header = None, None
        server.payload = {
            "answer": return_answer("OI-1", 0),
            "ticket": {"reference": "OI-1", "wire_state": "CLOSED", "oc_key": "OC-1"},
        }
        header = {"login": "ocaa", "password": "demo-ocaa"}
        query = {"reference": "OI-1", "names": []}
        result = self._call(sav.SERVICE, sav.GET, query, header)
        self.assertEqual(result.troubleTicketResponse.returnCode, "0")
        block = result.troubleTicketValue.FTTHMUTTroubleTicket
        self.assertEqual(block.serviceProviderTroubleTicketKey, "OC-1")
        self.assertIsNone(block.messageType)

    def test_a_fault_as_a_client_sees_it(self):
        server = self.clients["sav"].transport
        server.failure = SoapFault(8, "troubleTicketKey", sav.GET)
        query = {"reference": "OI-1", "names": []}
        with self.assertRaises(Fault) as caught:
            self._call(sav.SERVICE, sav.GET, query, {"login": "a", "password": "b"})
        self.assertEqual(caught.exception.message, "objectNotFoundException")
        (detail,) = caught.exception.detail
        self.assertEqual(
            "".join(detail.itertext()), "8 - INFO troubleTicketKey INCONNUE"
        )
