from odoo.exceptions import UserError
from odoo.tests.common import Form, new_test_user, tagged

from ..common import TicketCase

# Fields that say that a record is about a line or a place
ABOUT = {"building_id", "pto_id", "pm_id", "order_id", "link_id"}


@tagged("post_install", "-at_install")
class TestTicketFromLine(TicketCase):
    """The line is chosen once: the ticket says the rest, and shows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "hotline_ligne",
            "oiconnect_base.group_ticket_user,oiconnect_base.group_access_user,"
            "oiconnect_base.group_infra_read",
        )
        cls.called = cls.tickets.with_user(cls.user)

    def _codes(self, form):
        vals = self._call_vals()
        for name in ("defect_id", "defect_class_id", "prelocation_id"):
            setattr(form, name, self.env["oiconnect.ticket.code"].browse(vals[name]))

    def header(self, record):
        return record.with_user(self.user).line_header

    def actions(self, record):
        return [action["name"] for action in self.header(record)["actions"]]

    def test_the_line_that_is_chosen_gives_its_references_and_its_header(self):
        with Form(self.called) as form:
            self.assertFalse(form.line_header["customer"])
            form.line_id = self.order
            self.assertEqual(form.service_reference, self.order.service_reference)
            self.assertEqual(form.pto_reference, self.order.pto_id.reference)
            self.assertEqual(form.operator_id, self.operator)
            self.assertEqual(form.network_id, self.network)
            self.assertEqual(form.line_header["customer"], "EXEMPLE")
            self._codes(form)
        self.assertEqual(form.record.sudo().order_id, self.order)

    def test_the_header_of_a_line_opens_its_ticket(self):
        self.assertIn("action_open_ticket", self.actions(self.order))
        action = self.order.with_user(self.user).action_open_ticket()
        with Form(self.called.with_context(**action["context"])) as form:
            self.assertEqual(form.service_reference, self.order.service_reference)
            self._codes(form)
        ticket = form.record
        self.assertNotIn("action_open_ticket", self.actions(self.order))
        related = self.header(self.order)["related"]
        self.assertIn(ticket.id, [one["id"] for one in related])
        self.assertEqual(self.header(ticket)["related"][0]["id"], self.order.id)
        self.assertEqual(
            self.header(ticket)["state"]["text"],
            self.header(self.order)["state"]["text"],
        )

    def test_by_rpc_a_line_is_as_good_as_its_references(self):
        vals = self._call_vals()
        for name in ("service_reference", "network_id", "operator_id"):
            del vals[name]
        ticket = self.called.create(vals | {"line_id": self.order.id})
        self.assertEqual(ticket.sudo().order_id, self.order)

    def test_a_line_that_contradicts_its_operator_is_refused(self):
        vals = self._call_vals(operator_id=self.rival.id)
        del vals["service_reference"]
        with self.assertRaises(UserError), self.cr.savepoint():
            self.called.create(
                vals | {"line_id": self.order.id, "service_reference": "AUTRE"}
            )

    def test_a_ticket_is_picked_by_its_line_and_finds_it(self):
        ticket = self._open()
        self.env.flush_all()
        orders = self.env["oiconnect.access.order"].with_user(self.user)
        for text in (ticket.reference, ticket.oc_key):
            found = dict(orders.name_search(text))
            self.assertIn(self.order.id, found, text)

    def test_a_planned_task_is_what_comes_next(self):
        ticket = self._open()
        self._task(ticket, planned_date="2026-11-25 09:00:00", team_id=self.team.id)
        self.assertEqual(self.header(ticket)["next"]["date"], "2026-11-25 09:00:00")

    def test_all_that_is_about_a_line_has_its_header(self):
        missing = []
        for model in self.env.values():
            if model._abstract or model._transient or "step_ids" not in model._fields:
                continue
            if "operator_id" in model._fields and ABOUT & model._fields.keys():
                shown = model.get_view(view_type="form")["models"][model._name]
                if "line_header" not in shown:
                    missing.append(model._name)
        self.assertEqual(missing, [])
