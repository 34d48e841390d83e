"""Common part of the tests of the services beside SAV: calls with HTTP Basic."""

import base64
from datetime import datetime

from odoo.addons.oiconnect_sav.tests.common import OC_SIREN, RIVAL_SIREN

from ...soap import read_reply, request
from ..soap.soap_common import invalid
from .service_common import OI_SIREN, PASSWORD, RIVAL_PASSWORD, ServiceCase

REQUEST_DATE = datetime(2026, 11, 23, 8, 0)
LOGINS = {"ocaa": PASSWORD, "ocbb": RIVAL_PASSWORD}
SIRENS = {"ocaa": OC_SIREN, "ocbb": RIVAL_SIREN}


class OtherServiceCase(ServiceCase):
    """Calls of one service, whose answers the published contract allows."""

    #: contract of the service that is called
    contract = None

    def _operation(self, name):
        return self.contract.operation(name)

    def _header(self, login, **values):
        """Return the header of a request, None for a service without one."""
        return None

    def _send(self, name, payload, login="ocaa", **header):
        """Return ``(status, bytes)``."""
        body = request(
            self.contract,
            self._operation(name),
            payload,
            self._header(login, **header),
        )
        return self._send_body(body, login)

    def _send_body(self, body, login="ocaa"):
        token = base64.b64encode(f"{login}:{LOGINS[login]}".encode()).decode()
        return self._post(body, self.contract, authorization=f"Basic {token}")

    def _ask_service(self, name, payload, login="ocaa", **header):
        """Return the answer that was read."""
        status, content = self._send(name, payload, login, **header)
        return self._read_answer(name, status, content)

    def _read_answer(self, name, status, content):
        self.assertEqual(invalid(content, self.contract), [], content)
        reply = read_reply(content, self.contract, self._operation(name))
        self.assertEqual(status == 200, not reply.is_fault, content)
        return reply

    def _answer_of(self, name, payload, login="ocaa", **header):
        """Return the payload of an answer that is no fault."""
        reply = self._ask_service(name, payload, login, **header)
        self.assertFalse(reply.is_fault, reply.label)
        return reply.payload

    def assertSameAnswer(self, name, theirs, unknown, payload_of, login="ocaa"):
        """Assert that what is another's is answered as what does not exist."""
        answers = []
        for reference in (theirs, unknown):
            status, content = self._send(name, payload_of(reference), login)
            self._read_answer(name, status, content)
            answers.append((status, content.replace(reference.encode(), b"?")))
        self.assertEqual(*answers)
        return answers[0]


class BodyHeaderCase(OtherServiceCase):
    """Services whose header stands in the body."""

    def _request_payload(self, login="ocaa", **values):
        """Return a request with its header, but for ``values``."""
        operator = {"ocaa": self.operator, "ocbb": self.rival}[login]
        return {
            "header": {
                "version": "1.2",
                "request_date": REQUEST_DATE,
                "operator": {"identifier": operator.interop_code},
                "request_identifier": "11111111-2222-3333-4444-555555555555",
            },
            **values,
        }

    def assertHeader(self, payload):
        header = payload["header"]
        self.assertEqual(header["request_date"], REQUEST_DATE)
        self.assertEqual(header["operator"]["identifier"], self.operator.interop_code)
        self.assertTrue(header["answer_identifier"])


__all__ = [
    "REQUEST_DATE",
    "OC_SIREN",
    "OI_SIREN",
    "RIVAL_SIREN",
    "SIRENS",
    "BodyHeaderCase",
    "OtherServiceCase",
]
