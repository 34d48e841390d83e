import gzip

from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_infra.geo import mvt

from .mvt_reader import read_tile
from .rest_common import RestCase

#: a place, and its tile at a zoom where objects are shown one by one
LATITUDE, LONGITUDE = 45.5, 5.25
NEAR, FAR = "/tiles/15/16861/11722.mvt", "/tiles/10/526/366.mvt"


@tagged("post_install", "-at_install")
class TestRestTiles(RestCase):
    """Vector tiles: what is there, for each key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        place = {"projection": "WGS84", "x": LONGITUDE, "y": LATITUDE}
        cls.building.write(place)
        cls.pm.write(place | {"x": LONGITUDE + 0.0001})
        cls.pbo.write(place | {"y": LATITUDE + 0.0001})
        base = {"network_id": cls.network.id}
        cls.prdm = cls.env["oiconnect.prdm"].create(
            base | {"reference": "OITO-PRDM-1", **place, "x": LONGITUDE + 0.05}
        )
        cls.link = cls.env["oiconnect.pm.link"].create(
            base | {"reference": "L1", "pm_id": cls.pm.id, "prdm_id": cls.prdm.id}
        )

    def _tile(self, path, value=None):
        answer = self._call("GET", path, value)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(
            answer.headers["Content-Type"], "application/vnd.mapbox-vector-tile"
        )
        return read_tile(answer.content)

    def test_objects_are_where_they_are(self):
        layers = self._tile(NEAR)
        self.assertEqual(set(layers), {"pms", "pm-links", "pbos", "buildings"})
        [(record_id, [(x, y)], attributes)] = layers["buildings"]
        self.assertEqual(record_id, self.building.id)
        self.assertEqual(attributes, {"state": "deployed", "label": "OITO/B/1"})
        [(_id, [(pm_x, pm_y)], _attributes)] = layers["pms"]
        [(_id, [(pbo_x, pbo_y)], _attributes)] = layers["pbos"]
        self.assertGreater(pm_x, x, "east of it")
        self.assertEqual(pm_y, y)
        self.assertEqual(pbo_x, x)
        self.assertLess(pbo_y, y, "north of it")
        [(link_id, line, _attributes)] = layers["pm-links"]
        self.assertEqual(link_id, self.link.id)
        self.assertEqual(line[0], (pm_x, pm_y))
        self.assertEqual(line[1][0], 4096 + 64, "it goes on outside")

    def test_from_afar_they_are_counted(self):
        self.env["oiconnect.building"].create(
            [
                {
                    "network_id": self.network.id,
                    "identifier": f"OITO/C/{rank}",
                    "state": "target",
                    "projection": "WGS84",
                    "x": LONGITUDE,
                    "y": LATITUDE,
                }
                for rank in range(3)
            ]
        )
        layers = self._tile(FAR)
        [(_id, _place, attributes)] = layers["buildings"]
        self.assertEqual(attributes, {"count": 4, "deployed": 1, "target": 3})
        self.assertEqual(len(layers["pms"]), 1)
        self.assertEqual(len(layers["pm-links"]), 1)

    def test_each_is_in_one_tile_only(self):
        counts = [
            len(self._tile(f"/tiles/15/{x}/{y}.mvt").get("buildings", ()))
            for x in range(16860, 16863)
            for y in range(11721, 11724)
        ]
        self.assertEqual(sum(counts), 1)

    def test_only_what_the_key_opens(self):
        _key, value = self._new_key(user_id=self.user.id, resources=["pbos"])
        self.assertEqual(set(self._tile(NEAR, value)), {"pbos"})
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OIT9", "code": "OIT9", "pto_prefix": "ZP"}
        )
        _key, value = self._new_key(user_id=self.user.id, networks=other)
        for path in (NEAR, FAR):
            self.assertEqual(self._tile(path, value), {})
        user = new_test_user(self.env, "sans_carte", "base.group_user")
        _key, value = self._new_key(user_id=user.id)
        for path in (NEAR, "/tiles.json"):
            answer = self._call("GET", path, value)
            self.assertProblem(answer, 403, "no-scope")

    def test_an_operator_sees_what_is_published(self):
        for path in (NEAR, FAR):
            layers = self._tile(path, self.operator_value)
            self.assertEqual(set(layers), {"pms", "buildings"})
        gone = {"state": "abandoned", "abandoned_date": "2020-01-01"}
        self.building.write(gone)
        self.pm.write(gone)
        for path in (NEAR, FAR):
            self.assertEqual(self._tile(path, self.operator_value), {})
            self.assertIn("buildings", self._tile(path))

    def test_a_tile_is_cached_until_it_changes(self):
        answer = self._call("GET", NEAR)
        tag = answer.headers["ETag"]
        self.assertIn("private", answer.headers["Cache-Control"])
        same = self._call("GET", NEAR, headers={"If-None-Match": tag})
        self.assertEqual((same.status_code, same.content), (304, b""))
        self.building.state = "target"
        other = self._call("GET", NEAR, headers={"If-None-Match": tag})
        self.assertEqual(other.status_code, 200)
        self.assertNotEqual(other.headers["ETag"], tag)

    def test_a_large_tile_is_compressed(self):
        self.env["oiconnect.building"].create(
            [
                {
                    "network_id": self.network.id,
                    "identifier": f"OITO/D/{rank}",
                    "projection": "WGS84",
                    "x": LONGITUDE + rank / 1e5,
                    "y": LATITUDE,
                }
                for rank in range(40)
            ]
        )
        plain = self._call("GET", NEAR, headers={"Accept-Encoding": "identity"})
        packed = self._call(
            "GET", NEAR, headers={"Accept-Encoding": "gzip"}, stream=True
        )
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        content = packed.raw.read(decode_content=False)
        self.assertEqual(gzip.decompress(content), plain.content)
        self.assertLess(len(content), len(plain.content))

    def test_addresses_of_no_tile(self):
        for path, parameter in (
            ("/tiles/23/0/0.mvt", "z"),
            ("/tiles/-1/0/0.mvt", "z"),
            ("/tiles/2/4/0.mvt", "x"),
            ("/tiles/2/0/4.mvt", "y"),
            ("/tiles/2/x/0.mvt", "x"),
        ):
            answer = self._call("GET", path)
            problem = self.assertProblem(answer, 422, "invalid")
            self.assertEqual(
                [one["parameter"] for one in problem["errors"]], [parameter]
            )
        self.assertProblem(self._call("GET", "/tiles/1/1/1.png"), 404, "unknown")

    def test_the_description_tells_where_tiles_are(self):
        description = self._get("/tiles.json")
        [address] = description["tiles"]
        self.assertTrue(address.startswith(self.base_url()), address)
        ids = {one["id"] for one in description["vector_layers"]}
        self.assertEqual(ids, {"prdms", "pms", "pm-links", "pbos", "buildings"})
        description = self._get("/tiles.json", self.operator_value)
        ids = {one["id"] for one in description["vector_layers"]}
        self.assertEqual(ids, {"pms", "buildings"})

    def test_what_is_encoded_is_read_back(self):
        features = [
            (7, [(0, 4095)], {"label": "été", "count": 3}),
            (None, [(-64, 20000), (5, 0), (4160, -1)], {"label": "", "state": None}),
            (2**40, [(1, 1)], {"count": 2**33}),
        ]
        [(name, found)] = read_tile(mvt.layer("buildings", features)).items()
        self.assertEqual(name, "buildings")
        features[1][2].pop("state")
        self.assertEqual(found, features)
        self.assertEqual(mvt.layer("nothing", []), b"")
