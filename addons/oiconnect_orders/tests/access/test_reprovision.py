from odoo.exceptions import UserError
from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestReprovision(OrderCase):
    """Another route for an access: at once, or after the failure that reported it."""

    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.first = self.order.route_ids
        self.busy = self.env.ref("oiconnect_orders.mutation_hotline")
        self.broken = self.env.ref("oiconnect_orders.mutation_fibre_broken")

    def test_a_fitter_calls_the_hotline_and_has_another_fibre_at_once(self):
        number = self.order._reprovision("hot", self.busy)
        self.assertEqual(self.order.state, "connecting")
        self.assertNotEqual(self.order.route_ids, self.first)
        self.assertEqual(self.order.route_ids.pto_id, self.order.pto_id)
        self.assertEqual(self.order.route_ids.connector_number, 1)
        self.assertEqual((self.first.state, self.first.pto_id.id), ("free", False))
        payload = self._payload(self.order, "NOTIF_REPROV")
        self.assertEqual(payload["discharge_number"], number)
        self.assertEqual(payload["reprovision_type"], "HOT")
        self.assertEqual(payload["reprovision_reason"], "Commande HOTLINE")
        [route] = payload["routes"]
        self.assertEqual(route["position"], self.order.route_ids.position_name)

    def test_the_story_of_the_order_tells_which_route_for_which(self):
        self.order._reprovision("hot", self.busy, note="Alix, au téléphone")
        decision = self.order.decision_ids.filtered(lambda d: d.kind == "route")
        self.assertEqual(decision.outcome, "changed")
        for word in (self.first.name, self.order.route_ids.name, "Alix"):
            self.assertIn(word, decision.note)
            self.assertIn(word, self.order.decision_story)

    def test_a_broken_fibre_is_given_to_no_order(self):
        self.order._reprovision("hot", self.broken)
        self.assertEqual(self.first.state, "out_of_service")
        other = self._order()
        self.assertEqual((other.state, other.reason_id.code), ("cr_ko", "FINT01"))

    def test_the_other_fibres_of_a_pto_stay_where_they_are(self):
        self.network.socket_fibres = "2"
        place = {"building_identifier": self.other_building.identifier}
        order = self._order(**place)
        pto, first = order.pto_id, order.route_ids
        spare = pto.route_ids - first
        self.assertEqual(len(spare), 1)
        route = self.routes.filtered(lambda r: r.pbo_id == self.pbo and not r.pto_id)
        order._reprovision("hot", self.busy, route=route[:1])
        self.assertEqual(order.route_ids.pto_id, pto)
        self.assertEqual(spare.pto_id, pto)
        self.assertFalse(first.pto_id)

    def test_the_operator_is_sent_its_route_again_with_the_line(self):
        self.order._reprovision("hot", self.busy)
        self.order._fire("connected")
        payload = self._payload(self.order, "CR_MAD")
        [route] = payload["routes"]
        self.assertEqual(route["position"], self.order.route_ids.position_name)
        other = self._delivered()
        self.assertNotIn("routes", self._payload(other, "CR_MAD"))

    def test_a_line_in_service_changes_route_and_stays_in_service(self):
        self.order._fire("connected")
        self.order._fire("activate")
        self.order._reprovision("hot", self.busy)
        self.assertEqual(self.order.state, "in_service")
        self.assertEqual(self.order.route_ids.state, "used")

    def test_a_failure_tells_the_number_and_the_cold_change_keeps_it(self):
        self.order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        self.order.discharge_number = "HL-0091"
        self.order._fire("connection_failed")
        self.order._reprovision("cold", self.broken)
        self.assertEqual(self.order.state, "connecting")
        payload = self._payload(self.order, "NOTIF_REPROV")
        self.assertEqual(payload["reprovision_type"], "COLD")
        self.assertEqual(payload["discharge_number"], "HL-0091")

    def test_the_hotline_chooses_the_route(self):
        route = self.routes.filtered(lambda r: r.pbo_id == self.other_pbo)[:1]
        self.order._reprovision("hot", self.busy, route=route)
        self.assertEqual(self.order.route_ids, route)
        self.assertEqual(self.order.pbo_id, self.other_pbo)

    def test_a_route_that_is_taken_is_not_given(self):
        taken = self._order().route_ids
        with self.assertRaises(UserError):
            self.order._reprovision("hot", self.busy, route=taken)

    def test_nothing_changes_when_no_route_is_free(self):
        self._order()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order._reprovision("hot", self.busy)
        self.env.invalidate_all()
        self.assertEqual(self.order.route_ids, self.first)
        self.assertFalse(self._payloads(self.order, "NOTIF_REPROV"))

    def test_only_a_line_on_its_way_or_in_use_changes_route(self):
        self.order._fire("cancel")
        with self.assertRaises(WorkflowError):
            self.order._reprovision("hot", self.busy)

    def test_a_cold_change_answers_a_failure(self):
        with self.assertRaises(WorkflowError):
            self.order._reprovision("cold", self.busy)


@tagged("post_install", "-at_install")
class TestFailures(OrderCase):
    """A visit may fail; after the last one allowed there is no other."""

    def _fail(self, order, code="FCLI07"):
        order.reason_id = self.env["oiconnect.reason"]._of(code)
        order._fire("connection_failed")

    def test_three_failed_visits_end_the_production(self):
        order = self._order()
        for visit in (1, 2):
            self._fail(order)
            self.assertEqual((order.state, order.failure_count), ("connect_ko", visit))
            order._fire("resume")
        self._fail(order)
        self.assertEqual((order.state, order.failure_count), ("mad_ko", 3))
        payload = self._payload(order, "CR_MAD")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FCLI07"))
        self.assertFalse(order.route_ids)

    def test_a_network_may_try_for_ever(self):
        self.network.failure_limit = 0
        order = self._order()
        for _visit in range(5):
            self._fail(order)
            order._fire("resume")
        self.assertEqual((order.state, order.failure_count), ("connecting", 5))

    def test_an_operator_may_have_its_own_limit(self):
        self.operator.failure_limit = 1
        order = self._order()
        self._fail(order)
        self.assertEqual(order.state, "mad_ko")

    def test_a_visit_by_us_that_fails_is_notified(self):
        order = self._order(connection_type="OC")
        order.connection_type = "oi"
        order.appointment_reference = "RDV-12"
        self._fail(order)
        payload = self._payload(order, "NOTIF_RACCO_KO")
        self.assertEqual(payload["reason_code"], "FCLI07")
        self.assertEqual(payload["appointment_reference"], "RDV-12")
        self.assertEqual(payload["expected_action"], "NOUVEAU_RDV")

    def test_a_pto_that_we_laid_is_sent_with_the_line(self):
        order = self._order(connection_type="OC")
        order.connection_type = "oi"
        order._fire("connected")
        self.assertTrue(self._payload(order, "CR_MAD")["socket_installed"])

    def test_a_failure_that_the_operator_reports_is_not_sent_back(self):
        order = self._order()
        self._fail(order)
        self.assertFalse(self._payloads(order, "NOTIF_RACCO_KO"))

    def test_an_accepted_order_that_cannot_be_made_is_abandoned(self):
        order = self._order(connection_type="OC")
        order.reason_id = self.env["oiconnect.reason"]._of("FINT11")
        order._fire("abandon")
        self.assertEqual(self._payload(order, "CR_MAD")["reason_code"], "FINT11")

    def test_a_rejection_that_is_taken_back_is_studied_again(self):
        self.pm.authorisation = "closed"
        order = self._order()
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FIMP09"))
        self.pm.authorisation = "open"
        order._fire("reopen")
        self.assertFalse(order.reason_id)
        order._study()
        self.assertEqual(order.state, "connecting")
        results = [p["result"] for p in self._payloads(order, "CR_CMD")]
        self.assertEqual(results, ["KO", "OK"])

    def test_an_operator_may_have_to_report_that_it_patched_its_pto(self):
        self.network.deliver_at_once = False
        pto = self._laid_pto()
        order = self._order(
            connection_type="OC", existing_socket=True, pto_reference=pto.reference
        )
        self.assertEqual(order.state, "connecting")
        order._fire("connected")
        self.assertEqual(order.state, "delivered")
