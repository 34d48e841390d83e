from datetime import timedelta

from odoo.tests.common import tagged

from odoo.addons.oiconnect_base.time_zone import local_today

from ...controls.study import normal_level
from ...protocol_time import local_now
from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestStudy(OrderCase):
    """Level 2: the network is queried, in the order of the protocol."""

    def assertRejected(self, order, code):
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", code))
        payload = self._payload(order, "CR_CMD")
        self.assertEqual(payload["result"], "KO")
        self.assertEqual(payload["reason_code"], code)
        self.assertEqual(payload["retained_type"], "NA")
        self.assertFalse(order.route_ids)

    # ------------------------------------------------------------------
    # Accepted
    # ------------------------------------------------------------------

    def test_a_new_pto_gets_a_fibre_a_reference_and_a_sub_contract(self):
        order = self._order()
        self.assertEqual(order.state, "connecting")
        route = order.route_ids
        self.assertEqual(route, self.routes[0])
        self.assertEqual((route.state, route.operator_id), ("reserved", self.operator))
        self.assertEqual(route.pto_id, order.pto_id)
        self.assertEqual(order.pto_id.state, "to_build")
        self.assertRegex(order.pto_id.reference, r"^ZO-[0-9A-Z]{4}-[0-9A-Z]{4}$")
        self.assertRegex(order.subcontract_reference, r"^ST-\d{10}$")

    def test_the_report_describes_the_place_and_the_route(self):
        order = self._order()
        payload = self._payload(order, "CR_CMD")
        self.assertEqual(payload["result"], "OK")
        self.assertEqual(payload["retained_type"], "LOCA")
        self.assertEqual(payload["pto_reference"], order.pto_id.reference)
        self.assertEqual(payload["pm_reference"], "OITO-PM-1")
        self.assertEqual(payload["pm_technical_reference"], "OITO-PMT-1")
        self.assertEqual(payload["pbo_reference"], "OITO-PBO-1")
        self.assertEqual(payload["pm_accessible"], "O")
        [route] = payload["routes"]
        self.assertEqual(
            route,
            {
                "operator_code": "OCT1",
                "module": "TIROIR 04",
                "position": "D1",
                "module_cable": "OITO-CB-1",
                "module_tube": "1",
                "module_fibre": "1",
                "pbo_reference": "OITO-PBO-1",
                "pbo_cable": "OITO-CB-1",
                "pbo_tube": "VERT",
                "pbo_fibre": "1",
                "connector_number": 1,
                "connector_colour": "ROUGE",
            },
        )

    def test_the_sub_contract_tells_the_work_and_its_deadline(self):
        order = self._order()
        payload = self._payload(order, "CMD_STOC")
        self.assertEqual(payload["subcontract_reference"], order.subcontract_reference)
        self.assertEqual(payload["service_type"], "RACCO_CONSTRUCTION")
        self.assertFalse(payload["existing_socket"])
        due = local_now().date() + timedelta(days=60)
        self.assertEqual(payload["deadline"], due.isoformat())

    def test_an_existing_pto_takes_the_fibre_wired_to_it(self):
        pto = self._laid_pto()
        order = self._order(existing_socket=True, pto_reference=pto.reference)
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.pto_id, pto)
        self.assertEqual(order.route_ids, pto.route_ids)
        self.assertEqual(self._payload(order, "CMD_STOC")["service_type"], "BRASSAGE")

    def test_an_operator_that_patches_itself_gets_an_existing_line_at_once(self):
        pto = self._laid_pto()
        order = self._order(
            connection_type="OC", existing_socket=True, pto_reference=pto.reference
        )
        self.assertEqual(order.state, "delivered")
        self.assertEqual(self._payload(order, "CR_MAD")["result"], "OK")

    def test_an_operator_that_builds_itself_is_not_sent_an_order(self):
        order = self._order(connection_type="OC")
        self.assertEqual(order.state, "connecting")
        self.assertFalse(self._payloads(order, "CMD_STOC"))

    def test_the_address_may_be_given_in_three_ways(self):
        for address in (
            {"building_identifier": self.building.identifier},
            {"address_code": self.building.address_code},
            {"insee_code": "99001", "rivoli_code": "0123", "street_number": "1"},
        ):
            with self.subTest(address):
                order = self._order(**{"building_identifier": None, **address})
                self.assertEqual(order.building_id, self.building)

    def test_our_choice_of_type_is_that_of_the_operators_service(self):
        self.assertEqual(self._order(operator=self.rival).retained_type, "cofi")

    # ------------------------------------------------------------------
    # Rejected, control by control
    # ------------------------------------------------------------------

    def test_address_unknown(self):
        order = self._order(building_identifier=None, address_code="0000000000")
        self.assertRejected(order, "FADR01")

    def test_building_missing_or_unknown(self):
        self.building.building_name = "A"
        twin = self.building.copy(
            {"identifier": "OITO/B/1B", "building_name": "B", "pm_id": self.pm.id}
        )
        code = {"building_identifier": None, "address_code": twin.address_code}
        self.assertRejected(self._order(**code), "FADR02")
        self.assertRejected(self._order(building_name="Z", **code), "FADR02")
        order = self._order(building_name="a", **code)
        self.assertEqual(order.building_id, self.building)

    def test_staircase_and_floor_unknown(self):
        self.env["oiconnect.building.level"].create(
            [
                {
                    "building_id": self.building.id,
                    "staircase": "1",
                    "floor": floor,
                    "pbo_id": self.pbo.id,
                }
                for floor in ("RDC", "1", "2")
            ]
        )
        self.assertRejected(self._order(staircase="9", floor="1"), "FADR03")
        self.assertRejected(self._order(floor="1"), "FADR03")
        self.assertRejected(self._order(staircase="1", floor="7"), "FADR04")
        order = self._order(staircase="01", floor="02")
        self.assertEqual(order.pto_id.level_id.floor, "2")

    def test_floors_are_compared_as_people_write_them(self):
        for one, two in (("02", "2"), ("rdc", "0"), ("00", "0"), (" b ", "B")):
            self.assertEqual(normal_level(one), normal_level(two))
        self.assertNotEqual(normal_level("2"), normal_level("20"))

    def test_building_not_deployed(self):
        self.building.state = "deploying"
        self.assertRejected(self._order(), "FIMP10")

    def test_building_not_open_yet(self):
        self.building.order_report_date = local_today() + timedelta(days=10)
        self.assertRejected(self._order(), "FIMP11")

    def test_pm_unknown_elsewhere_or_closed(self):
        self.assertRejected(self._order(pm_reference="NONE"), "FIMP07")
        self.assertRejected(self._order(pm_reference="OITO-PM-2"), "FIMP08")
        self.pm.authorisation = "frozen"
        self.assertRejected(self._order(), "FIMP09")

    def test_pm_before_its_commercial_date(self):
        self.pm.commercial_date = local_today() + timedelta(days=2)
        self.assertRejected(self._order(), "FIMP09")

    def test_operator_absent_from_the_pm(self):
        self.service.active = False
        self.assertRejected(self._order(), "FIMP09")

    def test_pm_service_unknown_elsewhere_or_of_another_kind(self):
        self.assertRejected(
            self._order(pm_reference=None, pm_service_reference="NONE"), "FIMP04"
        )
        self.assertRejected(self._order(pm_service_reference="XPM-OCT2"), "FIMP04")
        self.assertRejected(self._order(requested_type="COFI"), "FIMP06")
        self.service.pm_id = self.other_pm
        self.assertRejected(
            self._order(pm_reference=None, pm_service_reference="XPM-OCT1"), "FIMP05"
        )

    def test_pto_declared_existing(self):
        self.assertRejected(self._order(existing_socket=True), "FIMP01")
        self.assertRejected(
            self._order(existing_socket=True, pto_reference="ZO-NONE-NONE"), "FIMP02"
        )
        elsewhere = self._laid_pto(self.other_building)
        self.assertRejected(
            self._order(existing_socket=True, pto_reference=elsewhere.reference),
            "FIMP03",
        )
        planned = self._laid_pto(state="to_build")
        self.assertRejected(
            self._order(existing_socket=True, pto_reference=planned.reference),
            "FIMP17",
        )

    def test_pto_declared_to_build_but_laid(self):
        pto = self._laid_pto()
        self.assertRejected(self._order(pto_reference=pto.reference), "FIMP18")

    def test_pto_that_the_operator_holds_already(self):
        pto = self._laid_pto()
        self._delivered(existing_socket=True, pto_reference=pto.reference)
        self.assertRejected(
            self._order(existing_socket=True, pto_reference=pto.reference), "FIMP19"
        )

    def test_saturated_pbo(self):
        self._order()
        self._order()
        order = self._order()
        self.assertRejected(order, "FINT01")
        self.assertFalse(order.pto_id, "no reference is wasted on a refused order")

    def test_two_orders_of_one_batch_share_what_is_free(self):
        orders = self._receive(self._line(), self._line(), self._line())
        orders._study()
        self.assertEqual(orders.mapped("state"), ["connecting", "connecting", "cr_ko"])
        self.assertEqual(len(orders.route_ids), 2)

    def test_the_first_control_that_fails_gives_the_reason(self):
        self.building.state = "deploying"
        order = self._order(pm_reference="NONE", requested_type="COFI")
        self.assertRejected(order, "FIMP10")

    # ------------------------------------------------------------------
    # The scheduled study
    # ------------------------------------------------------------------

    def test_the_study_takes_all_that_waits(self):
        orders = self._receive(self._line(), self._line(pm_reference="NONE"))
        cron = self.env.ref("oiconnect_orders.cron_study")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(orders.mapped("state"), ["connecting", "cr_ko"])
        self.assertEqual(self._last_step(orders[0]).channel, "job")

    def test_an_order_that_breaks_us_keeps_no_other_waiting(self):
        orders = self._receive(*(self._line(existing_socket=True) for _n in range(5)))
        broken = orders[2]
        left_to_a_person = type(orders)._left_to_a_person

        def explode(order, refusal):
            if order.id == broken.id:
                raise ZeroDivisionError("boom")
            return left_to_a_person(order, refusal)

        self.patch(type(orders), "_left_to_a_person", explode)
        cron = self.env.ref("oiconnect_orders.cron_study")
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.oiconnect_orders", "ERROR") as logs,
        ):
            cron.method_direct_trigger()
        self.assertEqual(broken.state, "ar_ok")
        self.assertEqual(set((orders - broken).mapped("state")), {"cr_ko"})
        self.assertIn(broken.oc_reference, logs.output[0])

    def test_studying_twice_changes_nothing(self):
        order = self._order()
        before = order.event_ids
        order._study()
        self.assertEqual(order.event_ids, before)
