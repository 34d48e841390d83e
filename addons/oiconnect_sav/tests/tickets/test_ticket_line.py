from odoo.tests.common import tagged

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketLine(TicketCase):
    """The line is found from what the operator names."""

    def test_from_the_service_come_socket_route_and_pm(self):
        ticket = self._open()
        order = self.order
        self.assertEqual(ticket.order_id, order)
        self.assertEqual(ticket.pto_id, order.pto_id)
        self.assertEqual(ticket.route_id, order.route_ids)
        self.assertEqual((ticket.pm_id, ticket.pbo_id), (self.pm, order.pto_id.pbo_id))
        self.assertEqual(ticket.building_id, order.pto_id.building_id)
        self.assertEqual(ticket.route_ids, order.route_ids)

    def test_the_work_list_tells_where_to_go(self):
        detail = self._open().todo_ids.detail
        self.assertIn(self.pm.reference, detail)
        self.assertIn(self.order.pto_id.reference, detail)

    def test_from_the_socket_comes_the_line_of_the_operator(self):
        ticket = self._open(
            service_reference=None, pto_reference=self.order.pto_id.reference
        )
        self.assertEqual(ticket.order_id, self.order)

    def test_a_ticket_on_a_pm_has_no_line(self):
        ticket = self._open(
            type="2", service_reference=None, pm_reference=self.pm.reference
        )
        self.assertEqual((ticket.pm_id, ticket.order_id.ids), (self.pm, []))

    def test_the_hotline_sees_the_ticket_of_the_same_line(self):
        first = self._open()
        second = self.tickets.create(
            {
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "service_reference": self.order.service_reference,
            }
        )
        self.assertEqual(second.duplicate_of_id, first)
        self.assertEqual((second.previous_count, first.previous_count), (1, 1))
        action = second.action_view_previous()
        self.assertEqual(self.tickets.search(action["domain"]), first)

    def test_tickets_of_the_building_are_counted(self):
        first = self._open()
        other = self._open(self._delivered())
        self.assertEqual(other.building_id, first.building_id)
        self.assertEqual((other.previous_count, other.building_ticket_count), (0, 1))
