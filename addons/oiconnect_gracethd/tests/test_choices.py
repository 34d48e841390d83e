import math

from odoo.exceptions import ValidationError

from .cases import made
from .common import GracethdCase
from .delivery_files import delivery_zip
from .networks import X, Y, network_2, network_3, square


class TestChoices(GracethdCase):
    """Choices that the standard leaves open are shown first, then applied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.env["oiconnect.operator"].create(
            {"name": "Opérateur", "interop_code": "OCGC", "arcep_code": "OCGC"}
        )

    def _run(self, tables, dry_run=False, **values):
        values["network_id"] = self.network.id
        record = self._upload(tables, user=self.env.user, **values)
        return self._worked(record, "action_check" if dry_run else "action_start")

    # -- what each choice would give --------------------------------------------------

    def test_the_check_shows_what_each_choice_gives(self):
        changes = {"t_position": {3: {"ps_preaff": "SF1"}}}
        record = self._run(made(network_2, changes), dry_run=True)
        self.assertEqual(record.state, "checked", record.message)
        shown = record.gracethd_examples
        self.assertEqual(
            shown["gracethd_module"],
            {
                "drawer": {"count": 1, "examples": ["TI1"]},
                "tray": {"count": 1, "examples": ["TI1 / 1"]},
            },
        )
        self.assertEqual(
            shown["gracethd_prdm"]["yes"], {"count": 1, "examples": ["ZN1"]}
        )
        self.assertEqual(
            shown["gracethd_outlines"]["yes"],
            {"count": 1, "examples": ["PM-99001-0001"]},
        )
        self.assertEqual(
            shown["gracethd_preassigned"]["reserved"],
            {"count": 1, "examples": ["SF1"]},
        )
        lines = record.gracethd_choices.split("\n")
        self.assertIn("Modules of a PM, Each tray of a drawer: 1. TI1 / 1", lines)
        self.assertIn("One PRDM for each NRO, Yes: 1. ZN1", lines)

    def test_what_is_shown_is_what_is_created(self):
        checked = self._run(network_2(), dry_run=True)
        for choice, names in (("drawer", ["TI1"]), ("tray", ["TI1 / 1"])):
            self.network = self._make_network(f"GTM_{choice.upper()[:2]}")
            self._run(network_2(), gracethd_module=choice)
            modules = self._own("pm.module")
            self.assertEqual(modules.mapped("name"), names)
            shown = checked.gracethd_examples["gracethd_module"][choice]
            self.assertEqual((shown["count"], shown["examples"]), (1, names))

    # -- references -------------------------------------------------------------------

    def test_the_column_that_looks_like_references_is_proposed(self):
        """External codes are numbers, labels are references: labels are taken."""
        changes = {
            "t_ebp": {
                0: {"bp_codeext": "4711", "bp_etiquet": "PBO-A"},
                1: {"bp_codeext": "815", "bp_etiquet": "ZT-0000-0001"},
            },
            "t_cable": {0: {"cb_codeext": "12", "cb_etiquet": "DI-01"}},
        }
        tables = made(network_2, changes)
        checked = self._run(tables, dry_run=True)
        proposed = {
            (field, choice)
            for field, choices in checked.gracethd_examples.items()
            for choice, found in choices.items()
            if found.get("is_proposed")
        }
        self.assertEqual(
            proposed,
            {
                ("gracethd_reference", "etiquet"),
                ("gracethd_pto", "etiquet"),
                ("gracethd_cable", "etiquet"),
            },
        )
        [line] = [
            line
            for line in checked.gracethd_choices.split("\n")
            if "(cb_etiquet)" in line
        ]
        self.assertIn("DI-01", line)
        self.assertTrue(line.endswith("(proposed)"), line)
        self._run(tables)
        self.assertEqual(self._own("pbo").mapped("reference"), ["PBO-A"])
        self.assertEqual(self._own("pto").mapped("reference"), ["ZT-0000-0001"])
        self.assertIn("DI-01", self._own("pbo.cable").mapped("reference"))

    # -- pre-assigned routes ----------------------------------------------------------

    def test_preassigned_routes_stay_free_or_are_reserved(self):
        tables = made(network_2, {"t_position": {3: {"ps_preaff": "SF1"}}})
        with self.assertRaises(ValidationError):
            self._run(tables, dry_run=True, gracethd_preassigned="reserved")
        self._run(tables)
        self.assertEqual(set(self._own("route").mapped("state")), {"free"})
        self.network = self._make_network("GTC_02")
        values = {
            "gracethd_preassigned": "reserved",
            "gracethd_operator_id": self.operator.id,
        }
        self._run(tables, **values)
        routes = self._own("route")
        self.assertEqual(sorted(routes.mapped("state")), ["free", "reserved"])
        self.assertEqual(routes.operator_id, self.operator)
        # People decide afterwards: the next delivery takes nothing back.
        routes.write({"state": "free", "operator_id": False})
        self._run(tables, **values)
        self.env.invalidate_all()
        self.assertEqual(set(self._own("route").mapped("state")), {"free"})

    # -- outlines ---------------------------------------------------------------------

    def test_zones_of_a_delivery_become_those_of_the_pms(self):
        record = self._run(network_2())
        [zone] = self._own("zone")
        self.assertEqual(zone.source, "imported")
        # 210 m of a side, at the place of the PM
        metres = 111_320 * math.cos(math.radians(zone.south))
        self.assertAlmostEqual((zone.east - zone.west) * metres, 210, delta=5)
        self.assertAlmostEqual(zone.south, zone.pm_id.latitude, delta=0.001)
        counts = {item.model: item for item in record.count_ids}
        self.assertEqual(counts["oiconnect.zone"].created, 1)
        self.assertEqual(zone.change_ids.mapped("reason"), ["livraison.zip"])
        record = self._run(network_2())
        counts = {item.model: item for item in record.count_ids}
        self.assertEqual(counts["oiconnect.zone"].unchanged, 1)
        larger = made(network_2, {"t_zsro": {0: {"geom": square(250)}}})
        width = zone.east - zone.west
        self._run(larger)
        self.assertGreater(zone.east - zone.west, width)
        # What people drew, they keep.
        self.env["oiconnect.zone"]._save_drawn(zone.pm_id.id, zone.geometry)
        before = zone.geometry
        self._run(network_2())
        self.assertEqual((zone.geometry, zone.source), (before, "drawn"))

    def test_zones_are_left_when_they_are_not_wanted(self):
        self._run(network_2(), gracethd_outlines=False)
        self.assertFalse(self._own("zone"))

    def test_a_zone_that_is_no_surface_is_reported(self):
        flat = [[(X, Y), (X + 9, Y), (X + 20, Y), (X, Y)]]
        record = self._run(made(network_2, {"t_zsro": {0: {"geom": flat}}}))
        self.assertIn("apply_bad_outline", record.error_ids.mapped("message_key"))
        self.assertFalse(self._own("zone"))

    # -- NRO of a splice box ----------------------------------------------------------

    def test_the_nro_of_a_box_is_that_of_its_node(self):
        changes = {
            "t_znro": [{"zn_code": "ZN2", "zn_nroref": "NRO2", "zn_nd_code": "ND3"}],
            "t_noeud": [{"nd_code": "ND4", "nd_r2_code": "NRO2", "geom": (X + 50, Y)}],
            "t_ptech": [{"pt_code": "PT2", "pt_nd_code": "ND4"}],
            "t_ebp": [
                {
                    "bp_code": "BP3",
                    "bp_codeext": "BPE-1",
                    "bp_pt_code": "PT2",
                    "bp_typelog": "BPE",
                }
            ],
        }
        self._run(made(network_2, changes))
        [box] = self._own("splice.box")
        self.assertEqual(box.nro_id.reference, "NRO2")

    # -- the wrong delivery -----------------------------------------------------------

    def test_the_same_delivery_and_another_network_are_reported(self):
        content = delivery_zip(network_3())
        first = self._run(content)
        self.assertFalse(first.gracethd_notice)
        again = self._run(content, dry_run=True)
        self.assertIn("This very delivery was imported on", again.gracethd_notice)
        self.network = self._make_network("GTC_03")
        other = self._run(content, dry_run=True)
        self.assertIn("into the network GT_01", other.gracethd_notice)
        self.assertIn("another network has: 1.", other.gracethd_notice)

    def test_places_out_of_their_territory_are_reported(self):
        places = (4e6, 2e6), (math.inf, math.nan), (2.35, 48.86), (1e300, -1e300)
        lost = [
            {"nd_code": f"ND{rank}", "geom": place}
            for rank, place in enumerate(places, 4)
        ]
        record = self._run(made(network_2, {"t_noeud": lost}), dry_run=True)
        self.assertEqual(record.state, "checked", record.message)
        errors = record.error_ids.filtered(
            lambda item: item.message_key == "place_absurd"
        )
        places = {(error.table_name, error.line) for error in errors}
        self.assertEqual(places, {("t_noeud", rank) for rank in (4, 5, 6, 7)})
        for error in errors:
            self.assertIn("EPSG 2154", error.message)
            self.assertFalse(error.latitude, "the map shows where the others are")
        # An area, a line and all points
        lost = [(math.nan, math.inf), (X, Y)]
        changes = {
            "t_cableline": {0: {"geom": lost}},
            "t_zsro": {0: {"geom": [[*lost, (X, Y + 9), lost[0]]]}},
            "t_noeud": {rank: {"geom": (rank, 48.5)} for rank in range(3)},
        }
        record = self._run(made(network_2, changes), dry_run=True)
        self.assertEqual(record.state, "checked", record.message)
        keys = set(record.error_ids.mapped("message_key"))
        self.assertLessEqual({"place_absurd", "all_places_absurd"}, keys)
