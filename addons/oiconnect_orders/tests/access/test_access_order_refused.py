from odoo.tests.common import tagged

from ...controls.acknowledgement import Refusal
from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestRefusedLine(OrderCase):
    """A line that is refused changes nothing, and is answered where it can be."""

    def _report(self, order, **values):
        line = {
            "oc_reference": order.oc_reference,
            "subcontract_reference": order.subcontract_reference,
            "result": "OK",
            "connection_date": "2026-07-28T09:40:00",
            "socket_installed": True,
            "optical_budget": "-18.4 dBm",
            **values,
        }
        return self.orders._receive_stoc_report(
            line, self.operator, self.network, self.origin
        )

    def _connection(self, order):
        """Return what the form shows of the connection."""
        return (
            order.state,
            order.reason_id.code,
            order.reason_comment,
            order.optical_budget,
            str(order.connection_date or order.failure_date),
            order.pto_id.reference,
            order.route_ids.pto_id.reference,
        )

    # ------------------------------------------------------------------
    # Reports of connection
    # ------------------------------------------------------------------

    def test_a_report_that_comes_too_late_changes_nothing(self):
        order = self._order()
        other = self._laid_pto()
        self._report(order)
        late = {"optical_budget": "-30 dBm", "comment": "Trop tard"}
        before = self._connection(order)
        for values in (
            {"pto_reference": other.reference, **late},
            {"result": "KO", "reason_code": "FINT04", **late},
        ):
            with self.subTest(values):
                _order, refusals = self._report(order, **values)
                self.assertEqual([r.code for r in refusals], ["FIMP16"])
                self.assertEqual(self._connection(order), before)

    def test_a_second_failure_does_not_replace_the_first(self):
        order = self._order()
        self._report(order, result="KO", reason_code="FINT04", comment="Fourreau")
        before = self._connection(order)
        _order, refusals = self._report(order, result="KO", reason_code="FCLI07")
        self.assertEqual(refusals[0].code, "FIMP16")
        self.assertEqual(self._connection(order), before)
        self.assertEqual(self._last_step(order).note, "Fourreau")

    def test_the_comment_of_a_fixed_failure_is_not_sent_with_the_success(self):
        order = self._order()
        self._report(order, result="KO", reason_code="FINT04", comment="Fourreau")
        self.assertEqual(order.reason_comment, "Fourreau")
        order.action_resume()
        order._fire("connected")
        self.assertFalse(order.reason_comment)
        self.assertIsNone(self._payload(order, "CR_MAD")["comment"])

    def test_the_comment_of_a_success_is_sent_even_after_a_failure(self):
        order = self._order()
        self._report(order, result="KO", reason_code="FINT04", comment="Fourreau")
        self._report(order, comment="Prise dans le salon")
        self.assertEqual(order.state, "delivered")
        self.assertFalse(order.reason_id)
        payload = self._payload(order, "CR_MAD")
        self.assertEqual(payload["comment"], "Prise dans le salon")
        self.assertFalse(self._last_step(order).note)

    def test_a_report_may_name_no_pto(self):
        order = self._order()
        pto = order.pto_id
        self._report(order, pto_reference=None)
        self.assertEqual((order.state, order.pto_id), ("delivered", pto))

    def test_an_abandoned_production_is_dated_by_its_end(self):
        order = self._order()
        self._report(order, result="KO", reason_code="FINT04")
        route = order.route_ids
        order._fire("abandon")
        self.assertTrue(order.end_date)
        self.assertFalse(order.delivered_date)
        self.assertEqual((order.retained_type, route.state), ("na", "free"))
        payload = self._payload(order, "CR_MAD")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FINT04"))
        self.assertTrue(payload["date"])

    # ------------------------------------------------------------------
    # Service and ends
    # ------------------------------------------------------------------

    def test_a_line_in_service_is_not_put_in_service_again(self):
        order = self._delivered()
        line = {
            "oc_reference": order.oc_reference,
            "in_service_date": "2026-07-28T11:15:00",
        }
        activate = self.orders._receive_activation
        for values, operator, code in (
            ({}, self.rival, "FIMP14"),
            ({"service_reference": "OTHER"}, self.operator, "FIMP16"),
        ):
            _order, refusals = activate(
                line | values, operator, self.network, self.origin
            )
            self.assertEqual(refusals[0].code, code)
            self.assertEqual(order.state, "delivered")
        activate(line, self.operator, self.network, self.origin)
        later = line | {"in_service_date": "2026-08-01T08:00:00"}
        _order, refusals = activate(later, self.operator, self.network, self.origin)
        self.assertEqual(refusals[0].code, "FIMP16")
        # Summer in Paris: two hours before.
        self.assertEqual(str(order.in_service_date), "2026-07-28 09:15:00")

    def test_an_end_that_names_another_service_is_answered_no(self):
        for order, kind, flow in (
            (self._receive(self._line()), "ANNUL", "CR_ANNUL"),
            (self._order(), "ANNUL", "CR_ANNUL"),
            (self._delivered(), "RESIL", "CR_RES"),
        ):
            with self.subTest(kind, state=order.state):
                state = order.state
                receive = {
                    "ANNUL": self.orders._receive_cancellation,
                    "RESIL": self.orders._receive_termination,
                }[kind]
                line = {
                    "oc_reference": order.oc_reference,
                    "service_reference": "OTHER",
                }
                receive(line, self.operator, self.network, self.origin)
                self.assertEqual(order.state, state)
                self.assertFalse(order.end_date)
                payload = self._payload(order, flow)
                self.assertEqual(
                    (payload["operation"], payload["result"], payload["reason_code"]),
                    (kind, "KO", "FIMP16"),
                )
                self.assertEqual(self._last_step(order).note, payload["comment"])
                line["service_reference"] = order.service_reference
                receive(line, self.operator, self.network, self.origin)
                results = [p["result"] for p in self._payloads(order, flow)]
                self.assertEqual(results, ["KO", "OK"])

    def test_a_reference_refused_at_receipt_or_of_another_network_is_unknown(self):
        refused = self._receive(self._line(order_date=None))
        order = self._order()
        elsewhere = self.network.copy({"oi_code": "OITE", "code": "OITE"})
        for reference, network in (
            (refused.oc_reference, self.network),
            (order.oc_reference, elsewhere),
        ):
            with self.subTest(network.oi_code):
                found, refusals = self.orders._receive_cancellation(
                    {"oc_reference": reference}, self.operator, network, self.origin
                )
                self.assertFalse(found)
                self.assertEqual(refusals[0].code, "FIMP14")
                event = self.env["oiconnect.event"].search([], limit=1)
                self.assertEqual(
                    (event.flow, event.network_id, event.version, event.res_id),
                    ("CR_ANNUL", network, "V1.3", 0),
                )
        self.assertEqual(order.state, "connecting")

    def test_an_end_without_date_is_dated_of_now_and_frees_a_laid_pto(self):
        pto = self._laid_pto()
        order = self._order(existing_socket=True, pto_reference=pto.reference)
        route = order.route_ids
        self.orders._receive_cancellation(
            {"oc_reference": order.oc_reference},
            self.operator,
            self.network,
            self.origin,
        )
        self.assertTrue(order.end_date)
        # The cable stays in the wall: the PTO stays wired.
        self.assertEqual((route.state, route.pto_id), ("free", pto))
        self.assertFalse(order.route_ids)

    # ------------------------------------------------------------------
    # Receipt
    # ------------------------------------------------------------------

    def test_the_stored_sentence_is_that_of_the_reason_sent(self):
        found = [Refusal("FIMP12", "requested_type", "Hors liste")]
        line = self._line(requested_type=None, errors=found, pm_reference=None)
        orders = self.orders.with_context(lang="fr_FR")
        [(order, refusals)] = orders._receive([line], self.operator, self.network)
        self.assertEqual([r.code for r in refusals], ["FIMP12", "FIMP15"])
        self.assertEqual(order.reason_id.code, "FIMP15")
        self.assertEqual(order.reason_comment, refusals[1].message)
        self.assertIn("PM", order.reason_comment)

    def test_a_reason_that_the_list_lacks_is_sent_as_other(self):
        line = self._line(errors=[Refusal("FIMP99", "offer", "Offre inconnue")])
        order = self._receive(line)
        self.assertEqual((order.state, order.reason_id.code), ("ar_ko", "FAUT01"))
        self.assertEqual(order.reason_comment, "Offre inconnue")
