from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import InfraCase


class BulkCase(InfraCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cable = cls.net.cable(cls.pm)
        cls.module = cls.net.module(cls.pm)
        cls.other_pbo = cls.net.pbo(cls.pm, "PBO-99-001-001-0002")
        cls.user = new_test_user(cls.env, "planner", "oiconnect_base.group_infra_user")
        cls.manager = new_test_user(
            cls.env, "chief", "oiconnect_base.group_infra_manager"
        )

    def wizard(self, model, user=None, **values):
        return self.env[model].with_user(user or self.user).create(values)

    def refused(self, wizard, *words):
        """The tool says what stands in the way, before and when it is applied."""
        for word in words:
            self.assertIn(word, wizard.conflict)
            with self.assertRaisesRegex(UserError, word):
                wizard.action_apply()
        self.assertFalse(wizard.preview)

    def batch(self, wizard):
        return self.env["oiconnect.change"].search(
            [("batch", "=", f"{wizard._name.removeprefix('oiconnect.')}:{wizard.id}")],
            order="id",
        )


@tagged("post_install", "-at_install")
class TestCableFibres(BulkCase):
    """The tubes and fibres of a cable, made at once."""

    def generate(self, **values):
        return self.wizard("oiconnect.cable.fibres", cable_id=self.cable.id, **values)

    def test_twelve_tubes_of_twelve_colours(self):
        wizard = self.generate(reason="Chantier 42")
        self.assertIn("144", wizard.preview)
        self.assertIn("ROUGE", wizard.preview)
        wizard.action_apply()
        fibres = self.cable.fibre_ids.sorted("sequence")
        self.assertEqual(len(fibres), 144)
        self.assertEqual((fibres[0].tube, fibres[0].fibre), ("ROUGE", "ROUGE"))
        self.assertEqual((fibres[12].tube, fibres[12].fibre), ("BLEU", "ROUGE"))
        self.assertEqual((self.cable.tube_count, self.cable.fibres_per_tube), (12, 12))
        lines = self.batch(wizard)
        created = lines.filtered(lambda line: line.res_model == "oiconnect.pbo.fibre")
        self.assertEqual(set(created.mapped("res_id")), set(fibres.ids))
        self.assertEqual(set(lines.mapped("reason")), {"Chantier 42"})
        self.assertEqual(lines.user_id, self.user)

    def test_by_numbers_and_given_to_pbos_by_ranges(self):
        with Form(
            self.env["oiconnect.cable.fibres"].with_context(
                default_cable_id=self.cable.id
            )
        ) as form:
            form.tube_count = 2
            form.fibres_per_tube = 6
            form.tube_naming = form.fibre_naming = "number"
            for first, last, pbo in ((1, 5, self.pbo), (7, 12, self.other_pbo)):
                with form.range_ids.new() as line:
                    line.first, line.last, line.pbo_id = first, last, pbo
            self.assertIn("PBO-99-001-001-0002", form.preview)
        form.record.action_apply()
        ends = [
            (fibre.tube, fibre.fibre, fibre.pbo_id)
            for fibre in self.cable.fibre_ids.sorted("sequence")
        ]
        none = self.pbo.browse()
        self.assertEqual(ends[4:7], [("1", "5", self.pbo), ("1", "6", none),
                                     ("2", "1", self.other_pbo)])  # fmt: skip
        self.assertEqual(self.pbo.fibre_count, 5)
        self.assertEqual(self.other_pbo.capacity_bare, 6)

    def test_more_tubes_later(self):
        self.generate(tube_count=1, tube_naming="number").action_apply()
        self.cable.tube_count = 3
        self.generate(first_tube=2, tube_count=2, tube_naming="number").action_apply()
        self.assertEqual(
            self.cable.fibre_ids.sorted("sequence").mapped("tube")[::12],
            ["1", "2", "3"],
        )

    def test_all_conflicts_are_reported_at_once(self):
        self.generate(tube_count=1).action_apply()
        self.cable.tube_count = 2
        elsewhere = self.net.pbo(self.net.pm("OICN-99001-0002"), "PBO-AILLEURS")
        wizard = self.generate(
            tube_count=3,
            range_ids=[
                (0, 0, {"first": 1, "last": 99, "pbo_id": self.pbo.id}),
                (0, 0, {"first": 1, "last": 2, "pbo_id": elsewhere.id}),
            ],
        )
        self.refused(
            wizard,
            "ROUGE / ROUGE",
            "ROUGE / BLEU",
            "tubes: 2, fibres in each: 12",
            "1–99",
            "AILLEURS",
        )
        self.assertEqual(len(self.cable.fibre_ids), 12)

    def test_a_fibre_ends_at_one_pbo_only(self):
        wizard = self.generate(
            range_ids=[
                (0, 0, {"first": 1, "last": 6, "pbo_id": self.pbo.id}),
                (0, 0, {"first": 6, "last": 8, "pbo_id": self.other_pbo.id}),
            ]
        )
        self.refused(wizard, "Fibres 6 are given to two PBOs")

    def test_no_colour_is_made_up(self):
        self.refused(self.generate(tube_count=25), "colour table ends at number")

    def test_neither_nothing_nor_too_much(self):
        self.refused(self.generate(tube_count=0), "1 at least")
        self.refused(self.generate(tube_count=5000, fibres_per_tube=5000), "too many")

    def test_a_reader_generates_nothing(self):
        reader = new_test_user(self.env, "reader", "oiconnect_base.group_infra_read")
        with self.assertRaises(AccessError):
            self.wizard("oiconnect.cable.fibres", reader, cable_id=self.cable.id)


@tagged("post_install", "-at_install")
class TestModulePositions(BulkCase):
    """The positions of a module, with the cable behind and the routes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fibres = cls.env["oiconnect.pbo.fibre"].create(
            [
                {
                    "cable_id": cls.cable.id,
                    "tube": "1",
                    "fibre": str(rank),
                    "sequence": rank,
                    "pbo_id": cls.pbo.id,
                }
                for rank in range(1, 13)
            ]
        )

    def generate(self, **values):
        return self.wizard(
            "oiconnect.module.positions", module_id=self.module.id, **values
        )

    def test_names_by_a_pattern(self):
        wizard = self.generate(count=3, first_number=9, pattern="A{nn}")
        self.assertIn("A09, A10, A11", wizard.preview)
        wizard.action_apply()
        self.assertEqual(self.module.position_ids.mapped("name"), ["A09", "A10", "A11"])
        self.assertEqual(len(self.batch(wizard)), 3)

    def test_on_the_fibres_of_a_cable_with_their_routes(self):
        wizard = self.generate(
            count=6, cable_id=self.cable.id, first_fibre=7, with_routes=True
        )
        self.assertIn("1 / 7", wizard.preview)
        wizard.action_apply()
        routes = self.module.route_ids
        self.assertEqual(routes.fibre_id, self.fibres[6:])
        self.assertEqual(routes.mapped("state"), ["free"] * 6)
        self.assertEqual(routes.pbo_id, self.pbo)
        self.assertEqual(
            {(route.position_name, route.module_fibre) for route in routes},
            {(f"D{rank}", str(rank + 6)) for rank in range(1, 7)},
        )
        self.assertEqual((self.pbo.capacity_free, self.pbo.capacity_bare), (6, 6))
        self.assertEqual(len(self.batch(wizard)), 12)

    def test_what_is_there_is_named(self):
        self.generate(count=2, cable_id=self.cable.id, with_routes=True).action_apply()
        wizard = self.generate(count=3, cable_id=self.cable.id, with_routes=True)
        self.refused(wizard, "D1, D2", r"1 / 1", "Optical routes are on these fibres")
        self.assertEqual(len(self.module.position_ids), 2)

    def test_not_more_than_the_cable_has(self):
        wizard = self.generate(count=6, cable_id=self.cable.id, first_fibre=10)
        self.refused(wizard, "from number 10 on: 3")

    def test_not_on_the_cable_of_another_pm(self):
        cable = self.net.cable(self.net.pm("OICN-99001-0002"), "CB-AILLEURS")
        self.refused(self.generate(cable_id=cable.id), "CB-AILLEURS is not at PM")

    def test_one_name_for_all_is_refused(self):
        self.refused(self.generate(pattern="TIROIR"), "same name")
        self.refused(self.generate(count=0), "1 to 5000")
        self.refused(self.generate(with_routes=True), "Choose the cable")


@tagged("post_install", "-at_install")
class TestBulkRange(BulkCase):
    """Ranges of fibres change of PBO, or go, unless somebody needs them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.routes = cls.net.routes(cls.pbo, 4, cls.cable, cls.module)
        cls.fibres = cls.routes.fibre_id.sorted()

    def range(self, first, last, user=None, **values):
        values = {"cable_id": self.cable.id} | values
        return self.wizard(
            "oiconnect.bulk.range", user, first=first, last=last, **values
        )

    def test_a_range_moves_to_another_pbo(self):
        wizard = self.range(2, 3, pbo_id=self.other_pbo.id, reason="PBO déplacé")
        self.assertIn(self.fibres[1].display_name, wizard.preview)
        wizard.action_apply()
        self.assertEqual(self.routes.pbo_id, self.pbo | self.other_pbo)
        self.assertEqual(self.other_pbo.capacity_free, 2)
        lines = self.batch(wizard)
        self.assertEqual(lines.mapped("field"), ["pbo_id", "pbo_id"])
        self.assertEqual(set(lines.mapped("before")), {self.pbo.reference})
        self.assertEqual(set(lines.mapped("after")), {self.other_pbo.reference})

    def test_not_under_the_feet_of_a_customer(self):
        self.routes[1].write({"state": "used", "operator_id": self.ocaa.id})
        wizard = self.range(1, 4, pbo_id=self.other_pbo.id)
        self.refused(wizard, self.fibres[1].display_name)
        self.assertNotIn(self.fibres[0].display_name, wizard.conflict)
        self.assertEqual(self.fibres.pbo_id, self.pbo)

    def test_a_deleted_range_names_each_fibre_in_use(self):
        bare = self.env["oiconnect.pbo.fibre"].create(
            {"cable_id": self.cable.id, "tube": "9", "fibre": "1", "sequence": 99}
        )
        wizard = self.range(1, 5, self.manager, operation="delete")
        self.refused(wizard, *self.fibres.mapped("display_name"))
        self.assertNotIn(bare.display_name, wizard.conflict)
        wizard = self.range(5, 5, self.manager, operation="delete")
        wizard.action_apply()
        self.assertFalse(bare.exists())
        line = self.batch(wizard)
        self.assertEqual((line.kind, line.snapshot["tube"]), ("unlink", "9"))

    def test_positions_without_a_route_go_as_well(self):
        self.routes[2:].unlink()
        wizard = self.range(
            3, 4, self.manager, cable_id=False, module_id=self.module.id,
            operation="delete",
        )  # fmt: skip
        wizard.action_apply()
        self.assertEqual(self.module.position_ids.mapped("name"), ["P1", "P2"])
        wizard = self.range(
            1, 2, self.manager, cable_id=False, module_id=self.module.id,
            operation="delete",
        )  # fmt: skip
        self.refused(wizard, "P1", "P2")

    def test_a_fibre_behind_a_position_stays(self):
        self.routes.unlink()
        wizard = self.range(1, 1, self.manager, operation="delete")
        self.refused(wizard, self.fibres[0].display_name)

    def test_only_managers_delete(self):
        wizard = self.range(1, 1, operation="delete")
        self.refused(wizard, "Only a manager")

    def test_ranges_that_are_none(self):
        self.refused(self.range(3, 2), "first and the last")
        self.refused(self.range(1, 99), "only 4 from number 1")
        elsewhere = self.net.pbo(self.net.pm("OICN-99001-0002"), "PBO-AILLEURS")
        self.refused(self.range(1, 1, pbo_id=elsewhere.id), "PBO-AILLEURS")
