from odoo.tests.common import tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestOwnConnection(OrderCase):
    """OC mode: the operator connects its customer itself, and reports by CR_RACCO."""

    def setUp(self):
        super().setUp()
        self.order = self._order(connection_type="OC")

    def _report(self, order=None, **values):
        order = order or self.order
        line = {
            "oc_reference": order.oc_reference,
            "service_reference": order.service_reference,
            "result": "OK",
            "pto_reference": order.pto_id.reference,
            "connection_date": "2026-03-28T09:40:00",
            "socket_installed": True,
            "optical_budget": "-17.9 dBm",
            **values,
        }
        return self.orders._receive_racco_report(
            line, order.operator_id, self.network, self.origin
        )

    def assertRefused(self, result, code, field=None):
        order, refusals = result
        self.assertEqual([(r.code, r.field) for r in refusals], [(code, field)])
        self.assertIn(order.state, ("cr_ok", "connecting"))

    def test_a_pto_that_the_operator_laid_is_made_available(self):
        order, refusals = self._report()
        self.assertFalse(refusals)
        self.assertEqual((order.state, order.pto_id.state), ("delivered", "existing"))
        self.assertEqual(order.optical_budget, "-17.9 dBm")
        self.assertTrue(self._payload(order, "CR_MAD")["socket_installed"])

    def test_a_failed_visit_leaves_the_order_to_resume(self):
        order, refusals = self._report(result="KO", reason_code="FCLI07")
        self.assertFalse(refusals)
        self.assertEqual((order.state, order.reason_id.code), ("connect_ko", "FCLI07"))
        self.assertFalse(self._payloads(order, "NOTIF_RACCO_KO"))

    def test_the_report_needs_no_sub_contract(self):
        _order, refusals = self._report(subcontract_reference="ST-0")
        self.assertFalse(refusals)

    def test_an_order_that_another_connects_is_not_reported_so(self):
        self.assertRefused(self._report(self._order()), "FIMP16")

    def test_references_must_agree(self):
        self.assertRefused(
            self._report(service_reference="OTHER"), "FIMP16", "service_reference"
        )

    def test_a_report_of_what_was_made_available_at_once_is_stored(self):
        pto = self._laid_pto(self.other_building)
        order = self._order(
            connection_type="OC",
            existing_socket=True,
            pto_reference=pto.reference,
            building_identifier=self.other_building.identifier,
        )
        order._can_fire("deliver")._fire("deliver")
        order._can_fire("connected")._fire("connected")
        _order, refusals = self._report(order, socket_installed=False)
        self.assertFalse(refusals)
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.optical_budget, "-17.9 dBm")
        self.assertEqual(len(self._payloads(order, "CR_MAD")), 1)

    # ------------------------------------------------------------------
    # The route was changed with the hotline
    # ------------------------------------------------------------------

    def test_a_hot_change_is_proved_by_its_discharge_number(self):
        result = self._report(hotline_reprovisioning=True)
        self.assertRefused(result, "FIMP15", "discharge_number")
        order, refusals = self._report(
            hotline_reprovisioning=True, discharge_number="HL-20260328-0091"
        )
        self.assertFalse(refusals)
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.discharge_number, "HL-20260328-0091")

    def test_a_failure_with_its_discharge_number_waits_for_another_route(self):
        order, refusals = self._report(
            result="KO",
            reason_code="FINT04",
            hotline_reprovisioning=True,
            discharge_number="HL-20260328-0092",
        )
        self.assertFalse(refusals)
        self.assertEqual(order.state, "connect_ko")
        self.assertEqual(order.discharge_number, "HL-20260328-0092")

    def test_a_report_without_number_keeps_that_of_the_change_before(self):
        self.order.write({"discharge_number": "HL-1"})
        order, _refusals = self._report()
        self.assertEqual(order.discharge_number, "HL-1")
