from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user

from ..common import OrderCase


class TestOverride(OrderCase):
    """A person takes a rejection by the study back, for a reason that is stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = new_test_user(
            cls.env, "chef", groups="oiconnect_base.group_access_manager"
        )
        cls.clerk = new_test_user(
            cls.env, "agent", groups="oiconnect_base.group_access_user"
        )

    def _override(self, order, user=None, **values):
        order = order.with_user(user or self.chief)
        action = order.action_override()
        wizard = (
            self.env["oiconnect.access.order.override"]
            .with_user(user or self.chief)
            .with_context(**action["context"])
            .create({"reason": "Vu avec l'opérateur", **values})
        )
        wizard.action_confirm()
        order.invalidate_recordset()
        return wizard

    def test_a_pm_of_another_address_is_set_aside(self):
        order = self._order(pm_reference=self.other_pm.reference)
        self.assertEqual(order.reason_id.code, "FIMP08")
        wizard = self._override(order)
        self.assertEqual((wizard.control, wizard.code), ("pm", "FIMP08"))
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.pm_id, self.pm)
        self.assertFalse(order.reason_id)
        results = [p["result"] for p in self._payloads(order, "CR_CMD")]
        self.assertEqual(results, ["KO", "OK"])

    def test_the_story_tells_who_set_what_aside_and_why(self):
        order = self._order(pm_reference=self.other_pm.reference)
        self._override(order)
        kinds = order.decision_ids.sorted("id").mapped("outcome")
        self.assertEqual(kinds, ["rejected", "waived", "accepted"])
        override = order.decision_ids.sorted("id")[1]
        self.assertEqual(override.user_id, self.chief)
        self.assertEqual(override.note, "Vu avec l'opérateur")
        [step] = override.controls
        self.assertEqual((step["control"], step["result"]), ("pm", "waived"))
        again = order.decision_ids.sorted("id")[2]
        waived = [s["code"] for s in again.controls if s["result"] == "waived"]
        self.assertEqual(waived, ["FIMP08"])
        self.assertIn("Vu avec l", str(order.decision_story))

    def test_the_next_control_may_fail_in_turn(self):
        order = self._order(
            pm_reference=self.other_pm.reference, pto_reference="ZO-NONE-0001"
        )
        self._override(order)
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FIMP02"))
        self._override(order)
        self.assertEqual(order.state, "connecting")
        self.assertEqual(set(order.waived_controls), {"pm", "socket"})

    def test_where_several_buildings_are_there_the_person_chooses(self):
        (self.building | self.other_building).write(
            {"address_code": "99001DEUX", "building_name": False}
        )
        order = self._order(
            building_identifier=None,
            address_code="99001DEUX",
            building_name="BATIMENT C",
        )
        self.assertEqual(order.reason_id.code, "FADR02")
        with self.assertRaisesRegex(UserError, "building"):
            self._override(order)
        self.assertEqual(order.state, "cr_ko")
        self._override(order, building_id=self.other_building.id)
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.building_id, self.other_building)
        self.assertEqual(order.pbo_id, self.other_pbo)

    def test_an_unknown_address_is_shown_by_a_person(self):
        order = self._order(building_identifier="INCONNU")
        self.assertEqual(order.reason_id.code, "FADR01")
        self._override(order, building_id=self.building.id)
        self.assertEqual(
            (order.state, order.building_id), ("connecting", self.building)
        )

    def test_an_operator_without_service_gets_the_requested_type(self):
        self.service.end_date = "2025-06-01"
        order = self._order(requested_type="COFI")
        self.assertEqual(order.reason_id.code, "FIMP09")
        self._override(order)
        self.assertEqual((order.state, order.retained_type), ("connecting", "cofi"))

    def test_the_lack_of_a_fibre_cannot_be_overridden(self):
        for _n in range(2):
            self._order()
        order = self._order()
        self.assertEqual(order.reason_id.code, "FINT01")
        with self.assertRaisesRegex(UserError, "free one"):
            self._override(order)
        self._override(order, waive=False)
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FINT01"))

    def test_only_who_has_the_right_takes_a_rejection_back(self):
        order = self._order(pm_reference=self.other_pm.reference)
        with self.assertRaises(AccessError):
            self._override(order, self.clerk)
        self.assertEqual(order.state, "cr_ko")

    def test_an_accepted_order_has_nothing_to_take_back(self):
        with self.assertRaises(UserError):
            self._override(self._order())


class TestPersonDecides(OrderCase):
    """Some reasons want a person: the study proposes, a user decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["oiconnect.reason"]._of("FIMP08")
        cls.reason.person_decides = True

    def _proposed(self):
        return self._order(pm_reference=self.other_pm.reference)

    def test_the_order_waits_and_its_operator_is_not_notified(self):
        order = self._proposed()
        self.assertEqual(order.state, "ar_ok")
        self.assertEqual(order.proposed_reason_id, self.reason)
        self.assertTrue(order.proposed_comment)
        self.assertFalse(self._payloads(order, "CR_CMD"))
        self.assertEqual(order.decision_ids.outcome, "proposed")

    def test_a_network_may_want_a_person_for_every_reason(self):
        self.network.person_decides = True
        order = self._order(building_identifier="INCONNU")
        self.assertEqual(order.proposed_reason_id.code, "FADR01")

    def test_the_study_leaves_it_alone_from_then_on(self):
        order = self._proposed()
        cron = self.env.ref("oiconnect_orders.cron_study")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(order.decision_ids), 1)

    def test_a_user_confirms_the_rejection(self):
        order = self._proposed()
        order.action_confirm_rejection()
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FIMP08"))
        self.assertFalse(order.proposed_reason_id)
        payload = self._payload(order, "CR_CMD")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FIMP08"))
        with self.assertRaises(UserError):
            order.action_confirm_rejection()

    def test_a_user_overrides_the_control_before_any_notification(self):
        order = self._proposed()
        wizard = (
            self.env["oiconnect.access.order.override"]
            .with_context(**order.action_override()["context"])
            .create({"reason": "Plan à jour"})
        )
        wizard.action_confirm()
        self.assertEqual(order.state, "connecting")
        self.assertFalse(order.proposed_reason_id)
        self.assertEqual(self._payload(order, "CR_CMD")["result"], "OK")

    def test_studied_again_once_the_network_is_right(self):
        order = self._proposed()
        self.building.pm_id = self.other_pm
        self.reason.person_decides = False
        order._study()
        self.assertEqual(order.state, "cr_ko")
        self.assertFalse(order.proposed_reason_id)

    def test_a_cancelled_order_waits_for_no_decision(self):
        order = self._proposed()
        order._fire("cancel")
        self.assertFalse(order.proposed_reason_id)
