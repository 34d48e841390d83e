from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import Form, new_test_user, tagged

from ..pm_common import PmOrderCase


@tagged("post_install", "-at_install")
class TestPmOrderScreens(PmOrderCase):
    """Orders by hand, decisions, and rights on both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._user("pm_order_user")
        cls.reader = cls._user("pm_order_read")
        cls.manager = cls._user("pm_order_manager")

    @classmethod
    def _user(cls, group):
        return new_test_user(cls.env, f"pmo_{group}", f"oiconnect_base.group_{group}")

    def _decide(self, orders, event, user=None, **values):
        orders = orders.with_user(user or self.user)
        action = orders.with_context(decision=event).action_decide()
        dialog = self.env[action["res_model"]].with_user(user or self.user)
        dialog = dialog.with_context(**action["context"]).create(values)
        dialog.action_confirm()

    def test_an_order_by_hand_is_checked_and_named(self):
        form = self.env["oiconnect.pm.order.new"].with_user(self.user)
        new = form.create(
            {
                "network_id": self.network.id,
                "operator_id": self.operator.id,
                "pm_id": self.other_pm.id,
            }
        )
        self.assertFalse(new.refusals)
        opened = new.action_order()
        order = self.pm_orders.browse(opened["res_id"])
        self.assertEqual((order.state, order.purpose), ("ar_ok", "rental"))
        self.assertTrue(order.oc_reference.startswith("HOTLINE-"))
        with self.assertRaisesRegex(UserError, "FIMP13"):
            new.action_order()  # a second click, or a form that was left open
        new.kind = "cofi"
        self.assertIn("FIMP06", new.refusals)
        with self.assertRaises(UserError):
            new.action_order()

    def test_the_dialog_decides_for_many_or_for_none(self):
        orders = self._order_pm() | self._order_pm(self.rival)
        self._decide(orders, "deliver")
        self.assertEqual(set(orders.mapped("state")), {"delivered"})
        with self.assertRaises(UserError):
            self._decide(orders, "cancel")
        self._decide(orders[0], "terminate", comment="Adieu")
        self.assertEqual(orders[0].state, "terminated")

    def test_a_withdrawal_needs_a_reason(self):
        order = self._rented()
        with self.assertRaises(UserError):
            self._decide(order, "withdraw")
        reason = self.env["oiconnect.reason"]._of("FIMP09")
        self._decide(order, "withdraw", reason_id=reason.id)
        self.assertEqual((order.state, order.reason_id), ("withdrawn", reason))

    def test_the_dialog_takes_no_other_event(self):
        order = self._rented()
        dialog = self.env["oiconnect.infra.order.decision"].with_user(self.user)
        for model, event in (
            (order._name, "receive_report"),
            ("res.partner", "deliver"),
            ("none", "deliver"),
        ):
            with self.subTest(model, event=event), self.assertRaises(UserError):
                made = dialog.create(
                    {"res_model": model, "res_ids": order.ids, "event": event}
                )
                made.action_confirm()

    def test_a_reader_decides_nothing_and_writes_nothing(self):
        order = self._rented()
        with self.assertRaises(AccessError):
            self._decide(order, "update", self.reader)
        with self.assertRaises(AccessError):
            order.with_user(self.user).write({"kind": "cofi"})
        order.with_user(self.reader).read(["timeline", "possible_events"])
        stranger = self._user("access_manager")
        with self.assertRaises(AccessError):
            order.with_user(stranger).read(["state"])

    def test_who_reads_orders_reads_what_was_noted_and_where_to_go(self):
        order = self._rented()
        order._fire("announce", note="Sonner au gardien")
        step = order.with_user(self.reader).step_ids[0]
        self.assertEqual(step.readable_note, "Sonner au gardien")
        waiting = self._order_pm(self.rival)
        self.assertEqual(waiting.todo_ids.detail, self.other_pm.reference)

    def test_a_service_is_written_by_hand_with_a_reason_only(self):
        service = self.service
        with self.assertRaises(AccessError):
            service.with_user(self.manager).write({"kind": "cofi"})
        action = service.with_user(self.manager).action_change()
        dialogs = self.env["oiconnect.pm.service.change"].with_user(self.manager)
        dialogs = dialogs.with_context(**action["context"])
        with Form(dialogs) as form:
            form.kind = "cofi"
            form.reason = "Erreur de saisie"
        form.save().action_confirm()
        self.assertEqual(service.kind, "cofi")
        self.assertIn("Erreur de saisie", service.message_ids[0].body)
        with self.assertRaises(AccessError):
            self.env["oiconnect.pm.service.change"].with_user(self.user).create({})

    def _by_hand(self, **values):
        dialogs = self.env["oiconnect.pm.service.change"].with_user(self.manager)
        return dialogs.create(
            {
                "network_id": self.network.id,
                "operator_id": self.rival.id,
                "pm_id": self.other_pm.id,
                "reference": "XPM-HAND",
                "reason": "Reprise",
                **values,
            }
        )

    def test_a_service_stays_that_of_its_operator_and_its_pm(self):
        order = self._rented()
        service = order.service_id
        self._by_hand(service_id=service.id, pm_id=self.pm.id).action_confirm()
        self.assertEqual(
            (service.reference, order.service_reference), ("XPM-HAND",) * 2
        )
        unchanged = service.operator_id, service.pm_id
        self.assertEqual(unchanged, (self.operator, self.other_pm))

    def test_what_a_service_is_by_hand_its_order_is_too(self):
        """A co-financing operator has no end of its own, who rents has one."""
        order = self._rented()
        request = self._order_pm()
        for kind, order_kind, purpose, ends in (
            ("cofi", "cofi", "engagement", False),
            ("loca", "unit", "rental", True),
        ):
            change = {"service_id": order.service_id.id, "kind": kind}
            self._by_hand(**change, operator_id=self.operator.id).action_confirm()
            self.assertEqual((order.kind, order.purpose), (order_kind, purpose))
            self.assertEqual(bool(order._ready_for("terminate")), ends)
        self.assertEqual((request.kind, request.purpose), ("unit", "update"))

    def test_the_order_of_a_service_that_is_ended_by_hand_ends_with_it(self):
        """The operator is notified, and may rent the PM anew."""
        order, request = self._rented(), self._order_pm()
        service = order.service_id
        self._by_hand(service_id=service.id, active=False).action_confirm()
        self.assertEqual((order.state, request.state), ("withdrawn", "withdrawn"))
        self.assertEqual((service.active, service.end_date), (False, self.today))
        payload = self._sent_payloads(order)[-1]
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FIMP09"))
        again = self._rented()
        self.assertEqual((again.state, again.purpose), ("delivered", "rental"))
        self.assertNotEqual(again.service_id, service)

    def test_the_order_of_a_service_ends_after_the_last_day_given_by_hand(self):
        order = self._rented()
        service = order.service_id
        yesterday = self.today - timedelta(days=1)
        dates = {"start_date": yesterday, "end_date": self.today}
        self._by_hand(service_id=service.id, **dates).action_confirm()
        self.pm_orders._cron_deliver()
        self.assertEqual(order.state, "delivered", "the last day is one of use")
        service.end_date = yesterday
        self.pm_orders._cron_deliver()
        self.assertEqual((order.state, service.active), ("withdrawn", False))
        self.assertEqual(service.end_date, yesterday)
        self.assertEqual(self._order_pm().purpose, "rental")

    def test_a_service_by_hand_is_on_the_network_of_its_pm(self):
        elsewhere = self.network.copy({"oi_code": "OITE", "code": "OITE"})
        action = self._by_hand(network_id=elsewhere.id).action_confirm()
        service = self.services.browse(action["res_id"])
        self.assertEqual(service.network_id, self.network)

    def test_a_service_of_another_company_is_not_corrected(self):
        dialog = self._by_hand(service_id=self.service.id)
        self.network.company_id = self.env["res.company"].create({"name": "Autre OI"})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            dialog.action_confirm()
        with self.assertRaises(AccessError):
            self.service.with_user(self.manager).action_change()

    def test_the_work_list_of_readers_has_what_is_theirs(self):
        order = self._order_pm()
        todos = self.env["oiconnect.todo"]
        mine = todos.with_user(self.user).search([])
        self.assertEqual(
            mine.filtered(lambda t: t.res_id == order.id).kind, "pm_report"
        )
        self.assertEqual(set(mine.mapped("res_model")), {order._name})
        stranger = self._user("access_manager")
        theirs = todos.with_user(stranger).search([("res_model", "=", order._name)])
        self.assertFalse(theirs)

    def test_a_pm_and_its_services_open_their_orders(self):
        order = self._rented()
        order._fire("terminate")
        for record in (self.other_pm, order.service_id):
            with self.subTest(record._name):
                seen = record.with_user(self.reader)
                self.assertEqual(seen.pm_order_count, 1)
                seen = seen.with_context(neighbours="pm_order_ids")
                found = seen.action_view_neighbours()["domain"]
                self.assertEqual(self.pm_orders.search(found), order)

    def test_forms_open(self):
        order = self._rented()
        for record in (order, order.service_id, self.pm):
            views = self.env[record._name].get_views([(False, "form"), (False, "list")])
            self.assertTrue(views["views"]["form"]["arch"])
