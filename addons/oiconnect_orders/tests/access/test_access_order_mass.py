from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestMassActions(OrderCase):
    """Actions on the orders chosen in the list: on all, or on none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "masse_util",
            "oiconnect_base.group_access_user",
            lang="fr_FR",
        )
        cls.reader = new_test_user(
            cls.env, "masse_lect", "oiconnect_base.group_access_read"
        )

    def _run(self, name, orders, user=None):
        action = self.env.ref(f"oiconnect_orders.access_order_mass_{name}")
        return (
            action.with_user(user or self.user)
            .with_context(
                active_model=orders._name, active_ids=orders.ids, lang="fr_FR"
            )
            .run()
        )

    def _decide(self, action, **values):
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.user)
            .with_context(lang="fr_FR", **action["context"])
        )
        for name, value in values.items():
            form[name] = value
        return form.save().action_confirm()

    def test_the_list_offers_them_to_who_may_act(self):
        orders = self.env["oiconnect.access.order"]
        for user, offered in ((self.user, True), (self.reader, False)):
            bindings = (
                self.env["ir.actions.actions"]
                .with_user(user)
                .get_bindings(orders._name)
            )
            found = {action["name"] for action in bindings.get("action", ())}
            self.assertEqual("Put in service…" in found, offered)

    def test_acknowledged_orders_are_studied_at_once(self):
        orders = self._receive(
            self._line(), self._line(building_identifier="OITO/B/INCONNU")
        )
        notification = self._run("study", orders)
        self.assertEqual(orders.mapped("state"), ["connecting", "cr_ko"])
        self.assertEqual(notification["params"]["type"], "warning")
        self.assertIn("2", notification["params"]["message"])

    def test_several_orders_are_rejected_for_one_reason(self):
        orders = self._receive(self._line(), self._line())
        action = self._run("reject", orders)
        reason = self.env["oiconnect.reason"]._of("FAUT01")
        self._decide(action, reason_id=reason, comment="Zone en travaux")
        self.assertEqual(set(orders.mapped("state")), {"cr_ko"})
        self.assertEqual(
            {self._payload(order, "CR_CMD")["comment"] for order in orders},
            {"Zone en travaux"},
        )

    def test_orders_are_cancelled_together(self):
        orders = self._order() | self._receive(self._line())
        self._decide(self._run("cancel", orders), comment="OC en arrêt")
        self.assertEqual(set(orders.mapped("state")), {"cancelled"})

    def test_lines_are_put_in_service_then_terminated_together(self):
        orders = self._delivered() | self._delivered()
        action = self._run("activate", orders)
        self.assertEqual(set(orders.mapped("state")), {"delivered"}, "it asks first")
        self._decide(action)
        self.assertEqual(set(orders.mapped("state")), {"in_service"})
        self._decide(self._run("terminate", orders))
        self.assertEqual(set(orders.mapped("state")), {"terminated"})

    def test_failed_connections_are_tried_again_together(self):
        orders = self._order() | self._order()
        reason = self.env["oiconnect.reason"]._of("FINT04")
        self._decide(self._run("failed", orders), reason_id=reason)
        self.assertEqual(set(orders.mapped("state")), {"connect_ko"})
        self._run("resume", orders)
        self.assertEqual(set(orders.mapped("state")), {"connecting"})
        self._decide(self._run("connected", orders))
        self.assertEqual(set(orders.mapped("state")), {"delivered"})

    def test_an_impossible_action_is_reported_for_all_and_nothing_is_done(self):
        good = self._delivered()
        bad = self._order() | self._receive(self._line(), self._line())
        before = {order: order.state for order in good | bad}
        for name in ("activate", "terminate"):
            with self.subTest(name), self.assertRaises(UserError) as caught:
                self._run(name, good | bad)
            message = str(caught.exception)
            for order in bad:
                self.assertIn(order.oc_reference, message)
            self.assertNotIn(good.oc_reference, message)
            self.assertRegex(message, "n'est pas possible pour 3 commandes")
            self.assertRegex(message, "Accusée")
        self.assertEqual({order: order.state for order in good | bad}, before)

    def test_orders_that_changed_meanwhile_stop_the_decision(self):
        orders = self._receive(self._line(), self._line())
        action = self._run("reject", orders)
        orders[0]._study()
        reason = self.env["oiconnect.reason"]._of("FAUT01")
        with self.assertRaises(UserError):
            self._decide(action, reason_id=reason)
        self.assertEqual(orders[1].state, "ar_ok")

    def test_very_many_refusals_are_counted(self):
        orders = self._receive(*(self._line() for _rank in range(23)))
        with self.assertRaisesRegex(UserError, "et 3 autres"):
            self._run("activate", orders)

    def test_a_reader_acts_on_nothing(self):
        orders = self._delivered() | self._delivered()
        for name in ("activate", "terminate", "cancel", "study"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._run(name, orders, self.reader)
        self.assertEqual(set(orders.mapped("state")), {"delivered"})
