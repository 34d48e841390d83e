from odoo.tests.common import tagged

from ...controls.acknowledgement import Refusal
from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestReceipt(OrderCase):
    """An order line is acknowledged (AR) or refused for its form."""

    def test_a_good_line_is_acknowledged(self):
        order = self._receive(self._line(comment="Interphone B12", info_1="RACK 2"))
        self.assertEqual(order.state, "ar_ok")
        self.assertEqual(order.connection_type, "stoc")
        self.assertEqual(order.requested_type, "auto")
        self.assertEqual(str(order.order_date), "2026-03-14 09:05:00")
        self.assertEqual(order.info, {"info_1": "RACK 2"})
        payload = self._payload(order, "AR_CMD")
        self.assertEqual(payload["result"], "OK")
        self.assertEqual(payload["oc_reference"], order.oc_reference)
        self.assertEqual(payload["service_reference"], order.service_reference)
        self.assertTrue(order.service_reference.startswith("OITOP0"))

    def test_a_line_without_mandatory_values_is_refused(self):
        line = self._line(order_date=None, pm_reference=None)
        [(order, refusals)] = self.orders._receive([line], self.operator, self.network)
        self.assertEqual(order.state, "ar_ko")
        self.assertEqual({r.field for r in refusals}, {"order_date", "pm_reference"})
        payload = self._payload(order, "AR_CMD")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FIMP15"))
        self.assertIsNone(payload["service_reference"])

    def test_a_line_without_reference_is_stored_and_answered(self):
        order = self._receive(self._line(oc_reference=None))
        self.assertEqual(order.state, "ar_ko")
        self.assertFalse(self._payload(order, "AR_CMD")["oc_reference"])

    def test_a_value_longer_than_its_field_is_refused(self):
        """A format is data: it may allow more than the column of the order."""
        orders = self.env["oiconnect.access.order"]
        for name, limit in orders._limits().items():
            with self.subTest(name):
                order = self._receive(self._line(**{name: "1" * (limit + 1)}))
                self.assertEqual(order.state, "ar_ko")
                self.assertEqual(
                    self._payload(order, "AR_CMD")["reason_code"], "FIMP16"
                )
                self.assertEqual(order[name], "1" * limit, "what fits is stored")
                order = self._receive(self._line(**{name: "1" * limit}))
                self.assertEqual(order.state, "ar_ok")

    def test_what_the_border_found_counts_as_well(self):
        found = [Refusal("FIMP12", "requested_type", "Not in the list")]
        line = self._line(requested_type=None, errors=found)
        [(order, refusals)] = self.orders._receive([line], self.operator, self.network)
        # The value was there, only wrong: it is not reported missing on top.
        self.assertEqual(refusals, found)
        self.assertEqual(order.reason_id.code, "FIMP12")
        self.assertEqual(order.reason_comment, "Not in the list")

    def test_a_reference_already_used_is_refused(self):
        first = self._receive(self._line(oc_reference="OCT-DOUBLE"))
        again = self._receive(self._line(oc_reference="OCT-DOUBLE"))
        self.assertEqual((first.state, again.state), ("ar_ok", "ar_ko"))
        self.assertEqual(again.reason_id.code, "FIMP13")

    def test_a_reference_twice_in_one_file_serves_once(self):
        orders = self._receive(
            self._line(oc_reference="OCT-TWICE"), self._line(oc_reference="OCT-TWICE")
        )
        self.assertEqual(orders.mapped("state"), ["ar_ok", "ar_ko"])

    def test_a_refused_receipt_gives_the_reference_back(self):
        self._receive(self._line(oc_reference="OCT-AGAIN", order_date=None))
        order = self._receive(self._line(oc_reference="OCT-AGAIN"))
        self.assertEqual(order.state, "ar_ok")

    def test_two_operators_may_use_the_same_reference(self):
        mine = self._receive(self._line(oc_reference="SAME"))
        theirs = self._receive(self._line(oc_reference="SAME"), operator=self.rival)
        self.assertEqual((mine.state, theirs.state), ("ar_ok", "ar_ok"))

    def test_one_bad_line_does_not_stop_the_others(self):
        orders = self._receive(
            self._line(), self._line(customer_name=None), self._line()
        )
        self.assertEqual(orders.mapped("state"), ["ar_ok", "ar_ko", "ar_ok"])

    def test_unknown_columns_are_stored(self):
        order = self._receive(self._line(extra={"NouvelleColonne": "x"}))
        self.assertEqual(order.info, {"NouvelleColonne": "x"})

    def test_every_step_says_that_it_came_by_file(self):
        order = self._receive(self._line())
        order.invalidate_recordset(["step_ids"])
        self.assertEqual(order.step_ids.mapped("event"), ["acknowledge", "create"])
        self.assertEqual(set(order.step_ids.mapped("channel")), {"file"})

    def test_the_receipt_is_in_the_version_of_the_order(self):
        order = self._receive(self._line())
        self.assertEqual(order.event_ids.version, "V1.3")
