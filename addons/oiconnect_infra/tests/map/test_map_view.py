import json
import random
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...models.map import map_view
from ...models.map.kinds import KINDS as DECLARED
from ..map_common import HERE, KINDS, MapCase, placed


@tagged("post_install", "-at_install")
class TestMapView(MapCase):
    """View of a user when the map is moved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prdm = cls.net.make(
            "oiconnect.prdm", reference="PRDM-99001-0001", **placed(46.02, 5.23)
        )
        cls.pm.write(placed(46.01, 5.2) | {"prdm_id": cls.prdm.id, "state": "planned"})
        cls.link = cls.net.make(
            "oiconnect.pm.link",
            reference="LIEN-99001-0001",
            pm_id=cls.pm.id,
            prdm_id=cls.prdm.id,
        )
        cls.pbo.write(placed(46.0101, 5.2001))
        cls.building.write(placed(46.0102, 5.2002))

    def test_each_kind_is_where_it_is(self):
        found = self.view(zoom=16)
        points = found["points"]
        self.assertEqual(
            points["prdm"],
            [[self.prdm.id, 46.02, 5.23, "planned", "PRDM-99001-0001"]],
        )
        self.assertEqual(points["pm"][0][:3], [self.pm.id, 46.01, 5.2])
        self.assertEqual(
            points["pbo"],
            [[self.pbo.id, 46.0101, 5.2001, "none", "PBO-99-001-001-0001"]],
        )
        self.assertEqual(
            points["building"],
            [[self.building.id, 46.0102, 5.2002, "target", "IMB/99001/X/0001"]],
        )
        self.assertEqual(
            found["links"],
            [
                [
                    self.link.id,
                    [46.01, 5.2],
                    [46.02, 5.23],
                    "planned",
                    "LIEN-99001-0001",
                ]
            ],
        )
        self.assertEqual(
            found["totals"],
            {"prdm": 1, "pm": 1, "pbo": 1, "building": 1, "link": 1, "zone": 0},
        )
        self.assertEqual((found["clusters"], found["truncated"]), ([], False))

    def test_buildings_are_grouped_until_the_zoom_of_buildings(self):
        found = self.view(zoom=15, kinds=["building"])
        self.assertEqual(found["points"], {})
        self.assertEqual(
            found["clusters"], [[46.0102, 5.2002, 1, "building", {"target": 1}]]
        )
        self.env["ir.config_parameter"].set_param("oiconnect.map_building_zoom", "15")
        found = self.view(zoom=15, kinds=["building"])
        self.assertEqual(len(found["points"]["building"]), 1)

    def test_only_the_requested_kinds(self):
        found = self.view(kinds=["pm", "cat"])
        self.assertEqual(list(found["totals"]), ["pm"])
        self.assertEqual(list(found["points"]), ["pm"])

    def test_what_is_nowhere_is_not_on_the_map(self):
        self.building.write({"x": False, "y": False})
        self.assertEqual(self.view(kinds=["building"])["totals"], {"building": 0})
        world = self.view((-90, -180, 90, 180), 1, ["building"])
        self.assertEqual(world["totals"], {"building": 0})

    def test_too_many_points_are_clusters_and_never_cut(self):
        self.buildings([(46.0103, 5.2003 + rank / 1e5) for rank in range(12)])
        with patch.object(DECLARED["building"], "limit", 12):
            found = self.view(zoom=17, kinds=["building"])
        self.assertEqual(found["points"], {})
        self.assertEqual(sum(cluster[2] for cluster in found["clusters"]), 13)
        with patch.object(DECLARED["building"], "limit", 13):
            found = self.view(zoom=17, kinds=["building"])
        self.assertEqual(len(found["points"]["building"]), 13)

    def test_too_many_lines_are_reported(self):
        with patch.object(map_view, "MAX_LINKS", 0):
            found = self.view(kinds=["link"])
        self.assertEqual(found["links"], [])
        self.assertEqual(found["truncated"], ["link"])
        self.assertEqual(found["totals"], {"link": 1})

    def test_too_much_outline_is_reported(self):
        self.env["oiconnect.zone"]._follow_buildings(self.pm.ids)
        found = self.view(kinds=["zone"])
        self.assertEqual([zone[0] for zone in found["zones"]], [self.pm.id])
        with patch.object(map_view, "MAX_BYTES", 10):
            found = self.view(kinds=["zone"])
        self.assertEqual((found["zones"], found["truncated"]), ([], ["zone"]))

    def test_a_link_that_crosses_the_viewport_is_drawn(self):
        found = self.view((46.014, 5.214, 46.016, 5.216), 17, ["link", "pm"])
        self.assertEqual(found["totals"], {"link": 1, "pm": 0})

    def test_hostile_requests(self):
        for bounds, zoom, filters in (
            ((1, 2, 3), 5, {}),
            (("a", 2, 3, 4), 5, {}),
            (None, 5, {}),
            (HERE, "x", {}),
            (HERE, 5, {"pm_ids": ["a"]}),
            (HERE, 5, {"pm_ids": 3}),
            (HERE, 5, "pm"),
            ((float("nan"), 5, 46, 6), 5, {}),
            ((45, 5, float("inf"), 6), float("inf"), {}),
        ):
            with self.assertRaises(UserError):
                self.map._view(bounds, zoom, KINDS, filters)

    def test_a_state_that_is_text_of_sql_finds_nothing(self):
        found = self.view(kinds=["building"], building_states=["x') OR ('1'='1"])
        self.assertEqual(found["totals"], {"building": 0})

    # ------------------------------------------------------------------
    # Exact counts
    # ------------------------------------------------------------------

    def count(self, bounds, condition=""):
        south, west, north, east = bounds
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT count(*) FROM oiconnect_building
                    WHERE latitude <> 0 AND network_id = %(network)s
                      AND latitude >= %(south)s AND latitude < %(north)s
                      AND longitude >= %(west)s AND longitude < %(east)s %(more)s""",
                network=self.networks[0],
                south=south,
                north=north,
                west=west,
                east=east,
                more=SQL(condition),
            )
        )
        return self.env.cr.fetchone()[0]

    def test_clusters_add_up_to_the_buildings_of_the_box(self):
        chance = random.Random(7)
        buildings = self.buildings(
            [(chance.gauss(46, 0.2), chance.gauss(5.2, 0.3)) for _rank in range(400)]
        )
        buildings[::3].state = "abandoned"
        for rank in range(60):
            if rank == 30:
                self.env.flush_all()
                self.delta._compact()
            zoom = chance.randint(0, 19)
            south, west = chance.uniform(45.5, 46.4), chance.uniform(4.6, 5.8)
            side = 4 / 2 ** (zoom - 5)
            bounds = (south, west, south + side, west + side)
            for states in ((), ("abandoned",)):
                found = self.view(bounds, zoom, ["building"], building_states=states)
                self.assertWhole(found)
                self.assertEqual(
                    found["totals"]["building"],
                    self.count(
                        found["bounds"], "AND state = 'abandoned'" if states else ""
                    ),
                )

    def assertWhole(self, found):
        """Check that the shown objects add up to the totals."""
        for kind, total in found["totals"].items():
            clusters = [c for c in found["clusters"] if c[3] == kind]
            shown = sum(c[2] for c in clusters) + len(found["points"].get(kind, ()))
            self.assertEqual(shown, total, kind)
            for cluster in clusters:
                if cluster[4]:
                    self.assertEqual(sum(cluster[4].values()), cluster[2])

    def test_live_and_counted_clusters_are_the_same(self):
        chance = random.Random(3)
        self.buildings(
            [(chance.gauss(46, 0.1), chance.gauss(5.2, 0.1)) for _rank in range(200)]
        )
        for zoom in range(2, 16):
            wanted = self.map._wanted(
                HERE, zoom, ["building"], {"network_ids": self.networks}
            )
            counted = self.map._cell_rows("building", wanted)
            live = self.map._live_rows("building", wanted)
            self.assertEqual(
                sorted(row[:4] for row in counted), sorted(row[:4] for row in live)
            )
            middles = (
                {row[:3]: row[4] / row[3] for row in rows} for rows in (counted, live)
            )
            for (cell, one), other in zip(
                *(sorted(middle.items()) for middle in middles), strict=True
            ):
                self.assertAlmostEqual(one, other[1], 5, cell)

    # ------------------------------------------------------------------
    # Filters
    # ------------------------------------------------------------------

    def test_filter_by_pm(self):
        other = self.net.pm("OICN-99001-0002", **placed(46.011, 5.201))
        self.net.building("IMB/O/1", pm_id=other.id, **placed(46.011, 5.201))
        found = self.view(pm_ids=other.ids)
        self.assertEqual(
            found["totals"],
            {"prdm": 0, "pm": 1, "pbo": 0, "building": 1, "link": 0, "zone": 0},
        )
        found = self.view(pm_ids=self.pm.ids)
        self.assertEqual(
            found["totals"],
            {"prdm": 1, "pm": 1, "pbo": 1, "building": 1, "link": 1, "zone": 0},
        )

    def test_filter_by_commune(self):
        found = self.view(commune_ids=self.commune.ids)
        self.assertEqual(set(found["totals"].values()), {0})
        self.building.commune_id = self.commune
        self.building.pbo_ids = self.pbo
        found = self.view(commune_ids=self.commune.ids)
        self.assertEqual(
            found["totals"],
            {"prdm": 0, "pm": 0, "pbo": 1, "building": 1, "link": 0, "zone": 0},
        )
        # One without buildings is where its PM is.
        self.building.commune_id = False
        self.pm.commune_id = self.commune
        found = self.view(kinds=["pbo"], commune_ids=self.commune.ids)
        self.assertEqual(found["totals"], {"pbo": 0})
        self.building.pbo_ids = False
        found = self.view(kinds=["pbo"], commune_ids=self.commune.ids)
        self.assertEqual(found["totals"], {"pbo": 1})

    def test_too_many_zones_are_reported_and_not_read(self):
        self.env["oiconnect.zone"]._follow_buildings(self.pm.ids)
        with patch.object(map_view, "MAX_ZONES", 0):
            found = self.view(kinds=["zone"])
        self.assertEqual((found["zones"], found["truncated"]), ([], ["zone"]))
        self.assertEqual(found["totals"], {"zone": 1})

    def test_filter_by_saturation(self):
        routes = self.net.routes(self.pbo, 10)
        shown = self.view(zoom=17, kinds=["pbo"])["points"]["pbo"]
        self.assertEqual([point[3] for point in shown], ["free"])
        routes.write({"operator_id": self.ocaa.id, "state": "used"})
        shown = self.view(zoom=17, kinds=["pbo"])["points"]["pbo"]
        self.assertEqual([point[3] for point in shown], ["full"])
        for saturation, total in ((["full"], 1), (["free", "low"], 0)):
            found = self.view(kinds=["pbo"], saturation=saturation)
            self.assertEqual(found["totals"], {"pbo": total}, saturation)

    def test_filter_by_network(self):
        found = self.view(network_ids=[self.networks[0] + 1000])
        self.assertEqual(set(found["totals"].values()), {0})

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def as_user(self, *groups, company=None):
        user = new_test_user(
            self.env,
            f"carte_{groups[0]}",
            ",".join(f"oiconnect_base.{group}" for group in groups),
            company_id=(company or self.env.company).id,
        )
        return self.env(user=user)

    def test_kinds_that_the_user_may_not_read_are_left_out(self):
        for groups, kinds in (
            (["group_infra_read"], set(KINDS)),
            (["group_link_read"], {"prdm", "pm", "link", "zone"}),
            (["group_access_read"], {"pm", "pbo", "building"}),
            (["group_user"], set()),
        ):
            with self.subTest(groups):
                found = self.view(env=self.as_user(*groups))
                self.assertEqual(set(found["totals"]), kinds)

    def test_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        env = self.as_user("group_infra_read", company=company)
        found = self.view(env=env, zoom=12)
        self.assertEqual(set(found["totals"].values()), {0})
        self.net.network.company_id = company
        self.env.flush_all()
        self.assertEqual(self.view(env=env)["totals"]["building"], 1)

    def test_a_record_rule_of_the_administrator_is_respected(self):
        self.env["ir.rule"].create(
            {
                "name": "Deployed only",
                "model_id": self.env["ir.model"]._get("oiconnect.building").id,
                "domain_force": "[('state', '=', 'deployed')]",
            }
        )
        env = self.as_user("group_infra_read")
        found = self.view(env=env, kinds=["building"])
        self.assertEqual(found["totals"], {"building": 0})

    def test_an_answer_is_json_of_a_fair_size(self):
        self.buildings(
            [(46 + rank // 40 / 2e3, 5.2 + rank % 40 / 2e3) for rank in range(800)]
        )
        for zoom in (9, 13, 16):
            text = json.dumps(self.view((46, 5.2, 46.01, 5.22), zoom))
            self.assertLess(len(text), 200_000)
