from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import SQL, mute_logger

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

    def test_by_the_customer_for_who_may_read_it(self):
        ticket = self._open(customer_name="ZEBULON", customer_contact1="0600999003")
        for text in ("zebul", "06 00 99 90 03", "+33 6 00 99 90 03"):
            with self.subTest(text):
                domain = [("customer", "ilike", text)]
                self.assertEqual(self.tickets.search(domain), ticket)
                self.assertEqual(self._found(text, "group_ticket_user"), ticket.ids)
                self.assertFalse(self._found(text, "group_ticket_read"))

    def test_no_search_by_customer_without_the_right(self):
        ticket = self._open(customer_name="ZEBULON")
        reader = new_test_user(
            self.env, "lecture_clients", "oiconnect_base.group_ticket_read"
        )
        with mute_logger("odoo.models"), self.assertRaises(AccessError):
            self.tickets.with_user(reader).search([("customer", "ilike", "zebulon")])
        search = ticket.with_user(reader).get_view(view_type="search")
        self.assertNotIn('name="customer"', search["arch"])

    def test_each_filter_has_its_index(self):
        self._open()
        code = self._code("RET01")
        # Nearly empty, a table is as well read without any.
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for name, value, index in (
            ("is_open", True, "(open|board|open_pto)_idx"),
            ("is_escalated", True, "escalated_idx"),
            ("opened_by", "oi", "ours_idx"),
            ("closure_code_id", code.id, "closure_idx"),
            ("customer", "0600999003", "phone_idx"),
        ):
            operator = "ilike" if name == "customer" else "="
            query = self.tickets._search([(name, operator, value)])
            self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            with self.subTest(name):
                self.assertRegex(plan, rf"oiconnect_ticket_+{index}")

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
