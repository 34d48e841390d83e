import json
import re

from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.tests.appointment_common import (
    make_commune,
    make_team,
)

from ...rest import ROOT
from ...rest.resources import resources
from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestIsolation(RestCase):
    """Every operation with every key that must not do it: complete by construction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = cls._records_of_rival()
        cls.declared = {one.path: one for _model, one in resources(cls.env)}

    @classmethod
    def _records_of_rival(cls):
        """Return ``{path: a record that the operator must not see}``."""
        env, base = cls.env, {"network_id": cls.network.id}
        theirs = base | {"operator_id": cls.rival.id}
        cls.building.state = "abandoned"
        cls.building.abandoned_date = "2020-01-01"
        cls.pm.state = "abandoned"
        cls.pm.abandoned_date = "2020-01-01"
        other = env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OIT9", "code": "OIT9", "pto_prefix": "ZP"}
        )
        prdm = env["oiconnect.prdm"].create(base | {"reference": "OITO-PRDM-1"})
        found = {
            "networks": other,
            "operators": cls.rival,
            "prdms": prdm,
            "pms": cls.pm,
            "pm-links": env["oiconnect.pm.link"].create(
                base | {"reference": "L1", "pm_id": cls.pm.id, "prdm_id": prdm.id}
            ),
            "modules": cls.routes.module_id[:1],
            "cables": cls.routes.cable_id[:1],
            "pbos": cls.pbo,
            "buildings": cls.building,
            "ptos": env["oiconnect.pto"].create(
                base | {"reference": "ZO-0001", "building_id": cls.building.id}
            ),
            "routes": cls.routes[:1],
            "appointments": env["oiconnect.appointment"].create(
                theirs
                | {
                    "team_id": make_team(env, cls.network).id,
                    "commune_id": make_commune(env).id,
                    "start": "2030-01-01 08:00",
                    "stop": "2030-01-01 10:00",
                }
            ),
            "tickets": env["oiconnect.ticket"].create(theirs),
        }
        models = {one.path: model for model, one in resources(env)}
        for path in ("access-orders", "pm-orders", "pb-orders", "link-orders"):
            found[path] = env[models[path]].create(theirs)
        return found

    def _operations(self):
        """Yield ``(method, path with ids, its first part)`` of what is documented."""
        document = self._call("GET", "/openapi.json", "").json()
        for path, operations in document["paths"].items():
            resource = path.split("/")[1]
            record = self.records.get(resource)
            filled = path.replace("{record_id}", str(record.id if record else 1))
            filled = re.sub(r"\{[xyz]\}", "0", filled)
            for method in operations:
                yield method.upper(), filled, resource

    def _try(self, method, path, value):
        body = None if method in ("GET", "DELETE") else {}
        if path.endswith("/bulk"):
            body = {"rows": [{"id": 1}] if method == "PATCH" else [{}]}
        return self._call(method, path, value, {"If-Match": "*"}, json=body)

    def test_all_resources_have_a_record_to_try(self):
        # Communes are told to everybody.
        paths = {one.path for _model, one in resources(self.env)} - {"communes"}
        self.assertEqual(paths, set(self.records))

    def test_no_operation_without_a_key_that_serves(self):
        self.rival_key.action_revoke()
        for method, path, _resource in self._operations():
            for value, kind in (("", "no-key"), (self.rival_value, "revoked-key")):
                answer = self._try(method, path, value)
                with self.subTest(method=method, path=path, kind=kind):
                    self.assertProblem(answer, 401, kind)

    def test_no_operation_without_its_scope(self):
        _key, value = self._new_key(user_id=self.user.id, resources=[])
        for method, path, _resource in self._operations():
            with self.subTest(method=method, path=path):
                answer = self._try(method, path, value)
                # Who has no scope learns nothing of bodies either, but their form.
                self.assertIn(answer.status_code, (403, 422))
                if method == "GET":
                    self.assertProblem(answer, 403, "no-scope")

    def test_an_operator_sees_nothing_of_another(self):
        others = set()
        for method, path, resource in self._operations():
            if resource not in self.declared:
                others.add(resource)
                continue
            answer = self._try(method, path, self.operator_value)
            with self.subTest(method=method, path=path, text=answer.text[:200]):
                if method != "GET":
                    self.assertIn(answer.status_code, (403, 422))
                    self.assertNotIn("unknown", answer.json()["type"])
                elif not self.declared[resource].operator_fields:
                    self.assertProblem(answer, 403, "no-scope")
                elif path.endswith("/trace"):
                    # It names what other operators have there.
                    self.assertProblem(answer, 403, "no-scope")
                elif path == f"/{resource}":
                    self._assert_not_listed(answer.json()["data"], resource)
                elif path == f"/{resource}/export":
                    lines = filter(None, answer.content.split(b"\n"))
                    self._assert_not_listed(map(json.loads, lines), resource)
                elif resource != "communes":
                    self.assertProblem(answer, 404, "unknown")

        # They have no rows: what operators see of them has tests of its own.
        self.assertEqual(others, {"eligibility", "tiles", "tiles.json"})

    def _assert_not_listed(self, rows, resource):
        if record := self.records.get(resource):
            self.assertNotIn(record.id, [row["id"] for row in rows])

    def test_an_operator_writes_nothing(self):
        _key, value = self._new_key(operator_id=self.operator.id, level="write")
        order = self.env["oiconnect.ticket"].create(
            {"network_id": self.network.id, "operator_id": self.operator.id}
        )
        self.assertEqual(self._get(f"/tickets/{order.id}", value)["id"], order.id)
        for method, path, body in (
            ("POST", "/tickets", {"operator_id": self.operator.id}),
            ("PATCH", f"/tickets/{order.id}", {"priority": "1"}),
            ("POST", f"/tickets/{order.id}/actions/escalate", {}),
        ):
            answer = self._call(method, path, value, {"If-Match": "*"}, json=body)
            self.assertIn(answer.status_code, (403, 422), answer.text)

    def test_an_operator_is_told_what_is_declared_only(self):
        """Neither a field, nor a filter, nor an order tells it more."""
        for model, resource in resources(self.env):
            if not resource.operator_fields:
                continue
            description = self.env["oiconnect.rest"]._describe(model)
            hidden = set(description.names) - set(description.operator_names)
            for name in sorted(hidden):
                answer = self._call(
                    "GET",
                    f"/{resource.path}",
                    self.operator_value,
                    params={"fields": name},
                )
                self.assertEqual(answer.status_code, 422, name)

    def test_an_operator_looks_through_nothing_hidden(self):
        for model, resource in resources(self.env):
            if not resource.operator_fields:
                continue
            description = self.env["oiconnect.rest"]._describe(model)
            told = set(description.operator_names)
            for name, one in description.filters.items():
                if one.paths <= told or one.kind not in ("text", "integer"):
                    continue
                params = {name: one.choices[0] if one.choices else "1"}
                answer = self._call(
                    "GET", f"/{resource.path}", self.operator_value, params=params
                )
                self.assertEqual(answer.status_code, 422, f"{resource.path} {name}")

    def test_names_of_other_operators_are_in_no_answer(self):
        text = ""
        for _model, resource in resources(self.env):
            if resource.operator_fields:
                answer = self._call("GET", f"/{resource.path}", self.operator_value)
                text += answer.text
        self.assertNotIn("OCT2", text)
        self.assertIn("OCT1", text)

    def test_the_api_is_not_open_below_its_root(self):
        answer = self.opener.get(f"{self.base_url()}{ROOT}/../../../web/health")
        self.assertNotIn("identifier", answer.text)
