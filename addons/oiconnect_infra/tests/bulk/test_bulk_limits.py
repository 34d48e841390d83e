import base64
import json

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..wiring import Wiring
from ..zones.test_zone import ZoneCase, square
from .test_bulk_fibres import BulkCase


class LimitCase(BulkCase):
    """Tools in French: how far they go, and what they say beyond."""

    def wizard(self, model, user=None, **values):
        return super().wizard(model, user, **values).with_context(lang="fr_FR")

    def check_preview(self, wizard, conflict):
        """Check that the tool says ``conflict`` or, without one, what it will do."""
        if not conflict:
            self.assertFalse(wizard.conflict)
            self.assertTrue(wizard.preview)
            return
        self.assertIn(conflict, wizard.conflict)
        self.assertFalse(wizard.preview)


@tagged("post_install", "-at_install")
class TestBulkLimits(LimitCase):
    """The first value that is refused, and the last that is not."""

    def test_fibres_of_a_cable(self):
        pbo = {"pbo_id": self.pbo.id}
        for values, conflict in (
            ({"tube_count": 50, "fibres_per_tube": 100}, None),
            ({"tube_count": 1, "fibres_per_tube": 5001}, "générez-en 5000 au plus"),
            ({"first_tube": 0}, "1 au moins"),
            ({"fibres_per_tube": 0}, "1 au moins"),
            ({"range_ids": [Command.create({"first": 1, "last": 144, **pbo})]}, None),
            (
                {"range_ids": [Command.create({"first": 0, "last": 3, **pbo})]},
                "La plage 0–3 n’est pas dans 1–144",
            ),
            (
                {"range_ids": [Command.create({"first": 9, "last": 145, **pbo})]},
                "La plage 9–145 n’est pas dans 1–144",
            ),
            (
                {"range_ids": [Command.create({"first": 9, "last": 8, **pbo})]},
                "La plage 9–8 n’est pas dans 1–144",
            ),
        ):
            number = {"tube_naming": "number", "fibre_naming": "number"}
            wizard = self.wizard(
                "oiconnect.cable.fibres", cable_id=self.cable.id, **number, **values
            )
            with self.subTest(**values):
                self.check_preview(wizard, conflict)

    def test_a_cable_says_how_many_tubes_and_fibres_it_has(self):
        self.cable.write({"tube_count": 4, "fibres_per_tube": 6})
        wizard = self.wizard("oiconnect.cable.fibres", cable_id=self.cable.id)
        self.assertEqual((wizard.tube_count, wizard.fibres_per_tube), (4, 6))
        self.check_preview(wizard, None)
        for values in ({"first_tube": 2}, {"fibres_per_tube": 7}):
            wizard = self.wizard(
                "oiconnect.cable.fibres", cable_id=self.cable.id, **values
            )
            self.check_preview(wizard, "(tubes : 4, fibres dans chacun : 6)")

    def test_later_tubes_come_after_the_first_ones(self):
        wizard = self.wizard(
            "oiconnect.cable.fibres",
            cable_id=self.cable.id,
            first_tube=3,
            tube_count=2,
            fibres_per_tube=6,
        )
        wizard.action_apply()
        fibres = self.cable.fibre_ids.sorted("sequence")
        self.assertEqual(fibres.mapped("sequence"), list(range(13, 25)))
        self.assertEqual((self.cable.tube_count, self.cable.fibres_per_tube), (4, 6))

    def test_positions_of_a_module(self):
        self.env["oiconnect.pbo.fibre"].create(
            [
                {"cable_id": self.cable.id, "tube": "1", "fibre": str(rank)}
                for rank in range(1, 13)
            ]
        )
        on_cable = {"cable_id": self.cable.id}
        for values, conflict in (
            ({"count": 5000}, None),
            ({"count": 5001}, "Générez de 1 à 5000 positions"),
            ({"first_number": 0}, None),
            ({"first_number": -1}, "numérotées à partir de 0"),
            (on_cable | {"count": 12}, None),
            (on_cable | {"count": 13}, ": 12, alors"),
            (on_cable | {"count": 2, "first_fibre": 12}, ": 1, alors"),
            (on_cable | {"count": 2, "first_fibre": 0}, ": 0, alors"),
        ):
            wizard = self.wizard(
                "oiconnect.module.positions", module_id=self.module.id, **values
            )
            with self.subTest(**values):
                self.check_preview(wizard, conflict)

    def test_names_of_positions_have_the_digits_of_the_pattern(self):
        for pattern, names in (
            ("{n}", "9, 10"),
            ("T{nn}", "T09, T10"),
            ("T{nnn}/{n}", "T009/9, T010/10"),
        ):
            wizard = self.wizard(
                "oiconnect.module.positions",
                module_id=self.module.id,
                pattern=pattern,
                count=2,
                first_number=9,
            )
            with self.subTest(pattern):
                self.assertIn(names, wizard.preview)

    def test_many_names_are_replaced_by_their_number(self):
        for count, end in ((40, "D39, D40."), (41, "D40 et 1 de plus.")):
            wizard = self.wizard(
                "oiconnect.module.positions", module_id=self.module.id, count=count
            )
            self.assertTrue(wizard.preview.endswith(end), wizard.preview)

    def test_ranges_to_change(self):
        routes = self.net.routes(self.pbo, 4, self.cable, self.module)
        routes[0].write({"state": "reserved", "operator_id": self.ocaa.id})
        module = {"cable_id": False, "module_id": self.module.id}
        for values, conflict in (
            ({"first": 1, "last": 4, "pbo_id": self.pbo.id}, None),
            ({"first": 2, "last": 4}, None),
            ({"first": 1, "last": 1}, "Des opérateurs détiennent les routes"),
            ({"first": 4, "last": 5, "pbo_id": self.pbo.id}, "1"),
            ({"first": 0, "last": 2}, "premier"),
            ({"first": 1, "last": 2, **module}, "Seules les fibres d’un câble"),
        ):
            values = {"cable_id": self.cable.id} | values
            wizard = self.wizard("oiconnect.bulk.range", **values)
            with self.subTest(**values):
                self.check_preview(wizard, conflict)

    def test_fibres_are_taken_back_from_their_pbo(self):
        routes = self.net.routes(self.pbo, 3, self.cable, self.module)
        wizard = self.wizard(
            "oiconnect.bulk.range", cable_id=self.cable.id, first=2, last=3
        )
        self.assertIn("2 fibres aboutiront à aucun PBO", wizard.preview)
        wizard.action_apply()
        self.assertEqual(routes.fibre_id.mapped("pbo_id"), self.pbo)
        self.assertEqual(
            [bool(fibre.pbo_id) for fibre in routes.fibre_id.sorted()],
            [True, False, False],
        )

    def test_ptos_of_a_building(self):
        self.building.write(
            {
                "dwelling_count": 3,
                "pbo_ids": [Command.set((self.pbo | self.other_pbo).ids)],
            }
        )
        self.net.pto(self.building, "ZZ-0000-0001")
        for count, conflict in (
            (0, "Générez de 1 à 5000 références"),
            (2, None),
            (3, "Logements sans prise dans"),
        ):
            wizard = self.wizard(
                "oiconnect.pto.generation", building_id=self.building.id, count=count
            )
            with self.subTest(count):
                self.check_preview(wizard, conflict)
        wizard = self.wizard(
            "oiconnect.pto.generation", building_id=self.building.id, count=1
        )
        wizard.action_apply()
        self.assertEqual(self.building.pto_count, 2)
        self.assertFalse(self.building.pto_ids.pbo_id, "of two PBOs none is chosen")

    def test_levels_get_what_they_lack(self):
        self.building.dwelling_count = 5
        levels = self.env["oiconnect.building.level"].create(
            [
                {"building_id": self.building.id, "floor": floor, "dwelling_count": n}
                for floor, n in (("0", 1), ("1", 3))
            ]
        )
        for rank, level in enumerate(levels):
            self.net.pto(self.building, f"ZZ-0000-000{rank}", level_id=level.id)
        wizard = self.wizard(
            "oiconnect.pto.generation", building_id=self.building.id, by_level=True
        )
        self.assertEqual(wizard.count, 2)
        wizard.action_apply()
        self.assertEqual([len(level.pto_ids) for level in levels], [1, 3])


@tagged("post_install", "-at_install")
class TestSpliceLimits(BulkCase):
    """Ranges of splices as they are chosen, and splices undone from a cable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiring = Wiring(cls.env, "T94")
        cls.feeder = cls.wiring.strand_cable("CB-A", 160)
        cls.drop = cls.wiring.strand_cable("CB-B", 160)
        cls.far = cls.wiring.strand_cable("CB-C")

    def splicing(self, first, last, **values):
        wizards = self.env["oiconnect.splice.range"].with_context(lang="fr_FR")
        return wizards.create(
            {
                "upstream_cable_id": self.feeder.cable_id.id,
                "upstream_first_id": self.feeder[first].id,
                "upstream_last_id": self.feeder[last].id,
                "downstream_cable_id": self.drop.cable_id.id,
                "downstream_first_id": self.drop[first].id,
                **values,
            }
        )

    def test_without_a_last_fibre_as_many_are_taken_as_on_the_other_side(self):
        wizard = self.splicing(4, 6, box="BPE-12")
        self.assertEqual(wizard.pair_count, 3)
        wizard.action_splice()
        splices = self.feeder.lower_splice_ids
        self.assertEqual(splices.downstream_id, self.drop[4:7])
        self.assertEqual(splices.mapped("place"), ["BPE-12"] * 3)

    def test_what_is_refused_is_shown_beside_what_is_free(self):
        self.wiring.splice(self.feeder[5], self.drop[9])
        self.env.flush_all()
        wizard = self.splicing(4, 6, box="BPE-12")
        self.assertEqual((wizard.pair_count, wizard.problem_count), (3, 1))
        self.assertEqual(wizard.preview.count("text-danger"), 1)
        self.assertEqual(wizard.preview.count("libre"), 2)
        with self.assertRaisesRegex(UserError, "CB-A / ROUGE / 6"):
            wizard.action_splice()
        self.assertEqual(len(self.feeder.lower_splice_ids), 1)

    def test_what_is_refused_is_refused_by_a_server_that_has_just_started(self):
        """The words of the user's language are not in memory yet: they are fetched."""
        self.wiring.position("P1", self.drop[5])
        self.env.flush_all()
        splices = self.env["oiconnect.splice"]
        pairs = [(self.feeder[rank].id, self.drop[rank].id) for rank in (4, 5, 6)]
        self.registry.clear_all_caches()
        cold = splices.with_context(lang="fr_FR", cold=True)
        problems = cold._problems(pairs)
        self.assertEqual(list(problems), [pairs[1]])
        self.assertIn("TIROIR 09 / P1", problems[pairs[1]][0])

    def test_long_ranges_are_counted_and_shown_in_part(self):
        wizard = self.splicing(0, 149)
        self.assertEqual(wizard.pair_count, 150)
        self.assertEqual(wizard.preview.count("<tr"), 144)

    def test_the_cable_that_one_comes_from_is_chosen(self):
        cable = self.feeder.cable_id
        for model, chosen in (
            ("oiconnect.pbo.cable", cable),
            ("oiconnect.pbo", cable.browse()),
        ):
            wizards = self.env["oiconnect.splice.range"].with_context(
                active_model=model, active_id=cable.id
            )
            self.assertEqual(wizards.new({}).upstream_cable_id, chosen)

    def test_the_splices_of_a_cable_are_undone_on_both_its_sides(self):
        above = self.wiring.splice(self.feeder[0], self.drop[0])
        below = self.wiring.splice(self.drop[1], self.far[1])
        beside = self.wiring.splice(self.feeder[2], self.far[2])
        undo = self.env["oiconnect.splice.undo"]
        for model, ids, chosen in (
            ("oiconnect.pbo.cable", self.drop.cable_id.ids, above | below),
            ("oiconnect.splice", beside.ids, beside),
            ("oiconnect.pbo", beside.ids, beside.browse()),
        ):
            wizard = undo.with_context(active_model=model, active_ids=ids).create({})
            self.assertEqual((wizard.splice_ids, wizard.splice_count),
                             (chosen, len(chosen)))  # fmt: skip
        with self.assertRaisesRegex(UserError, "plus d'épissure à défaire"):
            wizard.with_context(lang="fr_FR").action_undo()
        wizard = undo.with_context(
            active_model="oiconnect.pbo.cable", active_ids=self.drop.cable_id.ids
        ).create({"reason": "Câble coupé"})
        wizard.action_undo()
        self.assertEqual((above | below | beside).exists(), beside)
        changes = self.env["oiconnect.change"].search(
            [("res_model", "=", "oiconnect.splice"), ("kind", "=", "unlink")], limit=2
        )
        self.assertEqual(set(changes.mapped("reason")), {"Câble coupé"})


@tagged("post_install", "-at_install")
class TestZoneFileLimits(ZoneCase):
    """Zones of a file, named as people name them."""

    def imported(self, properties, geometry=None, raw=None, **more):
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": geometry or square(46, 5),
        }
        content = {"type": "FeatureCollection", "features": [feature], **more}
        raw = raw or json.dumps(content).encode("utf-8-sig")
        wizard = self.env["oiconnect.zone.import"].with_context(lang="fr_FR")
        wizard = wizard.create(
            {"network_id": self.net.network.id, "file": base64.b64encode(raw)}
        )
        return wizard, wizard.action_import()

    def test_a_pm_is_named_by_the_first_usual_property(self):
        pm, other = self.pm.reference, self.other.reference
        for properties, found in (
            ({"ReferencePM": f" {pm} ", "pm": other}, self.pm),
            ({"ReferencePM": "", "reference_pm": pm}, self.pm),
            ({"reference": other, "pm": pm}, self.pm),
            ({"name": pm, "reference": other}, self.other),
        ):
            with self.subTest(**properties):
                _wizard, action = self.imported(properties)
                self.assertEqual(action["params"]["message"], "Zones importées : 1.")
                zones = self.zone() | self.zone(self.other)
                self.assertEqual(zones.pm_id, found)
                zones.unlink()

    def test_degrees_are_read_in_several_forms_and_rounded(self):
        reference = {"ReferencePM": self.pm.reference}
        for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"):
            self.imported(
                reference,
                square(46.12345678, 5, 1),
                crs={"type": "name", "properties": {"name": name}},
            )
            [ring] = self.zone().geometry["coordinates"]
            self.assertEqual(ring[0], [5, 46.123457])
            self.assertEqual(self.zone().source, "imported")

    def test_fifty_problems_are_all_reported(self):
        features = [{"type": "Feature", "properties": {}, "geometry": None}]
        for count, more in ((50, False), (51, "… autres problèmes : 1.")):
            content = {"type": "FeatureCollection", "features": features * count}
            wizard, _action = self.imported({}, raw=json.dumps(content).encode())
            lines = wizard.problems.split("\n")
            self.assertIn("50", lines[49])
            self.assertEqual(lines[50:], [more] if more else [])
