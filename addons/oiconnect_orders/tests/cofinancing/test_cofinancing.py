from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.models.work_list.retry import MAX_FAILURES
from odoo.addons.oiconnect_base.models.work_list.todo import FAILED

from ...models.pm_orders import pm_report
from ..pm_common import PmOrderCase


@tagged("post_install", "-at_install")
class TestCofinancing(PmOrderCase):
    """An operator co-finances a zone: what it rents there changes type on that day."""

    def _flows(self, operator):
        events = self.env["oiconnect.event"].search([("operator_id", "=", operator.id)])
        return events.sorted("id").mapped("flow")

    def test_accesses_and_services_change_their_type(self):
        access = self._delivered(requested_type="LOCA")
        other = self._delivered(self.rival, building_identifier="OITO/B/2")
        engagement = self._engage(pms=self.pm)
        self.assertEqual(access.retained_type, "cofi")
        self.assertEqual(other.retained_type, "cofi", "it was")
        self.assertEqual(self.service.kind, "cofi")
        self.assertEqual(engagement.access_count, 1)
        self.assertEqual(self._last_step(access).event, "switch_type")
        [order] = self.service.pm_order_ids
        self.assertEqual((order.kind, order.purpose), ("cofi", "engagement"))
        [payload] = self._sent_payloads(order)
        self.assertEqual((payload["nature"], payload["kind"]), ("update", "cofi"))

    def test_what_is_applied_is_not_applied_again(self):
        self._delivered(requested_type="LOCA")
        engagement = self._engage(pms=self.pm)
        sent = self._flows(self.operator)
        engagement._apply(self.pm_origin)
        self.env["oiconnect.cofinancing"]._cron_switch()
        self.assertEqual(self._flows(self.operator), sent)
        self.assertEqual(engagement.access_count, 1)

    def test_a_pm_without_the_operator_is_made_available_to_it(self):
        """Without an order: the operator reads a report that names none."""
        engagement = self._engage()
        order = self.pm_orders.search(
            [("contract_reference", "=", engagement.reference)]
        )
        self.assertEqual(
            (order.state, self._sent_payloads(order, "ARCMD")), ("ar_ok", [])
        )
        order._fire("deliver")
        self.assertEqual(order.service_id.kind, "cofi")
        [payload] = self._sent_payloads(order)
        self.assertEqual(
            (payload["nature"], payload["oc_reference"]), ("initial", None)
        )

    def test_a_rental_that_waits_becomes_co_financed(self):
        order = self._order_pm()
        self._engage()
        self.assertEqual((order.kind, order.purpose), ("cofi", "engagement"))
        order._fire("deliver")
        self.assertEqual(order.service_id.kind, "cofi")

    def test_the_engagement_says_which_fibres(self):
        waiting = self._order_pm()
        self._engage(pms=self.pm | self.other_pm, technical_choice="D")
        self.assertEqual(self.service.technical_choice, "D")
        [payload] = self._sent_payloads(self.service.pm_order_ids)
        self.assertEqual((payload["technical_choice"], payload["kind"]), ("D", "cofi"))
        waiting._fire("deliver")
        self.assertEqual(waiting.service_id.technical_choice, "D")

    def _orders_at(self, pm):
        here = [("pm_id", "=", pm.id), ("operator_id", "=", self.operator.id)]
        return self.pm_orders.search(here)

    def test_a_pm_that_joins_later_is_co_financed_from_then_on(self):
        engagement = self._engage(pms=self.pm)
        engagement.pm_ids |= self.other_pm
        self.assertEqual(self._orders_at(self.other_pm).purpose, "engagement")

    def test_a_pm_that_joins_what_has_ended_is_not_co_financed(self):
        engagement = self._engage(pms=self.pm)
        for values in (
            {"end_date": self.today - timedelta(days=1)},
            {"end_date": False, "active": False},
        ):
            with self.subTest(values):
                engagement.write(values)
                engagement.pm_ids |= self.other_pm
                self.assertFalse(self._orders_at(self.other_pm))
                engagement.pm_ids -= self.other_pm

    def test_a_withdrawn_pm_does_not_come_back_with_another(self):
        engagement = self._engage()
        order = self._orders_at(self.other_pm)
        order._fire("deliver")
        order.reason_id = self.env["oiconnect.reason"]._of("FIMP09")
        order._fire("withdraw")
        engagement.pm_ids |= self.pm
        self.assertEqual(self._orders_at(self.other_pm), order)
        self.assertEqual(self.service.kind, "cofi")

    def test_the_pms_of_a_zone_are_of_one_network(self):
        elsewhere = self.network.copy({"oi_code": "OITE", "code": "OITE"})
        values = {"reference": "OITE-PM", "network_id": elsewhere.id}
        stranger = self.pm.copy(values)
        engagement = self._engage()
        with self.assertRaises(ValidationError):
            engagement.pm_ids |= stranger

    def test_an_abandoned_pm_of_a_zone_is_left_out(self):
        self.other_pm.state = "abandoned"
        engagement = self._engage(pms=self.pm | self.other_pm)
        self.assertTrue(engagement.switched_date)
        self.assertFalse(self._orders_at(self.other_pm))

    def test_rights_run_from_the_first_to_the_last_day(self):
        day = timedelta(days=1)
        for start, end, code in (
            (self.today + day, None, "FIMP06"),
            (self.today - day, self.today - day, "FIMP06"),
            (self.today, self.today, None),
        ):
            with self.subTest(start=start, end=end), self.env.cr.savepoint() as point:
                self.env["oiconnect.cofinancing"].create(
                    {
                        "network_id": self.network.id,
                        "reference": "COFI-T",
                        "operator_id": self.operator.id,
                        "zone": "Exempleville",
                        "pm_ids": [(6, 0, self.other_pm.ids)],
                        "start_date": start,
                        "end_date": end,
                    }
                )
                order = self._order_pm(kind="cofi")
                self.assertEqual(order.reason_id.code or None, code)
                point.rollback()
            self.env.invalidate_all()

    @mute_logger("odoo.addons.oiconnect_base.isolated_work")
    def test_an_engagement_that_fails_keeps_no_other_waiting(self):
        """Its rental at the PM has to be reported, and the plan cannot be drawn."""
        failing = self._planned("FIRST", self.pm)
        sound = self._planned("SECOND", self.other_pm)
        switch = self.env["oiconnect.cofinancing"]._cron_switch
        with patch.object(pm_report, "plan_pdf", side_effect=ValueError("no scale")):
            switch()
            self.assertFalse(failing.switched_date)
            self.assertEqual(self.service.kind, "loca")
            self.assertTrue(sound.switched_date)
            for _run in range(MAX_FAILURES):
                switch()
        self.assertIn("ValueError", failing.todo_ids.detail)
        switch()
        self.assertFalse(failing.switched_date, "a person has it")
        clerk = new_test_user(self.env, "clerk", "oiconnect_base.group_pm_order_user")
        failing.with_user(clerk).todo_ids.action_retry()
        switch()
        self.assertTrue(failing.switched_date)

    def test_a_deleted_engagement_leaves_no_task(self):
        failing = self._planned("FIRST", self.pm)
        row = failing._todo_row()
        self.env["oiconnect.todo"]._open(failing._name, FAILED, [row])
        task = failing.todo_ids
        failing.unlink()
        self.assertEqual(task.state, "done")

    def _planned(self, reference, pms, **values):
        return self.env["oiconnect.cofinancing"].create(
            {
                "network_id": self.network.id,
                "reference": reference,
                "operator_id": self.operator.id,
                "zone": "Exempleville",
                "pm_ids": [(6, 0, pms.ids)],
                "start_date": self.today,
                **values,
            }
        )

    def test_the_first_day_is_waited_for(self):
        engagement = self._engage(pms=self.pm)
        later = engagement.copy(
            {"reference": "LATER", "start_date": self.today + timedelta(days=9)}
        )
        self.env["oiconnect.cofinancing"]._cron_switch()
        self.assertFalse(later.switched_date)
        with self.assertRaises(UserError):
            later.action_apply()
        with self.assertRaises(UserError):
            engagement.unlink()
        later.unlink()
