from datetime import timedelta

from odoo.tests.common import tagged

from odoo.addons.oiconnect_infra.pto_reference import reference_of

from ...protocol_time import local_now
from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestStudyPlace(OrderCase):
    """Place that an order means, fibre that serves it, and the answer."""

    def assertCode(self, order, code):
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", code))

    def _twin(self, **values):
        """Return a second building at the address of the first."""
        return self.building.copy(
            {
                "identifier": f"OITO/B/1-{self.rank}",
                "pm_id": self.pm.id,
                "pbo_ids": [(6, 0, self.pbo.ids)],
                **values,
            }
        )

    def _levels(self, *levels):
        self.env["oiconnect.building.level"].create(
            [{"building_id": self.building.id, **level} for level in levels]
        )

    # ------------------------------------------------------------------
    # The address
    # ------------------------------------------------------------------

    def test_the_surest_key_of_the_address_is_the_one_read(self):
        code = self.other_building.address_code
        order = self._order(address_code=code)
        self.assertEqual(order.building_id, self.building)
        wrong = self._order(building_identifier="OITO/B/NONE", address_code=code)
        self.assertCode(wrong, "FADR01")

    def test_a_number_and_its_suffix_make_one_address(self):
        bis = self._twin(address_code="99001BIS01", street_number_suffix="B")
        rivoli = {
            "building_identifier": None,
            "insee_code": "99001",
            "rivoli_code": "0123",
            "street_number": "1",
        }
        self.assertEqual(self._order(**rivoli).building_id, self.building)
        for suffix in ("B", "b"):
            order = self._order(**rivoli, street_number_suffix=suffix)
            self.assertEqual(order.building_id, bis)
        for wrong in (
            {"street_number_suffix": "T"},
            {"insee_code": "99002"},
            {"rivoli_code": "0124"},
            {"street_number": "9"},
        ):
            with self.subTest(wrong):
                self.assertCode(self._order(**(rivoli | wrong)), "FADR01")

    def test_a_building_of_another_network_is_not_at_the_address(self):
        elsewhere = self.network.copy({"oi_code": "OITE", "code": "OITE"})
        orders = self.orders._receive([self._line()], self.operator, elsewhere)
        [(order, _refusals)] = orders
        order._study()
        self.assertCode(order, "FADR01")
        self.assertFalse(order.building_id)

    def test_the_name_of_the_building_counts_where_there_is_one(self):
        self.assertEqual(self._order(building_name="Z").state, "connecting")
        self.building.building_name = "A"
        self.assertEqual(self._order().state, "connecting")
        order = self._order(building_name="Z")
        self.assertCode(order, "FADR02")
        self.assertEqual(order.building_id, self.building, "stored for readers")

    def test_a_rejected_order_names_no_building_where_two_are_meant(self):
        self.building.building_name = "A"
        twin = self._twin(building_name="A", address_code=self.building.address_code)
        order = self._order(building_identifier=None, address_code=twin.address_code)
        self.assertCode(order, "FADR02")
        self.assertFalse(order.building_id)
        self.assertFalse(order.pm_id)

    # ------------------------------------------------------------------
    # Opening dates
    # ------------------------------------------------------------------

    def test_a_place_opens_on_its_day(self):
        today = local_now().date()
        tomorrow = today + timedelta(days=1)
        for record, field, code in (
            (self.building, "order_report_date", "FIMP11"),
            (self.building, "commercial_date", "FIMP11"),
            (self.pm, "commercial_date", "FIMP09"),
        ):
            with self.subTest(f"{record._name} {field}"):
                record[field] = tomorrow
                self.assertCode(self._order(), code)
                record[field] = today
                order = self._order()
                self.assertEqual(order.state, "connecting")
                order._fire("cancel")

    def test_the_later_of_two_dates_opens_the_building(self):
        today = local_now().date()
        self.building.write(
            {
                "order_report_date": today + timedelta(days=3),
                "commercial_date": today - timedelta(days=3),
            }
        )
        self.assertCode(self._order(), "FIMP11")

    def test_a_pm_that_is_not_deployed_takes_no_order(self):
        self.pm.with_context(tracking_disable=True).state = "deploying"
        self.assertCode(self._order(), "FIMP09")

    # ------------------------------------------------------------------
    # Level, PBO and PTO
    # ------------------------------------------------------------------

    def test_the_pbo_of_the_floor_serves_it(self):
        self.building.pbo_ids |= self.other_pbo
        self._levels(
            {"floor": "1", "pbo_id": self.pbo.id},
            {"floor": "2", "pbo_id": self.other_pbo.id},
        )
        order = self._order(floor="2")
        self.assertEqual((order.pbo_id, order.route_ids.pbo_id), (self.other_pbo,) * 2)
        self.assertEqual(order.pto_id.pbo_id, self.other_pbo)
        payload = self._payload(order, "CR_CMD")
        self.assertEqual(payload["pbo_reference"], "OITO-PBO-2")

    def test_a_full_pbo_is_replaced_by_the_next_of_the_building_only(self):
        self._order()
        self._order()
        self.assertCode(self._order(), "FINT01")
        self.building.pbo_ids |= self.other_pbo
        self.assertEqual(self._order().pbo_id, self.other_pbo)

    def test_a_level_without_staircase_holds_for_all_of_them(self):
        self._levels({"staircase": "A", "floor": "1"}, {"floor": "2"})
        order = self._order(staircase=" a ", floor="002")
        self.assertEqual(order.pto_id.level_id.floor, "2")
        self.assertCode(self._order(staircase="B", floor="2"), "FADR03")

    def test_a_pto_is_free_again_once_its_line_is_terminated(self):
        pto = self._laid_pto()
        line = {"existing_socket": True, "pto_reference": pto.reference}
        first = self._order(**line)
        self.assertCode(self._order(**line), "FIMP19")
        # Another operator gets the next connector of the same PTO.
        theirs = self._order(operator=self.rival, **line)
        self.assertEqual(theirs.route_ids.connector_number, 2)
        first._fire("connected")
        first._fire("activate")
        self.assertCode(self._order(**line), "FIMP19")
        first._fire("terminate")
        again = self._order(**line)
        self.assertEqual((again.state, again.pto_id), ("connecting", pto))
        self.assertEqual(again.route_ids.connector_number, 1)

    def test_the_pbo_of_the_pto_serves_it(self):
        self.building.pbo_ids |= self.other_pbo
        pto = self._laid_pto(pbo_id=self.other_pbo.id)
        pto.route_ids.write({"pto_id": False, "connector_number": False})
        order = self._order(existing_socket=True, pto_reference=pto.reference)
        self.assertEqual((order.pto_id, order.pbo_id), (pto, self.other_pbo))
        self.assertEqual(order.route_ids.pbo_id, self.other_pbo)

    def test_a_planned_pto_that_is_named_is_the_one_to_build(self):
        pto = self._laid_pto(state="to_build")
        order = self._order(pto_reference=pto.reference)
        self.assertEqual((order.state, order.pto_id), ("connecting", pto))
        payload = self._payload(order, "CMD_STOC")
        self.assertEqual(payload["pto_reference"], pto.reference)
        self.assertEqual(payload["service_type"], "RACCO_CONSTRUCTION")

    def test_a_new_reference_is_never_one_that_exists(self):
        self.env.cr.execute("SELECT nextval('oiconnect_pto_number')")
        [number] = self.env.cr.fetchone()
        taken = [reference_of("ZO", number + n) for n in (1, 2)]
        for reference in taken:
            self._laid_pto(reference=reference, state="to_build").route_ids.write(
                {"pto_id": False, "connector_number": False}
            )
        orders = self._receive(self._line(), self._line())
        orders._study()
        expected = [reference_of("ZO", number + n) for n in (3, 4)]
        self.assertEqual(orders.mapped("pto_id.reference"), expected)

    def test_ptos_of_orders_and_labels_are_of_one_series(self):
        lots = self.env["oiconnect.pto.lot"]
        labels = lots._new_references(self.network, 20)
        order = self._order()
        labels += lots._new_references(self.network, 20)
        self.assertNotIn(order.pto_id.reference, labels)
        number = {reference_of("ZO", n): n for n in range(self._last_number() + 1)}
        self.assertEqual(
            number[order.pto_id.reference], number[labels[19]] + 1, "one counter"
        )

    def _last_number(self):
        self.env.cr.execute("SELECT last_value FROM oiconnect_pto_number")
        return self.env.cr.fetchone()[0]

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def test_each_operator_of_a_batch_reads_its_own_language(self):
        self.operator.lang, self.rival.lang = "fr_FR", "en_US"
        ours = self._receive(self._line(pm_reference="NONE"))
        theirs = self._receive(self._line(pm_reference="NONE"), operator=self.rival)
        (ours | theirs)._study()
        self.assertEqual(theirs.reason_comment, "This PM does not exist.")
        self.assertNotEqual(ours.reason_comment, theirs.reason_comment)
        self.assertIn("PM", ours.reason_comment)
        self.assertEqual(self._payload(ours, "CR_CMD")["comment"], ours.reason_comment)

    def test_a_full_pbo_is_reported_in_french(self):
        self.operator.lang = "fr_FR"
        orders = self._receive(self._line(), self._line(), self._line())
        orders._study()
        self.assertEqual(
            orders[2].reason_comment, "Aucune fibre n'est libre au PBO de l'immeuble."
        )

    def test_the_time_to_connect_is_that_of_the_network(self):
        self.env["oiconnect.delay"].create(
            {
                "kind": "connection",
                "network_id": self.network.id,
                "value": 7,
                "unit": "days",
            }
        )
        order = self._order(comment="Sonner deux fois")
        payload = self._payload(order, "CMD_STOC")
        due = local_now().date() + timedelta(days=7)
        self.assertEqual(payload["deadline"], due.isoformat())
        self.assertEqual(payload["comment"], "Sonner deux fois")

    def test_how_to_enter_is_sent_to_the_installer(self):
        self.pm.write(
            {
                "accessible": "no",
                "key_info": "Clé au gardien",
                "basement_code": "4321",
                "room_code": "12A",
                "syndic_contacts": "Syndic du PM",
                "address": "1 rue du PM",
            }
        )
        self.building.write({"access_code": "B12", "contacts": "Gardien"})
        payload = self._payload(self._order(), "CR_CMD")
        expected = {
            "pm_accessible": "N",
            "key_info": "Clé au gardien",
            "basement_code": "4321",
            "pm_room_code": "12A",
            "building_access_code": "B12",
            "building_contacts": "Gardien",
            "syndic_contacts": "Syndic du PM",
            "syndic_conditions": None,
            "pm_location": "1 rue du PM",
        }
        self.assertEqual({key: payload[key] for key in expected}, expected)
        # The building's own syndic and the PM's place come first.
        self.building.syndic_contacts = "Syndic de l'immeuble"
        self.pm.localisation = "Au sous-sol"
        payload = self._payload(self._order(), "CR_CMD")
        self.assertEqual(payload["syndic_contacts"], "Syndic de l'immeuble")
        self.assertEqual(payload["pm_location"], "Au sous-sol")
