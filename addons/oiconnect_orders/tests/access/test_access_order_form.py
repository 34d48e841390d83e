from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestForm(OrderCase):
    """OI staff act on an order from its form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "commandes_test", "oiconnect_base.group_access_user"
        )
        cls.reader = new_test_user(
            cls.env, "lecture_test", "oiconnect_base.group_access_read"
        )

    def _decide(self, order, event, reason=None, comment=None):
        order = order.with_user(self.user)
        action = order.with_context(decision=event).action_decide()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.user)
            .with_context(**action["context"])
        )
        if reason:
            form.reason_id = self.env["oiconnect.reason"]._of(reason)
        if comment:
            form.comment = comment
        return form.save().action_confirm()

    def test_rejecting_asks_for_the_reason_that_the_operator_receives(self):
        order = self._receive(self._line())
        without = self.env["oiconnect.access.order.decision"].create(
            {"order_ids": order.ids, "event": "reject"}
        )
        with self.assertRaisesRegex(UserError, "Choose the reason"):
            without.action_confirm()
        self._decide(order, "reject", "FAUT01", "Zone en travaux")
        self.assertEqual(order.state, "cr_ko")
        payload = self._payload(order, "CR_CMD")
        self.assertEqual(payload["reason_code"], "FAUT01")
        self.assertEqual(payload["comment"], "Zone en travaux")

    def test_cancelling_and_terminating_tell_the_operator(self):
        order = self._order()
        self._decide(order, "cancel", comment="Demande par téléphone")
        self.assertEqual(self._payload(order, "CR_ANNUL")["result"], "OK")
        delivered = self._delivered()
        self._decide(delivered, "terminate")
        self.assertEqual(self._payload(delivered, "CR_RES")["result"], "OK")

    def test_a_failed_connection_is_resumed_or_abandoned(self):
        order = self._order()
        self._decide(order, "connection_failed", "FINT04")
        order.with_user(self.user).action_resume()
        self.assertEqual(order.state, "connecting")
        self._decide(order, "connection_failed", "FINT04")
        self._decide(order, "abandon", "FINT10")
        self.assertEqual(order.state, "mad_ko")

    def test_a_failure_may_be_the_last_one(self):
        order = self._order()
        action = order.with_context(decision="connection_failed").action_decide()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        form.give_up = True
        form.save().action_confirm()
        self.assertEqual(order.state, "mad_ko")
        self.assertEqual(self._payload(order, "CR_MAD")["reason_code"], "FINT04")

    def test_a_line_that_was_taken_over_by_mistake_is_given_back(self):
        holder = self._delivered()
        taker = self._order(
            self.rival,
            existing_socket=True,
            pto_reference=holder.pto_id.reference,
        )
        taker._fire("connected")
        self.assertEqual(holder.state, "overwritten")
        self._decide(holder, "restore", comment="Prise du voisin")
        self.assertEqual((holder.state, taker.state), ("delivered", "terminated"))
        self.assertEqual(self._last_step(holder).note, "Prise du voisin")
        comment = self._payload(holder, "NOTIF_REPROV")["comment"]
        self.assertEqual(comment, "Prise du voisin")
        self.assertNotEqual(self._payload(taker, "CR_RES")["comment"], comment)

    def test_an_order_by_the_operator_is_led_by_hand(self):
        order = self._order(connection_type="OC").with_user(self.user)
        self.assertEqual(order.state, "connecting")
        for event in ("connected", "activate"):
            self._decide(order, event)
        self.assertEqual(order.state, "in_service")
        self.assertEqual(
            set(order.step_ids.mapped("user_id")) - {self.env.user}, {self.user}
        )
        self.assertEqual(self._last_step(order).channel, "ui")

    def test_a_decision_that_the_state_forbids_is_not_offered(self):
        order = self._order().with_user(self.user)
        with self.assertRaises(UserError):
            order.with_context(decision="reject").action_decide()

    def test_the_history_speaks_the_language_of_its_reader(self):
        order = self._order().with_context(lang="fr_FR")
        labels = order.step_ids.mapped(lambda s: (s.event_label, s.target_label))
        self.assertEqual(
            labels,
            [
                ("Lancement du raccordement", "En raccordement"),
                ("Acceptation", "Acceptée"),
                ("Accusé de réception", "Accusée"),
                ("Création", "Reçue"),
            ],
        )
        self.assertEqual(order.step_ids[0].source_label, "Acceptée")
        self.assertFalse(order.step_ids[-1].source_label)

    def test_a_message_names_the_order_it_is_about(self):
        order = self._order()
        self.assertEqual(set(order.event_ids.mapped("res_name")), {order.oc_reference})
        lost = order.event_ids[0].copy({"res_model": False, "res_id": False})
        self.assertFalse(lost.res_name)

    def test_a_reader_sees_and_does_nothing(self):
        order = self._order().with_user(self.reader)
        self.assertEqual(order.state, "connecting")
        self.assertTrue(order.route_ids.name)
        for event in ("connected", "cancel"):
            with self.assertRaises(AccessError):
                order.with_context(decision=event).action_decide()

    def test_without_the_right_neither_menu_nor_data(self):
        user = new_test_user(
            self.env, "sans_commande", "oiconnect_base.group_infra_manager"
        )
        for model in ("oiconnect.access.order", "oiconnect.reason"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).search_read([], ["id"])
        menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        menu = self.env.ref("oiconnect_orders.menu_access_order")
        self.assertNotIn(menu.id, menus)

    def test_an_order_is_never_erased(self):
        with self.assertRaises(UserError):
            self._order().unlink()

    def test_an_order_of_another_company_is_not_seen(self):
        order = self._order()
        company = self.env["res.company"].create({"name": "Autre OI"})
        self.network.company_id = company
        self.env.flush_all()
        found = self.env["oiconnect.access.order"].with_user(self.user).search([])
        self.assertNotIn(order.id, found.ids)
