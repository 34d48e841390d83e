from unittest.mock import patch

from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_orders.tests.common import make_network

from ..common import OC_SIREN, SOAP, TicketCase


@tagged("post_install", "-at_install")
class TestTicketReception(TicketCase):
    """Refusals of an operator's message, and its effect when repeated."""

    def _codes_of(self, **values):
        _ticket, refusals = self._try_open(**values)
        return [(refusal.code, refusal.field) for refusal in refusals]

    def test_the_same_key_is_the_same_ticket(self):
        line = self._ticket_line()
        arguments = (self.operator, self.network, SOAP)
        first, _refusals = self.tickets._receive_creation(line, *arguments)
        again, refusals = self.tickets._receive_creation(line, *arguments)
        self.assertEqual((again, refusals), (first, []))
        self.assertEqual(first.oc_siren, OC_SIREN)

    def test_two_operators_may_have_the_same_key(self):
        first = self._open(oc_key="SAV-1")
        order = self._delivered(operator=self.rival)
        second = self._open(order, operator=self.rival, oc_key="SAV-1")
        self.assertNotEqual(first, second)

    def test_a_key_that_was_tried_on_another_network_is_free(self):
        """A ticket that an operator tried on a sandbox is not one of a real line."""
        sandbox = make_network(self.env, "OITS")["network"]
        line = self._ticket_line(
            oc_key="SAV-7",
            type="2",
            service_reference=None,
            pm_reference="OITS-PM-1",
        )
        tried, _refusals = self.tickets._receive_creation(
            line, self.operator, sandbox, SOAP
        )
        pto = self.order.pto_id.reference
        real = self._open(oc_key="SAV-7", service_reference=None, pto_reference=pto)
        self.assertNotEqual(real, tried)
        self.assertEqual((real.network_id, real.order_id), (self.network, self.order))

    def test_an_update_that_names_something_else_changes_nothing(self):
        """A wrong digit in our reference is another ticket of the same operator."""
        ticket = self._open()
        cancel = {"event": "CASE CANCELATION REQUEST"}
        for name in ("oc_key", "service_reference", "pto_reference"):
            with self.subTest(name):
                self.assertEqual(self._ask(ticket, **{name: "AUTRE"}, **cancel), ["13"])
                self.assertEqual(ticket.state, "open")
        same = {
            "oc_key": ticket.oc_key,
            "service_reference": self.order.service_reference,
            "pto_reference": self.order.pto_id.reference,
        }
        self.assertFalse(self._ask(ticket, **same, **cancel))
        self.assertEqual(ticket.state, "cancelled")

    def test_what_is_missing_is_named(self):
        self.assertEqual(self._codes_of(defect=None), [("1", "defect")])
        self.assertEqual(self._codes_of(oc_key=None), [("1", "oc_key")])
        found = self._codes_of(service_reference=None)
        self.assertEqual(found, [("1", "service_reference")])

    def test_a_value_out_of_its_list(self):
        self.assertEqual(self._codes_of(defect="PANNE"), [("2", "defect")])
        self.assertEqual(self._codes_of(prelocation="CAVE"), [("2", "prelocation")])

    def test_an_unknown_line_and_the_line_of_another(self):
        found = self._codes_of(service_reference="INCONNUE")
        self.assertEqual(found, [("8", "service_reference")])
        found = self._codes_of(operator=self.rival)
        self.assertEqual(found, [("9", "service_reference")])
        found = self._codes_of(
            operator=self.rival,
            service_reference=None,
            pto_reference=self.order.pto_id.reference,
        )
        self.assertEqual(found, [("9", "pto_reference")])

    def test_one_open_ticket_a_line(self):
        ticket = self._open()
        self.assertEqual(self._codes_of(), [("100", None)])
        ticket._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        self.assertTrue(self._open())

    def test_an_appointment_that_is_not_one_of_the_operator_for_a_repair(self):
        production = self._book()
        for reference in ("INCONNU", production.reference):
            found = self._codes_of(appointment_reference=reference)
            self.assertEqual(found, [("101", None)])

    def test_an_operator_is_known_by_its_siren(self):
        operators = self.env["oiconnect.operator"].with_context(active_test=False)
        mine = operators.search([("siren", "=", OC_SIREN)])
        found = operators._of_siren(OC_SIREN)
        self.assertEqual(found, mine if len(mine) == 1 else operators.browse())
        self.assertFalse(operators._of_siren(None))
        self.rival.siren = OC_SIREN
        self.assertFalse(operators._of_siren(OC_SIREN), "no guess which")

    def test_a_refused_creation_leaves_nothing(self):
        before = self.tickets.search_count([])
        self._codes_of(defect="PANNE")
        self.assertEqual(self.tickets.search_count([]), before)

    def test_the_ticket_of_another_is_unknown(self):
        ticket = self._open()
        found, refusals = self.tickets._look_up(
            self.rival, self.network, ticket.reference
        )
        self.assertFalse(found)
        _none, unknown = self.tickets._look_up(self.rival, self.network, "X")
        self.assertEqual(refusals, unknown, "nothing tells that it exists")
        self.assertEqual(refusals[0].code, "8")

    def test_an_update_that_changes_nothing(self):
        ticket = self._open()
        self.assertEqual(self._ask(ticket, wire_state="QUEUED"), ["6"])
        ticket = self._open(self._delivered())
        self._done(ticket)
        self._resolve(ticket)
        self.assertFalse(self._ask(ticket, wire_state="CLOSED"))
        self.assertEqual(self._ask(ticket, wire_state="CLOSED"), ["6"])

    def test_a_ticket_that_is_over_takes_no_message(self):
        ticket = self._open()
        ticket._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        message = {"message_type": "info", "content": "Bonjour"}
        self.assertEqual(self._ask(ticket, message=message), ["11"])

    def test_the_state_of_a_message_decides_nothing_before_a_resolution(self):
        ticket = self._open()
        self._task(ticket)
        message = {"message_type": "info", "content": "Bonjour"}
        self.assertFalse(self._ask(ticket, message=message, wire_state="CLOSED"))
        self.assertEqual(ticket.state, "in_progress")

    def test_the_terms_of_the_contract_are_stored(self):
        ticket = self._open(
            critical_level="CRITIQUE",
            gtr_range="signalling",
            gtr_delay="10H",
            contract={"offerId": "OFFRE-1"},
        )
        self.assertEqual((ticket.priority, ticket.gtr_delay), ("2", "10H"))
        self.assertEqual(ticket.contract, {"offerId": "OFFRE-1"})
        self.assertEqual(ticket.due_kind, "ticket_gtr")

    def test_a_message_that_is_sent_again_is_heard_once(self):
        ticket = self._open()
        message = {"message_type": "question", "content": "Quand passez-vous ?"}
        self.assertFalse(self._ask(ticket, message=message))
        self.assertEqual(self._ask(ticket, message=message), ["6"])
        self._say(ticket, "info", "Merci")
        self.assertFalse(self._ask(ticket, message=message), "sent once more")
        self.assertEqual(len(ticket.message_line_ids), 3)

    def test_an_escalation_that_is_sent_again_changes_nothing(self):
        ticket = self._open()
        self.assertFalse(self._ask(ticket, escalation=True))
        self.assertEqual(self._ask(ticket, escalation=True), ["6"])

    def test_the_operator_corrects_how_its_customer_is_reached(self):
        ticket = self._open()
        self.assertFalse(self._ask(ticket, customer_contact1="0600000009"))
        self.assertEqual(ticket.customer_contact1, "0600000009")
        self.assertEqual(self._ask(ticket, customer_contact1="0600000009"), ["6"])
        self.assertFalse(ticket.message_line_ids)

    def test_a_message_comes_with_the_ticket(self):
        message = {"message_type": "info", "content": "Chien méchant"}
        ticket = self._open(message=message, escalation=True)
        self.assertEqual(ticket.message_line_ids.content, "Chien méchant")
        self.assertTrue(ticket.is_escalated)

    def test_the_whole_ticket_is_sent_with_its_facts(self):
        ticket = self._open(contract={"offer": "OFFRE-1"}, gtr_range="always")
        payload = ticket._payload_whole()
        self.assertEqual(payload["offer"], "OFFRE-1")
        self.assertEqual(payload["gtr_range"], "INCONDITIONNELLE")
        self.assertEqual(payload["defect"], "PAS DE SIGNAL")
        self.assertEqual(payload["wire_state"], "QUEUED")
        self.assertEqual(payload["oc_siren"], OC_SIREN)
        self.assertNotIn("resolution_state", payload, "no one works on it yet")
        self.assertNotIn("closure_code", payload)

    def test_the_version_of_a_copy_grows_with_each_message(self):
        ticket = self._open()
        self.assertEqual(ticket._payload_version(), 0, "nothing was sent yet")
        self._task(ticket)
        ticket.invalidate_recordset(["event_ids"])
        first = ticket._payload_version()
        self._done(ticket)
        ticket.invalidate_recordset(["event_ids"])
        self.assertGreater(ticket._payload_version(), first)

    # ------------------------------------------------------------------
    # A bad day of the operator
    # ------------------------------------------------------------------

    def test_a_key_that_comes_again_with_another_line_is_refused(self):
        self._open(oc_key="SAV-2")
        found = self._codes_of(order=self._delivered(), oc_key="SAV-2")
        self.assertEqual(found, [("100", None)], "that line would have no ticket")

    def test_a_creation_that_comes_late_is_answered_with_its_ticket(self):
        ticket = self._open(oc_key="SAV-3")
        ticket._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        self.assertEqual(self._open(oc_key="SAV-3"), ticket)

    def test_of_two_calls_at_once_one_opens_a_ticket(self):
        ticket = self._open()
        blind = patch.object(
            type(self.tickets), "_has_open_ticket", lambda *_args: False
        )
        with blind, mute_logger("odoo.sql_db"), self.assertRaises(BusyError):
            self._try_open()
        ticket._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        with blind:
            self.assertTrue(self._open())

    def test_a_ticket_on_a_pm_may_name_a_line_that_has_one(self):
        ticket = self._open()
        self.assertEqual(self._open(type="2").order_id, ticket.order_id)
