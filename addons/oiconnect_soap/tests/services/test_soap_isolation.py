from odoo.tests.common import tagged

from odoo.addons.oiconnect_sav.tests.common import RIVAL_SIREN

from ...soap.services import sav
from .service_common import OC_SIREN, OI_SIREN, RIVAL_PASSWORD, ServiceCase

UNKNOWN_SIREN = "999000045"


@tagged("post_install", "-at_install")
class TestSoapIsolation(ServiceCase):
    """An operator reaches its own tickets and lines, and learns nothing of others."""

    def setUp(self):
        super().setUp()
        order = self._delivered(operator=self.rival)
        reply = self._create_by_soap(
            "ocbb",
            RIVAL_PASSWORD,
            oc_siren=RIVAL_SIREN,
            service_reference=order.service_reference,
        )
        self.assertCode(reply, 0)
        self.theirs = self._ticket(reply.payload["answer"]["reference"])
        # As long as theirs, and unknown
        self.unknown = "X" * len(self.theirs.reference)

    def _same_answer(self, operation, payload_of):
        """Assert that their ticket is answered as one that does not exist."""
        answers = [
            self._post(self._body(operation, payload_of(reference)))
            for reference in (self.theirs.reference, self.unknown)
        ]
        (status, content), (other_status, other) = answers
        self.assertEqual(status, other_status)
        theirs, unknown = self.theirs.reference.encode(), self.unknown.encode()
        self.assertEqual(content.replace(theirs, unknown), other)
        return status, content

    def test_the_ticket_of_another_is_not_fetched(self):
        status, content = self._same_answer(
            sav.GET, lambda reference: {"reference": reference, "names": []}
        )
        self.assertEqual(status, 500)
        self.assertIn(b"objectNotFoundException", content)
        self.assertIn(b"8 - INFO troubleTicketKey INCONNUE", content)

    def test_the_ticket_of_another_is_not_changed(self):
        steps = self.theirs.step_ids
        for values in (
            {"message_type": "INFO", "message_content": "Bonjour"},
            {"event": "CASE CANCELATION REQUEST"},
            {"event": "CASE SOLVED NOTIFICATION"},
            {"wire_state": "CLOSED"},
            {"escalation": True},
            {"customer_contact1": "0600000009"},
        ):
            with self.subTest(values):
                status, _content = self._same_answer(
                    sav.SET, lambda reference, v=values: self._change(reference, **v)
                )
                self.assertEqual(status, 500)
        self.assertEqual(self.theirs.step_ids, steps)
        self.assertFalse(self.theirs.message_line_ids)
        self.assertFalse(self.theirs.is_escalated)

    def test_a_version_tells_nothing_of_the_ticket_of_another(self):
        def change(reference):
            return self._change(reference, version=1) | {"resync_required": True}

        self._same_answer(sav.SET, change)

    def test_the_key_of_another_opens_ones_own_ticket(self):
        mine = self._opened(oc_key=self.theirs.oc_key)
        self.assertNotEqual(mine, self.theirs)
        self.assertEqual(mine.operator_id, self.operator)

    def test_the_line_of_another_is_out_of_reach(self):
        reply = self._create_by_soap(service_reference=self.theirs.service_reference)
        self.assertCode(reply, 9)
        self.assertNotIn(
            self.theirs.reference, self._last_call().answer, "of its ticket, nothing"
        )

    def test_swapped_sirens_are_read(self):
        """Specifications before 2.10 swap the two (SAV 3.0 §2)."""
        ticket = self._opened(oc_siren=OI_SIREN, oi_siren=OC_SIREN)
        self.assertEqual(ticket.oc_siren, OC_SIREN)
        reply = self._set_by_soap(
            ticket, oc_siren=OI_SIREN, oi_siren=OC_SIREN, escalation=True
        )
        self.assertCode(reply, 0)

    def test_sirens_of_others_are_refused_alike(self):
        ticket = self._opened()
        bodies = []
        for oc_siren, oi_siren in (
            (RIVAL_SIREN, OI_SIREN),
            (UNKNOWN_SIREN, OI_SIREN),
            (OI_SIREN, RIVAL_SIREN),
            (OC_SIREN, UNKNOWN_SIREN),
            (OC_SIREN, OC_SIREN),
        ):
            with self.subTest((oc_siren, oi_siren)):
                parties = {"oc_siren": oc_siren, "oi_siren": oi_siren}
                self.assertFault(self._create_by_soap(**parties), 15)
                change = self._change(ticket, escalation=True, **parties)
                status, content = self._post(self._body(sav.SET, change))
                self.assertEqual(status, 500)
                bodies.append(content)
        self.assertEqual(len(set(bodies)), 1)
        self.assertFalse(ticket.is_escalated)
        mine = [("operator_id", "=", self.operator.id)]
        self.assertEqual(self.tickets.search(mine), ticket)

    def test_a_wrong_password_reaches_no_operation(self):
        for operation in sav.OPERATIONS:
            payload = {}
            if operation is sav.CREATE:
                payload = {"ticket": self._value()}
            elif operation is sav.SET:
                payload = self._change(self.theirs)
            elif operation is sav.GET:
                payload = {"reference": self.theirs.reference, "names": []}
            elif operation.request.children:
                payload = {"event_type": "X"}
            with self.subTest(operation.name):
                reply = self._call(operation, payload, "ocbb", "faux")
                self.assertFault(reply, 12)

    def test_another_network_of_the_same_operator_is_another_account(self):
        ticket = self._opened()
        self.account.active = False
        self.env.flush_all()
        other = self.network.copy({"oi_code": "OITX", "code": "OITX"})
        self._connect(self.operator, "ocaa", "autre", network_id=other.id)
        query = {"reference": ticket.reference, "names": []}
        reply = self._call(sav.GET, query, "ocaa", "autre")
        self.assertFault(reply, 8)
