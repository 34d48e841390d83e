from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .space_common import SpaceCase


class SpaceTour(SpaceCase):
    def _tour(self, place):
        networks = self.env["oiconnect.network"]
        networks.search([("id", "!=", self.network.id)]).write({"active": False})
        self.env.flush_all()
        self.start_tour(
            "/my/oiconnect", f"oiconnect_portal_{place}", login=self.person.login
        )
        visit = self.env["oiconnect.appointment"].search(
            [("oc_reference", "=", "TOUR-1")]
        )
        self.assertEqual(visit.operator_id, self.operator)


@tagged("post_install", "-at_install")
class TestTourDesk(SpaceTour):
    """A person of an operator goes through its space, in French, at a desk."""

    browser_size = "1400x900"

    @needs_browser
    def test_the_space_at_a_desk(self):
        self.network.is_sandbox = True
        self.env["oiconnect.signing.certificate"].create({})
        run = self.env["oiconnect.conformance.run"].create(
            {
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "scope": "rest",
            }
        )
        self.env["oiconnect.conformance.call"]._note(
            run.id, method="GET", path="/networks", status=403
        )
        self._tour("desk")
        self.assertEqual(run.state, "failed")
        self.assertTrue(run.report)


@tagged("post_install", "-at_install")
class TestTourPhone(SpaceTour):
    """An order and a slot on a telephone: the menu, a list and a form."""

    browser_size = "390x844"
    touch_enabled = True

    @needs_browser
    def test_the_space_on_a_phone(self):
        self._tour("phone")
