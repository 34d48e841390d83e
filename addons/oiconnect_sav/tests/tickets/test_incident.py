from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_orders.tests.appointment_common import NOW
from odoo.addons.oiconnect_orders.tests.common import make_network, make_routes

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestIncident(TicketCase):
    """One cause for several tickets, and the lines that it cuts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "hotline_incidents", "oiconnect_base.group_ticket_user"
        )
        cls.incidents = cls.env["oiconnect.incident"]

    def _two_tickets(self):
        """Return the tickets of two lines of one PBO."""
        return self._open(), self._open(self._delivered())

    def test_a_ticket_alone_has_no_other_of_the_same_cause(self):
        ticket = self._open()
        self.assertFalse(ticket.same_cause or ticket.same_cause_text)
        with self.assertRaises(UserError):
            ticket.action_make_incident()

    def test_the_nearest_shared_point_is_shown(self):
        first, second = self._two_tickets()
        self.assertEqual(first.route_id.pbo_id, second.route_id.pbo_id)
        self.assertEqual(first.same_cause, {"pbo": 1})
        self.assertIn("1", first.same_cause_text)

    def test_a_farther_point_is_shown_when_it_has_more(self):
        first, _second = self._two_tickets()
        line = self._delivered(building_identifier=self.other_building.identifier)
        self._open(line)
        self.assertEqual(list(first.same_cause.values()), [1, 2])

    def test_tickets_that_are_over_are_no_sign(self):
        first, second = self._two_tickets()
        second._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        first.invalidate_recordset()
        self.assertFalse(first.same_cause)

    def test_the_list_of_the_same_cause_is_what_its_reader_may_read(self):
        """An operator does not learn which lines of others are out of order."""
        first = self._open()
        other = self._open(self._delivered(operator=self.rival), operator=self.rival)
        reader = first.with_user(self.user)
        listed = self.tickets.search(reader.action_view_same_cause()["domain"])
        self.assertEqual(listed, other)
        self.env["ir.rule"].create(
            {
                "name": "Tickets of one operator",
                "model_id": self.env["ir.model"]._get_id("oiconnect.ticket"),
                "domain_force": f"[('operator_id', '=', {self.operator.id})]",
            }
        )
        domain = reader.action_view_same_cause()["domain"]
        self.assertFalse(self.tickets.search(domain))

    def test_a_ticket_without_route_has_an_empty_list_of_the_same_cause(self):
        ticket = self._open(
            type="2", service_reference=None, pm_reference=self.pm.reference
        )
        self.assertFalse(self.tickets.search(ticket.action_view_same_cause()["domain"]))

    def test_one_click_makes_the_incident(self):
        first, second = self._two_tickets()
        action = first.with_user(self.user).action_make_incident()
        incident = self.incidents.browse(action["res_id"])
        self.assertEqual(incident.ticket_ids, first | second)
        self.assertEqual((incident.point, incident.pbo_id), ("pbo", first.pbo_id))
        self.assertRegex(incident.reference, r"^OITO-INC-\d{10}$")
        again = second.with_user(self.user).action_make_incident()
        self.assertEqual(again["res_id"], incident.id, "one incident a point")

    def test_an_incident_of_all_is_at_the_point_that_all_share(self):
        first, second = self._two_tickets()
        self.assertFalse(first.has_wider_cause)
        line = self._delivered(building_identifier=self.other_building.identifier)
        third = self._open(line)
        first.invalidate_recordset()
        self.assertTrue(first.has_wider_cause)
        action = first.with_user(self.user).action_make_wider_incident()
        incident = self.incidents.browse(action["res_id"])
        self.assertEqual(incident.ticket_ids, first | second | third)
        self.assertEqual((incident.point, incident.tube), ("tube", line.route_ids.tube))

    def test_a_ticket_joins_the_incident_of_all_others(self):
        first, second = self._two_tickets()
        incident = self._incident("pm", pm_id=self.pm.id)
        incident._join(first)
        self.assertEqual(second.same_cause_incident_id, incident)
        action = second.with_user(self.user).action_make_incident()
        self.assertEqual(action["res_id"], incident.id, "none of a single ticket")
        self.assertEqual(incident.ticket_ids, first | second)

    def test_a_ticket_that_is_free_makes_another_incident(self):
        first, second = self._two_tickets()
        self._add_fibres()
        third = self._open(self._delivered())
        incident = self._incident("pm", pm_id=self.pm.id)
        incident._join(first)
        self.assertFalse(second.same_cause_incident_id)
        action = second.with_user(self.user).action_make_incident()
        made = self.incidents.browse(action["res_id"])
        self.assertEqual((made.point, made.ticket_ids), ("pbo", second | third))
        self.assertEqual(incident.ticket_ids, first)

    def _add_fibres(self):
        """Wire one more line at each PBO, whose fibres are all used."""
        made = {
            "network": self.network,
            "pm": self.pm,
            "pbo": self.pbo,
            "other_pbo": self.other_pbo,
        }
        self.routes |= make_routes(self.env, made, drawer=5, fibres=1)

    def test_an_incident_that_is_over_is_not_joined(self):
        first, second = self._two_tickets()
        over = self._incident("pm", pm_id=self.pm.id)
        over._join(first)
        over.action_close()
        self.assertFalse(second.same_cause_incident_id)
        action = second.with_user(self.user).action_make_incident()
        self.assertEqual(
            self.incidents.browse(action["res_id"]).ticket_ids, first | second
        )

    def _incident(self, point, **values):
        return self.incidents.create(
            {"name": "Coupure", "point": point, "network_id": self.network.id, **values}
        )

    def test_lines_are_found_from_any_point(self):
        line = self._delivered(building_identifier=self.other_building.identifier)
        route, other = self.order.route_ids, line.route_ids
        cable = route.cable_id
        for incident, orders in (
            (self._incident("pm", pm_id=self.pm.id), self.order | line),
            (self._incident("module", module_id=route.module_id.id), self.order | line),
            (self._incident("cable", cable_id=cable.id), self.order | line),
            (
                self._incident("tube", cable_id=cable.id, tube=route.tube),
                self.order | line,
            ),
            (self._incident("pbo", pbo_id=route.pbo_id.id), self.order),
            (self._incident("pbo", pbo_id=other.pbo_id.id), line),
        ):
            with self.subTest(incident.point):
                lines = incident._impacted_lines()
                self.assertEqual({one.order_id for one in lines}, set(orders.ids))
                self.assertEqual(incident.impacted_count, len(orders))
                self.assertEqual(incident.impacted_operator_ids, self.operator)

    def test_an_operator_is_sent_its_own_lines(self):
        theirs = self._delivered(operator=self.rival)
        incident = self._incident("pm", pm_id=self.pm.id)
        [line] = incident._impacted_lines(self.rival)
        self.assertEqual(line.service_reference, theirs.service_reference)
        self.assertEqual(line.pto_reference, theirs.pto_id.reference)

    def test_a_line_that_is_not_in_service_is_not_cut(self):
        self.order._fire("terminate")
        incident = self._incident("pm", pm_id=self.pm.id)
        self.assertEqual(incident._impacted_lines(), [])

    def test_tickets_of_impacted_lines_are_joined(self):
        first, second = self._two_tickets()
        incident = self._incident("pm", pm_id=self.pm.id)
        incident.with_user(self.user).action_join_impacted()
        self.assertEqual(incident.ticket_ids, first | second)
        incident.with_user(self.user).action_close()
        self.assertEqual(incident.state, "closed")
        self.assertTrue(incident.end_date)
        self.assertTrue(first.is_open, "each ticket ends by its own resolution")

    def test_an_incident_is_somewhere(self):
        with self.assertRaises(ValidationError):
            self._incident("cable")
        with self.assertRaises(ValidationError):
            self._incident("tube", cable_id=self.order.route_ids.cable_id.id)

    def test_the_place_that_a_form_left_is_not_stored(self):
        incident = self._incident(
            "pbo", pbo_id=self.pbo.id, pm_id=self.other_pm.id, tube="ROUGE"
        )
        self.assertEqual((incident.pbo_id, incident.pm_id.ids), (self.pbo, []))
        self.assertFalse(incident.tube)

    def test_an_incident_is_on_its_network(self):
        elsewhere = make_network(self.env, "OIAU", "ZA")
        with self.assertRaises(ValidationError):
            self._incident("pm", pm_id=elsewhere["pm"].id)

    def test_an_incident_has_begun(self):
        place = {"pm_id": self.pm.id}
        with self.assertRaises(ValidationError):
            self._incident("pm", start_date=NOW + timedelta(days=1), **place)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._incident("pm", planned_end_date=NOW - timedelta(days=1), **place)
            self.env.flush_all()

    def test_tickets_of_a_nearer_cause_stay_with_it(self):
        first, second = self._two_tickets()
        nearer = self._incident("pbo", pbo_id=first.pbo_id.id)
        nearer._join(first)
        farther = self._incident("pm", pm_id=self.pm.id)
        farther.with_user(self.user).action_join_impacted()
        self.assertEqual((nearer.ticket_ids, farther.ticket_ids), (first, second))
        nearer.action_close()
        farther.with_user(self.user).action_join_impacted()
        self.assertEqual(farther.ticket_ids, first | second)

    def test_a_ticket_is_taken_out_of_an_incident_that_is_not_its_cause(self):
        first, second = self._two_tickets()
        incident = self._incident("pm", pm_id=self.pm.id)
        incident._join(first | second)
        first.with_user(self.user).action_leave_incident()
        self.assertEqual(incident.ticket_ids, second)

    def test_no_ticket_joins_what_is_over(self):
        self._two_tickets()
        incident = self._incident("pm", pm_id=self.pm.id)
        incident.action_close()
        with self.assertRaises(UserError):
            incident.with_user(self.user).action_join_impacted()
        self.assertFalse(incident.ticket_ids)
