from lxml import etree

from odoo.tests.common import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from ...models.tickets.workflow import TICKET_WORKFLOW
from ...states import CLOSED_STATES, STATES
from ...wizard.tickets.ticket_decision import EVENTS
from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketScreens(TicketCase):
    """The screens of the hotline: the form, its buttons, the list and its filters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "hotline_ecrans", "oiconnect_base.group_ticket_user"
        )

    def _arch(self, kind):
        model = self.tickets.with_user(self.user)
        return etree.fromstring(model.get_view(view_type=kind)["arch"])

    def _shown(self, ticket):
        """Return the buttons that the header shows."""
        ticket.invalidate_recordset()
        values = {
            "id": ticket.id,
            "state": ticket.state,
            "is_open": ticket.is_open,
            "opened_by": ticket.opened_by,
            "is_escalated": ticket.is_escalated,
            "next_step": ticket.next_step,
            "is_reportable": ticket.is_reportable,
            "possible_events": ticket.possible_events or [],
        }
        return [
            button
            for button in self._arch("form").findall(".//header/button")
            if not safe_eval(button.get("invisible"), dict(values))
        ]

    def _offered(self, ticket):
        """Return the events whose button the header shows."""
        contexts = (
            safe_eval(button.get("context") or "{}") for button in self._shown(ticket)
        )
        events = (one.get("decision") or one.get("event") for one in contexts)
        return [event for event in events if event]

    def test_buttons_are_what_the_workflow_allows(self):
        ticket = self._open()
        self._done(ticket)
        for state, _label in STATES:
            with self.subTest(state):
                values = {"state": state, "closure_code_id": self._code("RET01").id}
                ticket.with_context(workflow=_WORKFLOW).write(values)
                offered = self._offered(ticket)
                self.assertEqual(len(offered), len(set(offered)))
                self.assertLessEqual(set(offered), set(ticket.possible_events or ()))
                if state in CLOSED_STATES:
                    self.assertFalse(offered)

    def test_what_ends_a_ticket_asks_first(self):
        for button in self._arch("form").findall(".//header/button"):
            context = safe_eval(button.get("context") or "{}")
            if event := context.get("event"):
                self.assertNotIn(event, TICKET_WORKFLOW.irreversible)
                self.assertIn(event, self.tickets._people_events)
            if event := context.get("decision"):
                self.assertIn(event, EVENTS)

    def test_the_first_button_is_the_next_step(self):
        ticket = self._open()
        self._done(ticket)
        self.assertEqual(self._offered(ticket)[0], "resolve")
        self._resolve(ticket)
        self.assertEqual(self._offered(ticket)[:2], ["accept", "reject"])
        ticket._fire("reject")
        ticket._fire("freeze", reason="access")
        self.assertEqual(self._offered(ticket)[0], "thaw")

    def test_after_a_missed_visit_another_one_comes_first(self):
        ticket = self._open()
        self._task(ticket)._fire("repeat", customer_absent=True)
        self.assertIn("resolve", self._offered(ticket))
        first = [
            button.get("name")
            for button in self._shown(ticket)
            if button.get("class") == "btn-primary"
        ]
        self.assertEqual(first, ["action_add_task"])

    def test_the_hotline_opens_a_ticket_by_the_form(self):
        with Form(self.tickets.with_user(self.user)) as form:
            form.pto_reference = self.order.pto_id.reference
            for name in ("defect_id", "defect_class_id", "prelocation_id"):
                code = self.env["oiconnect.ticket.code"].browse(self._call_vals()[name])
                setattr(form, name, code)
            form.description = "Appel du client"
        ticket = form.record
        self.assertEqual((ticket.opened_by, ticket.operator_id), ("oi", self.operator))
        self.assertEqual(ticket.sudo().pto_id, self.order.pto_id)

    def test_each_filter_of_the_list_works_alone(self):
        self._open()
        tickets = self.tickets.with_user(self.user)
        for item in self._arch("search").findall(".//filter[@domain]"):
            with self.subTest(item.get("name")):
                domain = safe_eval(item.get("domain"), {"uid": self.user.id})
                tickets.search(domain)

    def test_the_modes_of_the_guide(self):
        going, over = self._open(), self._open(self._delivered())
        over._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        search = self._arch("search")
        found = {
            name: self.tickets.search(
                safe_eval(search.find(f".//filter[@name='{name}']").get("domain"))
            )
            for name in ("open", "closed", "all")
        }
        both = going | over
        self.assertEqual(found["open"] & both, going)
        self.assertEqual(found["closed"] & both, over)
        self.assertEqual(found["all"] & both, both)

    def test_each_group_of_the_list_works(self):
        self._open()
        for item in self._arch("search").findall(".//group/filter"):
            group = safe_eval(item.get("context"))["group_by"]
            with self.subTest(group):
                self.tickets.with_user(self.user).formatted_read_group(
                    [], [group], ["__count"]
                )
