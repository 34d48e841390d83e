import json
from unittest.mock import patch

import requests

from odoo.service import server
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.api import rest_export
from ...rest.resources import resources
from .rest_common import RestCase

LOGGER = "odoo.addons.oiconnect_api.rest.stream"


@tagged("post_install", "-at_install")
class TestRestExport(RestCase):
    """Whole lists: the rows and the values of the list, in one stream."""

    def _lines(self, path, value=None, **params):
        answer = self._call("GET", f"{path}/export", value, params=params)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.headers["Content-Type"], "application/x-ndjson")
        return [json.loads(line) for line in answer.content.split(b"\n") if line]

    def _features(self, path, value=None, **params):
        answer = self._call("GET", f"{path}/export", value, params=params)
        self.assertEqual(answer.headers["Content-Type"], "application/geo+json")
        collection = answer.json()
        self.assertEqual(collection["type"], "FeatureCollection")
        return collection["features"]

    def _buildings(self, count, **vals):
        base = {"network_id": self.network.id, "pm_id": self.pm.id, **vals}
        return self.env["oiconnect.building"].create(
            [{**base, "identifier": f"OITO/X/{n}"} for n in range(count)]
        )

    def test_every_resource_is_exported_as_it_is_listed(self):
        self.env["oiconnect.ticket"].create(
            {"network_id": self.network.id, "operator_id": self.operator.id}
        )
        self.building.address = 'Allée "du \\ Port"\x02, été'
        for value in (self.value, self.operator_value):
            for _model, resource in resources(self.env):
                if value == self.operator_value and not resource.operator_fields:
                    continue
                path = f"/{resource.path}"
                # There are 37,000 communes.
                some = {"department": "90"} if path == "/communes" else {}
                listed = self._get(path, value, limit=1000, **some)["data"]
                self.assertEqual(self._lines(path, value, **some), listed, path)

    def test_the_batches_make_the_whole(self):
        ids = (self.building + self._buildings(7)).sorted("id")
        with patch.object(rest_export, "BATCH", 3):
            found = [one["id"] for one in self._lines("/buildings", fields="id")]
            features = self._features("/buildings", format="geojson")
            nothing = self._features("/buildings", format="geojson", state="signed")
        self.assertEqual(sorted(set(found)), found)
        self.assertLessEqual(set(ids.ids), set(found))
        self.assertEqual([one["id"] for one in features], found)
        self.assertEqual(nothing, [])
        self.assertEqual(self._lines("/buildings", state="signed"), [])

    def test_the_filters_and_fields_are_those_of_the_list(self):
        self._buildings(2, state="target")
        params = {"state": "target", "fields": "identifier,pm_id"}
        rows = self._lines("/buildings", **params)
        self.assertEqual(rows, self._get("/buildings", **params)["data"])
        self.assertEqual(len(rows), 2)
        for params in ({"limit": 5}, {"state": "zz"}, {"format": "csv"}):
            answer = self._call("GET", "/buildings/export", params=params)
            self.assertProblem(answer, 422, "invalid")
        answer = self._call("GET", "/ptos/export", params={"format": "geojson"})
        self.assertProblem(answer, 422, "invalid")

    def test_places_are_geometries(self):
        self.building.write({"projection": "WGS84", "x": 5.25, "y": 45.5})
        self.pm.write({"projection": "WGS84", "x": 5.5, "y": 45.75})
        prdm = self.env["oiconnect.prdm"].create(
            {
                "network_id": self.network.id,
                "reference": "OITO-PRDM-1",
                "projection": "WGS84",
                "x": 5,
                "y": 45,
            }
        )
        self.env["oiconnect.pm.link"].create(
            {
                "network_id": self.network.id,
                "reference": "L1",
                "pm_id": self.pm.id,
                "prdm_id": prdm.id,
            }
        )
        headers = {"Accept": "application/geo+json"}
        collection = self._call("GET", "/buildings/export", headers=headers).json()
        by_id = {one["id"]: one for one in collection["features"]}
        point = {"type": "Point", "coordinates": [5.25, 45.5]}
        feature = by_id.pop(self.building.id)
        self.assertEqual(feature["geometry"], point)
        record = self._get(f"/buildings/{self.building.id}")
        self.assertEqual(feature["properties"], record)
        self.assertEqual({one["geometry"] for one in by_id.values()}, {None})
        [link] = self._features("/pm-links", format="geojson")
        line = {"type": "LineString", "coordinates": [[5.5, 45.75], [5, 45]]}
        self.assertEqual(link["geometry"], line)

    def test_a_reader_without_right_hears_it_at_once(self):
        user = new_test_user(self.env, "sans_droit", "base.group_user")
        _key, value = self._new_key(user_id=user.id)
        answer = self._call("GET", "/buildings/export", value)
        self.assertProblem(answer, 403, "no-right")

    def test_what_breaks_off_is_seen(self):
        self._buildings(5)
        rest = self.registry["oiconnect.rest"]
        batch = rest._export_batch

        def broken(its, *args, after):
            if after:
                raise ValueError("broken")
            return batch(its, *args, after=after)

        with (
            patch.object(rest_export, "BATCH", 2),
            patch.object(rest, "_export_batch", broken),
            mute_logger(LOGGER),
        ):
            with self.assertRaises(requests.RequestException):
                self._call("GET", "/buildings/export")
            with self._as_workers():
                with self.assertRaises(requests.RequestException):
                    self._call("GET", "/buildings/export")
        with self._as_workers():
            self.assertGreaterEqual(len(self._lines("/buildings")), 5)

    def _as_workers(self):
        """Answer as workers do: by HTTP/1.0, and what they know of the connection."""
        return patch.multiple(
            server.RequestHandler,
            protocol_version="HTTP/1.0",
            make_environ=server.CommonRequestHandler.make_environ,
        )
