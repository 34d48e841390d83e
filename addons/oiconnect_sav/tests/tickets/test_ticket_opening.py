from odoo.exceptions import AccessError, UserError
from odoo.tests.common import Form, new_test_user, tagged

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketOpening(TicketCase):
    """The hotline opens tickets while it listens; there are two networks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "hotline_appels", "oiconnect_base.group_ticket_user"
        )
        # Before the other by its name: it would be the first.
        cls.empty_network = cls.network.copy({"name": "AAA", "code": "AAA"})
        cls.called = cls.tickets.with_user(cls.user)

    def _codes(self, form):
        vals = self._call_vals()
        for name in ("defect_id", "defect_class_id", "prelocation_id"):
            setattr(form, name, self.env["oiconnect.ticket.code"].browse(vals[name]))

    def assertRefused(self, *patterns, **values):
        count = self.tickets.search_count([])
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self.called.create(self._call_vals(**values))
        for pattern in patterns:
            self.assertRegex(str(caught.exception), pattern)
        self.assertEqual(self.tickets.search_count([]), count)

    def test_the_line_says_its_network_its_operator_and_its_pto(self):
        with Form(self.called) as form:
            self.assertFalse(form.network_id)
            self.assertFalse(form.possible_events)
            form.service_reference = self.order.service_reference
            self.assertEqual(form.network_id, self.network)
            self.assertEqual(form.operator_id, self.operator)
            self.assertEqual(form.pto_reference, self.order.pto_id.reference)
            self._codes(form)
            self.assertFalse(form.opening_faults)
        self.assertEqual(form.record.sudo().order_id, self.order)

    def test_by_rpc_the_line_says_it_too(self):
        vals = self._call_vals()
        del vals["network_id"], vals["operator_id"]
        ticket = self.called.create(vals)
        self.assertEqual(
            (ticket.network_id, ticket.operator_id, ticket.sudo().pto_id),
            (self.network, self.operator, self.order.pto_id),
        )

    def test_all_that_is_missing_is_said_at_once(self):
        with self.assertRaises(UserError) as caught:
            self.called.with_context(lang="fr_FR").create({})
        for label in ("Opérateur", "Domaine", "Nature du défaut", "Classe du défaut"):
            self.assertIn(label, str(caught.exception))
        self.assertIn("Donnez la prestation", str(caught.exception))

    def test_a_service_that_does_not_exist_is_not_stored_without_a_line(self):
        self.assertRefused("no line", service_reference="PRESTA-0000")
        self.assertRefused("no line", network_id=self.empty_network.id)
        self.assertRefused("no line", operator_id=self.rival.id)

    def test_a_pto_of_another_line_is_refused_while_it_is_typed(self):
        other = self._delivered()
        form = Form(self.called)
        form.service_reference = self.order.service_reference
        form.pto_reference = other.pto_id.reference
        self.assertIn(self.order.pto_id.reference, form.opening_faults)
        self.assertRefused(
            self.order.pto_id.reference, pto_reference=other.pto_id.reference
        )

    def test_a_ticket_on_a_pm_names_a_pm_of_its_network(self):
        pm_type = self.env["oiconnect.ticket.code"]._of("type", "2").id
        about = {"type_id": pm_type, "service_reference": False}
        self.assertRefused("Give the PM", **about)
        self.assertRefused("PM-NULLE-PART", pm_reference="PM-NULLE-PART", **about)
        vals = self._call_vals(pm_reference=self.other_pm.reference, **about)
        ticket = self.called.create(vals)
        self.assertEqual(ticket.sudo().pm_id, self.other_pm)

    def test_what_was_mistyped_is_corrected_until_it_is_taken_in_charge(self):
        other = self._delivered()
        ticket = self.called.create(self._call_vals(customer_name="EXEMPEL"))
        ticket.write(
            {
                "service_reference": other.service_reference,
                "customer_name": "EXEMPLE",
            }
        )
        self.assertEqual(ticket.sudo().order_id, other)
        self.assertEqual(ticket.sudo().pto_id, other.pto_id)
        self.assertIn("Corrected", ticket.sudo().message_ids[0].body)
        with self.assertRaises(UserError), self.cr.savepoint():
            ticket.pto_reference = self.order.pto_id.reference
        with self.assertRaises(AccessError):
            ticket.write({"operator_id": self.rival.id})
        self._task(ticket)
        self.assertEqual(ticket.state, "in_progress")
        with self.assertRaises(AccessError):
            ticket.write({"customer_name": "AUTRE"})

    def test_what_an_operator_reported_is_not_corrected(self):
        ticket = self._open().with_user(self.user)
        self.assertFalse(ticket.is_correctable)
        with self.assertRaises(AccessError):
            ticket.write({"service_reference": self.order.service_reference})
