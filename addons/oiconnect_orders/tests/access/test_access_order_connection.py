from odoo.tests.common import tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestConnection(OrderCase):
    """STOC: the operator connects as our sub-contractor and reports."""

    def setUp(self):
        super().setUp()
        self.order = self._order()

    def _report(self, order=None, operator=None, **values):
        order = order or self.order
        line = {
            "oc_reference": order.oc_reference,
            "service_reference": order.service_reference,
            "subcontract_reference": order.subcontract_reference,
            "result": "OK",
            "pto_reference": order.pto_id.reference,
            "connection_date": "2026-03-28T09:40:00",
            "socket_installed": True,
            "optical_budget": "-18.4 dBm",
            **values,
        }
        return self.orders._receive_stoc_report(
            line, operator or self.operator, self.network, self.origin
        )

    def assertRefused(self, result, code, field=None):
        _order, refusals = result
        self.assertEqual([(r.code, r.field) for r in refusals], [(code, field)])

    def test_a_good_report_makes_the_line_available(self):
        order, refusals = self._report()
        self.assertFalse(refusals)
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.pto_id.state, "existing")
        self.assertEqual(order.route_ids.state, "used")
        self.assertEqual(str(order.connection_date), "2026-03-28 08:40:00")
        payload = self._payload(order, "CR_MAD")
        self.assertEqual(payload["result"], "OK")
        self.assertEqual(payload["pto_reference"], order.pto_id.reference)
        self.assertTrue(payload["socket_installed"])
        self.assertEqual(payload["optical_budget"], "-18.4 dBm")

    def test_the_installer_may_use_another_pto_of_the_building(self):
        other = self._laid_pto(state="to_build")
        other.route_ids.write({"pto_id": False, "connector_number": False})
        order, refusals = self._report(pto_reference=other.reference)
        self.assertFalse(refusals)
        self.assertEqual(order.pto_id, other)
        self.assertEqual(order.route_ids.pto_id, other)
        self.assertEqual(other.state, "existing")

    def test_a_pto_of_elsewhere_is_refused(self):
        self.assertRefused(
            self._report(pto_reference="ZO-NONE-NONE"), "FIMP02", "pto_reference"
        )
        elsewhere = self._laid_pto(self.other_building)
        self.assertRefused(
            self._report(pto_reference=elsewhere.reference), "FIMP03", "pto_reference"
        )
        self.assertEqual(self.order.state, "connecting")

    def test_the_pto_of_a_neighbour_is_refused(self):
        """Of one who waits for its connection, or who is served already."""
        neighbour = self._laid_pto()
        self.assertEqual(neighbour.route_ids.connector_number, 1)
        for state in ("to_build", "existing"):
            neighbour.state = state
            self.assertRefused(
                self._report(pto_reference=neighbour.reference),
                "FIMP16",
                "pto_reference",
            )
        self.assertEqual(self.order.state, "connecting")
        self.assertFalse(self._report()[1])

    def test_a_report_value_longer_than_its_field_is_refused(self):
        for name, limit in (("discharge_number", 50), ("optical_budget", 4096)):
            result = self._report(**{name: "x" * (limit + 1)})
            self.assertRefused(result, "FIMP16", name)
        self.assertEqual(self.order.state, "connecting")

    def test_who_takes_a_line_over_may_not_report_another_pto(self):
        holder = self._delivered(building_identifier=self.other_building.identifier)
        holder.pto_id.connector_count = 1
        taker = self._order(
            self.rival,
            building_identifier=self.other_building.identifier,
            existing_socket=True,
            pto_reference=holder.pto_id.reference,
        )
        self.assertEqual(taker.takeover_of_id, holder)
        other = self._laid_pto(self.other_building)
        other.route_ids.write({"pto_id": False, "connector_number": False})
        self.assertRefused(
            self._report(taker, self.rival, pto_reference=other.reference),
            "FIMP16",
            "pto_reference",
        )
        self.assertFalse(self._report(taker, self.rival)[1])
        self.assertEqual((taker.state, holder.state), ("delivered", "overwritten"))

    def test_references_must_agree(self):
        self.assertRefused(
            self._report(oc_reference="OCT-UNKNOWN"), "FIMP14", "oc_reference"
        )
        self.assertRefused(
            self._report(service_reference="OTHER"), "FIMP16", "service_reference"
        )
        self.assertRefused(
            self._report(subcontract_reference="ST-0"),
            "FIMP16",
            "subcontract_reference",
        )
        self.assertEqual(self.order.state, "connecting")

    def test_an_operator_cannot_report_on_the_order_of_another(self):
        self.assertRefused(self._report(operator=self.rival), "FIMP14", "oc_reference")
        self.assertEqual(self.order.state, "connecting")

    def test_a_failure_that_can_be_fixed_leaves_the_order_to_resume(self):
        order, refusals = self._report(result="KO", reason_code="FINT04")
        self.assertFalse(refusals)
        self.assertEqual((order.state, order.reason_id.code), ("connect_ko", "FINT04"))
        self.assertFalse(order.connection_date, "nothing is connected")
        self.assertEqual(str(order.failure_date), "2026-03-28 08:40:00")
        self.assertEqual(order.route_ids.state, "reserved")
        self.assertFalse(self._payloads(order, "CR_MAD"))

    def test_a_final_failure_ends_production_and_frees_the_fibre(self):
        route = self.order.route_ids
        order, _refusals = self._report(result="KO", reason_code="FCLI05")
        self.assertEqual(order.state, "mad_ko")
        self.assertEqual((route.state, route.operator_id.id), ("free", False))
        self.assertFalse(order.connection_date)
        payload = self._payload(order, "CR_MAD")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FCLI05"))
        self.assertIsNone(payload["pto_reference"])
        self.assertEqual(payload["retained_type"], "NA")

    def test_a_failure_needs_a_known_reason(self):
        for reason in (None, "FINT99"):
            self.assertRefused(
                self._report(result="KO", reason_code=reason), "FIMP15", "reason_code"
            )

    def test_a_failed_connection_may_succeed_later(self):
        self._report(result="KO", reason_code="FCLI07")
        self.order._fire("resume")
        order, refusals = self._report()
        self.assertFalse(refusals)
        self.assertEqual(order.state, "delivered")
        self.assertFalse(order.reason_id)
        self.assertTrue(order.connection_date and order.failure_date)

    def test_a_report_cannot_be_made_twice(self):
        self._report()
        self.assertRefused(self._report(), "FIMP16")
        self.assertEqual(len(self._payloads(self.order, "CR_MAD")), 1)

    def test_the_operator_puts_the_line_in_service(self):
        self._report()
        line = {
            "oc_reference": self.order.oc_reference,
            "service_reference": self.order.service_reference,
            "in_service_date": "2026-03-28T11:15:00",
        }
        order, refusals = self.orders._receive_activation(
            line, self.operator, self.network, self.origin
        )
        self.assertFalse(refusals)
        self.assertEqual(order.state, "in_service")
        self.assertEqual(str(order.in_service_date), "2026-03-28 10:15:00")
        self.assertFalse(order.is_open)

    def test_no_service_before_the_line_is_available(self):
        line = {"oc_reference": self.order.oc_reference}
        self.assertRefused(
            self.orders._receive_activation(
                line, self.operator, self.network, self.origin
            ),
            "FIMP16",
        )
