"""An operator's server of tickets in memory, and what every test of it needs."""

from collections import deque

from odoo.addons.oiconnect_interop.tests.accounts.file_transfer_common import (
    planned,
    wait_of,
)
from odoo.addons.oiconnect_interop.transport import http_client
from odoo.addons.oiconnect_interop.transport.http_client import CallError, HttpAnswer
from odoo.addons.oiconnect_sav.tests.common import TicketCase

from ...soap import (
    CONTENT_TYPE,
    SoapFault,
    answer,
    codes,
    fault,
    read_request,
)
from ...soap.metadata import is_metadata, metadata
from ...soap.services import sav

__all__ = ["MemoryPartner", "NotificationCase", "planned", "wait_of"]
URL = "https://sav.oct1.invalid/SAV/3.0"
PASSWORD = "mot-de-passe-là-bas"


class MemoryPartner:
    """Takes what is posted in place of a server.

    ``steps`` say what becomes of the next calls: a return code in an answer, a negative
    one in a fault, bytes as an answer, a ``CallError``. Without a step all is well.
    """

    def __init__(self):
        self.steps = deque()
        self.bodies = []
        self.calls = []
        self.addresses = []

    def send(self, address, body, headers, seconds):
        envelope = read_request(body, sav.SERVICE, "", headers["SOAPAction"])
        self.addresses.append((address, seconds))
        self.bodies.append(body)
        self.calls.append(envelope)
        step = self.steps.popleft() if self.steps else 0
        if isinstance(step, CallError):
            raise step
        if isinstance(step, bytes):
            return HttpAnswer(200, "text/html", step)
        if step < 0:
            content = fault(sav.SERVICE, SoapFault(-step, "", envelope.operation))
            return HttpAnswer(500, CONTENT_TYPE, content)
        return HttpAnswer(200, CONTENT_TYPE, self._answer(envelope, step))

    def _answer(self, envelope, code):
        operation = envelope.operation
        if is_metadata(operation):
            return answer(sav.SERVICE, operation, metadata(operation))
        known = codes.RETURN_CODES.get(code)
        payload = {
            "reference": self.tickets[-1]["reference"],
            "return_code": str(code),
            "return_label": known.label if known else "CODE DE L'OPERATEUR",
        }
        return answer(sav.SERVICE, operation, {"answer": payload})

    @property
    def tickets(self):
        """Return the ticket of each notification."""
        notifications = [call for call in self.calls if call.operation == sav.SET]
        return [call.payload["ticket"] for call in notifications]

    @property
    def events(self):
        return [ticket["event"] for ticket in self.tickets]

    @property
    def versions(self):
        return [ticket["version"] for ticket in self.tickets]


class NotificationCase(TicketCase):
    """The operator has a server, which is a :class:`MemoryPartner`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator.lang = cls.env.ref("base.user_admin").lang = "en_US"
        cls.network.siren = "999000011"
        cls.account = cls._connect(cls.operator)

    @classmethod
    def _connect(cls, operator, **values):
        return cls.env["oiconnect.soap.account"].create(
            {
                "network_id": cls.network.id,
                "operator_id": operator.id,
                "url": URL,
                "remote_login": "oito",
                "remote_password": PASSWORD,
                "is_notified": True,
                "responsible_id": cls.env.ref("base.user_admin").id,
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        # Each call is noted in transactions of its own.
        self.registry_enter_test_mode()
        self.partner = MemoryPartner()
        self.patch(http_client, "send", self.partner.send)

    def _notify(self, account=None):
        """Send as a job does: it sees what is written, and writes it."""
        self.env.flush_all()
        (account or self.account)._send_notifications()
        self.env.flush_all()
        self.env.invalidate_all()

    def _wake(self):
        """Do what the scheduled action does for all operators."""
        for operator, network in self.env["oiconnect.event"]._waiting_partners():
            self.env["oiconnect.soap.account"]._begin_notifying(operator, network)
        self.env.flush_all()

    def _planned(self, account=None):
        return planned(self.env, (account or self.account)._job_identity_key("notify"))

    def _started(self, **values):
        """Return a ticket that was taken in charge: its operator has to hear of it."""
        ticket = self._open(**values)
        ticket._fire("start")
        return ticket

    def _event(self, ticket):
        """Return the last message about a ticket."""
        ticket.invalidate_recordset(["event_ids"])
        return ticket.event_ids.sorted("id")[-1:]

    def _states(self, ticket):
        ticket.invalidate_recordset(["event_ids"])
        return ticket.event_ids.sorted("id").mapped("state")

    def _tasks(self):
        return self.account.activity_ids

    def _calls(self):
        return self.env["oiconnect.soap.call"].search(
            [("direction", "=", "out")], order="id"
        )

    def _other_line(self):
        """Return a second line in service: one has a ticket at a time."""
        [(order, _refusals)] = self.orders._receive(
            [self._line()], self.operator, self.network, self.origin
        )
        order._study()
        order._fire("connected")
        return order
