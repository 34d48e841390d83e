from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.time_zone import local_today

from ...protocol_time import local_now
from .common import PbCase

DIALOG = "oiconnect.infra.order.decision"


@tagged("post_install", "-at_install")
class TestPbOrderLife(PbCase):
    """From its plan to the laid PB, or to its end; what becomes of the addresses."""

    def _reports(self, order):
        return [
            (
                report["result"],
                report["reason_code"],
                report["planned_date"] and "planned",
            )
            for report in self._payloads(order, "CRCMDPB")
        ]

    def _look_at_the_buildings(self):
        """Run the scheduled action, all in the transaction of the test."""
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *_args, **_kw: 60.0):
            self.pb_orders._follow_buildings()

    def test_a_planned_pb_is_notified_and_may_be_planned_again(self):
        order = self._order()
        day = local_today() + timedelta(days=30)
        order._fire("plan", date=day)
        order._fire("plan", date=day + timedelta(days=7))
        reports = self._payloads(order, "CRCMDPB")
        self.assertEqual(
            [report["planned_date"] for report in reports],
            [str(day), str(day + timedelta(days=7))],
        )
        self.assertEqual([report["delivered_date"] for report in reports], [None, None])
        self.assertEqual((order.todo_kind, order.due_kind), ("pb_lay", "pb_laying"))
        self.assertPlaces("on_demand_deploying")

    def test_six_months_run_from_the_order_not_from_its_plan(self):
        order = self._order()
        order.receipt_date -= timedelta(days=100)
        order._fire("plan")
        left = order.due_date - fields.Datetime.now()
        self.assertIn(left.days, range(80, 84))

    def test_a_laid_pb_deploys_all_addresses_behind_it(self):
        order = self._order()
        order._fire("lay")
        self.assertPlaces("deployed")
        today = local_now().date()
        self.assertEqual(self.building.cabling_date, today)
        # The next changes of the IPE tell it.
        self.assertEqual(self.neighbour.last_change_date, local_today())
        self.assertEqual((order.pbo_id, order.laid_date), (self.pbo, today))
        [report] = self._payloads(order, "CRCMDPB")
        self.assertEqual(report["result"], "OK")
        self.assertEqual(report["pbo_reference"], self.pbo.reference)
        self.assertEqual(report["delivered_date"], str(today))
        self.assertFalse(order.todo_kind or order.due_date)

    def test_addresses_notified_by_batches_are_one(self):
        """No batch is made at a PM without any: all of its addresses are notified."""
        batches = self.env["oiconnect.pb.batch"]
        vals = {"network_id": self.network.id, "pm_id": self.pm.id}
        first = batches.create(vals | {"reference": "LOT-1"})
        order = self._order()
        order._fire("lay")
        batch = self.pm.batch_ids - first
        self.assertEqual(batch.building_ids, self.building | self.neighbour)
        self.assertEqual((batch.delivery_date, batch.dwelling_count),
                         (order.laid_date, 8))  # fmt: skip

    def test_every_operator_of_the_pm_hears_of_a_laid_pb(self):
        order = self._order()
        order._fire("lay")
        self.assertFalse(self.pm.batch_ids)
        events = self.env["oiconnect.event"].search([("flow", "=", "CRMAD")])
        self.assertEqual(events.operator_id, self.operator | self.rival)

    def test_pbs_laid_together_are_one_update_of_their_pm(self):
        self.neighbour.pbo_ids = [Command.set(self.other_pbo.ids)]
        orders = self._receive(
            self._line(), self._line(building_identifier=self.neighbour.identifier)
        )
        orders._fire("lay")
        events = self.env["oiconnect.event"].search([("flow", "=", "CRMAD")])
        self.assertEqual(len(events), 2, "one for each operator of the PM")

    def test_an_address_that_an_import_put_back_on_demand_is_deployed(self):
        order = self._order()
        self.building.state = "on_demand"
        order._fire("lay")
        self.assertPlaces("deployed")

    def test_all_addresses_of_a_pbo_that_was_not_known_yet_are_deployed(self):
        self.building.pbo_ids = [Command.clear()]
        order = self._order()
        self.assertEqual(self.neighbour.state, "on_demand")
        order._fire("lay", pbo=self.pbo)
        self.assertPlaces("deployed")

    def test_the_history_of_an_address_names_the_order(self):
        order = self._order()
        changes = self.neighbour.sudo().change_ids.filtered(
            lambda change: change.field == "state"
        )
        self.assertIn("on_demand_deploying", changes.mapped("after"))
        self.assertTrue(self.building.change_ids.filtered("reason"))
        self.assertIn(order.oc_reference, self.building.change_ids[0].reason)

    def test_the_pbo_is_chosen_where_there_is_none_or_several(self):
        order = self._order()
        self.building.pbo_ids = [Command.clear()]
        with self.assertRaises(WorkflowError), self.cr.savepoint():
            order._fire("lay")
        stray = self.other_pbo.copy({"reference": "X", "pm_id": self.other_pm.id})
        with self.assertRaises(WorkflowError), self.cr.savepoint():
            order._fire("lay", pbo=stray)
        order._fire("lay", pbo=self.other_pbo)
        self.assertEqual(self.building.pbo_ids, self.other_pbo)
        self.assertEqual(self.building.state, "deployed")

    def test_days_that_cannot_be(self):
        order = self._order()
        day = timedelta(days=1)
        for event, wrong in (("plan", -day), ("lay", day)):
            with self.assertRaises(WorkflowError), self.cr.savepoint():
                order._fire(event, date=local_now().date() + wrong)
        self.assertEqual(order.state, "ar_ok")

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def test_a_cancelled_order_gives_the_addresses_back(self):
        order = self._order()
        order._fire("plan")
        self.assertEqual(self._cancel(order), [])
        self.assertEqual(order.state, "cancelled")
        self.assertEqual(self._payload(order, "ARANNCMDPB")["result"], "OK")
        self.assertPlaces("on_demand")
        # They may be ordered again.
        self.assertEqual(self._order(self.rival).state, "ar_ok")

    def test_a_laid_pb_is_not_cancelled(self):
        order = self._order()
        order._fire("lay")
        self.assertEqual(self._cancel(order), ["FIMP16"])
        answer = self._payload(order, "ARANNCMDPB")
        self.assertEqual((answer["result"], answer["reason_code"]), ("KO", "FIMP16"))
        self.assertEqual(order.state, "laid")
        self.assertPlaces("deployed")

    def test_a_cancellation_that_names_another_place_is_refused(self):
        order = self._order()
        wrong = self._cancel(order, building_identifier=self.neighbour.identifier)
        self.assertEqual(wrong, ["FIMP16"])
        self.assertEqual(order.state, "ar_ok")

    def test_no_operator_cancels_the_order_of_another(self):
        order = self._order()
        self.assertEqual(self._cancel(order, self.rival), ["FIMP14"])
        self.assertEqual(order.state, "ar_ok")
        [answer] = self.env["oiconnect.event"].search(
            [("flow", "=", "ARANNCMDPB"), ("operator_id", "=", self.rival.id)]
        )
        self.assertEqual(answer.payload["reason_code"], "FIMP14")

    def test_a_destroyed_building_is_a_ko_after_an_ok(self):
        order = self._order()
        order._fire("plan")
        self.building.state = "abandoned"
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FIMP10"))
        self.assertEqual(
            self._reports(order), [("OK", None, "planned"), ("KO", "FIMP10", None)]
        )
        self.assertEqual(self.building.state, "abandoned")
        self.assertEqual(self.neighbour.state, "on_demand")

    def test_what_an_import_did_to_a_building_is_found_by_the_hourly_look(self):
        destroyed = self._order()
        self.neighbour.write(
            {"state": "on_demand", "pbo_ids": [Command.set(self.other_pbo.ids)]}
        )
        deployed = self._order(building_identifier=self.neighbour.identifier)
        self.env.flush_all()
        for place, state in (
            (self.building, "abandoned"),
            (self.neighbour, "deployed"),
        ):
            self.env.cr.execute(
                "UPDATE oiconnect_building SET state = %s WHERE id = %s",
                (state, place.id),
            )
        self.env.invalidate_all()
        self._look_at_the_buildings()
        self.assertEqual((destroyed.state, deployed.state), ("cr_ko", "laid"))

    def _move_building(self):
        """Move the building behind the other PM; return its PBO there."""
        there = self.pbo.copy({"reference": "OITO-MOVED", "pm_id": self.other_pm.id})
        self.building.write(
            {"pm_id": self.other_pm.id, "pbo_ids": [Command.set(there.ids)]}
        )
        return there

    def test_a_building_moved_to_another_pm_has_its_pb_laid_there(self):
        """Its operator still reads the PM that it ordered; a batch tells the other."""
        vals = {"network_id": self.network.id, "pm_id": self.other_pm.id}
        first = self.env["oiconnect.pb.batch"].create(vals | {"reference": "LOT-2"})
        order = self._order()
        there = self._move_building()
        user = self._user()
        action = order.with_user(user).with_context(decision="lay").action_decide()
        dialog = self.env[DIALOG].with_user(user).with_context(**action["context"])
        dialog = dialog.create({})
        self.assertEqual(dialog.pb_pm_ids, self.other_pm)
        dialog.action_confirm()
        self.assertEqual((order.state, order.pbo_id), ("laid", there))
        self.assertEqual((order.pm_id, self.building.state),
                         (self.other_pm, "deployed"))  # fmt: skip
        self.assertEqual((self.other_pm.batch_ids - first).building_ids, self.building)
        [report] = self._payloads(order, "CRCMDPB")
        self.assertEqual(
            (report["pm_reference"], report["pbo_reference"]),
            (self.pm.reference, there.reference),
        )

    def test_a_building_that_moved_without_its_pbo_stops_no_order(self):
        """Its order waits for a person; the others go on, by the form or the look."""
        self.neighbour.pbo_ids = [Command.set(self.other_pbo.ids)]
        moved = self._order()
        other = self._order(building_identifier=self.neighbour.identifier)
        self._move_building().pm_id = self.pm
        self.building.state = "deployed"
        self.assertEqual(moved.state, "ar_ok")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_building SET state = 'abandoned' WHERE id = %s",
            (self.neighbour.id,),
        )
        self.env.invalidate_all()
        self._look_at_the_buildings()
        self.assertEqual((moved.state, other.state), ("ar_ok", "cr_ko"))

    def test_a_pb_ordered_twice_behind_one_pbo_stays_ordered(self):
        """Two addresses ordered apart turn out to be behind one PBO."""
        self.neighbour.write({"pbo_ids": [Command.set(self.other_pbo.ids)]})
        first = self._order()
        second = self._order(self.rival, building_identifier=self.neighbour.identifier)
        self.neighbour.write({"pbo_ids": [Command.set(self.pbo.ids)]})
        first._fire("cancel")
        self.assertPlaces("on_demand_deploying")
        second._fire("lay")
        self.assertPlaces("deployed")

    def test_an_access_is_ordered_once_the_pb_is_laid(self):
        """FIMP10 while the PB is awaited, for any operator."""
        accesses = self.env["oiconnect.access.order"]

        def study():
            self.__class__.rank += 1
            line = {
                "oc_reference": f"OCT-{self.rank:06d}",
                "connection_type": "STOC",
                "requested_type": "AUTO",
                "existing_socket": False,
                "order_date": "2026-03-14T10:05:00",
                "building_identifier": self.building.identifier,
                "pm_reference": self.pm.reference,
                "customer_name": "EXEMPLE",
                "customer_contact1": "0600000001",
            }
            [(access, refusals)] = accesses._receive(
                [line], self.operator, self.network, self.origin
            )
            self.assertEqual(refusals, [])
            access._study()
            return access.state, access.reason_id.code

        order = self._order()
        self.assertEqual(study(), ("cr_ko", "FIMP10"))
        order._fire("lay")
        self.assertEqual(study(), ("connecting", False))

    # ------------------------------------------------------------------
    # On the screens
    # ------------------------------------------------------------------

    def _user(self, level="user"):
        return new_test_user(
            self.env, f"pb.{level}", f"oiconnect_base.group_pm_order_{level}"
        )

    def _decide(self, orders, event, **values):
        opened = orders.with_context(decision=event).action_decide()
        form = Form(orders.env[DIALOG].with_context(**opened["context"]))
        for name, value in values.items():
            form[name] = value
        form.save().action_confirm()

    def test_a_person_plans_lays_rejects_and_cancels(self):
        user, day = self._user(), local_today() + timedelta(days=10)
        order = self._order().with_user(user)
        self._decide(order, "plan", pb_date=day)
        self.assertEqual((order.state, order.planned_date), ("planned", day))
        self._decide(order, "lay", pbo_id=self.pbo)
        self.assertEqual((order.state, order.laid_date), ("laid", local_now().date()))
        self.assertEqual(order.sudo().step_ids[0].user_id, user)
        self.assertIn("PB", order.timeline[0]["title"])

    def test_a_rejection_asks_for_its_reason(self):
        order = self._order().with_user(self._user())
        with self.assertRaisesRegex(AssertionError, "reason_id is a required field"):
            self._decide(order, "reject")
        reason = self.env["oiconnect.reason"]._of("FINT01")
        self._decide(order, "reject", reason_id=reason, comment="Poteau saturé")
        self.assertEqual((order.state, order.reason_id), ("cr_ko", reason))
        self.assertPlaces("on_demand")

    def test_many_orders_or_none(self):
        self.neighbour.pbo_ids = [Command.set(self.other_pbo.ids)]
        orders = self._receive(
            self._line(), self._line(building_identifier=self.neighbour.identifier)
        ).with_user(self._user())
        self._decide(orders, "plan")
        self.assertEqual(set(orders.mapped("state")), {"planned"})
        orders[0].sudo()._fire("cancel")
        with self.assertRaises(WorkflowError) as caught:
            orders.with_context(decision="lay").action_decide()
        self.assertIn(orders[0].oc_reference, str(caught.exception))

    def test_a_reader_decides_nothing(self):
        order = self._order().with_user(self._user("read"))
        self.assertTrue(order.timeline)
        self.assertTrue(order.building_id.display_name)
        with self.assertRaises(AccessError):
            order.with_context(decision="plan").action_decide()

    def test_an_order_by_hand(self):
        form = Form(self.env["oiconnect.pb.order.new"].with_user(self._user()))
        form.network_id = self.network
        form.operator_id = self.operator
        form.building_id = self.building
        self.assertFalse(form.refusals)
        opened = form.save().action_order()
        order = self.pb_orders.browse(opened["res_id"])
        self.assertEqual((order.state, order.building_id), ("ar_ok", self.building))
        self.assertTrue(order.oc_reference)
        self.assertPlaces("on_demand_deploying")
        form = Form(self.env["oiconnect.pb.order.new"])
        form.network_id = self.network
        form.operator_id = self.rival
        form.building_id = self.building
        self.assertIn("FIMP11", form.refusals)
        with self.assertRaisesRegex(UserError, "FIMP11"):
            form.save().action_order()

    def test_a_building_leads_to_its_orders_and_is_not_deleted(self):
        self._order()
        building = self.building.with_user(self._user())
        self.assertEqual(building.pb_order_count, 1)
        action = building.with_context(
            neighbours="pb_order_ids"
        ).action_view_neighbours()
        self.assertEqual(action["res_model"], self.pb_orders._name)
        self.assertEqual(action["domain"], [("building_id", "in", building.ids)])
        self.assertEqual(self.pm.pb_order_count, 1)
        with self.assertRaises(UserError):
            self.building.unlink()

    def test_a_laid_pbo_is_not_deleted_and_its_orders_are_listed(self):
        order = self._order()
        pbo = self.pbo.copy({"reference": "OITO-LAID"})
        order._fire("lay", pbo=pbo)
        pbo.building_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, f"PB orders.*{order.oc_reference}"):
            pbo.unlink()

    def test_lists_by_mode(self):
        order, done = self._order(), None
        self.assertTrue(order.is_open)
        order._fire("cancel")
        done = self.pb_orders.search([("is_open", "=", False)])
        self.assertIn(order, done)
