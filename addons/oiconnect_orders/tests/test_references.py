import re

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from odoo.addons.oiconnect_orders.references import (
    PTO_ALPHABET,
    pto_reference,
    service_reference,
    subcontract_reference,
)
from odoo.addons.oiconnect_orders.wire import from_local, local_iso

NUMBERS = st.integers(min_value=0, max_value=34**8 - 1)
PTO_FORM = re.compile(r"^ZZ-[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}$")


@tagged("at_install", "-post_install")
class TestReferences(BaseCase):
    """References that we give to sockets, services and sub-contracts."""

    @given(NUMBERS)
    def test_a_pto_reference_has_the_form_of_the_regulator(self, number):
        self.assertRegex(pto_reference("ZZ", number), PTO_FORM)

    @given(NUMBERS, NUMBERS)
    def test_two_numbers_never_give_one_reference(self, one, two):
        same = pto_reference("ZZ", one) == pto_reference("ZZ", two)
        self.assertEqual(same, one == two)

    @given(st.integers(min_value=0, max_value=34**8 - 2))
    def test_neighbours_differ_in_more_than_one_character(self, number):
        one, two = pto_reference("ZZ", number), pto_reference("ZZ", number + 1)
        self.assertGreater(sum(a != b for a, b in zip(one, two, strict=True)), 1)

    def test_confusable_letters_are_left_out(self):
        self.assertNotIn("I", PTO_ALPHABET)
        self.assertNotIn("O", PTO_ALPHABET)
        self.assertEqual(len(set(PTO_ALPHABET)), 34)

    def test_references_fit_the_protocol(self):
        self.assertEqual(service_reference("OICN", 101), "OICNP0000000000000101")
        self.assertEqual(subcontract_reference(555), "ST-0000000555")
        self.assertLessEqual(len(service_reference("OICN", 10**16 - 1)), 30)


@tagged("at_install", "-post_install")
class TestWireTime(BaseCase):
    """The protocol speaks the time of Paris, the database UTC."""

    def test_winter_and_summer(self):
        self.assertEqual(str(from_local("2026-01-15T10:00:00")), "2026-01-15 09:00:00")
        self.assertEqual(str(from_local("2026-07-15T10:00:00")), "2026-07-15 08:00:00")

    def test_what_was_read_is_written_back(self):
        for text in ("2026-01-15T10:00:00", "2026-07-15T23:59:00"):
            self.assertEqual(local_iso(from_local(text)), text)

    def test_the_hour_that_summer_time_skips_is_the_next_one(self):
        self.assertEqual(
            local_iso(from_local("2026-03-29T02:30:00")), "2026-03-29T03:30:00"
        )

    def test_of_the_hour_that_comes_twice_the_first_is_meant(self):
        self.assertEqual(str(from_local("2026-10-25T02:30:00")), "2026-10-25 00:30:00")

    def test_nothing_stays_nothing(self):
        self.assertFalse(from_local(None))
        self.assertIsNone(local_iso(False))
