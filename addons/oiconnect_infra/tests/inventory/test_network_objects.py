from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import InfraCase, Network


@tagged("post_install", "-at_install")
class TestNetworkObjects(InfraCase):
    """What the network refuses, and how it says it."""

    def assertRefused(self, error, call):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.cr.savepoint(),
        ):
            call()
            self.env.flush_all()

    # ------------------------------------------------------------------
    # References
    # ------------------------------------------------------------------

    def test_references_are_unique_on_a_network(self):
        self.net.pto(self.building, "ZZ-0000-0001")
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-1")
        link = {"pm_id": self.pm.id, "prdm_id": prdm.id, "reference": "L1"}
        self.net.make("oiconnect.pm.link", **link)
        self.net.cable(self.pm)
        for call in (
            lambda: self.net.pm(),
            lambda: self.net.pbo(self.pm, "PBO-99-001-001-0001"),
            lambda: self.net.building("IMB/99001/X/0001"),
            lambda: self.net.pto(self.building, "ZZ-0000-0001"),
            lambda: self.net.make("oiconnect.prdm", reference="PRDM-1"),
            lambda: self.net.make("oiconnect.pm.link", **link),
            lambda: self.net.cable(self.pm),
        ):
            self.assertRefused(UniqueViolation, call)

    def test_two_networks_may_use_the_same_reference(self):
        other = Network(self.env, "T98")
        self.assertTrue(other.pm())

    def test_the_message_says_what_is_double(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation) as caught:
            self.net.pm()
        message = self.pm._sql_error_to_message(caught.exception)
        self.assertIn("A PM with this reference exists on the network", message)

    def test_spaces_around_a_reference_do_not_make_another_one(self):
        self.assertRefused(UniqueViolation, lambda: self.net.pm("  OICN-99001-0001  "))

    def test_a_pasted_text_stays_on_one_line(self):
        building = self.net.building("IMB/1", street_name="\tDES\r\nTILLEULS\x1f\n")
        self.assertEqual(building.street_name, "DES TILLEULS")

    def test_a_pasted_text_keeps_its_lines_and_no_control_character(self):
        self.pm.comment = "Voir\x0b le plan :\n\tpage 2\x9d"
        self.assertEqual(self.pm.comment, "Voir  le plan :\n\tpage 2 ")

    def test_a_reference_is_never_cut(self):
        with self.assertRaisesRegex(ValidationError, "21 characters"):
            self.net.pm("OICN-99001-0001-ABCDE")

    def test_a_building_without_identifier_is_known_by_its_address(self):
        columns = {"address_code": "990012AC10", "building_name": "BAT A"}
        building = self.net.building(False, **columns)
        self.assertRefused(UniqueViolation, lambda: self.net.building(" ", **columns))
        other = self.net.building(False, address_code="990012AC10")
        self.assertEqual(building.display_name, "BAT A")
        self.assertEqual(other.display_name, "990012AC10")

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def test_orders_are_not_answered_before_they_are_accepted(self):
        self.building.write(
            {
                "order_acceptance_date": date(2025, 5, 15),
                "order_report_date": date(2025, 5, 15),
            }
        )
        self.assertRefused(
            CheckViolation,
            lambda: self.building.write({"order_report_date": date(2025, 5, 14)}),
        )

    def test_numbers_are_not_negative(self):
        for record, column in (
            (self.building, "dwelling_count"),
            (self.building, "line_length_km"),
            (self.pm, "max_capacity"),
            (self.pm, "riser_count"),
        ):
            self.assertRefused(
                CheckViolation, lambda r=record, c=column: r.write({c: -1})
            )

    def test_a_link_has_no_more_used_fibres_than_fibres(self):
        link = self.net.make(
            "oiconnect.pm.link",
            reference="L1",
            pm_id=self.pm.id,
            prdm_id=self.net.make("oiconnect.prdm", reference="PRDM-1").id,
            capacity=36,
            used_fibre_count=12,
        )
        self.assertEqual(link.free_fibre_count, 24)
        self.assertRefused(CheckViolation, lambda: link.write({"used_fibre_count": 37}))

    def test_the_siret_of_the_manager_is_checked(self):
        self.building.manager_siret = "73282932000074"
        with self.assertRaisesRegex(ValidationError, "73282932000075"):
            self.building.manager_siret = "73282932000075"

    def test_one_level_per_floor_of_a_staircase(self):
        level = {"building_id": self.building.id, "floor": "2"}
        levels = self.env["oiconnect.building.level"]
        first = levels.create(level)
        levels.create(level | {"staircase": "A"})
        self.assertEqual(first.network_id, self.net.network)
        self.assertEqual(first.display_name, "2")
        self.assertRefused(UniqueViolation, lambda: levels.create(level))

    def test_a_pto_has_one_to_four_connectors(self):
        pto = self.net.pto(self.building, "ZZ-0000-0001")
        self.assertEqual(pto.connector_count, 4)
        for number in (0, 5):
            self.assertRefused(
                CheckViolation, lambda n=number: pto.write({"connector_count": n})
            )

    def test_modules_and_positions_are_unique_where_they_are(self):
        module = self.net.module(self.pm)
        position = {"module_id": module.id, "name": "D7"}
        self.env["oiconnect.pm.position"].create(position)
        self.assertRefused(UniqueViolation, lambda: self.net.module(self.pm))
        self.assertRefused(
            UniqueViolation,
            lambda: self.env["oiconnect.pm.position"].create(position),
        )

    def test_a_copied_pm_starts_as_planned(self):
        self.pm.write({"state": "deployed", "first_delivery_date": date(2025, 3, 20)})
        copy = self.pm.copy({"reference": "OICN-99001-0002"})
        self.assertEqual(copy.state, "planned")
        self.assertFalse(copy.first_delivery_date)

    # ------------------------------------------------------------------
    # Neighbours
    # ------------------------------------------------------------------

    def test_what_is_in_use_is_not_deleted(self):
        pto = self.net.pto(self.building, "ZZ-0000-0001", pbo_id=self.pbo.id)
        route = self.net.routes(self.pbo, 1)
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-1")
        self.pm.prdm_id = prdm
        for record, user in (
            (self.pm, "IMB/99001/X/0001"),
            (self.building, "ZZ-0000-0001"),
            (self.pbo, "CB-PBO-99-001-001-0001 / 1 / 1"),
            (prdm, "OICN-99001-0001"),
            (route.module_id, "P1"),
            (route.position_id, "P1"),
            (route.fibre_id, "P1"),
            (route.cable_id, "P1"),
        ):
            with (
                self.subTest(record.display_name),
                self.assertRaisesRegex(UserError, user),
            ):
                record.unlink()
        route.unlink()
        pto.unlink()
        self.building.unlink()
        self.assertFalse(self.building.exists())

    def test_deleting_several_names_one_that_is_used(self):
        other = self.net.pm("OICN-99001-0002")
        with self.assertRaisesRegex(
            UserError,
            "OICN-99001-0001 cannot be deleted, it is used by "
            r"1 Buildings \(IMB/99001/X/0001\); 1 PBOs \(PBO-99-001-001-0001\)",
        ):
            (other | self.pm).unlink()

    def test_some_names_of_many_users_are_enough(self):
        for rank in range(2, 6):
            self.net.building(f"IMB/99001/X/000{rank}", pm_id=self.pm.id)
        with self.assertRaisesRegex(UserError, r"5 Buildings \(.*X/0003, …\)"):
            self.pm.unlink()

    def test_types_in_use_are_archived_not_deleted(self):
        facade = self.env.ref("oiconnect_infra.pbo_type_facade")
        riser = self.env.ref("oiconnect_infra.pbo_connection_type_riser")
        self.pbo.type_id = facade
        self.building.connection_type_id = riser
        for record, user in ((facade, "PBO-99"), (riser, "IMB/99001")):
            with self.assertRaisesRegex(UserError, user):
                record.unlink()
        facade.active = False
        self.assertEqual(self.pbo.type_id, facade)

    def test_levels_in_use_are_not_deleted(self):
        level = self.env["oiconnect.building.level"].create(
            {"building_id": self.building.id, "floor": "1", "pbo_id": self.pbo.id}
        )
        with self.assertRaisesRegex(UserError, "1 Levels"):
            self.pbo.unlink()
        self.net.pto(self.building, "ZZ-0000-0001", level_id=level.id)
        with self.assertRaisesRegex(UserError, "ZZ-0000-0001"):
            level.unlink()

    def test_neighbours_are_on_the_same_network(self):
        other = Network(self.env, "T98")
        with self.assertRaisesRegex(ValidationError, "one network"):
            other.building("IMB/1", pm_id=self.pm.id)
        with self.assertRaisesRegex(ValidationError, "one network"):
            self.building.pm_id = other.pm()

    def test_an_object_keeps_its_network(self):
        other = Network(self.env, "T98")
        self.pm.network_id = self.pm.network_id
        with self.assertRaisesRegex(UserError, "OICN-99001-0001"):
            self.pm.network_id = other.network

    def test_numbers_of_neighbours(self):
        self.net.pto(self.building, "ZZ-0000-0001", pbo_id=self.pbo.id)
        self.pbo.building_ids = self.building
        self.net.routes(self.pbo, 3)
        other = self.net.pm("OICN-99001-0002")
        pms = self.pm | other
        self.assertEqual(pms.mapped("building_count"), [1, 0])
        self.assertEqual(pms.mapped("route_count"), [3, 0])
        self.assertEqual(self.pbo.building_count, 1)
        self.assertEqual(self.pbo.pto_count, 1)
        self.assertEqual(self.pbo.capacity_free, 3)
        self.assertEqual(self.building.pbo_count, 1)

    def test_a_number_opens_the_list_that_it_counts(self):
        self.pbo.building_ids = self.building
        for record, relation in (
            (self.pm, "building_ids"),
            (self.pbo, "building_ids"),
            (self.building, "pbo_ids"),
        ):
            action = record.with_context(neighbours=relation).action_view_neighbours()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, record[relation])
            self.assertEqual(action["view_mode"], "list,form")

    def test_a_record_added_from_a_list_of_neighbours_is_one_of_them(self):
        action = self.pm.with_context(
            neighbours="building_ids"
        ).action_view_neighbours()
        with Form(
            self.env["oiconnect.building"].with_context(**action["context"])
        ) as form:
            form.identifier = "IMB/99001/X/0002"
            form.network_id = self.net.network
        self.assertIn("IMB/99001/X/0002", self.pm.building_ids.mapped("identifier"))

    def test_forms_fill_what_they_can(self):
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-1")
        self.pm.prdm_id = prdm
        level = self.env["oiconnect.building.level"].create(
            {"building_id": self.building.id, "floor": "1", "pbo_id": self.pbo.id}
        )
        with Form(self.env["oiconnect.pm.link"]) as form:
            form.reference = "L1"
            form.network_id = self.net.network
            form.pm_id = self.pm
            self.assertEqual(form.prdm_id, prdm)
        with Form(self.env["oiconnect.pto"]) as form:
            form.reference = "ZZ-0000-0002"
            form.network_id = self.net.network
            form.building_id = self.building
            form.level_id = level
            self.assertEqual(form.pbo_id, self.pbo)
