from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.time_zone import local_today

from .common import LinkCase

VALIDATE, END = "_receive_validation", "_receive_link_ending"


@tagged("post_install", "-at_install")
class TestLinkOrderLife(LinkCase):
    """From the order of a link to its end."""

    # ------------------------------------------------------------------
    # Production
    # ------------------------------------------------------------------

    def test_fibres_are_reserved_then_used(self):
        order = self._order()
        self.assertEqual(self._fibre_states(), ["reserved"] * 2 + ["free"] * 2)
        held = order.held_fibre_ids.fibre_id
        self.assertEqual(held.operator_id, self.operator)
        order._fire("make_available")
        self.assertEqual(self._fibre_states(), ["used"] * 2 + ["free"] * 2)
        self.assertEqual(self.link.free_fibre_count, 2)

    def test_a_fibre_in_service_stays_used_whatever_is_patched_to_it(self):
        """One that is reserved for an order is not in use any more."""
        served, waiting = self._available(fibre_count=1), self._order(
            fibre_count=1, order_type="EXTE"
        )  # fmt: skip
        position = self.routes[0].position_id
        for order, state in ((served, "used"), (waiting, "reserved")):
            fibre = order.held_fibre_ids.fibre_id
            position.link_fibre_id = fibre
            fibre.state = "used"
            position.link_fibre_id = False
            self.assertEqual(fibre.state, state)
            self.assertEqual(fibre.operator_id, self.operator)

    def test_the_report_of_availability_has_a_line_a_fibre(self):
        order = self._available()
        [payload] = self._payloads(order, "CRMADLIEN")
        self.assertEqual((payload["result"], payload["length_km"]), ("OK", 2.15))
        self.assertEqual(payload["service_reference"], order.service_id.reference)
        self.assertEqual(
            payload["lines"][1],
            {
                "fibre_number": 2,
                "nro_head": "RTO-01",
                "nro_position": "A2",
                "pm_head": "TIR-T-01",
                "pm_position": "B2",
                "cable": "CT-0001",
                "tube": "1",
                "fibre": "2",
                "attenuation_db": 0.9,
            },
        )

    def test_measures_stay_as_they_were_sent(self):
        order = self._delivered()
        self.link.fibre_ids.attenuation_db = 3.3
        self.link.length_km = 9.9
        self.assertEqual(order.length_km, 2.15)
        self.assertEqual(order.fibre_ids.mapped("attenuation_db"), [0.9, 0.9])

    def test_a_service_begins_and_ends_on_the_days_that_are_sent(self):
        """Shortly after midnight in France, it is still the day before in UTC."""
        with freeze_time("2026-07-31 22:30:00"):
            order = self._available(order_date="2026-07-30")
        day = self._payload(order, "CRMADLIEN")["available_date"]
        self.assertEqual((str(order.service_id.start_date), day), ("2026-08-01",) * 2)
        with freeze_time("2026-08-31 22:30:00"):
            order._fire("terminate")
        self.assertEqual(str(order.service_id.end_date), "2026-09-01")

    def test_only_a_deployed_link_is_made_available(self):
        self.link.state = "deploying"
        order = self._order()
        self.assertNotIn("make_available", order.possible_events)
        with self.assertRaisesRegex(WorkflowError, self.link.reference):
            order._fire("make_available")
        self.link.state = "deployed"
        self.assertIn("make_available", order.possible_events)

    def test_availability_is_not_expected_before_the_link(self):
        forecast = local_today() + timedelta(days=400)
        self.link.write({"state": "planned", "installation_date": forecast})
        self.assertEqual(self._order().expected_date, forecast)

    def test_production_abandoned(self):
        order = self._order()
        order.sudo().reason_id = order._reason("FINT04")
        order._fire("abandon")
        [payload] = self._payloads(order, "CRMADLIEN")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FINT04"))
        self.assertFalse(payload["lines"])
        self.assertEqual(self._fibre_states(), ["free"] * 4)
        self.assertFalse(order.service_id)

    # ------------------------------------------------------------------
    # Delivery and validation
    # ------------------------------------------------------------------

    def test_validated_by_the_operator(self):
        order = self._delivered()
        self.assertEqual(self._say(VALIDATE, order, result="OK"), [])
        self.assertEqual((order.state, order.is_open), ("validated", False))
        self.assertFalse(order.is_deemed)

    def test_rejected_then_corrected(self):
        order = self._delivered()
        said = {"result": "KO", "reason_code": "FINT04", "comment": "FO 2 COUPEE"}
        self.assertEqual(self._say(VALIDATE, order, **said), [])
        self.assertEqual((order.state, order.awaited), ("rejected", "us"))
        self.assertEqual(order.reason_id.code, "FINT04")
        self.assertEqual(order.todo_kind, "link_correct")
        self.link.fibre_ids.attenuation_db = 0.5
        order._fire("deliver")
        self.assertEqual((order.state, order.awaited), ("delivered", "operator"))
        self.assertFalse(order.reason_id)
        first, second = self._payloads(order, "CRLIVLIEN")
        self.assertEqual(first["lines"][0]["attenuation_db"], 0.9)
        self.assertEqual(second["lines"][0]["attenuation_db"], 0.5)

    def test_silence_is_an_acceptance(self):
        order = self._delivered()
        self._look_at_the_silent()
        self.assertEqual(order.state, "delivered")
        order.sudo().due_date = fields.Datetime.now() - timedelta(minutes=1)
        self._look_at_the_silent()
        self.assertEqual((order.state, order.is_deemed), ("validated", True))
        self.assertEqual(order.step_ids[0].channel, "job")
        self.assertEqual(
            [r.code for r in self._say(VALIDATE, order, result="KO")], ["FIMP16"]
        )

    def test_the_delay_of_silence_is_a_setting(self):
        self.env["oiconnect.delay"].create(
            {
                "kind": "link_validation",
                "operator_id": self.operator.id,
                "value": 3,
                "unit": "hours",
                "awaited": "operator",
            }
        )
        order = self._delivered()
        limit = order.due_date - fields.Datetime.now()
        self.assertLess(limit, timedelta(hours=3, minutes=1))

    def test_a_correction_is_never_deemed_accepted(self):
        order = self._delivered()
        self._say(VALIDATE, order, result="KO", reason_code="FINT04")
        order.sudo().due_date = fields.Datetime.now() - timedelta(days=99)
        self._look_at_the_silent()
        self.assertEqual(order.state, "rejected")

    def test_delays_and_work_list_follow(self):
        order = self._order()
        kinds = [(order.due_kind, order.todo_kind)]
        for event in ("make_available", "deliver", "reject", "validate"):
            order._fire(event)
            kinds.append((order.due_kind, order.todo_kind))
        self.assertEqual(
            kinds,
            [
                ("link_mad", "link_available"),
                ("link_delivery", "link_deliver"),
                ("link_validation", False),
                ("link_correction", "link_correct"),
                (False, False),
            ],
        )

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    def test_cancelled_in_progress(self):
        order = self._order()
        self.assertEqual(self._say(END, order, operation="ANNULATION"), [])
        self.assertEqual(order.state, "cancelled")
        self.assertEqual(self._fibre_states(), ["free"] * 4)
        flows = order.event_ids.sorted("id").mapped("flow")
        self.assertEqual(flows, ["ARCMDLIEN", "ARANNRESLIEN", "CRANNRESLIEN"])
        self.assertEqual(
            self._payload(order, "CRANNRESLIEN")["operation"], "ANNULATION"
        )

    def test_each_end_has_its_time(self):
        order = self._order()
        refused = self._say(END, order, operation="RESILIATION")
        self.assertEqual([r.code for r in refused], ["FIMP16"])
        self.assertEqual(self._payload(order, "ARANNRESLIEN")["result"], "KO")
        order._fire("make_available")
        refused = self._say(END, order, operation="ANNULATION")
        self.assertEqual([r.code for r in refused], ["FIMP16"])
        self.assertEqual(order.state, "available")

    def test_one_fibre_is_given_back(self):
        order = self._delivered()
        service = order.service_id
        said = {"operation": "RESILIATION", "fibre_number": 2}
        self.assertEqual(self._say(END, order, **said), [])
        self.assertEqual((order.state, self._numbers(order)), ("delivered", [1]))
        self.assertEqual(self._fibre_states(), ["used", "free", "free", "free"])
        payload = self._payload(order, "CRANNRESLIEN")
        self.assertEqual(payload["lines"], [{"fibre_number": 2}])
        self.assertTrue(service.active)
        self.assertEqual(self._say(END, order, **said)[0].code, "FIMP16")
        said = {"operation": "RESILIATION", "fibre_number": 1}
        self.assertEqual(self._say(END, order, **said), [])
        self.assertEqual((order.state, service.active), ("terminated", False))

    def test_the_number_zero_is_no_fibre_and_not_all_of_them(self):
        order = self._available()
        refused = self._say(END, order, operation="RESILIATION", fibre_number=0)
        self.assertEqual([r.code for r in refused], ["FIMP16"])
        self.assertEqual((order.state, self._numbers(order)), ("available", [1, 2]))

    def test_a_fibre_that_is_reserved_is_not_given_back(self):
        first = self._available()
        extension = self._order(order_type="EXTE", fibre_count=1)
        said = {"operation": "RESILIATION", "fibre_number": 3}
        self.assertEqual(self._say(END, first, **said)[0].code, "FIMP16")
        self.assertEqual(self._numbers(extension), [3])

    def test_a_cancellation_names_no_fibre(self):
        self._available()
        extension = self._order(order_type="EXTE", fibre_count=1)
        for number in (1, 3):
            said = {"operation": "ANNULATION", "fibre_number": number}
            self.assertEqual(self._say(END, extension, **said)[0].code, "FIMP16")
        self.assertEqual(extension.state, "ar_ok")

    def test_the_whole_link_is_given_back(self):
        first = self._available()
        extension = self._available(order_type="EXTE", fibre_count=1)
        service = first.service_id
        self.assertEqual(self._say(END, extension, operation="RESILIATION"), [])
        self.assertEqual((first.state, extension.state), ("terminated", "terminated"))
        self.assertEqual(first.step_ids[0].event, "end")
        self.assertEqual((service.active, service.fibre_count), (False, 0))
        self.assertEqual(self._fibre_states(), ["free"] * 4)
        self.assertEqual(self._order().state, "ar_ok", "its first order again")

    def test_no_termination_while_an_extension_is_in_progress(self):
        first = self._available()
        extension = self._order(order_type="EXTE", fibre_count=1)
        refused = self._say(END, first, operation="RESILIATION")
        self.assertEqual([r.code for r in refused], ["FIMP16"])
        extension._fire("cancel")
        self.assertEqual(self._say(END, first, operation="RESILIATION"), [])

    def test_an_end_that_names_no_order_is_answered(self):
        order = self._available()
        refused = self._say(END, order, operator=self.rival, operation="RESILIATION")
        self.assertEqual([r.code for r in refused], ["FIMP14"])
        event = self.env["oiconnect.event"].search(
            [("operator_id", "=", self.rival.id), ("flow", "=", "ARANNRESLIEN")]
        )
        self.assertEqual(event.payload["reason_code"], "FIMP14")
        self.assertEqual(order.state, "available")

    def test_broken_and_patched_fibres_stay_so(self):
        order = self._available()
        one, two = order.held_fibre_ids.fibre_id.sorted("number")
        one.state = "out_of_service"
        self.routes[0].position_id.link_fibre_id = two
        order._fire("terminate")
        self.assertEqual(self._fibre_states()[:2], ["out_of_service", "used"])
        self.assertFalse((one | two).operator_id)

    def test_what_orders_name_is_not_deleted_and_they_are_listed(self):
        order = self._order()
        fibre = order.held_fibre_ids.fibre_id[0]
        order._fire("cancel")
        for record in (self.link, fibre, self.link.prdm_id, self.pm):
            with self.subTest(record._name):
                with self.assertRaisesRegex(UserError, order.oc_reference):
                    record.unlink()
