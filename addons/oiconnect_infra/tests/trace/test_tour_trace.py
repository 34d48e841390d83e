from odoo.tests import HttpCase, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .test_trace import TraceCase


@tagged("post_install", "-at_install")
class TestTourTrace(TraceCase, HttpCase):
    """The route of a PTO, in the browser and in French."""

    @needs_browser
    def test_follow_mend_and_read(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.ref("base.user_admin").lang = "fr_FR"
        position = self.wiring.position(
            "P0", self.feeder[0], link_fibre_id=self.feeds[0].id
        )
        self.wiring.route(
            position,
            self.drop[0],
            pto_id=self.pto.id,
            connector_number=1,
        )
        self.start_tour(
            "/odoo/action-oiconnect_infra.pto_action", "oiconnect_trace", login="admin"
        )
        self.assertEqual(self.feeder[0].lower_splice_ids.box, "CH-99001-0012")
