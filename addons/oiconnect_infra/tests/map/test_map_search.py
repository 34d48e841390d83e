import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.map import map_search
from ..map_common import MapCase, placed

FOUND = {
    "features": [
        {
            "geometry": {"type": "Point", "coordinates": [5.36, 46.0]},
            "properties": {"label": "12 Rue du Lavoir 01500 Ambronay"},
        }
    ]
}


@contextmanager
def address_service(answer, status=200):
    """Serve ``answer`` as the address service; yield its address and its requests."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(urlsplit(self.path))
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()


@tagged("post_install", "-at_install")
class TestMapSearch(MapCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pm.write(placed(46.01, 5.2))
        cls.building.write(
            placed(46.02, 5.21)
            | {"street_number": "12", "street_name": "DES TILLEULS VERTS"}
        )
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001", pbo_id=cls.pbo.id)

    def search(self, text, env=None):
        return (env or self.env)["oiconnect.map"]._search_place(text)

    def found(self, text, env=None):
        return self.search(text, env)["found"]

    def own(self, text, env=None):
        return [(item["model"], item["id"]) for item in self.found(text, env)]

    def addresses(self, text):
        return self.map._search_addresses(text)

    def test_an_object_is_found_by_its_reference(self):
        self.assertIn(("oiconnect.pm", self.pm.id), self.own("OICN-99001-0001"))
        self.assertIn(("oiconnect.building", self.building.id), self.own("99001/X/00"))
        self.assertEqual(self.own("ZZ-0000-0001"), [("oiconnect.pto", self.pto.id)])
        self.assertIn(("oiconnect.pbo", self.pbo.id), self.own("PBO-99-001-001"))

    def test_an_object_is_found_by_its_address(self):
        [item] = self.found("tilleuls  VERTS")
        self.assertEqual(item["id"], self.building.id)
        self.assertEqual((item["lat"], item["lon"]), (46.02, 5.21))
        self.assertIn("TILLEULS", item["detail"])

    def test_an_address_is_found_by_its_words_as_people_write_them(self):
        self.building.write(
            {"street_type": "PL", "street_name": "DE L'ÉGLISE", "city": "VILLE EXEMPLE"}
        )
        key = ("oiconnect.building", self.building.id)
        for text in (
            "place de l'eglise ville exemple",
            "ville exemple, église",
            "12 Place de l'Église",
        ):
            with self.subTest(text):
                self.assertIn(key, self.own(text))
        self.assertNotIn(key, self.own("place de l'abbaye"))

    def test_buildings_come_before_what_else_is_at_the_address(self):
        address = {"street_name": "DES TILLEULS VERTS"}
        self.pm.write(address)
        self.assertEqual(
            self.own("tilleuls verts"),
            [("oiconnect.building", self.building.id), ("oiconnect.pm", self.pm.id)],
        )

    def test_a_link_is_between_its_ends(self):
        prdm = self.net.make(
            "oiconnect.prdm", reference="PRDM-1", **placed(46.03, 5.24)
        )
        link = self.net.make(
            "oiconnect.pm.link", reference="L-99-1", pm_id=self.pm.id, prdm_id=prdm.id
        )
        [item] = self.found("L-99-1")
        self.assertEqual((item["model"], item["id"]), (link._name, link.id))
        self.assertAlmostEqual(item["lat"], 46.02)
        self.assertAlmostEqual(item["lon"], 5.22)

    def test_a_pto_is_where_its_pbo_is(self):
        [item] = self.found("ZZ-0000-0001")
        # The PBO has no place: the building has one.
        self.assertEqual((item["lat"], item["lon"]), (46.02, 5.21))
        self.pbo.write(placed(46.03, 5.22))
        [item] = self.found("ZZ-0000-0001")
        self.assertEqual((item["lat"], item["lon"]), (46.03, 5.22))

    def test_an_object_without_place_is_found_to_be_opened(self):
        [item] = [
            item
            for item in self.found("PBO-99-001-001-0001")
            if item["id"] == self.pbo.id
        ]
        self.assertEqual((item["lat"], item["lon"]), (None, None))

    def test_a_commune_of_the_network_is_found_where_its_buildings_are(self):
        self.assertEqual(self.own("Ville Exemple"), [])
        self.building.commune_id = self.commune
        self.env["oiconnect.commune"]._locate()
        *_buildings, item = self.found("Ville Ex")
        self.assertEqual(
            (item["model"], item["id"]), ("oiconnect.commune", self.commune.id)
        )
        self.assertAlmostEqual(item["lat"], 46.02, 6)

    def test_a_commune_named_in_full_comes_before_its_buildings(self):
        self.building.write({"commune_id": self.commune.id, "city": "VILLE EXEMPLE"})
        self.env["oiconnect.commune"]._locate()
        commune = (self.commune._name, self.commune.id)
        for text in ("ville exemple", "Ville-Exemple", "VILLE  EXEMPLÉ"):
            self.assertEqual(self.own(text)[0], commune, text)
        found = self.own("ville exem")
        self.assertEqual(found[0], ("oiconnect.building", self.building.id))
        self.assertEqual(found[-1], commune)

    def test_what_begins_with_the_text_comes_first(self):
        other = self.net.pm("AA-OICN-99001-0009")
        found = [key for key in self.own("OICN-9900") if key[0] == "oiconnect.pm"]
        self.assertEqual(
            found[:2], [("oiconnect.pm", self.pm.id), ("oiconnect.pm", other.id)]
        )

    def test_signs_of_a_pattern_are_only_signs(self):
        self.assertEqual(self.own("%%%"), [])
        self.assertEqual(self.own("O_CN-99001"), [])
        self.assertEqual(self.own("\\\\\\"), [])

    def test_a_short_text_finds_nothing(self):
        for text in ("", "  ", "OI", None):
            for answer in (self.search(text), self.addresses(text)):
                self.assertEqual(answer, {"found": [], "message": None})

    def test_a_user_finds_what_he_may_read(self):
        user = new_test_user(self.env, "carte_liens", "oiconnect_base.group_link_read")
        env = self.env(user=user)
        self.assertEqual(self.own("99001", env), [("oiconnect.pm", self.pm.id)])

    # ------------------------------------------------------------------
    # Address service
    # ------------------------------------------------------------------

    def allow(self, url):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oiconnect.map_address_search", "True")
        parameters.set_param("oiconnect.map_address_url", url)

    def test_nothing_is_sent_unless_the_administrator_allows_it(self):
        with address_service(FOUND) as (url, requests):
            self.allow(url)
            self.env["ir.config_parameter"].set_param(
                "oiconnect.map_address_search", "False"
            )
            self.assertEqual(self.addresses("12 rue du lavoir")["found"], [])
            self.assertEqual(requests, [])

    def test_our_own_objects_do_not_wait_for_the_service(self):
        with address_service(FOUND) as (url, requests):
            self.allow(url)
            self.assertTrue(self.own("OICN-99001"))
        self.assertEqual(requests, [])

    def test_addresses_of_france_are_requested_apart(self):
        with address_service(FOUND) as (url, requests):
            self.allow(f"{url}/")
            answer = self.addresses("12 rue du lavoir & co")
        self.assertEqual(
            answer["found"],
            [{"label": "12 Rue du Lavoir 01500 Ambronay", "lat": 46.0, "lon": 5.36}],
        )
        self.assertIsNone(answer["message"])
        [request] = requests
        self.assertEqual(request.path, "/search/")
        self.assertEqual(
            parse_qs(request.query), {"q": ["12 rue du lavoir & co"], "limit": ["5"]}
        )

    @mute_logger("odoo.addons.oiconnect_infra.models.map.map_search")
    def test_a_service_that_fails_is_reported(self):
        for answer, status, message in (
            (b"<html>", 200, "cannot be read"),
            ({"nothing": 1}, 200, "cannot be read"),
            ([], 200, "cannot be read"),
            ({"features": [{"geometry": None}]}, 200, "cannot be read"),
            (FOUND, 503, "cannot be reached"),
        ):
            with (
                self.subTest(answer),
                address_service(answer, status) as (url, _requests),
            ):
                self.allow(url)
                found = self.addresses("12 rue du lavoir")
                self.assertIn(message, found["message"])
                self.assertEqual(found["found"], [])

    @mute_logger("odoo.addons.oiconnect_infra.models.map.map_search")
    def test_a_service_that_is_slow_or_gone_is_reported(self):
        self.allow("http://127.0.0.1:9")
        with patch.object(
            map_search.requests, "get", side_effect=requests.Timeout
        ) as get:
            found = self.addresses("12 rue du lavoir")
        self.assertIn("does not answer", found["message"])
        # A user waits for three seconds at most.
        self.assertEqual(get.call_args.kwargs["timeout"], 3)
        found = self.addresses("12 rue du lavoir")
        self.assertIn("cannot be reached", found["message"])


@tagged("post_install", "-at_install")
class TestMapCard(MapCase):
    def card(self, record, env=None):
        return (env or self.env)["oiconnect.map"]._card(record._name, record.id)

    def lines(self, record):
        return dict(self.card(record)["lines"])

    def test_a_card_tells_what_one_asks_first(self):
        self.building.write({"building_type": "house", "dwelling_count": 4})
        card = self.card(self.building)
        self.assertEqual(card["title"], "IMB/99001/X/0001")
        self.assertEqual((card["kind"], card["state"]), ("building", "target"))
        self.assertEqual(card["state_label"], "Target")
        lines = dict(card["lines"])
        self.assertEqual(lines["Type"], "House")
        self.assertEqual(lines["Dwellings"], "4")
        self.assertEqual(lines["PM"], "OICN-99001-0001")

    def test_each_kind_has_a_card(self):
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-1")
        link = self.net.make(
            "oiconnect.pm.link", reference="L-1", pm_id=self.pm.id, prdm_id=prdm.id
        )
        zone = self.env["oiconnect.zone"]._put(
            {
                self.pm: {
                    "type": "Polygon",
                    "coordinates": [[[5, 46], [6, 46], [6, 47], [5, 46]]],
                }
            },
            "drawn",
        )
        for record, kind in (
            (prdm, "prdm"),
            (self.pm, "pm"),
            (self.pbo, "pbo"),
            (link, "link"),
            (zone, "zone"),
        ):
            card = self.card(record)
            self.assertEqual((card["kind"], card["id"]), (kind, record.id))
            self.assertTrue(card["title"])
            self.assertTrue(card["lines"])

    def test_a_neighbour_that_the_user_may_not_read_is_left_out(self):
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-1")
        self.pm.prdm_id = prdm
        user = new_test_user(
            self.env, "carte_acces", "oiconnect_base.group_access_read"
        )
        card = self.card(self.pm, self.env(user=user))
        self.assertNotIn("PRDM-1", dict(card["lines"]).values())
        self.assertIn("PRDM-1", self.lines(self.pm).values())

    def test_no_number_of_what_the_user_may_not_read(self):
        user = new_test_user(self.env, "carte_liens", "oiconnect_base.group_link_read")
        lines = dict(self.card(self.pm, self.env(user=user))["lines"])
        self.assertNotIn("Number of buildings", lines)
        self.assertNotIn("Number of PBOs", lines)
        self.assertEqual(self.lines(self.pm)["Number of buildings"], "1")

    def test_what_is_gone_or_forbidden(self):
        pbo = self.net.pbo(self.pm, "PBO-GONE")
        pbo.unlink()
        with self.assertRaises(UserError):
            self.card(pbo)
        with self.assertRaises(UserError):
            self.env["oiconnect.map"]._card("res.users", 2)
        user = new_test_user(self.env, "carte_rien", "oiconnect_base.group_user")
        with self.assertRaises(AccessError):
            self.card(self.building, self.env(user=user))
