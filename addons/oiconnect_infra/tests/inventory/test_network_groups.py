from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import InfraCase


@tagged("post_install", "-at_install")
class TestNetworkGroups(InfraCase):
    """NRO, lots, technical PMs and batches: what groups or parts the network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nro = cls.net.make("oiconnect.nro", reference="99001NRO1", state="deployed")
        cls.prdm = cls.net.make(
            "oiconnect.prdm", reference="OICN-PRDM-0001", nro_id=cls.nro.id
        )
        cls.technical = cls.env["oiconnect.technical.pm"].create(
            {"reference": "OICN-99001-0001-A", "pm_id": cls.pm.id}
        )

    def refused(self, error, function):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.cr.savepoint(),
        ):
            function()

    # -- NRO --------------------------------------------------------------------------

    def test_a_pm_reaches_the_nro_of_its_prdm(self):
        self.pm.prdm_id = self.prdm
        self.assertEqual(self.pm.nro_id, self.nro)
        self.assertEqual((self.nro.prdm_count, self.nro.pm_count), (1, 1))

    def test_a_large_pm_reaches_its_nro_without_prdm(self):
        self.pm.nro_id = self.nro
        with Form(self.env["oiconnect.pm.link"]) as form:
            form.reference = "OICN-LNP-0001"
            form.pm_id = self.pm
        link = form.record
        self.assertEqual((link.nro_id, link.prdm_id.id), (self.nro, False))

    def test_a_link_needs_an_end(self):
        values = {"reference": "L1", "pm_id": self.pm.id}
        self.refused(
            CheckViolation, lambda: self.net.make("oiconnect.pm.link", **values)
        )

    def test_a_link_follows_its_prdm(self):
        link = self.net.make(
            "oiconnect.pm.link",
            reference="L1",
            pm_id=self.pm.id,
            prdm_id=self.prdm.id,
        )
        self.assertEqual(link.nro_id, self.nro)
        other = self.net.make("oiconnect.nro", reference="99001NRO2")
        self.prdm.nro_id = other
        self.assertEqual(link.nro_id, other)
        self.assertEqual(
            self.changes(self.prdm)[-1], ("write", "nro_id", "99001NRO1", "99001NRO2")
        )

    def test_an_nro_in_use_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "OICN-PRDM-0001"):
            self.nro.unlink()

    def test_an_nro_has_a_place(self):
        self.nro.write({"projection": "RGF93", "x": 870000.0, "y": 6547000.0})
        self.assertAlmostEqual(self.nro.latitude, 46.0015, 3)

    def test_the_effects_of_abandoning_are_shown(self):
        for record in (self.nro, self.prdm, self.pm, self.building):
            with self.subTest(record._name):
                changed = record.new(origin=record)
                changed.state = "abandoned"
                warning = changed._onchange_state_abandoned()["warning"]
                self.assertIn(record.display_name, warning["title"])
                changed.state = "deployed"
                self.assertIsNone(changed._onchange_state_abandoned())

    # -- technical PM -----------------------------------------------------------------

    def test_a_technical_pm_is_on_the_network_of_its_pm(self):
        self.assertEqual(self.technical.network_id, self.net.network)
        self.assertEqual(self.pm.technical_reference, "OICN-99001-0001-A")

    def test_a_pm_that_groups_several_has_no_reference_of_its_own(self):
        self.technical.copy({"reference": "OICN-99001-0001-B"})
        self.assertFalse(self.pm.technical_reference)

    def test_one_reference_in_a_pm(self):
        self.refused(
            UniqueViolation,
            lambda: self.technical.copy({"reference": self.technical.reference}),
        )
        other = self.net.pm("OICN-99001-0002")
        self.technical.copy({"reference": self.technical.reference, "pm_id": other.id})

    def test_parts_are_those_of_the_same_pm(self):
        other = self.net.pbo(self.net.pm("OICN-99001-0002"), "PBO-2")
        module = self.net.module(self.pm)
        self.pbo.technical_pm_id = self.technical
        module.technical_pm_id = self.technical
        self.assertEqual(
            (self.technical.pbo_count, self.technical.module_count), (1, 1)
        )
        with self.assertRaisesRegex(ValidationError, "same PM"):
            other.technical_pm_id = self.technical
        with self.assertRaisesRegex(ValidationError, "same PM"):
            self.technical.pm_id = other.pm_id

    def test_a_technical_pm_in_use_is_not_deleted(self):
        self.pbo.technical_pm_id = self.technical
        with self.assertRaisesRegex(UserError, "PBO-99-001-001-0001"):
            self.technical.unlink()

    def test_access_is_tracked(self):
        self.technical.room_code = "B1204"
        self.assertEqual(
            self.changes(self.technical)[-1], ("write", "room_code", None, "B1204")
        )

    # -- lots -------------------------------------------------------------------------

    def test_a_lot_adds_up_its_pms(self):
        lot = self.net.make("oiconnect.lot", reference="LOT-99-01", name="Plaine")
        pms = self.pm | self.net.pm("OICN-99001-0002")
        pms.write({"lot_id": lot.id, "dwelling_count": 340})
        self.assertEqual((lot.pm_count, lot.dwelling_count), (2, 680))
        self.assertIn(("write", "lot_id", None, "LOT-99-01"), self.changes(self.pm))
        found = self.env["oiconnect.lot"].name_search("plaine")
        self.assertIn(lot.id, [pair[0] for pair in found])
        with self.assertRaisesRegex(UserError, "OICN-99001-0001"):
            lot.unlink()

    def test_a_call_is_opened_before_it_is_closed(self):
        dates = {"opening_date": "2026-02-01", "closing_date": "2026-01-01"}
        self.refused(
            CheckViolation,
            lambda: self.net.make("oiconnect.lot", reference="LOT", **dates),
        )

    # -- batches ----------------------------------------------------------------------

    def batch(self, *buildings, **values):
        return self.net.make(
            "oiconnect.pb.batch",
            reference="LOTPB-1",
            pm_id=self.pm.id,
            building_ids=[(6, 0, [building.id for building in buildings])],
            **values,
        )

    def test_a_batch_adds_up_the_dwellings_it_delivers(self):
        ten, three, five = (
            self.net.building(f"B{n}", pm_id=self.pm.id, dwelling_count=n)
            for n in (10, 3, 5)
        )
        batch = self.batch(ten, three, five, delivery_date="2026-03-02")
        self.assertEqual((batch.building_count, batch.dwelling_count), (3, 18))
        ten.dwelling_count = 12
        self.assertEqual(batch.dwelling_count, 18, "what was delivered stays")
        batch.building_ids -= five
        self.assertEqual(batch.dwelling_count, 15)

    def test_a_batch_delivers_addresses_of_its_pm(self):
        strange = self.net.building("B1")
        with self.assertRaisesRegex(ValidationError, "B1 is not behind PM"):
            self.batch(strange)

    def test_what_was_delivered_is_not_deleted(self):
        self.batch(self.building)
        for record in (self.building, self.pm):
            with self.assertRaisesRegex(UserError, "LOTPB-1"):
                record.unlink()
        self.assertEqual(self.pm.batch_count, 1)
