from odoo.tests.common import tagged

from ...soap.services import sav
from ..api.rest_common import RestCase
from ..services.service_common import ServiceCase


def start(env, operator, network, scope):
    network.is_sandbox = True
    return env["oiconnect.conformance.run"].create(
        {"operator_id": operator.id, "network_id": network.id, "scope": scope}
    )


def states(run):
    run.action_check()
    return {step.code: step.state for step in run.step_ids}


class Played:
    """What both channels look at."""

    def assertPassed(self, *codes):
        self.run_.action_check()
        steps = self.run_.step_ids.filtered(lambda step: step.code in codes)
        told = {step.code: (step.state, step.sent, step.got_text) for step in steps}
        self.assertEqual(set(steps.mapped("state")), {"passed"}, told)


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
        told = self._change(ticket, message_type="INFO", message_content="Chien")
        self.assertCode(self._call(sav.SET, told), 0)
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


@tagged("post_install", "-at_install")
class TestConformanceRest(Played, RestCase):
    """REST calls are noted while the run of their operator is open, and only then."""

    def setUp(self):
        super().setUp()
        self.run_ = start(self.env, self.operator, self.network, "rest")

    def _notes(self):
        return self.env["oiconnect.conformance.call"].search(
            [("run_id", "=", self.run_.id)]
        )

    def _ask(self, path, value=None, **options):
        return self._call("GET", path, value or self.operator_value, **options)

    def test_reading_from_the_first_call_on(self):
        self._ask("/networks")
        self._ask("/eligibility", params={"identifier": "OITO/B/1"})
        page = self._ask("/buildings", params={"limit": 1}).json()
        self.assertEqual(states(self.run_)["R03"], "waiting")
        self._ask("/buildings", params={"limit": 1, "cursor": page["next"]})
        self._ask("/buildings/999999999")
        self.assertPassed("R01", "R02", "R03", "R04")
        self.assertNotIn("OITO/B/1", str(self._notes().read()))

    def test_a_creation_is_sent_twice_with_its_key(self):
        step = self.run_.step_ids[-1]
        values = {"method": "POST", "path": "/access-orders", "status": 201}
        values["idempotency_key"] = step.reference
        calls = self.env["oiconnect.conformance.call"]
        calls._note(self.run_.id, **values)
        self.assertEqual(states(self.run_)["R05"], "waiting")
        calls._note(self.run_.id, **values | {"idempotency_key": "autre"})
        self.assertEqual(states(self.run_)["R05"], "waiting")
        calls._note(self.run_.id, **values)
        self.assertEqual(states(self.run_)["R05"], "passed")

    def test_another_operator_is_not_noted_nor_what_comes_later(self):
        self._ask("/networks", self.rival_value)
        self._call("GET", "/networks")
        self.run_.action_abandon()
        self._ask("/networks")
        self.assertFalse(self._notes())
