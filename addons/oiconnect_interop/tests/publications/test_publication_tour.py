from unittest.mock import patch

from odoo.tests.common import HttpCase, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_orders.tests.common import make_neighbours

from ..imports.import_common import ImportCase, ipe_line
from .publication_common import PublicationCase


def queue_and_run(publications):
    """What the queue and its runner do, one after the other."""
    publications.write({"state": "waiting", "run_key": f"tour-{publications[:1].id}"})
    publications.env.flush_all()
    publications._run()
    publications.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPublicationTour(HttpCase, PublicationCase, ImportCase):
    """The screens: publish now, look at the files, send one to an operator."""

    @needs_browser
    def test_publish_look_and_send_again(self):
        # The lines are of this operator of infrastructure.
        self.network.write({"oi_code": "OITI", "code": "TEST_02"})
        self._import([ipe_line(1), ipe_line(2)])
        with patch.object(type(self.publications), "_queue", queue_and_run):
            self.browser_js(
                "/odoo/action-oiconnect_interop.publication_plan_action",
                "odoo.startTour('oiconnect_publication')",
                ready="odoo.isTourReady('oiconnect_publication')",
                login=self.person.login,
                success_signal="tour succeeded",
            )
        full = self._found().filtered(
            lambda item: (item.kind, item.version) == ("ipe", "V3.1")
        )
        self.assertEqual((full.state, full.line_count), ("done", 2))
        self.assertEqual(full.delivery_ids.operator_id, self.operators)

    @needs_browser
    def test_a_file_is_sent_again_in_four_clicks(self):
        self.network.write({"oi_code": "OITI", "code": "TEST_02"})
        self._import([ipe_line(1), ipe_line(2)])
        make_neighbours(self.env, self.operators[0])
        with patch.object(type(self.publications), "_queue", queue_and_run):
            self._publish("full")
        sent = self.env["oiconnect.exchange"].browse(self._found().delivery_ids.ids)
        sent.write({"state": "out_sent"})
        self.start_tour(
            "/odoo/action-oiconnect_interop.publication_action",
            "oiconnect_clicks_publication",
            login=self.person.login,
        )
        self.assertEqual(set(sent.mapped("state")), {"out_sent", "out_ready"})
