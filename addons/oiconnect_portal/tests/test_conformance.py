import base64

from odoo.tests import tagged

from .space_common import SpaceCase


@tagged("post_install", "-at_install")
class TestConformance(SpaceCase):
    """An operator goes through its run by itself, from its start to the report."""

    def setUp(self):
        super().setUp()
        self.network.is_sandbox = True
        self.env["oiconnect.signing.certificate"].create({})
        self.env.flush_all()
        self._log_in()

    def _send(self, path, status=200, **values):
        page = "/tickets/nouveau"
        return self._post(f"/conformite{path}", status, page, **values)

    def _runs(self, operator=None):
        return self.env["oiconnect.conformance.run"].search(
            [("operator_id", "=", (operator or self.operator).id)]
        )

    def _start(self):
        self._send("/commencer", network=self.network.id, scope="rest")
        return self._runs()

    def test_a_run_from_its_start_to_its_report(self):
        run = self._start()
        self.assertEqual(self._start(), run, "one at a time")
        step = run.step_ids[0]
        self.assertIn(step.reference, self._get(f"/conformite/{run.id}"))
        self.env["oiconnect.conformance.call"]._note(
            run.id, method="GET", path="/networks", status=403
        )
        self._send(f"/{run.id}/verifier")
        self.assertEqual(step.state, "differs")
        self._send(f"/{run.id}/recommencer/{step.id}")
        self.assertEqual((step.state, step.attempt), ("waiting", 2))
        self._send(f"/{run.id}/terminer")
        self.assertEqual(run.state, "failed")
        report = self.url_open(f"/my/oiconnect/conformite/{run.id}/rapport")
        self.assertEqual(report.content, base64.b64decode(run.report))
        answer = self._send(f"/{run.id}/terminer")
        self.assertIn("alert-danger", answer)

    def test_the_run_of_another_is_unknown(self):
        theirs = self._runs().create(
            {"operator_id": self.rival.id, "network_id": self.network.id}
        )
        for path in ("", "/rapport"):
            self._get(f"/conformite/{theirs.id}{path}", status=404)
        for ask in ("verifier", "terminer", f"recommencer/{theirs.step_ids[0].id}"):
            self._send(f"/{theirs.id}/{ask}", status=404)
        self.assertEqual(theirs.state, "running")
        self.assertNotIn(theirs.name, self._get("/conformite"))

    def test_a_real_network_is_not_offered(self):
        self.network.is_sandbox = False
        self._send("/commencer", 404, network=self.network.id, scope="rest")
        self.assertFalse(self._runs())
