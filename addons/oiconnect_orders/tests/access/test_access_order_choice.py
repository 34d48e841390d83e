from odoo.tests import tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestAccessOrderChoice(OrderCase):
    """Orders on networks of one, two and four fibres a PTO."""

    def quadri(self, fibres="4", **values):
        self.network.write({"socket_fibres": fibres, **values})

    def sent_routes(self, order):
        return [
            (
                route["operator_code"],
                route["connector_number"],
                route["connector_colour"],
            )
            for route in self._payload(order, "CR_CMD")["routes"]
        ]

    def test_mono_the_report_has_one_route(self):
        order = self._order()
        self.assertEqual(self.sent_routes(order), [("OCT1", 1, "ROUGE")])
        self.assertEqual(order.pto_id.connector_count, 1)

    def test_bi_the_report_tells_the_other_fibre_and_no_holder(self):
        self.quadri("2")
        order = self._order()
        self.assertEqual(
            self.sent_routes(order), [("OCT1", 1, "ROUGE"), (None, 2, "BLEU")]
        )
        self.assertEqual(order.pto_id.connector_count, 2)
        self.assertEqual(len(order.route_ids), 1)

    def test_the_second_operator_has_the_fibre_that_waits(self):
        self.quadri("2")
        first = self._delivered()
        second = self._order(
            operator=self.rival,
            existing_socket=True,
            pto_reference=first.pto_id.reference,
        )
        self.assertEqual(second.pto_id, first.pto_id)
        self.assertEqual(second.route_ids.connector_number, 2)
        # Its own comes first; nothing tells that the other is OCT1's.
        self.assertEqual(
            self.sent_routes(second), [("OCT2", 2, "BLEU"), (None, 1, "ROUGE")]
        )
        self.assertNotIn("OCT1", str(self._payload(second, "CR_CMD")))

    def test_the_pbo_has_two_fibres_for_a_pto_of_four(self):
        self.quadri()
        order = self._order()
        self.assertEqual(len(self.sent_routes(order)), 2)

    def test_a_saturated_pbo_where_all_fibres_are_required(self):
        self.quadri(scarce_fibres="refuse")
        order = self._order()
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FINT02"))
        self.assertFalse(order.pto_id)

    def test_a_cancelled_order_gives_the_whole_pto_back(self):
        self.quadri("2")
        order = self._order()
        order._fire("cancel")
        self.assertFalse(order.pto_id.route_ids)
        self.assertEqual(set(self.routes.mapped("state")), {"free"})
        self.assertEqual(self._order().state, "connecting")

    def test_the_installer_used_another_pto(self):
        """All fibres are at the PTO that was laid, none at the other."""
        self.quadri("2")
        order = self._order()
        ordered = order.pto_id
        other = self._laid_pto(state="to_build", connector_count=2)
        order._move_pto(other.reference)
        self.assertEqual(order.pto_id, other)
        self.assertFalse(ordered.route_ids)
        self.assertEqual(other.route_ids, self.routes[:2])

    def test_a_terminated_line_leaves_its_fibre_to_who_comes_to_the_pto(self):
        self.quadri("2")
        order = self._delivered()
        order._fire("terminate")
        self.assertEqual(len(order.pto_id.route_ids), 2)
        again = self._order(existing_socket=True, pto_reference=order.pto_id.reference)
        self.assertEqual(again.route_ids.connector_number, 1)

    def test_orders_of_one_file_on_one_pbo(self):
        """Two fibres: the first PTO of two takes both, the second order has none."""
        self.quadri("2", scarce_fibres="refuse")
        orders = self._receive(self._line(), self._line())
        orders._study()
        self.assertEqual(orders.mapped("state"), ["connecting", "cr_ko"])

    def test_where_few_fibres_are_accepted_each_order_has_its_own_first(self):
        self.quadri("2")
        orders = self._receive(self._line(), self._line())
        orders._study()
        self.assertEqual(orders.mapped("state"), ["connecting", "connecting"])
        self.assertEqual([len(order.pto_id.route_ids) for order in orders], [1, 1])

    def test_positions_dedicated_to_the_operator_come_first(self):
        self.routes[1].position_id.dedicated_operator_id = self.operator
        self.assertEqual(self._order().route_ids, self.routes[1])

    def test_all_dedicated_to_another_the_pbo_is_saturated(self):
        self.routes.module_id.dedicated_operator_id = self.rival
        self.assertEqual(self._order().reason_id.code, "FINT02")
        self.assertEqual(self._order(operator=self.rival).state, "connecting")

    def test_the_network_strategy_chooses_the_pbo(self):
        self.network.route_choice = "least_filled"
        self.building.pbo_ids |= self.other_pbo
        self.routes[0].state = "out_of_service"
        self.assertEqual(self._order().pbo_id, self.other_pbo)

    def test_the_choice_is_explained_on_the_order(self):
        self.network.route_choice = "position"
        story = str(self._order().decision_story)
        self.assertIn("Nearest module position", story)
        self.assertIn(self.pbo.reference, story)
        self.assertNotIn("pbo_id", story)
