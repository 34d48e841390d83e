from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...states import STATES
from ..common import OrderCase

WAY = ["received", "ar_ok", "cr_ok", "connecting", "delivered", "in_service"]
CUSTOMER = (
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
    "comment",
    "info",
)


@tagged("post_install", "-at_install")
class TestSteps(OrderCase):
    """The state bar shows the steps of the kind of order, and where it ended."""

    def _steps(self, state, passed, **values):
        order = self.env["oiconnect.access.order"].new({"state": state, **values})
        return order._states_to_show(passed)

    def test_a_line_to_build_is_connected(self):
        for state in WAY:
            self.assertEqual(self._steps(state, WAY[: WAY.index(state) + 1]), WAY)

    def test_a_line_that_exists_and_that_the_operator_patches_is_not(self):
        patched = {"connection_type": "oc", "existing_socket": True}
        self.assertEqual(
            self._steps("cr_ok", ["received", "ar_ok", "cr_ok"], **patched),
            ["received", "ar_ok", "cr_ok", "delivered", "in_service"],
        )

    def test_a_failure_stands_between_the_connection_and_the_delivery(self):
        steps = self._steps("connect_ko", WAY[:4])
        self.assertEqual(steps, [*WAY[:4], "connect_ko", "delivered", "in_service"])

    def test_an_order_that_ended_shows_the_way_it_went(self):
        self.assertEqual(self._steps("ar_ko", ["received"]), ["received", "ar_ko"])
        self.assertEqual(
            self._steps("cr_ko", ["received", "ar_ok"]), ["received", "ar_ok", "cr_ko"]
        )
        passed = [*WAY[:4], "connect_ko", "connecting", "cancelled"]
        self.assertEqual(self._steps("cancelled", passed), [*WAY[:4], "cancelled"])
        self.assertEqual(self._steps("overwritten", WAY), [*WAY, "overwritten"])

    def test_every_state_is_on_its_own_bar(self):
        for state, _label in STATES:
            self.assertIn(state, self._steps(state, []))


@tagged("post_install", "-at_install")
class TestPossible(OrderCase):
    """The screen asks the workflow what can be done now."""

    def _possible(self, order):
        order.invalidate_recordset(["possible_events"])
        return set(order.possible_events)

    def test_what_is_possible_is_what_the_table_allows(self):
        order = self._order()
        possible = self._possible(order)
        for event in order._workflow.events:
            with self.subTest(event):
                self.assertEqual(event in possible, bool(order._can_fire(event)))

    def test_a_guard_takes_away_what_does_not_apply(self):
        by_itself = self._order(connection_type="OC")
        self.assertNotIn("deliver", self._possible(by_itself))
        waiting = self._receive(self._line())
        self.assertLessEqual({"accept", "reject", "cancel"}, self._possible(waiting))
        self.assertNotIn("terminate", self._possible(waiting))

    def test_the_bar_of_a_cancelled_order_tells_its_way(self):
        order = self._order()
        order._fire("cancel")
        order.invalidate_recordset(["shown_states"])
        self.assertEqual(order.shown_states, [*WAY[:4], "cancelled"])
        refused = self._receive(self._line(customer_name=None))
        self.assertEqual(refused.shown_states, ["received", "ar_ko"])


@tagged("post_install", "-at_install")
class TestCustomerIsHidden(OrderCase):
    """A reader of orders sees nothing of the end customer, by any path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "clients_util", "oiconnect_base.group_access_user"
        )
        cls.reader = new_test_user(
            cls.env, "clients_lect", "oiconnect_base.group_access_read"
        )

    def setUp(self):
        super().setUp()
        self.order = self._order(
            customer_name="EXEMPLE", comment="Interphone DUPONT", info_1="Bâtiment B"
        )

    def test_a_reader_reads_searches_groups_and_exports_none_of_it(self):
        order = self.order.with_user(self.reader)
        orders = order.browse()
        self.assertEqual(order.read(["oc_reference"])[0]["id"], order.id)
        for name in CUSTOMER:
            readings = {
                "read": lambda name=name: order.read([name]),
                "web": lambda name=name: order.web_read({name: {}}),
                "export": lambda name=name: order.export_data([name]),
                "search": lambda name=name: orders.search([(name, "!=", False)]),
                "write": lambda name=name: order.write({name: False}),
            }
            for reading, take in readings.items():
                with (
                    self.subTest(field=name, reading=reading),
                    self.assertRaises(AccessError),
                ):
                    take()
            self.assertNotIn(name, orders.fields_get())
        with self.assertRaises(AccessError):
            orders.formatted_read_group([], ["customer_name"], ["__count"])

    def test_a_message_to_the_operator_does_not_tell_it_either(self):
        event = self.order.event_ids[:1].with_user(self.reader)
        self.assertTrue(event.flow)
        with self.assertRaises(AccessError):
            event.read(["payload"])

    def test_nothing_that_a_reader_may_read_tells_it(self):
        """Whatever grows around an order (messages, steps, decisions, tasks…)."""
        secret, phone = "ZYX-CLIENT", "0699887766"
        order = self._order(
            customer_name=secret,
            customer_firstname=secret,
            customer_contact1=phone,
            comment=secret,
            info_1=secret,
        )
        refused = self._receive(self._line(customer_name=secret, pm_reference=None))
        rejected = self._order(customer_name=secret, building_identifier="INCONNU")
        self.assertEqual((refused.state, rejected.state), ("ar_ko", "cr_ko"))
        self.assertEqual(order.state, "connecting", order.reason_comment)
        order._fire("cancel")
        self.env.flush_all()
        for name in self._readable():
            records = self.env[name].with_user(self.reader)
            values = str(
                records.search([], order="id desc", limit=200).read(
                    self._names_read(records)
                )
            )
            with self.subTest(name):
                self.assertNotIn(secret, values)
                self.assertNotIn(phone, values)
        messages = order.with_user(self.reader).message_ids
        self.assertNotIn(secret, str(messages.mapped("body")))

    def _names_read(self, records):
        """Return the fields to look at: computed ones too, around an order."""
        around = "operator" not in records._name and (
            "order" in records._name or "res_id" in records._fields
        )
        return [
            name
            for name in records.fields_get()
            if not records._fields[name].relational
            and (around or records._fields[name].store)
        ]

    def _readable(self):
        """Return the models of ours that a reader may read."""
        for name, model in self.env.items():
            stored = model._auto and not model._abstract and not model._transient
            readable = stored and model.with_user(self.reader).has_access("read")
            if name.startswith("oiconnect.") and readable:
                yield name

    def test_who_works_on_orders_sees_the_customer(self):
        order = self.order.with_user(self.user)
        self.assertEqual(order.customer_name, "EXEMPLE")
        self.assertEqual(order.read(["comment"])[0]["comment"], "Interphone DUPONT")
        self.assertIn("customer_name", order.fields_get())
        self.assertTrue(order.event_ids[:1].readable_payload)
