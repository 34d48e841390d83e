from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import InfraCase, Network


@tagged("post_install", "-at_install")
class TestRoute(InfraCase):
    """A route is one fibre: each end is used once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route, cls.other = cls.net.routes(cls.pbo, 2)
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001", pbo_id=cls.pbo.id)

    def assertRefused(self, error, record, vals):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.cr.savepoint(),
        ):
            record.write(vals)
            self.env.flush_all()
        self.env.invalidate_all(flush=False)

    def test_a_route_shows_its_two_ends(self):
        route = self.route
        self.assertEqual(
            route.name, "OICN-99001-0001 / TIROIR PBO-99-001-001-0001 / P1"
        )
        self.assertEqual(route.network_id, self.net.network)
        self.assertEqual(route.company_id, self.net.network.company_id)
        self.assertEqual(route.pm_id, self.pm)
        self.assertEqual(route.pbo_id, self.pbo)
        self.assertEqual(route.position_name, "P1")
        self.assertEqual(route.module_cable_id.reference, "CB-PBO-99-001-001-0001")
        self.assertEqual((route.module_tube, route.module_fibre), ("1", "1"))
        self.assertEqual((route.tube, route.fibre), ("1", "1"))
        self.assertEqual(route.state, "free")

    def test_it_follows_its_ends(self):
        pbo = self.net.pbo(self.pm, "PBO-2")
        self.route.fibre_id.write({"tube": "VERT", "pbo_id": pbo.id})
        self.route.position_id.write({"name": "D7", "fibre": "VIOLET"})
        self.assertEqual(self.route.tube, "VERT")
        self.assertEqual(self.route.pbo_id, pbo)
        self.assertEqual(self.route.position_name, "D7")
        self.assertEqual(self.route.module_fibre, "VIOLET")

    def test_it_is_in_the_building_of_its_pto(self):
        self.route.write({"pto_id": self.pto.id, "connector_number": 1})
        self.assertEqual(self.route.building_id, self.building)
        self.assertEqual(self.building.route_ids, self.route)
        self.route.write({"pto_id": False})
        self.assertFalse(self.route.building_id)

    def test_the_number_of_the_connector_gives_its_colour(self):
        self.route.write({"pto_id": self.pto.id, "connector_number": 1})
        self.assertEqual(self.route.connector_colour, "ROUGE")
        self.route.connector_number = 3
        self.assertEqual(self.route.connector_colour, "VERT")
        self.route.write({"connector_number": False})
        self.assertFalse(self.route.connector_colour)

    def test_a_position_a_fibre_and_a_connector_are_used_once(self):
        wired = {"pto_id": self.pto.id, "connector_number": 1}
        self.route.write(wired)
        self.assertRefused(
            UniqueViolation, self.other, {"position_id": self.route.position_id.id}
        )
        self.assertRefused(
            UniqueViolation, self.other, {"fibre_id": self.route.fibre_id.id}
        )
        self.assertRefused(UniqueViolation, self.other, wired)
        self.other.write(wired | {"connector_number": 2})
        self.assertEqual(self.pto.route_count, 2)

    def test_a_wired_route_is_on_a_connector_that_exists(self):
        for number in (0, 5):
            self.assertRefused(
                CheckViolation,
                self.route,
                {"pto_id": self.pto.id, "connector_number": number},
            )

    def test_holder_and_state_agree(self):
        self.assertRefused(CheckViolation, self.route, {"operator_id": self.ocaa.id})
        for state in ("reserved", "used"):
            self.assertRefused(CheckViolation, self.route, {"state": state})
        self.route.write({"state": "used", "operator_id": self.ocaa.id})
        self.route.write({"state": "out_of_service"})
        self.assertEqual(self.route.operator_id, self.ocaa)

    def test_it_stays_at_one_pm(self):
        far = self.net.pm("OICN-99001-0002")
        cable = self.net.cable(far, "CB-FAR")
        fibre = self.env["oiconnect.pbo.fibre"].create(
            {"cable_id": cable.id, "tube": "1", "fibre": "1"}
        )
        with self.assertRaisesRegex(ValidationError, "OICN-99001-0002"):
            self.route.fibre_id = fibre

    def test_its_module_and_its_cable_do_not_leave_the_pm_alone(self):
        far = self.net.pm("OICN-99001-0002")
        for part in (self.route.module_id, self.route.cable_id):
            with self.assertRaisesRegex(ValidationError, "OICN-99001-0002"):
                part.pm_id = far
            self.env.invalidate_all(flush=False)

    def test_it_stays_on_one_network(self):
        elsewhere = Network(self.env, "T98")
        pto = elsewhere.pto(elsewhere.building("IMB/1"), "ZZ-0000-0009")
        with self.assertRaisesRegex(ValidationError, "one network"):
            self.route.write({"pto_id": pto.id, "connector_number": 1})

    def test_a_route_may_have_one_end_only(self):
        cable = self.net.cable(self.pm)
        fibre = self.env["oiconnect.pbo.fibre"].create(
            {"cable_id": cable.id, "tube": "2", "fibre": "5", "pbo_id": self.pbo.id}
        )
        route = self.env["oiconnect.route"].create({"fibre_id": fibre.id})
        self.assertEqual(route.name, "CB-99001-0042-03 / 2 / 5")
        self.assertEqual(route.pm_id, self.pm)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.net.make("oiconnect.route", name="nowhere", pm_id=self.pm.id)

    def test_typed_in_on_the_form(self):
        ends = {"position_id": self.other.position_id, "fibre_id": self.other.fibre_id}
        self.other.unlink()
        with Form(self.env["oiconnect.route"]) as form:
            for name, end in ends.items():
                form[name] = end
            self.assertEqual(form.pm_id, self.pm)
            self.assertEqual(form.pbo_id, self.pbo)
        self.assertEqual(
            form.record.name, "OICN-99001-0001 / TIROIR PBO-99-001-001-0001 / P2"
        )
        self.assertEqual(form.record.network_id, self.net.network)

    def test_a_given_name_is_preserved(self):
        cable = self.net.cable(self.pm)
        fibre = self.env["oiconnect.pbo.fibre"].create(
            {"cable_id": cable.id, "tube": "2", "fibre": "5"}
        )
        route = self.env["oiconnect.route"].create(
            {"fibre_id": fibre.id, "name": "RO-0001"}
        )
        self.assertEqual(route.name, "RO-0001")

    def test_names_of_the_parts(self):
        self.assertEqual(
            self.route.position_id.display_name, "TIROIR PBO-99-001-001-0001 / P1"
        )
        self.assertEqual(
            self.route.fibre_id.display_name, "CB-PBO-99-001-001-0001 / 1 / 1"
        )
