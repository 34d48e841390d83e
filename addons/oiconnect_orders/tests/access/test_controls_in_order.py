from ...controls.study import CONTROLS
from ..common import OrderCase


class TestControlsInOrder(OrderCase):
    """The first control that fails gives the reason, in the order of the protocol."""

    def _set_aside(self, order, **chosen):
        """Set the failed control aside, with what the person chooses."""
        step = order._failed_step()
        order._override(
            {
                "control": step["control"],
                "number": step["number"],
                "result": "waived",
                "code": step["code"],
                "chosen": {key: record.id for key, record in chosen.items()},
            },
            "essai",
        )
        order.invalidate_recordset()
        return order.reason_id.code

    def test_an_order_that_is_wrong_everywhere_gets_one_error_after_another(self):
        self.building.write({"commercial_date": "2099-01-01"})
        self.env["oiconnect.building.level"].create(
            {"building_id": self.building.id, "staircase": "A", "floor": "1"}
        )
        self.pm.authorisation = "closed"
        laid = self._laid_pto()
        order = self._order(
            building_identifier="INCONNU",
            staircase="Z",
            pm_reference=self.other_pm.reference,
            pm_service_reference="XPM-INCONNU",
            requested_type="COFI",
            pto_reference="ZO-NONE-0001",
            customer_contact1="pas un numéro",
        )
        codes = [order.reason_id.code]
        for chosen in (
            {"building": self.building},
            {},
            {},
            {"pm": self.pm},
            {},
            {"service": self.service},
            {},
            {"pto": laid},
            {},
        ):
            codes.append(self._set_aside(order, **chosen))
        self.assertEqual(
            codes,
            [
                "FADR01",
                "FADR03",
                "FIMP11",
                "FIMP08",
                "FIMP09",
                "FIMP04",
                "FIMP06",
                "FIMP02",
                "FIMP18",
                "FCLI01",
            ],
        )
        self.assertFalse(self._set_aside(order))
        self.assertEqual((order.state, order.pto_id), ("connecting", laid))

    def test_controls_are_numbered_as_in_the_protocol(self):
        numbers = [control.number for control in CONTROLS]
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual((numbers[0], numbers[-1]), (4, 9))
        names = [control.name for control in CONTROLS]
        self.assertEqual(len(names), len(set(names)))

    def test_a_wrong_phone_number_is_refused_where_there_is_a_visit(self):
        for number in ("0600", "bonjour", "06 00 00 00 0X"):
            with self.subTest(number):
                order = self._order(customer_contact1=number)
                self.assertEqual(order.reason_id.code, "FCLI01")
        order = self._order(customer_contact1="+33 (0)6.00-00/00 01")
        self.assertEqual(order.state, "connecting")

    def test_a_phone_number_is_not_checked_without_a_visit(self):
        laid = self._laid_pto()
        order = self._order(
            connection_type="OC",
            existing_socket=True,
            pto_reference=laid.reference,
            customer_contact1="bonjour",
        )
        self.assertNotEqual(order.state, "cr_ko")

    def test_a_bad_type_is_refused_at_receipt_and_not_stored_in_the_order(self):
        order = self._receive(self._line(connection_type="XX"))
        self.assertEqual((order.state, order.reason_id.code), ("ar_ko", "FIMP12"))
        self.assertFalse(order.connection_type)

    def test_reserved_fibres_are_distinguished_from_none(self):
        operator = self.rival
        self.routes.position_id.dedicated_operator_id = operator
        self.assertEqual(self._order().reason_id.code, "FINT02")
        self.routes.write({"state": "out_of_service"})
        self.assertEqual(self._order().reason_id.code, "FINT01")
