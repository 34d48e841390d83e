from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_orders.tests.appointment_common import AppointmentCase

SOAP = Origin("soap", version="3.0")
# Fictitious, as those of the demo network
OC_SIREN, RIVAL_SIREN = "999000029", "999000037"


class TicketCase(AppointmentCase):
    """One line in service, its operator and the hotline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator.siren = OC_SIREN
        cls.rival.siren = RIVAL_SIREN
        cls.tickets = cls.env["oiconnect.ticket"].with_context(tracking_disable=True)
        cls.messages = cls.env["oiconnect.ticket.message"]
        cls.key = 0
        [(cls.order, _refusals)] = cls.orders._receive(
            [cls._line()], cls.operator, cls.network, cls.origin
        )
        cls.order._study()
        cls.order._fire("connected")

    @classmethod
    def _ticket_line(cls, order=None, **values):
        """Return a correct request to open a ticket, but for ``values``."""
        cls.key += 1
        return {
            "oc_key": f"OC-SAV-{cls.key:04d}",
            "type": "1",
            "service_reference": (order or cls.order).service_reference,
            "defect": "PAS DE SIGNAL",
            "defect_class": "1",
            "prelocation": "PBO",
            "description": "Plus de signal depuis ce matin",
            "customer_name": "EXEMPLE",
            **values,
        }

    @classmethod
    def _call_vals(cls, **values):
        """Return what the hotline writes of a call on the line, but for ``values``."""
        codes = cls.env["oiconnect.ticket.code"]
        return {
            "operator_id": cls.operator.id,
            "network_id": cls.network.id,
            "service_reference": cls.order.service_reference,
            "defect_id": codes._of("defect", "PAS DE SIGNAL").id,
            "defect_class_id": codes._of("defect_class", "1").id,
            "prelocation_id": codes._of("location", "PBO").id,
            **values,
        }

    def _try_open(self, order=None, operator=None, **values):
        return self.tickets._receive_creation(
            self._ticket_line(order, **values),
            operator or self.operator,
            self.network,
            SOAP,
        )

    def _open(self, order=None, operator=None, **values):
        """Return the ticket that the operator opened by its service."""
        ticket, refusals = self._try_open(order, operator, **values)
        self.assertFalse(refusals)
        return ticket

    def _task(self, ticket, **values):
        return self.env["oiconnect.ticket.task"].create(
            {"ticket_id": ticket.id, **values}
        )

    def _done(self, ticket, **values):
        """Add a task and carry it out."""
        task = self._task(ticket, **values)
        task._fire("do")
        return task

    def _code(self, code):
        return self.env["oiconnect.ticket.closure.code"]._of(code)

    def _location(self, code="PBO"):
        return self.env["oiconnect.ticket.code"]._of("location", code)

    def _resolve(self, ticket, code="RET01", **values):
        ticket._fire(
            "resolve",
            closure_code=self._code(code),
            location=self._location(),
            **values,
        )

    def _resolved(self, **values):
        ticket = self._open(**values)
        self._done(ticket)
        self._resolve(ticket)
        return ticket

    def _say(self, ticket, message_type="info", content="Bonjour", **values):
        """Let the operator send a message."""
        return ticket._receive_update(
            {"message": {"message_type": message_type, "content": content}, **values},
            SOAP,
        )

    def _ask(self, ticket, **line):
        """Let the operator ask for something; return the codes of the refusals."""
        _ticket, refusals = ticket._receive_update(line, SOAP)
        return [refusal.code for refusal in refusals]

    def _sent_messages(self, ticket):
        """Return ``[(flow, state on the wire)]`` of the messages to the operator."""
        ticket.invalidate_recordset(["event_ids"])
        events = ticket.event_ids.sorted("id")
        return [(event.flow, event.payload["wire_state"]) for event in events]

    def _last_payload(self, ticket):
        ticket.invalidate_recordset(["event_ids"])
        return ticket.event_ids.sorted("id")[-1:].payload

    def _at(self, moment, method, *args, **kwargs):
        with freeze_time(moment):
            return method(*args, **kwargs)

    def _run(self, moment, action):
        """Run a scheduled action as if it were ``moment``, UTC."""
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *_args, **_kw: 60.0):
            self._at(moment, action)

    @classmethod
    def _hours(cls, kind, hours):
        """Let the operator have ``hours`` of any day for a delay."""
        cls.env["oiconnect.delay"].create(
            {
                "kind": kind,
                "operator_id": cls.operator.id,
                "value": hours,
                "unit": "hours",
            }
        )

    def assertDue(self, ticket, kind, due, awaited="us"):
        found = ticket.due_kind, fields.Datetime.to_string(ticket.due_date)
        self.assertEqual((*found, ticket.awaited), (kind, due, awaited))
