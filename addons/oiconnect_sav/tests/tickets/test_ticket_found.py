from odoo.exceptions import UserError
from odoo.tests.common import new_test_user, tagged

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketFound(TicketCase):
    """Tickets are found from the search box and from what they are about."""

    def _found(self, text, group):
        login = f"cherche_{len(self.env['res.users'].search([]))}"
        user = new_test_user(self.env, login, f"oiconnect_base.{group}")
        search = self.env["oiconnect.quick.search"].with_user(user)
        groups = search.find(text, ["oiconnect.ticket"])["groups"]
        return [row["id"] for found in groups for row in found["records"]]

    def test_by_our_reference_and_by_the_key_of_the_operator(self):
        ticket = self._open(oc_key="OC-SAV-TROUVE")
        for text in (ticket.reference, "OC-SAV-TROUVE"):
            self.assertEqual(self._found(text, "group_ticket_read"), ticket.ids)

    def test_without_the_right_nothing_is_found(self):
        ticket = self._open()
        self.assertFalse(self._found(ticket.reference, "group_access_user"))

    def test_from_what_it_is_about(self):
        ticket = self._open()
        for record in (
            ticket.order_id,
            ticket.pto_id,
            ticket.pbo_id,
            ticket.pm_id,
            ticket.building_id,
        ):
            with self.subTest(record._name):
                self.assertEqual(record.ticket_count, 1)
                domain = record.action_view_tickets()["domain"]
                self.assertEqual(self.tickets.search(domain), ticket)

    def test_what_a_ticket_is_about_is_not_deleted(self):
        ticket = self._open(
            type="2", service_reference=None, pm_reference=self.other_pm.reference
        )
        self.assertEqual(ticket.pm_id, self.other_pm)
        with self.assertRaisesRegex(UserError, ticket.reference):
            self.other_pm.unlink()

    def test_closure_codes_are_explained(self):
        meanings = self.env["oiconnect.help"]._code_meanings()
        self.assertIn("DEFAUT CONFIRME", meanings["RET01"])
