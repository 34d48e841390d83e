from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_orders.tests.common import make_neighbours

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTourTicket(TicketCase, HttpCase):
    """The day of the hotline, on its screens, in French."""

    @needs_browser
    def test_the_hotline_repairs_a_line(self):
        ticket = self._open(oc_key="OC-SAV-TOUR")
        user = new_test_user(
            self.env,
            "tour_ticket",
            "oiconnect_base.group_ticket_user",
            lang="fr_FR",
        )
        self.start_tour(
            "/odoo/action-oiconnect_sav.ticket_action",
            "oiconnect_ticket",
            login=user.login,
        )
        ticket.invalidate_recordset()
        self.assertEqual(ticket.state, "resolved")
        self.assertEqual(ticket.closure_code_id.code, "RET01")
        self.assertEqual(
            [flow for flow, _state in self._sent_messages(ticket)],
            ["SAV_SOLVING", "SAV_INFORMATION", "SAV_SOLVING", "SAV_SOLVED"],
        )
        self.assertEqual(ticket.message_line_ids.user_id, user)

    @needs_browser
    def test_from_the_call_to_the_resolution_in_nine_clicks(self):
        make_neighbours(self.env, self.operator)
        self.order.write(
            {"oc_reference": "OCT-LIGNE", "customer_contact1": "06 11 22 33 44"}
        )
        user = new_test_user(
            self.env,
            "tour_clics",
            "oiconnect_base.group_ticket_user,oiconnect_base.group_access_user,"
            "oiconnect_base.group_infra_read",
            lang="fr_FR",
        )
        self.start_tour(
            "/odoo/action-oiconnect_sav.ticket_action",
            "oiconnect_clicks_ticket",
            login=user.login,
        )
        [ticket] = self.tickets.search([("order_id", "=", self.order.id)])
        self.assertIn(ticket.state, ("resolved", "closed"))
        self.assertEqual(ticket.closure_code_id.code, "RET01")
