import json

from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_billing.tests.common import ADDRESS, Billing
from odoo.addons.oiconnect_billing.tests.french_chart import FrenchCompanyCase
from odoo.addons.oiconnect_orders.tests.common import make_routes

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


@tagged("post_install", "-at_install")
class TestTourAlone(FrenchCompanyCase, SpaceCase):
    """A person of an operator that has the space only, on a telephone."""

    browser_size = "390x844"
    touch_enabled = True

    def _bill_two_accesses(self):
        billing = Billing(self.env, "T97")
        self.person.company_ids |= billing.company
        billing.product()
        country = self.env.ref("base.fr")
        self.operator.write({**ADDRESS, "country_id": country.id})
        for _rank in range(2):
            billing.access(self.operator, "2024-06-10")
        run = billing.compute("2025-01")
        run.move_ids.action_post()
        return run

    @needs_browser
    def test_it_orders_books_cancels_reports_contests_and_calls_the_api(self):
        make_routes(self.env, self.made, drawer=5, fibres=3)
        run = self._bill_two_accesses()
        self.building.write(
            {
                "commune_id": self.commune.id,
                "street_type": "RUE",
                "street_name": "DES LILAS",
                "city": "EXEMPLEVILLE",
            }
        )
        lines = [self._line(oc_reference="A-ANNULER")]
        [(cancelled, _refusals)] = self.orders._receive(
            lines, self.operator, self.network, self.origin
        )
        cancelled._study()
        line = self.own["acces"].service_reference
        self.browser_js(
            "/my/oiconnect",
            f"sessionStorage.setItem('oiconnectLine', {json.dumps(line)});"
            "odoo.startTour('oiconnect_portal_alone')",
            ready="odoo.isTourReady('oiconnect_portal_alone')",
            login=self.person.login,
            success_signal="tour succeeded",
            timeout=180,
        )
        self.env.invalidate_all()
        order = self.orders.search([("oc_reference", "=", "SEUL-1")])
        self.assertEqual(order.operator_id, self.operator)
        visit = self.env["oiconnect.appointment"].search(
            [("oc_reference", "=", "SEUL-1")]
        )
        self.assertEqual(visit.operator_id, self.operator)
        self.assertEqual(cancelled.state, "cancelled")
        ticket = self.env["oiconnect.ticket"].search([("oc_key", "=like", "PORTAIL-%")])
        self.assertEqual(ticket.order_id, self.own["acces"])
        dispute = self.env["oiconnect.billing.dispute"].search(
            [("operator_id", "=", self.operator.id)]
        )
        self.assertEqual(len(dispute.line_ids), 2)
        self.assertEqual(dispute.line_ids.move_id, run.move_ids)
