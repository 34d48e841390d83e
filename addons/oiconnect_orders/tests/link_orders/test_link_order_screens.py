from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import LinkCase


@tagged("post_install", "-at_install")
class TestLinkOrderScreens(LinkCase):
    """Screens and actions of OI staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "liens", "oiconnect_base.group_link_user", lang="fr_FR"
        )
        cls.env["oiconnect.network"].search([]).filtered(
            lambda network: network != cls.network
        ).active = False

    def _new(self):
        news = self.env["oiconnect.link.order.new"].with_user(self.user)
        form = Form(news.with_context(lang="fr_FR"))
        form.network_id = self.network
        form.operator_id = self.operator
        form.link_id = self.link
        return form

    def _decide(self, orders, event, **values):
        orders = orders.with_user(self.user)
        action = orders.with_context(decision=event).action_decide()
        model = self.env[action["res_model"]].with_user(self.user)
        dialog = model.with_context(**action["context"]).create(values)
        return dialog.action_confirm()

    def test_an_order_by_hand_goes_the_way_of_those_by_file(self):
        form = self._new()
        self.assertEqual((form.order_type, form.free_count), ("init", "4"))
        form.fibre_count = 2
        self.assertFalse(form.refusals)
        action = form.save().action_order()
        order = self.links.browse(action["res_id"])
        self.assertEqual((order.state, order.held_count), ("ar_ok", 2))
        self.assertEqual(order.event_ids.mapped("flow"), ["ARCMDLIEN"])
        order._fire("make_available")
        self.assertEqual(self._new().order_type, "exte")

    def test_unknown_free_fibres_are_not_zero(self):
        self.link.fibre_ids.unlink()
        self.link.write({"state": "planned", "capacity": 0})
        self.assertEqual(self._new().free_count, "Inconnu : aucune n’est listée")

    def test_a_link_of_a_technical_pm_with_a_long_reference_is_ordered(self):
        technical = self.pm.technical_pm_ids
        technical.reference = "OITO-PMT-" + "9" * 41
        self.link.technical_pm_id = technical
        action = self._new().save().action_order()
        order = self.links.browse(action["res_id"])
        order._fire("make_available")
        sent = self._payload(order, "CRMADLIEN")["technical_pm_reference"]
        self.assertEqual(sent, technical.reference)

    def test_errors_are_shown_before_the_order_is_taken(self):
        form = self._new()
        form.fibre_count = 5
        self.assertIn("FINT01", form.refusals)
        with self.assertRaises(UserError):
            form.save().action_order()
        self.assertFalse(self.links.search([("link_id", "=", self.link.id)]))

    def test_many_orders_at_once_or_none(self):
        self.network.link_order_scope = "operator"
        orders = self._order() | self._order(self.rival)
        self._decide(orders, "make_available")
        self.assertEqual(orders.mapped("state"), ["available"] * 2)
        self._decide(orders[0], "deliver")
        with self.assertRaises(UserError):
            self._decide(orders, "validate") and self._decide(orders, "reject")

    def test_a_reason_is_required(self):
        order = self._order()
        with self.assertRaises(UserError):
            self._decide(order, "abandon")
        reason = self.env["oiconnect.reason"]._of("FINT04")
        self._decide(order, "abandon", reason_id=reason.id, comment="FOURREAU")
        self.assertEqual((order.state, order.reason_id), ("mad_ko", reason))

    def test_some_fibres_are_given_back_by_hand(self):
        order = self._available()
        chosen = order.held_fibre_ids[:1]
        self._decide(order, "terminate", fibre_ids=[(6, 0, chosen.ids)])
        self.assertEqual((order.state, order.held_count), ("available", 1))
        self._decide(order, "terminate")
        self.assertEqual(order.state, "terminated")

    def test_a_fibre_given_back_meanwhile_does_not_end_the_service(self):
        """Two people chose the same fibre, or one pressed the button twice."""
        order = self._available()
        chosen = [(6, 0, order.held_fibre_ids[:1].ids)]
        self._decide(order, "terminate", fibre_ids=chosen)
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self._decide(order, "terminate", fibre_ids=chosen)
        self.assertEqual((order.state, order.held_count), ("available", 1))

    def test_a_fibre_is_given_back_by_hand_while_an_extension_is_in_progress(self):
        """Like an order by file; the service is not ended under the extension."""
        first = self._available()
        extension = self._order(order_type="EXTE", fibre_count=1)
        self.assertNotIn("terminate", first.possible_events)
        arch = first.get_view(view_type="form")["arch"]
        self.assertIn("'give_fibres_back' not in possible_events", arch)
        self.assertIn("give_fibres_back", first.possible_events)
        with self.assertRaisesRegex(UserError, "extension"):
            self._decide(first, "terminate")
        chosen = first.held_fibre_ids[:1]
        self._decide(first, "terminate", fibre_ids=[(6, 0, chosen.ids)])
        self.assertEqual((first.state, self._numbers(first)), ("available", [2]))
        self.assertEqual((extension.state, self._numbers(extension)), ("ar_ok", [3]))
        with self.assertRaisesRegex(UserError, "extension"):
            self._decide(first | extension, "terminate")

    def test_a_fibre_reserved_for_an_extension_is_not_given_back_by_hand(self):
        first = self._available()
        extension = self._order(order_type="EXTE", fibre_count=1)
        reserved = [(6, 0, extension.held_fibre_ids.ids)]
        with self.assertRaises(UserError):
            self._decide(first, "terminate", fibre_ids=reserved)
        self.assertEqual(extension.held_count, 1)

    def test_the_form_tells_the_story(self):
        order = self._delivered().with_user(self.user)
        titles = [entry["title"] for entry in order.timeline]
        for title in ("CRMADLIEN", "CRLIVLIEN"):
            self.assertTrue([text for text in titles if title in text], titles)
        self.assertEqual(
            order.shown_states,
            ["received", "ar_ok", "available", "delivered", "validated"],
        )
        refused = self._order(self.rival, order_type="EXTE").with_user(self.user)
        self.assertIn("FIMP06", refused.decision_story)

    def test_each_filter_of_the_guide_finds_the_order(self):
        order = self._available()
        orders = self.links.with_user(self.user)
        for name, value in (
            ("oc_reference", order.oc_reference[4:]),
            ("service_reference", order.service_reference[5:]),
            ("operator_id", self.operator.name),
            ("pm_id", self.pm.reference),
            ("prdm_id", self.link.prdm_id.reference),
        ):
            with self.subTest(name):
                self.assertIn(order, orders.search([(name, "ilike", value)]))
        for name in ("state", "order_type"):
            self.assertIn(order, orders.search([(name, "=", order[name])]))

    def test_the_link_opens_its_orders(self):
        order = self._order()
        link = self.link.with_user(self.user)
        self.assertEqual(link.link_order_count, 1)
        action = link.with_context(neighbours="link_order_ids").action_view_neighbours()
        self.assertEqual(self.links.search(action["domain"]), order)
        self.assertEqual(
            order.action_view_service()["res_model"], "oiconnect.link.service"
        )

    def test_an_ended_order_opens_its_ended_service(self):
        order = self._available()
        order._fire("terminate")
        action = order.with_user(self.user).action_view_service()
        services = self.env[action["res_model"]].with_user(self.user)
        found = services.with_context(**action["context"]).search(action["domain"])
        self.assertEqual((found, found.active), (order.service_id, False))

    def test_who_only_reads_changes_nothing(self):
        reader = new_test_user(self.env, "lecteur", "oiconnect_base.group_link_read")
        order = self._order().with_user(reader)
        self.assertEqual(order.read(["state"])[0]["state"], "ar_ok")
        with self.assertRaises(AccessError):
            order.with_context(decision="cancel").action_decide()
        with self.assertRaises(AccessError):
            order.write({"state": "available"})
