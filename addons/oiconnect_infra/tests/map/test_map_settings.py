from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.map.map_settings import FRANCE
from ..map_common import MapCase, placed


@tagged("post_install", "-at_install")
class TestMapSettings(MapCase):
    def test_the_map_opens_on_the_network(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        user = new_test_user(
            self.env,
            "carte_societe",
            "oiconnect_base.group_infra_read",
            company_id=company.id,
        )
        service = self.map.with_env(self.env(user=user))
        settings = service._settings()
        self.assertEqual((settings["home"], settings["unplaced"]), (FRANCE, True))
        self.net.network.company_id = company
        self.building.write(placed(46.01, 5.2))
        self.env.flush_all()
        settings = service._settings()
        home = [46.0078125, 5.1953125, 46.015625, 5.203125]
        self.assertEqual((settings["home"], settings["unplaced"]), (home, False))

    def test_the_map_opens_on_pms_before_there_are_buildings(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        self.net.network.company_id = company
        self.pm.write(placed(46.51, 5.51))
        user = new_test_user(
            self.env,
            "carte_societe",
            "oiconnect_base.group_link_read",
            company_id=company.id,
        )
        south, west, north, east = self.map.with_user(user)._home()
        self.assertTrue(south < 46.51 < north and west < 5.51 < east)
        self.assertLess(north - south, 0.01)

    def test_a_wide_network_is_bounded_by_wide_cells(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        self.net.network.company_id = company
        self.buildings([(46.01, 5.2), (47.3, 6.4)])
        self.env.flush_all()
        service = self.map.with_company(company)
        user = new_test_user(
            self.env,
            "carte_societe",
            "oiconnect_base.group_infra_read",
            company_id=company.id,
        )
        self.assertEqual(service.with_user(user)._home(), [46, 5.125, 47.375, 6.5])

    def test_backgrounds_come_in_their_order_and_only_active_ones(self):
        layers = self.env["oiconnect.map.layer"].search([])
        self.assertEqual(len(layers), 3)
        tiles = self.map._settings()["tiles"]
        self.assertEqual([tile["name"] for tile in tiles], layers.mapped("name"))
        self.assertEqual(set(tiles[0]), {"name", "url", "attribution", "max_zoom"})
        self.assertIn("OpenStreetMap", tiles[0]["attribution"])
        self.assertIn("IGN", tiles[1]["attribution"])
        layers.active = False
        settings = self.map._settings()
        self.assertEqual((settings["tiles"], settings["communes"]), ([], True))

    @mute_logger("odoo.sql_db")
    def test_a_background_has_the_address_of_tiles(self):
        for url in ("https://tiles.example/{z}/{x}.png", "ftp://x/{z}/{x}/{y}"):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env["oiconnect.map.layer"].create(
                    {"name": "X", "url": url, "attribution": "X"}
                )

    def test_states_have_colours_and_kinds_have_shapes(self):
        states = self.map._settings()["states"]
        # Filters that colour a kind have their states too, in its shape.
        states = {kind: states[kind] for kind in states if kind in self.map._kinds()}
        self.assertLessEqual({"prdm", "pm", "pbo", "building", "link"}, set(states))
        shapes = {kind: {state[3] for state in rows} for kind, rows in states.items()}
        # Cables are lines as links are; their dashes and colours tell them apart.
        self.assertEqual(shapes["cable"], shapes["link"])
        self.assertEqual(len(set.union(*shapes.values())), len(states) - 1)
        colours = [{row[2] for row in states[kind]} for kind in ("cable", "link")]
        self.assertTrue(colours[0].isdisjoint(colours[1]))
        for kind, rows in states.items():
            colours = [state[2] for state in rows]
            self.assertEqual(len(colours), len(set(colours)), kind)
        self.assertEqual(
            [state[0] for state in states["pbo"]], ["free", "low", "full", "none"]
        )

    def test_settings_are_stored(self):
        with Form(self.env["res.config.settings"]) as form:
            form.oiconnect_map_building_zoom = 14
            form.oiconnect_map_address_search = True
            form.oiconnect_map_address_url = "https://adresses.example"
        form.record.execute()
        settings = self.map._settings()
        self.assertEqual(settings["building_zoom"], 14)
        self.assertTrue(settings["address_search"])
        again = self.env["res.config.settings"].create({})
        self.assertEqual(again.oiconnect_map_address_url, "https://adresses.example")

    def test_kinds_that_the_user_may_not_read_are_not_offered(self):
        for group, kinds, zones in (
            ("group_link_read", {"prdm", "pm", "link"}, True),
            (
                "group_access_read",
                {"pm", "splice_box", "pbo", "building", "cable"},
                False,
            ),
            ("group_billing_read", set(), False),
        ):
            user = new_test_user(self.env, f"carte_{group}", f"oiconnect_base.{group}")
            settings = self.map.with_user(user)._settings()
            # Other addons colour PMs by more than their state.
            offered = set(settings["states"]) & set(self.map._kinds())
            self.assertEqual(offered, kinds, group)
            self.assertEqual(settings["zones"], zones, group)

    def test_by_default_nothing_leaves_the_server(self):
        settings = self.map._settings()
        self.assertFalse(settings["address_search"])
        self.assertEqual(settings["building_zoom"], 16)

    def test_parameters_that_are_typed_in_are_read_with_care(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for zoom, allowed, expected in (
            ("12", "True", (12, True)),
            ("-3", "0", (16, False)),
            ("quatorze", "peut-être", (16, False)),
            ("14.5", "1", (16, True)),
        ):
            parameters.set_param("oiconnect.map_building_zoom", zoom)
            parameters.set_param("oiconnect.map_address_search", allowed)
            settings = self.map._settings()
            with self.subTest(zoom=zoom, allowed=allowed):
                self.assertEqual(
                    (settings["building_zoom"], settings["address_search"]), expected
                )

    def test_settings_that_make_no_sense(self):
        for values in (
            {"oiconnect_map_building_zoom": 3},
            {"oiconnect_map_building_zoom": 40},
            {"oiconnect_map_address_url": "file:///etc/passwd"},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["res.config.settings"].create(values)

    def test_who_may_change_backgrounds(self):
        layer = self.env["oiconnect.map.layer"].search([], limit=1)
        for group, allowed in (
            ("group_infra_manager", False),
            ("group_lexicon_user", False),
            ("group_lexicon_manager", True),
        ):
            user = new_test_user(self.env, group, f"oiconnect_base.{group}")
            self.assertEqual(layer.with_user(user).has_access("write"), allowed, group)

    def test_communes_are_where_their_buildings_are(self):
        self.building.write(placed(46.01, 5.2) | {"insee_code": "99001"})
        self.env["oiconnect.commune"]._cron_locate()
        self.assertIn(
            [46.01, 5.2, "Ville Exemple"], self.map._communes((46, 5, 46.1, 5.3), 12)
        )
        self.assertEqual(self.map._communes((47, 5, 47.1, 5.3), 12), [])

    def test_a_commune_without_buildings_is_where_its_pms_are(self):
        self.pm.write(placed(46.5, 5.5) | {"insee_code": "99001"})
        self.env["oiconnect.commune"]._locate()
        self.assertAlmostEqual(self.commune.latitude, 46.5)
        self.assertEqual(self.commune.map_weight, 1)

    def test_of_close_communes_the_biggest_has_its_name(self):
        small = self.env["oiconnect.commune"].create(
            {"name": "Petite", "insee_code": "99002"}
        )
        self.buildings([(46.01, 5.2), (46.0101, 5.2)], insee_code="99001")
        self.net.building("IMB/P", insee_code="99002", **placed(46.0102, 5.2))
        self.env["oiconnect.commune"]._locate()
        names = {name for *_place, name in self.map._communes((46, 5, 46.1, 5.3), 9)}
        self.assertIn("Ville Exemple", names)
        self.assertNotIn(small.name, names)


@tagged("post_install", "-at_install")
class TestMapRoutes(HttpCase):
    """The map's addresses, as the web client calls them."""

    def call(self, path, **params):
        response = self.url_open(
            f"/oiconnect/map/{path}", json={"params": params}, timeout=30
        )
        return response.json()

    def test_a_reader_uses_the_map(self):
        new_test_user(self.env, "carte_http", "oiconnect_base.group_infra_read")
        self.authenticate("carte_http", "carte_http")
        settings = self.call("settings")["result"]
        self.assertEqual(len(settings["home"]), 4)
        view = self.call(
            "view", bounds=settings["home"], zoom=8, kinds=["pm", "building"]
        )["result"]
        self.assertEqual(set(view["totals"]), {"pm", "building"})
        for path in ("search", "addresses"):
            self.assertEqual(self.call(path, text="x")["result"]["found"], [])
        self.assertIsInstance(
            self.call("communes", bounds=settings["home"], zoom=8)["result"], list
        )

    @mute_logger("odoo.http")
    def test_errors_are_shown_to_the_reader(self):
        user = new_test_user(self.env, "carte_http", "oiconnect_base.group_infra_read")
        user.lang = "fr_FR"
        self.authenticate("carte_http", "carte_http")
        for path, params in (
            ("view", {"bounds": [1], "zoom": 3, "kinds": ["pm"]}),
            ("card", {"model": "res.users", "id": 1}),
        ):
            error = self.call(path, **params)["error"]["data"]
            self.assertEqual(error["name"], "odoo.exceptions.UserError", path)
            self.assertRegex(error["message"], "carte", path)
        pm = self.env["oiconnect.pm"].search([], limit=1)
        error = self.call("zone", pm_id=pm.id, geometry=None)["error"]["data"]
        self.assertEqual(error["name"], AccessError.__module__ + ".AccessError")

    @mute_logger("odoo.http")
    def test_who_is_not_logged_in_has_no_map(self):
        self.authenticate(None, None)
        for path in (
            "settings",
            "view",
            "card",
            "search",
            "addresses",
            "communes",
            "zone",
        ):
            self.assertIn("error", self.call(path), path)
