"""A receiver in memory, and what every test of webhooks needs."""

import json
from collections import deque

from odoo import fields
from odoo.tests.common import HttpCase

from odoo.addons.oiconnect_interop.tests.accounts.file_transfer_common import (
    planned,
    wait_of,
)
from odoo.addons.oiconnect_interop.transport import http_client
from odoo.addons.oiconnect_interop.transport.http_client import CallError, HttpAnswer
from odoo.addons.oiconnect_sav.tests.common import TicketCase

__all__ = ["DOWN", "MemoryReceiver", "WebhookCase", "wait_of"]
URL = "https://systeme.oct1.invalid/evenements"
ORDER, APPOINTMENT, TICKET = "access_order", "appointment", "ticket"
# What happens to an order that is received and studied
STUDIED = ("create", "acknowledge", "accept", "start")
DOWN = CallError("unreachable", "Connection refused")


class MemoryReceiver:
    """Takes what is posted in place of a server.

    ``steps`` say what becomes of the next calls: an HTTP status, or a ``CallError``.
    Without a step ``fails(event)`` says so of each event; else it is taken.
    """

    def __init__(self):
        self.steps = deque()
        self.fails = lambda event: False
        self.tried = []
        self.taken = []
        self.posted = []
        self.answer = b"merci"

    def send(self, address, body, headers, seconds, check, content_size):
        event = json.loads(body)
        self.tried.append(event)
        self.posted.append((address, body, headers, seconds, check))
        step = self.steps.popleft() if self.steps else 200
        if step == 200 and self.fails(event):
            step = 500
        if isinstance(step, CallError):
            raise step
        if 200 <= step < 300:
            self.taken.append(event)
        return HttpAnswer(step, "text/plain", self.answer)

    @property
    def types(self):
        """The types of what was taken, in order."""
        return [event["type"] for event in self.taken]


class WebhookCase(TicketCase):
    """The operator and we have a receiver each, which are one in memory."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.user_admin").lang = cls.operator.lang = "en_US"
        cls.kinds = cls.env["oiconnect.webhook.kind"]
        cls.events = cls.env["oiconnect.event"]
        cls.webhook = cls._subscribe(cls.operator, ORDER, APPOINTMENT, TICKET)

    @classmethod
    def _subscribe(cls, operator, *codes, secret=True, **values):
        webhook = cls.env["oiconnect.webhook"].create(
            {
                "name": f"Système {operator and operator.interop_code}",
                "network_id": cls.network.id,
                "operator_id": operator and operator.id,
                "url": URL,
                "kind_ids": [(6, 0, cls._kinds(*codes).ids)],
                "responsible_id": cls.env.ref("base.user_admin").id,
                **values,
            }
        )
        if secret:
            webhook.action_new_secret()
        return webhook

    @classmethod
    def _kinds(cls, *codes):
        found = cls.env["oiconnect.webhook.kind"].search([("code", "in", codes)])
        assert len(found) == len(codes), codes
        return found

    def setUp(self):
        super().setUp()
        if not isinstance(self, HttpCase):
            # Each call is noted in transactions of its own.
            self.registry_enter_test_mode()
        self.receiver = MemoryReceiver()
        self.patch(http_client, "send", self.receiver.send)

    def _deliver(self, webhook=None):
        """Send as a job does: it sees what is written, and writes it."""
        self.env.flush_all()
        # It is this job that waited.
        self._planned(webhook)
        (webhook or self.webhook)._deliver()
        self.env.flush_all()
        self.env.invalidate_all()

    def _planned(self, webhook=None):
        key = (webhook or self.webhook)._job_identity_key("deliver")
        return planned(self.env, key)

    def _of(self, webhook=None):
        """Return the events of a receiver, the oldest first."""
        domain = [("webhook_id", "=", (webhook or self.webhook).id)]
        return self.events.search(domain, order="id")

    def _about(self, record):
        """Return the events of the operator's receiver about a record."""
        return self._of().filtered(
            lambda one: (one.res_model, one.res_id) == (record._name, record.id)
        )

    def _due(self, webhook=None):
        """As if the time of all next tries had come."""
        webhook = webhook or self.webhook
        webhook.next_try_date = False
        pending = self._of(webhook).filtered(lambda one: one.state == "pending")
        pending.next_try_date = fields.Datetime.now()
