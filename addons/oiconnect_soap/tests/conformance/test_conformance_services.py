from odoo.tests.common import tagged

from odoo.addons.oiconnect_interop.tests.conformance.played import Played, start, states

from ...soap.services import sav
from ..services.service_common import ServiceCase


@tagged("post_install", "-at_install")
class TestConformanceSoap(Played, ServiceCase):
    """Steps find calls of web services by the key of the ticket, or by the ticket."""

    def setUp(self):
        super().setUp()
        self.run_ = start(self.env, self.operator, self.network, "soap")
        # Calls are dated by the clock, which these tests have stopped.
        self.run_.step_ids.since_date = "2020-01-01"

    def _reference(self, code):
        step = self.run_.step_ids.filtered(lambda step: step.code == code)
        return step.reference

    def test_a_ticket_from_its_opening_on(self):
        ticket = self._opened(oc_key=self._reference("S01"))
        self.assertEqual(states(self.run_)["S03"], "waiting")
        change = self._change(ticket, message_type="INFO", message_content="Chien")
        self.assertCode(self._call(sav.SET, change), 0)
        self._call(sav.GET, {"reference": ticket.reference, "names": []})
        self._create_by_soap(
            oc_key=self._reference("S02"), service_reference="NULLE-PART"
        )
        self.assertPassed("S01", "S02", "S03", "S04")

    def test_a_refusal_that_was_not_expected_is_shown(self):
        self._create_by_soap(
            oc_key=self._reference("S01"), service_reference="NULLE-PART"
        )
        self.assertEqual(states(self.run_)["S01"], "differs")
        step = self.run_.step_ids[0]
        self.assertEqual((step.got_outcome, step.got_code), ("refused", "8"))
        self.assertEqual(step.evidence_model, "oiconnect.soap.call")

    def test_calls_of_another_operator_are_not_evidence(self):
        self._create_by_soap(
            "ocbb", "demo-ocbb", oc_key=self._reference("S02"), service_reference="X"
        )
        self.assertEqual(set(states(self.run_).values()), {"waiting"})
