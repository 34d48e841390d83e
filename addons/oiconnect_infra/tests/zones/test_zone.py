import base64
import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import Network
from ..map_common import MapCase, placed


def square(south, west, side=0.1):
    north, east = south + side, west + side
    return {
        "type": "Polygon",
        "coordinates": [
            [[west, south], [east, south], [east, north], [west, north], [west, south]]
        ],
    }


class ZoneCase(MapCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zones = cls.env["oiconnect.zone"]
        cls.other = cls.net.pm("OICN-99001-0002")

    def zone(self, pm=None):
        return self.zones.search([("pm_id", "=", (pm or self.pm).id)])

    def nightly(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=3600):
            self.zones._cron_follow_buildings()

    def outside(self, **options):
        self.env.flush_all()
        return self.zones._buildings_outside_zone(
            pm_ids=(self.pm | self.other).ids, **options
        )


@tagged("post_install", "-at_install")
class TestZone(ZoneCase):
    def test_a_zone_follows_the_buildings_of_its_pm(self):
        self.buildings([(46.01, 5.2), (46.02, 5.2), (46.02, 5.22)])
        self.zones._follow_buildings(self.pm.ids)
        zone = self.zone()
        self.assertEqual(zone.source, "hull")
        self.assertTrue(46.0098 < zone.south < 46.01 and 46.02 < zone.north < 46.0202)
        self.net.building("IMB/NEW", pm_id=self.pm.id, **placed(46.03, 5.23))
        self.zones._follow_buildings(self.pm.ids)
        self.assertGreater(zone.north, 46.03)

    def test_nothing_is_written_where_nothing_moved(self):
        self.buildings([(46.01, 5.2), (46.02, 5.2), (46.02, 5.22)])
        self.zones._follow_buildings(self.pm.ids)
        zone = self.zone()
        before = self.changes(zone)
        self.nightly()
        self.assertEqual(self.changes(zone), before)

    def test_without_buildings_there_is_no_zone(self):
        buildings = self.buildings([(46.01, 5.2)])
        self.zones._follow_buildings((self.pm | self.other).ids)
        self.assertTrue(self.zone())
        self.assertFalse(self.zone(self.other))
        buildings.unlink()
        self.zones._follow_buildings(self.pm.ids)
        self.assertFalse(self.zone())

    def test_a_drawn_zone_is_preserved(self):
        self.buildings([(46.01, 5.2)])
        self.zones._save_drawn(self.pm.id, square(46, 5))
        self.nightly()
        self.assertEqual(self.zone().source, "drawn")
        self.assertEqual(self.zone().geometry, square(46, 5))
        self.zones._save_drawn(self.pm.id, square(47, 5))
        self.assertEqual((self.zone().south, self.zone().west), (47, 5))

    def test_back_to_the_buildings(self):
        self.buildings([(46.01, 5.2)])
        zone = self.zones._save_drawn(self.pm.id, square(40, 1))
        self.assertEqual(self.zones._save_drawn(self.pm.id, None), zone)
        self.assertEqual(zone.source, "hull")
        self.assertGreater(zone.south, 46)
        zone.write({"source": "drawn", "geometry": square(40, 1)})
        zone.action_follow_buildings()
        self.assertGreater(zone.south, 46)

    def test_an_outline_that_is_none_is_refused(self):
        crossing = square(46, 5)
        ring = crossing["coordinates"][0]
        ring[1], ring[2] = ring[2], ring[1]
        for geometry, message in (
            (crossing, "crosses itself"),
            ({"type": "Point", "coordinates": [5, 46]}, "neither Polygon"),
            (square(6_500_000, 870_000, 100), "not degrees"),
            ({"type": "x"}, "not GeoJSON"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self.zones._save_drawn(self.pm.id, geometry)

    def test_an_outline_is_typed(self):
        self.buildings([(46.01, 5.2)])
        self.zones._follow_buildings(self.pm.ids)
        zone = self.zone()
        self.assertEqual(json.loads(zone.outline), zone.geometry)
        zone.outline = json.dumps(square(46, 5))
        self.assertEqual((zone.source, zone.geometry), ("drawn", square(46, 5)))
        with self.assertRaisesRegex(ValidationError, "not GeoJSON"):
            zone.outline = "somewhere"

    def test_the_history_tells_what_a_zone_was(self):
        zone = self.zones._save_drawn(self.pm.id, square(46, 5))
        zone.write({"geometry": square(47, 5)})
        kinds = [(change[0], change[1]) for change in self.changes(zone)]
        self.assertEqual(kinds, [("create", None), ("write", "geometry")])
        pm, zone_id = self.pm.copy({"reference": "PM-3"}), zone.id
        zone.pm_id = pm
        pm.unlink()
        last = self.env["oiconnect.change"].search(
            [("res_model", "=", "oiconnect.zone"), ("res_id", "=", zone_id)],
            order="id desc",
            limit=1,
        )
        self.assertEqual(last.kind, "unlink")

    def test_the_button_of_a_pm_makes_its_first_zone(self):
        self.buildings([(46.01, 5.2)])
        action = self.pm.action_view_zone()
        self.assertEqual(self.zones.search(action["domain"]), self.zone())
        self.assertTrue(self.zone())

    # ------------------------------------------------------------------
    # Buildings outside
    # ------------------------------------------------------------------

    def test_a_building_outside_a_drawn_zone(self):
        inside, outside, _nowhere = self.buildings(
            [(46.05, 5.05), (46.05, 5.11), (0, 0)]
        )
        self.assertEqual(self.outside(), [])
        self.zones._save_drawn(self.pm.id, square(46, 5))
        self.assertEqual(self.outside(), outside.ids)
        self.assertEqual(self.outside(building_ids=inside.ids), [])
        self.assertEqual(self.zone().outside_count, 1)
        outside.write(placed(46.06, 5.06))
        self.assertEqual(self.outside(), [])

    def test_from_a_zone_to_the_buildings_that_are_outside(self):
        self.zones._put({self.pm: square(46, 5.2)}, "drawn")
        inside, outside = self.buildings([(46.05, 5.25), (46.5, 5.25)])
        zone = self.zone()
        self.assertEqual(zone.outside_count, 1)
        action = zone.action_view_outside()
        shown = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(shown, outside)
        self.assertNotIn(inside, shown)

    def test_a_user_who_may_not_read_buildings_sees_no_number_of_them(self):
        self.zones._put({self.pm: square(46, 5.2)}, "drawn")
        self.buildings([(46.5, 5.25)])
        user = new_test_user(self.env, "zone_liens", "oiconnect_base.group_link_read")
        self.assertEqual(self.zone().with_user(user).outside_count, 0)

    def test_a_zone_is_shown_on_the_map_as_a_whole(self):
        self.zones._put({self.pm: square(46, 5.2)}, "drawn")
        focus = self.zone().action_show_on_map()["params"]["focus"]
        self.assertEqual((focus["model"], focus["id"]), (self.pm._name, self.pm.id))
        for edge, found in zip((46, 5.2, 46.1, 5.3), focus["bounds"], strict=True):
            self.assertAlmostEqual(edge, found)

    def test_a_building_of_another_pm_is_not_checked_against_this_zone(self):
        buildings = self.buildings([(47, 6)])
        buildings.pm_id = self.other
        self.zones._save_drawn(self.pm.id, square(46, 5))
        self.assertEqual(self.outside(), [])
        buildings.pm_id = self.pm
        self.assertEqual(self.outside(), buildings.ids)

    def test_holes_and_islands(self):
        geometry = {
            "type": "MultiPolygon",
            "coordinates": [
                [
                    square(46, 5, 1)["coordinates"][0],
                    square(46.2, 5.2, 0.6)["coordinates"][0],
                ],
                square(46.4, 5.4, 0.2)["coordinates"],
            ],
        }
        _inside, lake, _island = self.buildings([(46.1, 5.1), (46.3, 5.3), (46.5, 5.5)])
        self.zones._save_drawn(self.pm.id, geometry)
        self.assertEqual(self.outside(), lake.ids)

    def test_around_the_buildings_only_what_is_far_is_outside(self):
        buildings = self.buildings([(46.01 + rank / 1e4, 5.2) for rank in range(20)])
        self.zones._follow_buildings(self.pm.ids)
        new, lost = self.env["oiconnect.building"].create(
            [
                {
                    "identifier": name,
                    "network_id": self.net.network.id,
                    "pm_id": self.pm.id,
                    **placed(*place),
                }
                for name, place in (("NEW", (46.013, 5.201)), ("LOST", (48.8, 2.3)))
            ]
        )
        self.assertEqual(self.outside(), lost.ids)
        # The next refresh goes to the new one, not to the lost one.
        self.zones._follow_buildings(self.pm.ids)
        self.assertEqual(self.outside(), lost.ids)
        self.assertGreater(self.zone().east, new.longitude)
        self.assertLess(self.zone().north, 46.1)
        self.assertEqual(len(buildings), 20)

    def test_a_zone_that_is_gone_asks_nothing(self):
        self.buildings([(47, 6)])
        zone = self.zones._save_drawn(self.pm.id, square(46, 5))
        self.assertTrue(self.outside())
        zone.unlink()
        self.assertEqual(self.outside(), [])

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_who_may_draw(self):
        for group, allowed in (
            ("group_infra_read", False),
            ("group_access_manager", False),
            ("group_link_user", True),
            ("group_infra_user", True),
        ):
            user = new_test_user(self.env, f"zone_{group}", f"oiconnect_base.{group}")
            zones = self.zones.with_user(user)
            with self.subTest(group):
                if allowed:
                    zones._save_drawn(self.pm.id, square(46, 5))
                else:
                    with self.assertRaises(AccessError):
                        zones._save_drawn(self.pm.id, square(46, 5))

    def test_pms_of_other_companies_are_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        user = new_test_user(
            self.env,
            "zone_societe",
            "oiconnect_base.group_infra_manager",
            company_id=company.id,
        )
        with self.assertRaisesRegex(UserError, "not on the map any more"):
            self.zones.with_user(user)._save_drawn(self.pm.id, square(46, 5))
        self.zones._save_drawn(self.pm.id, square(46, 5))
        self.assertFalse(self.zones.with_user(user).search([]) & self.zone())


@tagged("post_install", "-at_install")
class TestZoneFile(ZoneCase):
    def feature(self, reference, geometry=None, name="ReferencePM"):
        return {
            "type": "Feature",
            "properties": {name: reference},
            "geometry": geometry or square(46, 5),
        }

    def wizard(self, features, **values):
        content = {"type": "FeatureCollection", "features": features} | values.pop(
            "more", {}
        )
        raw = values.pop("raw", json.dumps(content).encode())
        return self.env["oiconnect.zone.import"].create(
            {
                "network_id": self.net.network.id,
                "file": base64.b64encode(raw),
                "file_name": "zones.geojson",
                **values,
            }
        )

    def test_a_file_gives_pms_their_zones(self):
        self.zones._save_drawn(self.pm.id, square(40, 1))
        wizard = self.wizard(
            [
                self.feature(self.pm.reference),
                self.feature(self.other.reference, square(47, 5)),
            ]
        )
        result = wizard.action_import()
        self.assertEqual(result["tag"], "display_notification")
        self.assertEqual(self.zone().geometry, square(46, 5))
        self.assertEqual(self.zone(self.other).source, "imported")

    def test_the_property_that_names_the_pm_is_chosen(self):
        feature = self.feature(self.pm.reference, name="nom_du_pm")
        wizard = self.wizard([feature])
        wizard.action_import()
        self.assertIn("no property names its PM", wizard.problems)
        wizard = self.wizard([feature], reference_property="nom_du_pm")
        wizard.action_import()
        self.assertTrue(self.zone())

    def test_all_errors_are_reported_and_nothing_is_done(self):
        crossing = square(46, 5)
        ring = crossing["coordinates"][0]
        ring[1], ring[2] = ring[2], ring[1]
        wizard = self.wizard(
            [
                self.feature(self.pm.reference),
                self.feature("OICN-00000-0000"),
                self.feature(self.pm.reference, square(47, 5)),
                self.feature(self.other.reference, crossing),
                {"type": "Feature", "properties": None, "geometry": None},
                "not a feature",
            ]
        )
        action = wizard.action_import()
        self.assertEqual(action["res_id"], wizard.id)
        lines = wizard.problems.split("\n")
        self.assertEqual(len(lines), 5)
        for line, words in zip(
            lines,
            (
                ("Feature 2", "OICN-00000-0000"),
                ("Feature 3", "another zone"),
                ("Feature 4", "crosses itself"),
                ("Feature 5", "no property"),
                ("Feature 6", "no property"),
            ),
            strict=True,
        ):
            for word in words:
                self.assertIn(word, line)
        self.assertFalse(self.zone())

    def test_hundreds_of_errors_are_counted(self):
        wizard = self.wizard([self.feature(f"PM-{rank}") for rank in range(120)])
        wizard.action_import()
        self.assertIn("other problems: 70", wizard.problems)

    def test_a_file_that_is_not_one_of_zones(self):
        lambert = {"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}}
        for values, message in (
            ({"raw": b"\xff\xfe"}, "not a GeoJSON"),
            ({"raw": b"[]"}, "not a GeoJSON"),
            ({"raw": b'{"features": 1, "type": "FeatureCollection"}'}, "not a GeoJSON"),
            ({"more": lambert}, "not in degrees"),
            ({}, "holds no zone"),
        ):
            features = [self.feature("x")] if "more" in values else []
            with self.assertRaisesRegex(UserError, message):
                self.wizard(features, **values).action_import()

    def test_a_pm_of_another_network_is_not_touched(self):
        network = self.net.network.copy({"code": "T98"})
        wizard = self.wizard([self.feature(self.pm.reference)], network_id=network.id)
        wizard.action_import()
        self.assertIn("is not on the network", wizard.problems)

    def test_what_is_exported_can_be_imported(self):
        self.zones._put({self.pm: square(46, 5), self.other: square(47, 5)}, "drawn")
        zones = self.zone() | self.zone(self.other)
        text = zones._as_file()
        zones.unlink()
        self.wizard([], raw=text.encode()).action_import()
        self.assertEqual(self.zone().geometry, square(46, 5))
        self.assertEqual(self.zone(self.other).geometry, square(47, 5))

    def test_who_may_import(self):
        wizard = self.wizard([self.feature(self.pm.reference)])
        user = new_test_user(self.env, "zone_lit", "oiconnect_base.group_infra_read")
        with self.assertRaises(AccessError):
            wizard.with_user(user).action_import()


@tagged("post_install", "-at_install")
class TestZoneRoute(HttpCase):
    @mute_logger("odoo.http")
    def test_a_zone_is_drawn_and_exported_by_the_web_client(self):

        net = Network(self.env)
        pm = net.pm()
        new_test_user(self.env, "zone_http", "oiconnect_base.group_infra_user")
        self.authenticate("zone_http", "zone_http")
        params = {"pm_id": pm.id, "geometry": square(46, 5)}
        found = self.url_open("/oiconnect/map/zone", json={"params": params}).json()
        self.assertEqual(found["result"], [pm.id, square(46, 5), pm.reference])
        zones = self.env["oiconnect.zone"].search([("pm_id", "=", pm.id)])
        user = self.env["res.users"].search([("login", "=", "zone_http")])
        action = zones.with_user(user).action_export()
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        [feature] = json.loads(response.content)["features"]
        self.assertEqual(feature["properties"]["ReferencePM"], pm.reference)
