"""Common part of the tests of web services: an operator's connection, its calls."""

from datetime import datetime
from unittest.mock import patch

from odoo.addons.oiconnect_sav.tests.common import OC_SIREN, TicketCase

from ...models.services import soap_authentication
from ...soap import read_reply, request
from ...soap.services import sav
from ..soap.soap_common import invalid

OI_SIREN = "999000011"
PASSWORD, RIVAL_PASSWORD = "demo-ocaa", "demo-ocbb"
CALLER = "192.0.2.1"


class ServiceCase(TicketCase):
    """Two operators with a connection each; calls without HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network.siren = OI_SIREN
        cls.account = cls._connect(cls.operator, "ocaa", PASSWORD)
        cls.rival_account = cls._connect(cls.rival, "ocbb", RIVAL_PASSWORD)

    def setUp(self):
        super().setUp()
        # Passwords found right by another test, of an account with the same number
        self.startPatcher(patch.dict(soap_authentication._known, clear=True))
        # What is counted by a transaction of its own
        self.registry_enter_test_mode()

    @classmethod
    def _connect(cls, operator, login, password, **values):
        return cls.env["oiconnect.soap.account"].create(
            {
                "network_id": cls.network.id,
                "operator_id": operator.id,
                "login": login,
                "password": password,
                "responsible_id": cls.env.ref("base.user_admin").id,
                **values,
            }
        )

    # ------------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------------

    def _post(self, body, service=sav.SERVICE, **options):
        """Return ``(status, bytes)``, as a transaction of its own."""
        self.env.flush_all()
        server = self.env["oiconnect.soap.server"]
        options.setdefault("remote_addr", CALLER)
        status, content = server._serve(service.key, body, **options)
        self.env.invalidate_all()
        return status, content

    def _body(self, operation, payload, login="ocaa", password=PASSWORD):
        header = {"login": login, "password": password}
        return request(sav.SERVICE, operation, payload, header)

    def _call(self, operation, payload, login="ocaa", password=PASSWORD):
        """Return the answer that was read; the published contract allows it."""
        body = self._body(operation, payload, login, password)
        return self._read(*self._post(body), operation)

    def _read(self, status, content, operation=sav.CREATE):
        self.assertEqual(invalid(content, sav.SERVICE), [])
        reply = read_reply(content, sav.SERVICE, operation)
        self.assertEqual(status == 200, not reply.is_fault)
        return reply

    def assertCode(self, reply, code, is_fault=False):
        self.assertEqual((reply.code, reply.is_fault), (code, is_fault), reply.label)

    def assertFault(self, reply, code):
        self.assertCode(reply, code, is_fault=True)

    # ------------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------------

    def _value(self, **values):
        """Return a correct ticket to create, but for ``values``; None leaves out."""
        line = self._ticket_line()
        return {
            "event": "CASE CREATE REQUEST",
            "wire_state": "QUEUED",
            "date": datetime(2026, 11, 23, 7, 0),
            "oc_siren": OC_SIREN,
            "oi_siren": OI_SIREN,
            "already_operated": False,
            **line,
            **values,
        }

    def _create_by_soap(self, login="ocaa", password=PASSWORD, **values):
        payload = {"ticket": self._value(**values)}
        return self._call(sav.CREATE, payload, login, password)

    def _opened(self, **values):
        """Return the ticket that the operator opens."""
        reply = self._create_by_soap(**values)
        self.assertCode(reply, 0)
        return self._ticket(reply.payload["answer"]["reference"])

    def _ticket(self, reference):
        return self.tickets.search([("reference", "=", reference)])

    def _change(self, ticket, **values):
        """Return the set of ``ticket`` that its operator sends."""
        return {
            "ticket": {
                "event": "SP CASE INFORMATION NOTIFICATION",
                "reference": getattr(ticket, "reference", ticket),
                "wire_state": "QUEUED",
                "oc_siren": OC_SIREN,
                "oi_siren": OI_SIREN,
                **values,
            },
            "resync_required": False,
        }

    def _set_by_soap(self, ticket, **values):
        return self._call(sav.SET, self._change(ticket, **values))

    def _get_by_soap(self, reference, *names):
        query = {"reference": reference, "names": list(names)}
        return self._call(sav.GET, query)

    # ------------------------------------------------------------------
    # Journal
    # ------------------------------------------------------------------

    def _last_call(self):
        return self.env["oiconnect.soap.call"].search([], limit=1)
