from odoo.tests.common import tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestEnding(OrderCase):
    """Cancellation before the line is delivered, termination after."""

    def _end(self, order, kind, operator=None, **values):
        receive = {
            "ANNUL": self.orders._receive_cancellation,
            "RESIL": self.orders._receive_termination,
        }[kind]
        line = {
            "oc_reference": order.oc_reference,
            "operation": kind,
            "service_reference": order.service_reference or None,
            "date": "2026-03-26T17:00:00",
            **values,
        }
        return receive(line, operator or self.operator, self.network, self.origin)

    def test_cancelling_an_accepted_order_frees_its_fibre(self):
        order = self._order()
        route = order.route_ids
        _order, refusals = self._end(order, "ANNUL", comment="Client se rétracte")
        self.assertFalse(refusals)
        self.assertEqual(order.state, "cancelled")
        self.assertEqual((route.state, route.pto_id.id), ("free", False))
        payload = self._payload(order, "CR_ANNUL")
        self.assertEqual((payload["operation"], payload["result"]), ("ANNUL", "OK"))
        self.assertEqual(str(order.end_date), "2026-03-26 16:00:00")
        self.assertEqual(self._last_step(order).note, "Client se rétracte")

    def test_the_freed_fibre_serves_the_next_order(self):
        first = self._order()
        self._order()
        self._end(first, "ANNUL")
        self.assertEqual(self._order().state, "connecting")

    def test_an_order_may_be_cancelled_before_it_is_studied(self):
        order = self._receive(self._line())
        self._end(order, "ANNUL")
        self.assertEqual(order.state, "cancelled")

    def test_a_delivered_line_is_terminated_not_cancelled(self):
        order = self._delivered()
        _order, refusals = self._end(order, "ANNUL")
        self.assertEqual(refusals[0].code, "FIMP16")
        self.assertEqual(order.state, "delivered")
        payload = self._payload(order, "CR_ANNUL")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FIMP16"))

    def test_terminating_keeps_the_pto_wired(self):
        order = self._delivered()
        route, pto = order.route_ids, order.pto_id
        _order, refusals = self._end(order, "RESIL")
        self.assertFalse(refusals)
        self.assertEqual(order.state, "terminated")
        self.assertEqual((route.state, route.pto_id), ("free", pto))
        self.assertEqual(self._payload(order, "CR_RES")["result"], "OK")

    def test_another_operator_takes_the_line_after_a_termination(self):
        order = self._delivered()
        self._end(order, "RESIL")
        taken = self._order(
            operator=self.rival,
            existing_socket=True,
            pto_reference=order.pto_id.reference,
        )
        self.assertEqual(taken.state, "connecting")
        self.assertEqual(taken.route_ids.operator_id, self.rival)

    def test_what_is_not_delivered_is_cancelled_not_terminated(self):
        order = self._order()
        _order, refusals = self._end(order, "RESIL")
        self.assertEqual(refusals[0].code, "FIMP16")
        self.assertEqual(order.state, "connecting")
        self.assertEqual(self._payload(order, "CR_RES")["reason_code"], "FIMP16")

    def test_a_second_cancellation_is_answered_no(self):
        order = self._order()
        self._end(order, "ANNUL")
        self._end(order, "ANNUL")
        results = [p["result"] for p in self._payloads(order, "CR_ANNUL")]
        self.assertEqual(results, ["OK", "KO"])

    def test_an_unknown_reference_is_answered_all_the_same(self):
        for kind, flow in (("ANNUL", "CR_ANNUL"), ("RESIL", "CR_RES")):
            with self.subTest(kind):
                line = {"oc_reference": "OCT-UNKNOWN", "operation": kind}
                receive = {
                    "ANNUL": self.orders._receive_cancellation,
                    "RESIL": self.orders._receive_termination,
                }[kind]
                order, refusals = receive(
                    line, self.operator, self.network, self.origin
                )
                self.assertFalse(order)
                self.assertEqual(refusals[0].code, "FIMP14")
                event = self.env["oiconnect.event"].search(
                    [("flow", "=", flow), ("res_id", "=", False)]
                )
                self.assertEqual(event.payload["oc_reference"], "OCT-UNKNOWN")
                self.assertEqual(event.payload["reason_code"], "FIMP14")

    def test_an_operator_cannot_end_the_order_of_another(self):
        order = self._order()
        _order, refusals = self._end(order, "ANNUL", operator=self.rival)
        self.assertEqual(refusals[0].code, "FIMP14")
        self.assertEqual(order.state, "connecting")
        self.assertFalse(self._payloads(order, "CR_ANNUL"))

    def test_a_wrong_service_reference_or_operation_is_refused(self):
        order = self._order()
        _order, refusals = self._end(order, "ANNUL", service_reference="OTHER")
        self.assertEqual(refusals[0].field, "service_reference")
        _order, refusals = self._end(order, "ANNUL", operation="RESIL")
        self.assertEqual(refusals[0].field, "operation")
        self.assertEqual(order.state, "connecting")
