from psycopg2.errors import UniqueViolation

from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW
from odoo.addons.oiconnect_base.reception import Refusal

from .common import PbCase

UNKNOWN = "OITO/B/404"


@tagged("post_install", "-at_install")
class TestPbOrderReceipt(PbCase):
    """Each control of CMDPB has its code; a line is never lost."""

    def assertRefused(self, code, field, **values):
        order = self._order(**values)
        self.assertEqual((order.state, order.reason_id.code), ("ar_ko", code))
        receipt = self._payload(order, "ARCMDPB")
        self.assertEqual((receipt["result"], receipt["reason_code"]), ("KO", code))
        self.assertEqual(order.decision_ids.controls[-1]["found"]["column"], field)
        self.assertFalse(order.is_open)
        return order

    def test_a_good_line_is_acknowledged_and_its_pb_awaited(self):
        order = self._order()
        self.assertEqual((order.state, order.building_id), ("ar_ok", self.building))
        self.assertEqual(order.pm_id, self.pm)
        self.assertEqual(
            self._payload(order, "ARCMDPB") | {"date": None},
            {
                "oc_reference": order.oc_reference,
                "service_reference": None,
                "building_identifier": self.building.identifier,
                "pm_reference": self.pm.reference,
                "result": "OK",
                "reason_code": None,
                "date": None,
            },
        )
        self.assertPlaces("on_demand_deploying")
        self.assertEqual((order.todo_kind, order.due_kind), ("pb_plan", "pb_report"))

    def test_an_address_code_tells_the_building_too(self):
        order = self._order(
            building_identifier=None, address_code=self.building.address_code
        )
        self.assertEqual(order.building_id, self.building)

    def test_what_is_missing(self):
        for name in ("oc_reference", "pm_reference", "order_date"):
            with self.subTest(name):
                self.assertRefused("FIMP15", name, **{name: None})
        self.assertRefused("FIMP15", "building_identifier", building_identifier=None)

    def test_an_unknown_address(self):
        self.assertRefused("FADR02", "building_identifier", building_identifier=UNKNOWN)
        self.assertRefused(
            "FADR01", "address_code", building_identifier=None, address_code="99001XX"
        )

    def test_an_identifier_of_another_address_orders_nothing(self):
        """Mistyped but well formed: the PB would be laid at a neighbour's."""
        code, other = self.building.address_code, self.neighbour.identifier
        self.assertRefused(
            "FIMP16", "address_code", building_identifier=other, address_code=code
        )
        self.assertPlaces("on_demand")
        # What we do not know contradicts nothing.
        self.building.address_code = False
        self.assertEqual(self._order(address_code=code).state, "ar_ok")

    def test_several_buildings_at_one_address(self):
        self.building.building_name = "A"
        self.neighbour.write(
            {"address_code": self.building.address_code, "building_name": "B"}
        )
        self.assertRefused(
            "FADR02",
            "building_identifier",
            building_identifier=None,
            address_code=self.building.address_code,
        )

    def test_the_pm(self):
        self.assertRefused("FIMP07", "pm_reference", pm_reference="PM-404")
        other = self.other_pm.reference
        self.assertRefused("FIMP08", "pm_reference", pm_reference=other)
        self.pm.state = "deploying"
        self.assertRefused("FIMP09", "pm_reference")

    def test_only_an_address_on_demand(self):
        for state in ("target", "deploying", "deployed", "abandoned"):
            with self.subTest(state):
                self.building.state = state
                self.assertRefused("FIMP10", "building_identifier")

    def test_a_pb_is_ordered_once(self):
        """By the file of an operator, or by two; for one address, or its neighbour."""
        first, again = self._receive(self._line(), self._line())
        self.assertEqual((first.state, again.state), ("ar_ok", "ar_ko"))
        self.assertEqual(again.reason_id.code, "FIMP11")
        rival = self._order(self.rival, building_identifier=self.neighbour.identifier)
        self.assertEqual(rival.reason_id.code, "FIMP11")

    def test_a_pb_is_ordered_once_whatever_an_import_says_of_its_address(self):
        self._order()
        self.building.state = "on_demand"
        self.assertRefused("FIMP11", "building_identifier")

    def test_a_reference_serves_once_for_each_operator(self):
        first = self._order()
        first._fire("cancel")
        again = self._order(oc_reference=first.oc_reference)
        self.assertEqual(again.reason_id.code, "FIMP13")
        other = self._order(self.rival, oc_reference=first.oc_reference)
        self.assertEqual(other.state, "ar_ok")

    def test_a_value_too_long_is_cut_and_refused(self):
        order = self.assertRefused("FIMP16", "oc_reference", oc_reference="P" * 31)
        self.assertEqual(order.oc_reference, "P" * 30)
        # What is too long names nothing that we have, either.
        self._order(building_identifier="B" * 31, pm_reference="M" * 21)
        self._order(building_identifier=None, address_code="A" * 11)

    def test_a_number_that_cannot_be_is_refused(self):
        for count in (-1, 100_001, 10**12):
            self.assertRefused("FIMP16", "dwelling_count", dwelling_count=count)

    def test_a_line_that_could_not_be_read_asks_nothing_of_the_network(self):
        error = Refusal("FIMP16", "dwelling_count", "Not a number.")
        self.assertRefused("FIMP16", "dwelling_count", errors=[error])
        self.assertPlaces("on_demand")

    def test_one_order_of_two_transactions_is_awaited(self):
        """The database refuses what the controls of neither could see."""
        self._order()
        other = self._order(self.rival)
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            other.with_context(workflow=_WORKFLOW).write({"state": "ar_ok"})
            self.env.flush_all()

    def test_a_replay_finds_the_place_as_it_was(self):
        """The sandbox plays a file again, then all is undone."""
        line = self._line()
        first = self._receive(line)
        first._release_unique_values()
        self.assertEqual(self._receive(line).state, "ar_ok")
