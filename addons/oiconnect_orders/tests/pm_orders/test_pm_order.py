from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.time_zone import local_today

from ...models.network import pm
from ...models.operators import service_mixin
from ...models.pm_orders import pm_report
from ..pm_common import PLAN, PmOrderCase


@tagged("post_install", "-at_install")
class TestPmOrder(PmOrderCase):
    """An operator orders a PM, asks about it, works there and leaves."""

    def _end(self, order, operation, operator=None, **values):
        return self.pm_orders._receive_end(
            {
                "oc_reference": order.oc_reference,
                "service_reference": order.service_reference,
                "pm_reference": order.pm_id.reference,
                "operation": operation,
                **values,
            },
            operator or self.operator,
            self.network,
            self.pm_origin,
        )

    def _say(self, method, order, **values):
        line = {
            "service_reference": order.service_reference,
            "pm_reference": order.pm_id.reference,
            **values,
        }
        receive = getattr(self.pm_orders, f"_receive_{method}")
        return receive(line, self.operator, self.network, self.pm_origin)

    # ------------------------------------------------------------------
    # Receipt
    # ------------------------------------------------------------------

    def test_the_first_unit_order_rents_and_the_next_asks(self):
        first, second = self._order_pm(), self._order_pm()
        self.assertEqual((first.state, first.purpose), ("ar_ok", "rental"))
        self.assertEqual((second.state, second.purpose), ("ar_ok", "update"))
        other = self._order_pm(self.rival)
        self.assertEqual(other.purpose, "rental")

    def test_the_receipt_tells_what_was_ordered(self):
        order = self._order_pm()
        [receipt] = self._sent_payloads(order, "ARCMD")
        self.assertEqual(
            (receipt["oc_reference"], receipt["kind"], receipt["pm_reference"]),
            (order.oc_reference, "unit", self.other_pm.reference),
        )
        self.assertEqual((receipt["result"], receipt["reason_code"]), ("OK", None))

    def test_what_the_network_refuses(self):
        closed = self.pm.copy({"reference": "OITO-PM-CLOSED"})
        closed.authorisation = "closed"
        known = self._order_pm().oc_reference
        for values, code in (
            ({"pm_reference": "NONE"}, "FIMP07"),
            ({"pm_reference": closed.reference}, "FIMP09"),
            ({"kind": "cofi"}, "FIMP06"),
            ({"kind": None}, "FIMP15"),
            ({"oc_reference": None}, "FIMP15"),
            ({"technical_choice": "D"}, "FIMP16"),
            ({"oc_reference": known}, "FIMP13"),
            ({"operator_code": self.rival.interop_code}, "FIMP16"),
            ({"oi_code": "OITE"}, "FIMP16"),
            ({"oc_reference": "X" * 31}, "FIMP16"),
            ({"contract_reference": "X" * 51}, "FIMP16"),
            ({"contact": "X" * 101}, "FIMP16"),
            ({"pm_reference": "X" * 21}, "FIMP16"),
        ):
            with self.subTest(values):
                order = self._order_pm(**values)
                self.assertEqual((order.state, order.reason_id.code), ("ar_ko", code))
                [receipt] = self._sent_payloads(order, "ARCMD")
                self.assertEqual(receipt["reason_code"], code)

    def test_an_order_may_name_who_sends_and_who_receives_it(self):
        codes = {
            "operator_code": self.operator.interop_code,
            "oi_code": self.network.oi_code,
        }
        self.assertEqual(self._order_pm(**codes).state, "ar_ok")

    def test_dedicated_fibres_are_ordered_where_there_are_some(self):
        self.env["oiconnect.pm.module"].create(
            {
                "name": "TIROIR D",
                "pm_id": self.other_pm.id,
                "dedicated_operator_id": self.operator.id,
            }
        )
        order = self._rented(technical_choice="D")
        self.assertEqual(order.service_id.technical_choice, "D")

    def test_a_co_financing_operator_orders_no_unit(self):
        self._engage()
        self.assertEqual(self._order_pm().reason_id.code, "FIMP06")
        request = self._order_pm(kind="cofi")
        self.assertEqual((request.state, request.purpose), ("ar_ok", "update"))

    # ------------------------------------------------------------------
    # Making available
    # ------------------------------------------------------------------

    def test_a_rental_makes_the_service_on_which_accesses_rest(self):
        self.assertFalse(
            self.services._running(self.operator, self.network, []) - self.service
        )
        order = self._rented()
        service = order.service_id
        self.assertEqual((order.state, service.kind), ("delivered", "loca"))
        self.assertEqual(service.start_date, self.today)
        self.assertRegex(service.reference, r"^OITO-PREST-\d{9}$")
        self.assertEqual(order.service_reference, service.reference)
        self.assertEqual(self.other_pm.first_delivery_date, self.today)

    def test_a_pm_made_available_after_midnight_is_had_at_once(self):
        """Then it is the next day here, and not yet in UTC."""
        tomorrow = local_today() + timedelta(days=1)
        with (
            patch.object(pm, "local_today", lambda: tomorrow),
            patch.object(service_mixin, "local_today", lambda: tomorrow),
        ):
            service = self._rented().service_id
            self.assertEqual(service.start_date, tomorrow)
            self.assertTrue(self._order_pm()._ready_for("deliver"))

    def test_a_report_tells_the_pm_and_its_addresses(self):
        self.building.write({"pm_id": self.other_pm.id, "pbo_ids": [(5,)]})
        order = self._rented()
        [payload] = self._sent_payloads(order)
        self.assertEqual(payload["nature"], "initial")
        self.assertEqual(payload["available_dwellings"], 4)
        [line] = self._lines(payload)
        self.assertEqual(line["building"]["identifier"], self.building.identifier)
        self.assertEqual(line["pm"]["reference"], self.other_pm.reference)
        self.assertNotIn("batch", line)
        parts = self.pm_orders._message_parts("CRMAD", payload)
        self.assertEqual(parts["plan.pdf"], PLAN)

    def test_a_pm_without_address_has_one_line(self):
        [line] = self._lines(self._sent_payloads(self._rented())[0])
        self.assertNotIn("building", line)

    def test_a_pm_that_is_not_there_waits(self):
        self.other_pm.write({"first_delivery_date": False})
        pm = self.pm.copy({"reference": "OITO-PM-3"})
        order = self._order_pm(pm_reference=pm.reference)
        self.assertFalse(order._ready_for("deliver"))
        self.assertFalse(order.todo_kind)
        self.assertFalse(order.due_kind)
        pm.write({"state": "deploying"})
        pm.write({"state": "deployed"})
        self.pm_orders._cron_deliver()
        self.assertEqual((order.state, order.todo_kind), ("ar_ok", "pm_report"))
        self.network.pm_report_at_once = True
        self.pm_orders._cron_deliver()
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.due_kind, "pm_report_receipt")

    def test_an_operator_is_notified_of_a_pm_that_will_never_be_there(self):
        """Without it, its order has no answer: no report is ready, no delay runs."""
        pm = self.pm.copy({"reference": "OITO-PM-3"})
        order = self._order_pm(pm_reference=pm.reference)
        pm.write({"state": "abandoned"})
        order._sync_todos()
        self.assertEqual((order.state, order.todo_kind), ("ar_ok", "pm_report"))
        order._withdraw(self.pm_origin)
        [payload] = self._sent_payloads(order)
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FIMP09"))
        self.assertFalse(order.todo_kind)

    @mute_logger("odoo.addons.oiconnect_base.isolated_work")
    def test_a_plan_that_cannot_be_drawn_keeps_no_other_pm_waiting(self):
        self.network.pm_report_at_once = True
        broken = self._order_pm(pm_reference=self.pm.reference)
        sound = self._order_pm()

        def draw(env, pm):
            if pm == self.pm:
                raise ValueError("no scale")
            return PLAN

        with patch.object(pm_report, "plan_pdf", draw):
            self.pm_orders._cron_deliver()
        self.assertEqual((broken.state, broken.todo_kind), ("ar_ok", "pm_report"))
        self.assertEqual(sound.state, "delivered")

    def test_an_update_tells_anew_and_changes_nothing(self):
        service = self._rented().service_id
        before = service.read()
        order = self._order_pm()
        order._fire("deliver")
        self.assertEqual((order.state, order.service_id), ("answered", service))
        [payload] = self._sent_payloads(order)
        self.assertEqual((payload["nature"], payload["result"]), ("update", "OK"))
        service.invalidate_recordset()
        for name in ("reference", "kind", "technical_choice", "start_date", "end_date"):
            self.assertEqual(service[name], before[0][name])

    def test_operators_are_counted_by_their_choice(self):
        self._engage(self.rival)
        self._ready()
        order = self._rented()
        payload = self._sent_payloads(order)[0]
        counted = payload["dedicated_count"], payload["shared_count"]
        self.assertEqual(counted, (0, 1), "rentals are not counted")

    def _ready(self):
        waiting = self.pm_orders.search([("state", "=", "ar_ok")])
        waiting._ready_for("deliver")._fire("deliver")

    # ------------------------------------------------------------------
    # Batches
    # ------------------------------------------------------------------

    def test_each_batch_is_notified_to_every_operator_of_the_pm(self):
        self.drawn.clear()
        mine, theirs = self._rented(), self._rented(self.rival)
        buildings = self.building | self.other_building
        buildings.write({"pm_id": self.other_pm.id, "pbo_ids": [(5,)]})
        first = self._batch(self.building)
        first.action_tell_operators()
        self.assertTrue(first.is_told)
        second = self._batch(self.other_building)
        second.action_tell_operators()
        for order in (mine, theirs):
            payloads = self._sent_payloads(order)
            self.assertEqual(
                [payload["nature"] for payload in payloads],
                ["initial", "update", "update"],
            )
            lines = [self._lines(payload) for payload in payloads]
            self.assertEqual([len(made) for made in lines], [1, 2, 2])
            self.assertEqual([line.get("batch") is None for line in lines[1]], [1, 0])
            self.assertEqual(lines[2][0]["batch"]["dwelling_count"], 4)
        self.assertEqual(self.drawn.count(self.other_pm.reference), 4)

    def test_a_batch_is_notified_once(self):
        order = self._rented()
        self.building.write({"pm_id": self.other_pm.id, "pbo_ids": [(5,)]})
        batch = self._batch(self.building)
        batch.action_tell_operators()
        batch.action_tell_operators()
        natures = [payload["nature"] for payload in self._sent_payloads(order)]
        self.assertEqual(natures, ["initial", "update"])

    def test_a_batch_that_is_yet_to_come_hides_no_address(self):
        self.building.write({"pm_id": self.other_pm.id, "pbo_ids": [(5,)]})
        self._batch(self.building, delivery_date=self.today + timedelta(days=30))
        [line] = self._lines(self._sent_payloads(self._rented())[-1])
        self.assertEqual(line["building"]["identifier"], self.building.identifier)
        self.assertNotIn("batch", line)

    def test_a_corrected_batch_is_notified_again(self):
        order = self._rented()
        self.building.write({"pm_id": self.other_pm.id, "pbo_ids": [(5,)]})
        batch = self._batch(self.building)
        batch.action_tell_operators()
        batch.told_date -= timedelta(minutes=1)
        batch.dwelling_count = 18
        batch.invalidate_recordset(["is_told"])
        self.assertFalse(batch.is_told)
        batch.action_tell_operators()
        [line] = self._lines(self._sent_payloads(order)[-1])
        self.assertEqual(line["batch"]["dwelling_count"], 18)

    def test_a_batch_of_one_operator_is_notified_to_no_other(self):
        mine, theirs = self._rented(), self._rented(self.rival)
        self.building.write({"pm_id": self.other_pm.id, "pbo_ids": [(5,)]})
        self._batch(self.building, operator_id=self.rival.id).action_tell_operators()
        self.assertNotIn("building", self._lines(self._sent_payloads(mine)[-1])[0])
        self.assertIn("building", self._lines(self._sent_payloads(theirs)[-1])[0])

    def test_a_service_by_hand_is_notified_too(self):
        """Services older than the stored orders are adopted."""
        self._batch(self.building).action_tell_operators()
        for service in self.pm.service_ids:
            [order] = service.pm_order_ids
            self.assertEqual(order.state, "delivered")
            self.assertEqual(
                [p["nature"] for p in self._sent_payloads(order)], ["update"]
            )
            self.assertFalse(self._sent_payloads(order, "ARCMD"))

    def test_a_service_by_hand_is_that_of_the_order_that_waits(self):
        order = self._order_pm()
        values = {"pm_id": self.other_pm.id, "reference": "XPM-HAND"}
        service = self.service.copy(values)
        self.building.write({"pm_id": self.other_pm.id, "pbo_ids": [(5,)]})
        self._batch(self.building).action_tell_operators()
        self.assertEqual((order.state, order.service_id), ("delivered", service))
        self.assertEqual(order.service_reference, "XPM-HAND")
        self.assertEqual([p["nature"] for p in self._sent_payloads(order)], ["update"])

    def test_a_service_that_is_yet_to_begin_is_not_notified_of_a_batch(self):
        self.service.start_date = self.today + timedelta(days=9)
        self._batch(self.building).action_tell_operators()
        self.assertFalse(self.service.pm_order_ids)

    # ------------------------------------------------------------------
    # Accesses
    # ------------------------------------------------------------------

    def test_accesses_wait_for_the_report(self):
        self.service.active = False
        rejected = self._order()
        self.assertEqual(rejected.reason_id.code, "FIMP09")
        self._order_pm(pm_reference=self.pm.reference)._fire("deliver")
        self.assertEqual(self._order().state, "connecting")

    def test_accesses_wait_for_the_batch_of_their_address(self):
        later = self._batch(
            self.other_building, delivery_date=self.today + timedelta(days=30)
        )
        self._batch(self.building).action_tell_operators()
        self.assertEqual(self._order().state, "connecting")
        elsewhere = self._order(building_identifier=self.other_building.identifier)
        self.assertEqual(elsewhere.reason_id.code, "FIMP10")
        later.delivery_date = self.today
        later.action_tell_operators()
        notified = self._order(building_identifier=self.other_building.identifier)
        self.assertEqual(notified.state, "connecting")

    def test_an_address_of_no_batch_stays_open_when_the_first_batch_comes(self):
        self._batch(self.building).action_tell_operators()
        elsewhere = self._order(building_identifier=self.other_building.identifier)
        self.assertEqual(elsewhere.state, "connecting")

    def test_accesses_wait_for_the_adduction_where_it_is_checked(self):
        self.network.check_adduction = True
        self.assertEqual(self._order().reason_id.code, "FIMP09")
        self.service.adduction_date = self.today
        self.assertEqual(self._order().state, "connecting")

    # ------------------------------------------------------------------
    # After the report
    # ------------------------------------------------------------------

    def test_from_the_report_to_the_adduction(self):
        self.other_pm.location_type = "indoor"
        order = self._rented()
        self._say("report_receipt", order, result="OK")
        self.assertEqual((order.state, order.due_kind), ("mad_ok", False))
        self._say("works", order, date="2026-03-10", planned_date="2026-03-25")
        self.assertEqual((order.state, order.todo_kind), ("announced", "pm_manager"))
        order._fire("inform_manager")
        [payload] = self._sent_payloads(order, "INFOSY")
        self.assertEqual(
            (payload["result"], payload["planned_date"]), ("OK", "2026-03-25")
        )
        self._say("adduction", order, result="OK", adduction_date="2026-03-26")
        self.assertEqual((order.state, order.is_open), ("adducted", False))
        self.assertEqual(str(order.service_id.adduction_date), "2026-03-26")
        [report] = self._sent_payloads(order, "CrADDU")
        self.assertEqual(report["result"], "OK")

    def test_a_report_that_is_refused_is_corrected(self):
        order = self._rented()
        self._say(
            "report_receipt", order, result="KO", reason_code="FIMP16", comment="Plan"
        )
        self.assertEqual((order.state, order.todo_kind), ("mad_ko", "pm_correct"))
        order._fire("update")
        self.assertEqual((order.state, bool(order.reason_id)), ("delivered", False))
        self.assertEqual(
            [p["nature"] for p in self._sent_payloads(order)][-1], "update"
        )

    def test_a_report_that_is_refused_later_is_corrected_too(self):
        """After the adduction most reports come, and nothing else is awaited."""
        order, request = self._rented(), self._order_pm()
        order._fire("adduct")
        request._fire("deliver")
        for one, state in ((order, "adducted"), (request, "answered")):
            said = {"oc_reference": one.oc_reference, "reason_code": "FIMP16"}
            self._say("report_receipt", one, result="KO", **said)
            self.assertEqual((one.state, one.todo_kind), (state, "pm_correct"))
            one._fire("update")
            self.assertEqual((one.state, one.todo_kind), (state, False))
            self.assertFalse(one.reason_id)
        self.assertFalse(request._ready_for("update"))

    def test_a_report_that_was_not_sent_is_not_refused(self):
        """Nor does the order get a reason for it; without one, it is another."""
        waiting = self._order_pm()
        said = {"oc_reference": waiting.oc_reference, "result": "KO"}
        _order, [refusal] = self._say("report_receipt", waiting, **said)
        self.assertEqual((refusal.code, waiting.state), ("FIMP16", "ar_ok"))
        self.assertFalse(waiting.reason_id)
        waiting._fire("deliver")
        self._say("report_receipt", waiting, result="KO")
        self.assertEqual((waiting.state, waiting.reason_id.code), ("mad_ko", "FAUT01"))

    def test_what_names_another_pm_changes_nothing(self):
        order = self._rented()
        for method in ("report_receipt", "works", "adduction"):
            with self.subTest(method):
                _order, [refusal] = self._say(
                    method, order, pm_reference=self.pm.reference, result="OK"
                )
                self.assertEqual(refusal.code, "FIMP16")
        self.assertEqual((order.state, order.adduction_date), ("delivered", False))
        [report] = self._sent_payloads(order, "CrADDU")
        self.assertEqual((report["result"], report["reason_code"]), ("KO", "FIMP16"))

    def test_an_adduction_is_accepted_on_a_service_by_hand(self):
        """The operator has only an order of information on it."""
        request = self._order_pm(pm_reference=self.pm.reference)
        request._fire("deliver")
        order, refusals = self._say(
            "adduction",
            request,
            result="OK",
            adduction_date=self.today.isoformat(),
        )
        self.assertEqual((order.state, refusals), ("adducted", []))
        self.assertEqual((order.purpose, request.state), ("rental", "answered"))
        self.assertEqual(self.service.adduction_date, self.today)

    def test_works_may_name_the_order_of_information(self):
        """A co-financing operator has no other reference to name."""
        self._engage()
        self._ready()
        request = self._order_pm(kind="cofi")
        request._fire("deliver")
        for method, state in (("works", "announced"), ("adduction", "adducted")):
            order, refusals = self._say(
                method, request, oc_reference=request.oc_reference, result="OK"
            )
            self.assertEqual((order.state, refusals), (state, []))
        self.assertEqual((order.purpose, request.state), ("engagement", "answered"))
        late = {"result": "OK", "adduction_date": "2999-01-01"}
        self._say("adduction", request, oc_reference=request.oc_reference, **late)
        answers = self._sent_payloads(order, "CrADDU")
        self.assertEqual([answer["result"] for answer in answers], ["OK", "KO"])
        named = {answer["oc_reference"] for answer in answers}
        self.assertEqual(named, {request.oc_reference}, "the one that was named")

    def test_an_adduction_that_is_yet_to_come_is_not_one(self):
        order = self._rented()
        said = {"result": "OK", "adduction_date": "2999-01-01"}
        _order, [refusal] = self._say("adduction", order, **said)
        self.assertEqual((refusal.code, order.state), ("FIMP16", "delivered"))
        self.assertFalse(order.service_id.adduction_date)

    def test_an_adduction_without_a_pm_is_answered(self):
        waiting = self._order_pm()
        _order, [refusal] = self._say(
            "adduction", waiting, oc_reference=waiting.oc_reference, result="OK"
        )
        self.assertEqual(refusal.code, "FIMP09")
        [report] = self._sent_payloads(waiting, "CrADDU")
        self.assertEqual((report["result"], report["reason_code"]), ("KO", "FIMP09"))
        order, [refusal] = self._say("adduction", self.pm_orders, result="OK")
        self.assertEqual((bool(order), refusal.code), (False, "FIMP04"))

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def test_a_cancelled_order_leaves_its_place_to_another(self):
        order = self._order_pm()
        done, refusals = self._end(order, "cancel")
        self.assertEqual((done.state, refusals), ("cancelled", []))
        [report] = self._sent_payloads(order, "CrAnnRes")
        self.assertEqual((report["operation"], report["result"]), ("cancel", "OK"))
        self.assertEqual(self._order_pm().purpose, "rental")

    def test_a_pm_that_was_ordered_is_not_deleted_and_its_orders_are_listed(self):
        order = self._order_pm()
        self._end(order, "cancel")
        with self.assertRaisesRegex(UserError, order.oc_reference):
            self.other_pm.unlink()

    def test_a_request_on_a_pm_that_is_left_is_answered(self):
        """No report is ever made on it: it would wait for ever."""
        for end in ("cancel", "terminate"):
            with self.subTest(end):
                order, request = self._order_pm(), self._order_pm()
                theirs = self._order_pm(self.rival)
                if end == "terminate":
                    order._fire("deliver")
                self._end(order, end)
                [payload] = self._sent_payloads(request)
                self.assertEqual(
                    (payload["result"], payload["nature"]), ("KO", "update")
                )
                self.assertEqual((request.state, request.is_open), ("withdrawn", False))
                self.assertEqual(theirs.state, "ar_ok")
                theirs._fire("cancel")

    def test_a_termination_ends_the_service(self):
        order = self._rented()
        service = order.service_id
        self._end(order, "terminate")
        self.assertEqual(order.state, "terminated")
        self.assertEqual((service.active, service.end_date), (False, self.today))
        again = self._rented()
        self.assertEqual(again.purpose, "rental")
        self.assertNotEqual(again.service_id, service)

    def test_a_pm_is_rented_anew_once_its_service_has_ended(self):
        """An administrator gave the service its last day: it was not archived."""
        self.service.end_date = self.today - timedelta(days=1)
        order = self._rented(pm_reference=self.pm.reference)
        self.assertEqual((order.state, order.purpose), ("delivered", "rental"))
        self.assertNotEqual(order.service_id, self.service)

    def test_an_end_that_comes_too_late_or_too_early_is_refused(self):
        order = self._order_pm()
        _order, [refusal] = self._end(order, "terminate")
        self.assertEqual((order.state, refusal.code), ("ar_ok", "FIMP16"))
        order._fire("deliver")
        _order, [refusal] = self._end(order, "cancel")
        self.assertEqual((order.state, refusal.code), ("delivered", "FIMP16"))
        results = [p["result"] for p in self._sent_payloads(order, "CrAnnRes")]
        self.assertEqual(results, ["KO", "KO"])

    def test_a_co_financing_operator_has_no_end_of_its_own(self):
        self._engage()
        order = self._order_pm(kind="cofi")
        _order, [refusal] = self._end(order, "cancel")
        self.assertEqual((order.state, refusal.code), ("ar_ok", "FIMP06"))
        [report] = self._sent_payloads(order, "CrAnnRes")
        self.assertEqual(report["reason_code"], "FIMP06")

    def test_an_end_of_an_unknown_order_is_answered(self):
        order = self._order_pm()
        done, [refusal] = self._end(order, "cancel", self.rival)
        self.assertEqual((bool(done), refusal.code), (False, "FIMP14"))
        event = self.env["oiconnect.event"].search(
            [("flow", "=", "CrAnnRes"), ("operator_id", "=", self.rival.id)]
        )
        self.assertEqual(event.payload["operation"], "cancel")

    def test_a_service_by_hand_is_ended_by_its_reference(self):
        """It has no order: the operator has no other reference to name."""
        said = {
            "oc_reference": None,
            "service_reference": self.service.reference,
            "pm_reference": self.pm.reference,
        }
        no_order = self.pm_orders
        done, [refusal] = self._end(no_order, "terminate", self.rival, **said)
        self.assertEqual((bool(done), refusal.code), (False, "FIMP04"))
        done, refusals = self._end(no_order, "terminate", **said)
        self.assertEqual((done.state, refusals), ("terminated", []))
        self.assertEqual((done.oc_reference, self.service.active), (False, False))
        [report] = self._sent_payloads(no_order.browse(done.id), "CrAnnRes")
        self.assertEqual(
            (report["result"], report["service_reference"]),
            ("OK", self.service.reference),
        )

    def test_a_pm_that_is_withdrawn_is_notified_with_its_reason(self):
        order = self._rented()
        order.reason_id = self.env["oiconnect.reason"]._of("FIMP09")
        order._fire("withdraw")
        payload = self._sent_payloads(order)[-1]
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FIMP09"))
        self.assertFalse(order.service_id.active)

    # ------------------------------------------------------------------
    # By the database
    # ------------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_an_operator_has_a_pm_once(self):
        order, other = self._order_pm(), self._order_pm()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            other.purpose = "rental"
            other.flush_recordset()
        other.invalidate_recordset()
        order._fire("cancel")
        other.purpose = "rental"
        other.flush_recordset()
