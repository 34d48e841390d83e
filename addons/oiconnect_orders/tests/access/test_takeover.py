from odoo.exceptions import UserError
from odoo.tests.common import Form, tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestTakeover(OrderCase):
    """Écrasement: a customer leaves one operator for another, on the same PTO."""

    def setUp(self):
        super().setUp()
        self.holder = self._delivered()
        self.held_pto = self.holder.pto_id
        self.held_pto.connector_count = 1
        self.route = self.holder.route_ids

    def _take_over(self, **values):
        return self._order(
            self.rival,
            existing_socket=True,
            pto_reference=self.held_pto.reference,
            **values,
        )

    def test_the_holder_keeps_its_line_until_the_other_is_connected(self):
        order = self._take_over()
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.takeover_of_id, self.holder)
        self.assertEqual(self.holder.state, "delivered")
        self.assertEqual(self.holder.route_ids, self.route)

    def test_the_report_tells_the_route_of_the_line_but_not_whose_it_is(self):
        order = self._take_over()
        payload = self._payload(order, "CR_CMD")
        [route] = payload["routes"]
        self.assertEqual(route["position"], self.route.position_name)
        self.assertEqual(route["operator_code"], self.rival.interop_code)
        self.assertEqual(payload["pbo_reference"], self.pbo.reference)
        self.assertNotIn(self.operator.interop_code, str(payload))

    def test_a_line_taken_over_ends_and_its_holder_is_notified_not_by_whom(
        self,
    ):
        order = self._take_over()
        order._fire("connected")
        self.assertEqual((order.state, self.holder.state), ("delivered", "overwritten"))
        self.assertEqual(self.route.access_order_id, order)
        self.assertEqual(self.route.operator_id, self.rival)
        self.assertEqual(self.route.state, "used")
        self.assertTrue(self.holder.end_date)
        payload = self._payload(self.holder, "NOTIF_ECRASEMENT")
        self.assertEqual(payload["pto_reference"], self.held_pto.reference)
        self.assertEqual(payload["service_reference"], self.holder.service_reference)
        self.assertNotIn(self.rival.interop_code, str(payload))

    def test_a_line_in_service_is_taken_over_too(self):
        self.holder._fire("activate")
        self._take_over()._fire("connected")
        self.assertEqual(self.holder.state, "overwritten")

    def test_a_pto_that_its_new_operator_patches_is_taken_over_at_once(self):
        order = self._take_over(connection_type="OC")
        self.assertEqual((order.state, self.holder.state), ("delivered", "overwritten"))

    def test_a_line_cannot_be_taken_over_by_two(self):
        self._take_over()
        third = self._third_operator()
        line = {"existing_socket": True, "pto_reference": self.held_pto.reference}
        order = self._order(third, **line)
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FINT01"))

    def test_of_two_orders_in_one_file_the_first_takes_the_line(self):
        third = self._third_operator()
        line = {"existing_socket": True, "pto_reference": self.held_pto.reference}
        orders = self._receive(self._line(**line), operator=self.rival)
        orders |= self._receive(self._line(**line), operator=third)
        orders._study()
        self.assertEqual(orders.mapped("state"), ["connecting", "cr_ko"])

    def _third_operator(self):
        third = self.operator.create(
            {"name": "Troisième", "interop_code": "OCT3", "arcep_code": "OCT3"}
        )
        self.service.copy({"operator_id": third.id, "reference": "XPM-OCT3"})
        return third

    def test_an_operator_does_not_take_its_own_line_over(self):
        order = self._order(existing_socket=True, pto_reference=self.held_pto.reference)
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FIMP19"))

    def test_a_pto_with_a_free_connector_needs_no_takeover(self):
        self.held_pto.connector_count = 2
        order = self._take_over()
        self.assertFalse(order.takeover_of_id)
        self.assertEqual(order.route_ids.connector_number, 2)
        order._fire("connected")
        self.assertEqual(self.holder.state, "delivered")

    def test_a_network_may_refuse_takeovers(self):
        self.network.takeover = False
        order = self._take_over()
        self.assertEqual(order.state, "cr_ko")
        self.assertEqual(self.holder.state, "delivered")

    def test_a_takeover_that_is_cancelled_leaves_the_line_where_it_is(self):
        order = self._take_over()
        order._fire("cancel")
        self.assertEqual(self.holder.state, "delivered")
        self.assertEqual(self.route.access_order_id, self.holder)
        self.assertEqual(self._take_over().state, "connecting")

    def test_a_holder_that_leaves_first_leaves_its_line_to_the_taker(self):
        order = self._take_over()
        self.holder._fire("terminate")
        self.assertEqual(self.holder.state, "terminated")
        self.assertEqual(order.route_ids, self.route)
        self.assertEqual(self.route.operator_id, self.rival)
        self.assertFalse(order.takeover_of_id)
        order._fire("connected")
        self.assertEqual((order.state, self.route.state), ("delivered", "used"))
        self.assertFalse(self._payloads(self.holder, "NOTIF_ECRASEMENT"))

    # ------------------------------------------------------------------
    # A wrong takeover
    # ------------------------------------------------------------------

    def _wronged(self):
        order = self._take_over()
        order._fire("connected")
        return order

    def test_a_wrong_takeover_is_put_right(self):
        self.holder._fire("activate")
        order = self._wronged()
        self.holder._restore_line()
        self.assertEqual(self.holder.state, "in_service")
        self.assertEqual(order.state, "terminated")
        self.assertEqual(self.holder.route_ids, self.route)
        self.assertEqual(self.route.operator_id, self.operator)
        self.assertEqual(self.route.state, "used")
        self.assertFalse(self.holder.end_date)

    def test_both_operators_hear_that_the_line_is_given_back(self):
        order = self._wronged()
        self.holder._restore_line()
        self.assertEqual(self.holder.state, "delivered")
        payload = self._payload(self.holder, "NOTIF_REPROV")
        self.assertEqual(payload["routes"][0]["position"], self.route.position_name)
        self.assertEqual(payload["reprovision_type"], "HOT")
        ended = self._payload(order, "CR_RES")
        self.assertEqual(ended["result"], "OK")
        self.assertNotIn(self.rival.interop_code, str(payload))
        self.assertNotEqual(ended["comment"], payload["comment"], "each its own text")

    def test_each_operator_reads_the_text_that_was_written_for_it(self):
        order = self._wronged()
        with Form(
            self.env["oiconnect.access.order.decision"].with_context(
                default_order_ids=self.holder.ids, default_event="restore"
            )
        ) as form:
            self.assertIn("given back", form.comment)
            self.assertIn("by mistake", form.taker_comment)
            form.comment = "Ligne rendue, avec nos excuses."
            form.taker_comment = "Prise attribuée par erreur."
        form.record.action_confirm()
        comment = self._payload(self.holder, "NOTIF_REPROV")["comment"]
        ended = self._payload(order, "CR_RES")["comment"]
        self.assertEqual(comment, "Ligne rendue, avec nos excuses.")
        self.assertEqual(ended, "Prise attribuée par erreur.")
        self.assertEqual(order.step_ids[0].note, ended)

    def test_a_text_that_tells_of_the_other_operator_does_not_leave(self):
        order = self._wronged()
        for texts in (
            ("Reprise par " + self.rival.interop_code, None),
            ("Reprise par la commande " + order.oc_reference, None),
            (None, "Rendue à " + self.operator.name.upper()),
            (None, "Rendue à la prestation " + self.holder.service_reference),
        ):
            with self.subTest(texts), self.assertRaisesRegex(UserError, "remove it"):
                self.holder._restore_line(*texts)
        self.assertEqual(self.holder.state, "overwritten")

    def test_a_line_that_went_on_to_a_third_one_is_not_given_back(self):
        self._wronged()
        self.holder.taken_over_by_ids._fire("terminate")
        third = self._third_operator()
        line = {"existing_socket": True, "pto_reference": self.held_pto.reference}
        self._order(third, **line)._fire("connected")
        with self.assertRaises(UserError):
            self.holder._restore_line()
        self.assertEqual(self.holder.state, "overwritten")

    def test_a_line_without_a_takeover_is_not_given_back(self):
        with self.assertRaises(UserError):
            self.holder._restore_line()
