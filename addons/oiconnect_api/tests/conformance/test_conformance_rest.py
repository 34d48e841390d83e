from odoo.tests.common import tagged

from odoo.addons.oiconnect_interop.tests.conformance.played import (
    Played,
    start,
    states,
)

from ..api.rest_common import RestCase


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
