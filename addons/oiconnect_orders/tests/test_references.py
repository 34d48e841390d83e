from odoo.tests.common import BaseCase, tagged

from ..protocol_time import from_local, local_iso
from ..references import (
    fibre_identifier,
    fibre_number,
    service_reference,
    subcontract_reference,
)


@tagged("at_install", "-post_install")
class TestReferences(BaseCase):
    """References that we give to services and sub-contracts."""

    def test_references_fit_the_protocol(self):
        self.assertEqual(service_reference("OICN", 101), "OICNP0000000000000101")
        self.assertEqual(subcontract_reference(555), "ST-0000000555")
        self.assertLessEqual(len(service_reference("OICN", 10**16 - 1)), 30)

    def test_the_name_of_a_fibre_is_read_back(self):
        name = fibre_identifier("OICN", 2**31 - 1)
        self.assertLessEqual(len(name), 30)
        self.assertEqual(fibre_number(name), 2**31 - 1)
        for text in (
            "",
            "F-1",
            "OICN-FIB-1",
            "OICN-FIB-9999999999",
            "OICN-FIB-²000000000",
        ):
            self.assertIsNone(fibre_number(text), text)


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
