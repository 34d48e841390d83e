from odoo.exceptions import UserError
from odoo.tests.common import Form, new_test_user, tagged

from ..common import OrderCase, open_pm


@tagged("post_install", "-at_install")
class TestTakeoverSentences(OrderCase):
    """OI staff read of a takeover before it, in its confirmation and ever after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "ecrasement_test",
            "oiconnect_base.group_access_user",
            lang="fr_FR",
        )
        cls.building.write(
            {
                "street_type": "RUE",
                "street_name": "DES LILAS",
                "city": "EXEMPLEVILLE",
                "postal_code": "99100",
            }
        )

    def setUp(self):
        super().setUp()
        self.holder = self._delivered()
        self.holder._fire("activate")
        self.held_pto = self.holder.pto_id
        self.held_pto.connector_count = 1

    def _new(self, **values):
        """Return the order by hand that the rival wants, as the form has it."""
        news = self.env["oiconnect.access.order.new"].with_user(self.user)
        form = Form(news.with_context(lang="fr_FR"))
        form.network_id = self.network
        form.operator_id = self.rival
        form.building_id = self.building
        form.customer_name = "EXEMPLE"
        form.customer_contact1 = "0600000001"
        form.existing_socket = True
        form.pto_id = self.held_pto
        for name, value in values.items():
            form[name] = value
        return form

    def _taken(self, **values):
        """Return the order that took the line over, as who agreed to it does."""
        new = self._new(**values).save()
        action = new.with_context(agreed_takeover=self.holder.id).action_order()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _french(self, order):
        return order.with_user(self.user).with_context(lang="fr_FR")

    # ------------------------------------------------------------------
    # Before
    # ------------------------------------------------------------------

    def test_an_order_by_hand_names_the_holder_and_what_becomes_of_it(self):
        form = self._new()
        self.assertFalse(form.refusals)
        self.assertEqual(form.takeover_of_id, self.holder)
        for word in (
            self.held_pto.reference,
            "est en service",
            self.operator.display_name,
            self.holder.oc_reference,
            "quand la nouvelle commande est raccordée",
        ):
            self.assertIn(word, form.takeover_text)
        form.connection_type = "oc"
        self.assertIn("dès que la nouvelle commande est prise", form.takeover_text)

    def test_a_line_in_no_other_hands_is_ordered_without_a_warning(self):
        for values in (
            {"pto_id": self._laid_pto()},
            {"existing_socket": False},
            {"operator_id": self.operator},
        ):
            with self.subTest(values):
                self.assertFalse(self._new(**values).takeover_text)

    def test_nothing_is_taken_over_unless_the_warning_was_read(self):
        new = self._new().save()
        orders = self.env["oiconnect.access.order"]
        before = orders.search_count([])
        other = self._delivered()
        for agreed in (None, other.id):
            with (
                self.subTest(agreed=agreed),
                self.assertRaisesRegex(UserError, self.holder.oc_reference),
            ):
                new.with_context(agreed_takeover=agreed).action_order()
        self.assertEqual(orders.search_count([]), before + 1)
        self.assertEqual(self.holder.state, "in_service")

    def test_a_line_with_a_takeover_in_progress_is_refused_before_the_order(self):
        self._taken()
        third = self.operator.create(
            {"name": "Troisième", "interop_code": "OCT3", "arcep_code": "OCT3"}
        )
        open_pm(self.env, self.made, third)
        form = self._new(operator_id=third)
        self.assertFalse(form.takeover_text)
        self.assertIn("FINT01", form.refusals)

    # ------------------------------------------------------------------
    # Meanwhile and afterwards
    # ------------------------------------------------------------------

    def test_the_form_tells_it_until_the_line_is_connected_and_ever_after(self):
        taker = self._taken()
        self.assertEqual(taker.state, "connecting")
        self.assertTrue(taker.takes_over)
        self.assertIn("est en service", self._french(taker).takeover_text)
        self.assertFalse(self.holder.takeover_text)
        taker._fire("connected")
        self.assertFalse(taker.takes_over)
        gained = self._french(taker).takeover_text
        lost = self._french(self.holder).takeover_text
        self.assertIn(f"a écrasé la ligne de {self.operator.display_name}", gained)
        self.assertIn(self.holder.oc_reference, gained)
        self.assertIn(f"écrasée par {self.rival.display_name}", lost)
        self.assertIn(taker.oc_reference, lost)

    def test_a_takeover_that_did_not_happen_is_not_shown(self):
        taker = self._taken()
        taker._fire("cancel")
        self.assertFalse(taker.takeover_text or self.holder.takeover_text)

    def _dialog(self, orders, event):
        action = self._french(orders).with_context(decision=event).action_decide()
        dialogs = self.env[action["res_model"]].with_user(self.user)
        return Form(dialogs.with_context(lang="fr_FR", **action["context"]))

    def test_the_confirmation_of_the_connection_tells_each_line_that_is_lost(self):
        orders = self._taken() | self._order()
        dialog = self._dialog(orders, "connected")
        self.assertIn(self.operator.display_name, dialog.takeover_text)
        self.assertEqual(dialog.takeover_text.count("est en service"), 1)
        self.assertFalse(self._dialog(orders, "cancel").takeover_text)
        dialog.save().action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"delivered"})
        self.assertEqual(self.holder.state, "overwritten")
