import itertools
import json
import re

from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.tests.appointment_common import (
    make_commune,
    make_team,
)

from ...models.api.api_authentication import Caller
from ...rest import ROOT
from ...rest.problem import Problem
from ...rest.resources import resources
from .rest_common import RestCase

ORDERS = ("access-orders", "pm-orders", "pb-orders", "link-orders")


@tagged("post_install", "-at_install")
class TestRestIsolation(RestCase):
    """Every operation with every key that must not do it: complete by construction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.declared = {one.path: one for _model, one in resources(cls.env)}
        cls.models = {one.path: model for model, one in resources(cls.env)}
        rest = cls.env["oiconnect.rest"]
        cls.descriptions = {
            path: rest._describe(model) for path, model in cls.models.items()
        }
        cls.other = cls.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OIT9", "code": "OIT9", "pto_prefix": "ZP"}
        )
        cls.records = cls._records_of_network() | cls._records_of(
            cls.rival, cls.network
        )
        cls.elsewhere = cls._records_of(cls.operator, cls.other)
        _key, cls.writer = cls._new_key(operator_id=cls.operator.id, level="write")

    @classmethod
    def _records_of(cls, operator, network):
        """Return ``{path: a record of an operator}`` of what operators have."""
        env, base = cls.env, {"network_id": network.id}
        theirs = base | {"operator_id": operator.id}
        publication = env["oiconnect.publication"].create(
            base | {"kind": "ipe", "state": "done", "name": "IPE.csv", "file": "YQ=="}
        )
        sent = theirs | {"direction": "out", "state": "out_sent"}
        found = {
            "appointments": env["oiconnect.appointment"].create(
                theirs
                | {
                    "team_id": make_team(env, network).id,
                    "commune_id": make_commune(env).id,
                    "start": "2030-01-01 08:00",
                    "stop": "2030-01-01 10:00",
                }
            ),
            "exchanges": env["oiconnect.exchange"].create(
                [
                    sent | {"name": "AR.csv", "content": "YQ=="},
                    sent | {"name": "IPE.csv", "publication_id": publication.id},
                ]
            )[0],
            "publications": publication,
        }
        for path in (*ORDERS, "tickets"):
            found[path] = env[cls.models[path]].create(theirs)
        return found

    @classmethod
    def _records_of_network(cls):
        """Return ``{path: a record that no operator sees}``."""
        env, base = cls.env, {"network_id": cls.network.id}
        cls.building.state = "abandoned"
        cls.building.abandoned_date = "2020-01-01"
        cls.pm.state = "abandoned"
        cls.pm.abandoned_date = "2020-01-01"
        prdm = env["oiconnect.prdm"].create(base | {"reference": "OITO-PRDM-1"})
        return {
            "networks": cls.other,
            "operators": cls.rival,
            "prdms": prdm,
            "pms": cls.pm,
            "pm-links": env["oiconnect.pm.link"].create(
                base | {"reference": "L1", "pm_id": cls.pm.id, "prdm_id": prdm.id}
            ),
            "modules": cls.routes.module_id[:1],
            "splice-boxes": env["oiconnect.splice.box"].create(
                base | {"reference": "BPE-1", "pm_id": cls.pm.id}
            ),
            "cables": cls.routes.cable_id[:1],
            "pbos": cls.pbo,
            "buildings": cls.building,
            "building-levels": env["oiconnect.building.level"].create(
                {"building_id": cls.building.id, "floor": "1"}
            ),
            "ptos": env["oiconnect.pto"].create(
                base | {"reference": "ZO-0001", "building_id": cls.building.id}
            ),
            "routes": cls.routes[:1],
        }

    def _operations(self, records=None):
        """Yield ``(method, path with ids, resource)`` of all that is documented."""
        records = self.records if records is None else records
        document = self._call("GET", "/openapi.json", "").json()
        for path, operations in document["paths"].items():
            resource = path.split("/")[1]
            record = records.get(resource)
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
        # Communes are visible to all.
        self.assertEqual(set(self.declared) - {"communes"}, set(self.records))

    def test_no_operation_without_a_key_that_serves(self):
        self.rival_key.action_revoke()
        expired, old_value = self._new_key(operator_id=self.operator.id, level="write")
        expired.expiry_date = "2020-01-01"
        keys = {
            "no-key": "",
            "revoked-key": self.rival_value,
            "expired-key": old_value,
        }
        # All have one dependency: any of these, in turn, shows that it is called.
        for (method, path, _resource), (kind, value) in zip(
            self._operations(), itertools.cycle(keys.items()), strict=False
        ):
            answer = self._try(method, path, value)
            with self.subTest(method=method, path=path, kind=kind):
                self.assertProblem(answer, 401, kind)

    def test_no_operation_without_its_scope(self):
        for owner in ({"user_id": self.user.id}, {"operator_id": self.operator.id}):
            _key, value = self._new_key(level="write", resources=[], **owner)
            for method, path, resource in self._operations():
                with self.subTest(method=method, path=path, **owner):
                    answer = self._try(method, path, value)
                    # Who has no scope learns nothing of bodies, but their form.
                    self.assertIn(answer.status_code, (403, 422))
                    if method == "GET" and resource in self.declared:
                        self.assertProblem(answer, 403, "no-scope")

    def test_a_scope_to_read_writes_nothing(self):
        for method, path, _resource in self._operations():
            if method != "GET":
                with self.subTest(method=method, path=path):
                    answer = self._try(method, path, self.operator_value)
                    self.assertIn(answer.status_code, (403, 422))
                    self.assertNotIn("unknown", answer.json()["type"])

    def test_an_operator_sees_nothing_of_another(self):
        self._assert_nothing_of(self.records)

    def test_an_operator_sees_nothing_of_its_own_in_other_networks(self):
        self._assert_nothing_of(self.elsewhere)

    def _assert_nothing_of(self, records):
        """Try all on ``records``: they are answered as if they did not exist."""
        said = {path: its.messages for path, its in self.descriptions.items()}
        tried = 0
        for method, path, resource in self._operations(records):
            if resource not in records:
                continue
            answer = self._try(method, path, self.writer)
            verb = path.rpartition("/actions/")[2] if "/actions/" in path else None
            with self.subTest(method=method, path=path):
                if not self.declared[resource].operator_fields:
                    self.assertIn(answer.status_code, (403, 422))
                elif path.endswith("/trace"):
                    # It names what other operators have there.
                    self.assertProblem(answer, 403, "no-scope")
                elif path == f"/{resource}" and method == "GET":
                    self._assert_not_listed(answer.json()["data"], records[resource])
                elif path == f"/{resource}/export":
                    lines = filter(None, answer.content.split(b"\n"))
                    self._assert_not_listed(map(json.loads, lines), records[resource])
                elif method == "GET" or verb in said[resource] and verb:
                    self.assertProblem(answer, 404, "unknown")
                    tried += 1
                elif path != f"/{resource}":
                    self.assertIn(answer.status_code, (403, 422))
                    self.assertNotIn("unknown", answer.json()["type"])
        self.assertGreater(tried, 25)

    def _assert_not_listed(self, rows, record):
        self.assertNotIn(record.id, [row["id"] for row in rows])

    def test_what_has_no_rows_has_tests_of_its_own(self):
        others = {resource for _method, _path, resource in self._operations()}
        named = {"eligibility", "slots", "tiles", "tiles.json"}
        self.assertEqual(others - set(self.declared), named)

    def test_a_record_is_made_in_a_network_of_the_key_only(self):
        for path, model in self.models.items():
            if None in self.descriptions[path].messages:
                count = self.env[model].search_count([])
                body = {"network_id": self.other.id}
                answer = self._call("POST", f"/{path}", self.writer, json=body)
                problem = self.assertProblem(answer, 422, "invalid")
                self.assertEqual(problem["errors"][0]["pointer"], "#/network_id")
                self.assertEqual(self.env[model].search_count([]), count)

    def test_what_users_write_is_not_for_operators(self):
        ticket = self.env["oiconnect.ticket"].create(
            {"network_id": self.network.id, "operator_id": self.operator.id}
        )
        for method, path, body in (
            ("POST", "/tickets", {"operator_id": self.rival.id}),
            ("PATCH", f"/tickets/{ticket.id}", {"priority": "1"}),
            ("POST", f"/tickets/{ticket.id}/actions/escalate", {}),
            ("POST", "/buildings", {"identifier": "OITO/N/1"}),
        ):
            answer = self._call(method, path, self.writer, {"If-Match": "*"}, json=body)
            self.assertIn(answer.status_code, (403, 422), answer.text)

    def _visible_to_operators(self):
        """Yield the description of each resource that operators see."""
        for path, description in self.descriptions.items():
            if self.declared[path].operator_fields:
                yield description

    def test_an_operator_sees_declared_fields_only(self):
        """Neither a field, nor a filter, nor an order shows it more."""
        for description in self._visible_to_operators():
            hidden = set(description.names) - set(description.operator_names)
            problem = self._get(
                f"/{description.resource.path}",
                self.operator_value,
                status=422 if hidden else 200,
                fields=",".join(sorted(hidden)) or "id",
            )
            found = {error["detail"].split()[-1] for error in problem.get("errors", ())}
            self.assertEqual(found, hidden)

    def test_an_operator_looks_through_nothing_hidden(self):
        caller = Caller(
            self.env, self.operator_key.id, self.operator.id, (self.network.id,), {}
        )
        for description in self._visible_to_operators():
            visible = set(description.operator_names)
            for name, one in description.filters.items():
                if one.paths <= visible:
                    continue
                with self.assertRaises(Problem, msg=f"{description.model} {name}"):
                    self.env["oiconnect.rest"]._filter_domain(
                        caller, description, {name: "1"}
                    )

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
