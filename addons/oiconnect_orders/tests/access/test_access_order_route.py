from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestNewRoute(OrderCase):
    """OI staff give an access another route, from its form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "route_util", "oiconnect_base.group_access_user"
        )
        cls.reason = cls.env["oiconnect.mutation.reason"].search([], limit=1)

    def _form(self, order):
        action = order.with_user(self.user).action_change_route()
        changes = self.env[action["res_model"]].with_user(self.user)
        return Form(changes.with_context(**action["context"]))

    def _change(self, order, **values):
        form = self._form(order)
        form.reason_id = self.reason
        for name, value in values.items():
            form[name] = value
        return form.save().action_change()

    def test_the_operator_is_sent_the_route_that_was_chosen(self):
        order = self._order()
        old = order.route_ids
        chosen = self.routes.filtered(
            lambda r: r.state == "free" and r.pbo_id == order.pbo_id
        )[:1]
        action = self._change(order, route_id=chosen, comment="Fibre cassée")
        self.assertEqual(order.route_ids, chosen)
        self.assertNotEqual(old, chosen)
        self.assertEqual(order.state, "connecting")
        payload = self._payload(order, "NOTIF_REPROV")
        self.assertEqual(payload["reprovision_type"], "HOT")
        self.assertEqual(payload["comment"], "Fibre cassée")
        self.assertEqual(payload["discharge_number"], order.discharge_number)
        self.assertIn(order.discharge_number, action["params"]["message"])
        step = self._last_step(order)
        self.assertEqual((step.user_id, step.channel), (self.user, "ui"))

    def test_the_network_chooses_when_no_route_is_chosen(self):
        order = self._delivered()
        old = order.route_ids
        self._change(order)
        self.assertTrue(order.route_ids)
        self.assertNotEqual(order.route_ids, old)
        self.assertEqual(order.state, "delivered")

    def test_after_a_failure_the_order_goes_on_with_its_new_route(self):
        order = self._order()
        order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        order._fire("connection_failed")
        form = self._form(order)
        self.assertEqual(form.kind, "cold")
        self._change(order)
        self.assertEqual(order.state, "connecting")
        self.assertEqual(
            self._payload(order, "NOTIF_REPROV")["reprovision_type"], "COLD"
        )

    def test_the_reason_is_required(self):
        order = self._order()
        change = self.env["oiconnect.access.order.route"].create({"order_id": order.id})
        self.assertEqual(change.kind, "hot")
        with self.assertRaises(UserError):
            change.action_change()

    def test_only_free_routes_of_the_building_are_offered(self):
        order = self._order()
        change = self.env["oiconnect.access.order.route"].create({"order_id": order.id})
        self.assertEqual(change.pbo_ids, self.pbo)

    def test_an_order_that_ended_keeps_its_route(self):
        order = self._order()
        change = self._form(order)
        change.reason_id = self.reason
        order._fire("cancel")
        with self.assertRaises(UserError):
            change.save().action_change()

    def test_a_reader_changes_nothing(self):
        reader = new_test_user(
            self.env, "route_lect", "oiconnect_base.group_access_read"
        )
        with self.assertRaises(AccessError):
            self._order().with_user(reader).action_change_route()
