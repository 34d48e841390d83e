from odoo.tests.common import TransactionCase, tagged

from ...models.codes.wire_state import VERSIONS
from ...states import STATES

EXPECTED = {
    "3.0": {
        "open": "QUEUED",
        "in_progress": "OPENACTIVE",
        "frozen": "OPENACTIVE",
        "expertise": "OPENACTIVE",
        "cancel_requested": "OPENACTIVE.TO.BE.CANCELED",
        "resolved": "CLEARED",
        "closed": "CLOSED",
        "cancelled": "CLOSED",
    },
    "2.x": {
        "open": "QUEUED",
        "in_progress": "OPENACTIVE",
        "frozen": "DEFERRED",
        "expertise": "OPENACTIVE",
        "cancel_requested": "OPENACTIVE",
        "resolved": "CLEARED",
        "closed": "CLOSED",
        "cancelled": "CLOSE.CANCELLED",
    },
}


@tagged("post_install", "-at_install")
class TestWireState(TransactionCase):
    """States of ours as sent to operators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wire = cls.env["oiconnect.ticket.wire.state"]

    def test_every_state_is_sent_in_every_version(self):
        for version, _label in VERSIONS:
            for state, _label in STATES:
                with self.subTest(version, state=state):
                    sent = self.wire._wire(version, state)
                    self.assertEqual(sent, EXPECTED[version][state])

    def test_a_contract_may_tell_otherwise(self):
        line = self.wire.search([("version", "=", "3.0"), ("state", "=", "resolved")])
        line.wire_state = "OPENACTIVE"
        self.assertEqual(self.wire._wire("3.0", "resolved"), "OPENACTIVE")

    def test_a_closed_ticket_is_never_sent_as_worked_on(self):
        self.wire.search([("version", "=", "3.0")]).unlink()
        self.assertEqual(self.wire._wire("3.0", "closed"), "CLOSED")
        self.assertEqual(self.wire._wire("3.0", "cancelled"), "CLOSED")
        self.assertEqual(self.wire._wire("3.0", "frozen"), "OPENACTIVE")
