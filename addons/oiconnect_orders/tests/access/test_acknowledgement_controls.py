from datetime import datetime

from odoo.tests.common import BaseCase, tagged

from ...controls.acknowledgement import (
    Refusal,
    acknowledgement_refusals,
    first_code,
)

NOW = datetime(2026, 3, 14, 12, 0)
GOOD = {
    "oc_reference": "OCA-1",
    "connection_type": "STOC",
    "requested_type": "AUTO",
    "existing_socket": False,
    "order_date": "2026-03-14T10:05:00",
    "address_code": "99001ABC12",
    "pm_reference": "OICN-PM-1",
    "customer_name": "EXEMPLE",
    "customer_contact1": "0600000001",
}


@tagged("at_install", "-post_install")
class TestAcknowledgementControls(BaseCase):
    """Level 1: what can be said of a line without a look at the network."""

    def _faults(self, **values):
        line = {**GOOD, **values}
        return {(r.code, r.field) for r in acknowledgement_refusals(line, NOW)}

    def test_a_good_line_has_no_fault(self):
        self.assertEqual(self._faults(), set())

    def test_each_mandatory_value_is_required(self):
        for field in (
            "oc_reference",
            "connection_type",
            "requested_type",
            "order_date",
            "existing_socket",
        ):
            with self.subTest(field):
                self.assertIn(("FIMP15", field), self._faults(**{field: None}))

    def test_all_errors_of_a_line_are_reported_at_once(self):
        faults = self._faults(order_date=None, address_code=None, pm_reference=None)
        self.assertEqual(
            faults,
            {
                ("FIMP15", "order_date"),
                ("FIMP15", "address_code"),
                ("FIMP15", "pm_reference"),
            },
        )

    def test_any_of_the_three_addresses_will_do(self):
        self.assertEqual(
            self._faults(address_code=None, building_identifier="IMB/1"), set()
        )
        rivoli = {"insee_code": "99001", "rivoli_code": "0123", "street_number": "0"}
        self.assertEqual(self._faults(address_code=None, **rivoli), set())
        for field in rivoli:
            for nothing in (None, ""):
                with self.subTest(field, nothing=nothing):
                    faults = self._faults(
                        **{"address_code": None, **rivoli, field: nothing}
                    )
                    self.assertEqual(faults, {("FIMP15", "address_code")})

    def test_the_pm_service_replaces_the_pm(self):
        self.assertEqual(
            self._faults(pm_reference=None, pm_service_reference="XPM-1"), set()
        )

    def test_a_visit_needs_a_person_to_call(self):
        no_one = {"customer_name": None, "customer_contact1": None}
        self.assertEqual(
            self._faults(**no_one),
            {("FIMP15", "customer_name"), ("FIMP15", "customer_contact1")},
        )
        self.assertEqual(self._faults(**no_one, existing_socket=True), set())
        self.assertEqual(self._faults(**no_one, connection_type="OC"), set())

    def test_a_connection_by_us_needs_an_appointment(self):
        self.assertEqual(
            self._faults(connection_type="OI"), {("FIMP15", "appointment_reference")}
        )
        self.assertEqual(
            self._faults(connection_type="OI", appointment_reference="RDV-1"), set()
        )

    def test_an_order_from_the_future_is_refused_but_clocks_may_differ(self):
        self.assertEqual(
            self._faults(order_date="2026-03-16T10:00:00"), {("FIMP16", "order_date")}
        )
        self.assertEqual(self._faults(order_date="2026-03-15T12:00:00"), set())
        self.assertEqual(
            self._faults(order_date="2026-03-15T12:00:01"), {("FIMP16", "order_date")}
        )

    def test_the_receipt_tells_the_first_code_of_the_protocol(self):
        codes = ("FIMP13", "FIMP16", "FIMP15", "FCLI01")
        refusals = [Refusal(code, None, "") for code in codes]
        self.assertEqual(first_code(refusals), "FIMP15")
        self.assertEqual(first_code(refusals[:2]), "FIMP16")
        self.assertEqual(first_code(refusals[3:]), "FCLI01")

    def test_a_type_that_does_not_exist_is_reported_as_such(self):
        for field in ("connection_type", "requested_type"):
            with self.subTest(field):
                self.assertEqual(self._faults(**{field: "XX"}), {("FIMP12", field)})

    def test_no_installation_is_wished_before_the_order(self):
        self.assertEqual(
            self._faults(install_date="2026-03-13T08:00:00"),
            {("FIMP16", "install_date")},
        )
        # On the day itself all is possible.
        self.assertEqual(self._faults(install_date="2026-03-14T08:00:00"), set())
