"""Examples of the API's documentation: each is sent to a server with the demo."""

import http.client
import json
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import product
from urllib.parse import urlencode

import pytest
from conftest import OdooServer, copy_of, forget_partners
from demo_keys import KEYS
from guides import program
from json_schema import differences, errors
from odoo_process import environment, registry
from oictools import database

pytestmark = pytest.mark.slow
ROOT = "/oiconnect/api/v1"
JSON = "application/json"
PROBLEM = "application/problem+json"
METHODS = ("get", "post", "patch", "put", "delete")
# What makes tickets on which others decide comes first, and what has one visit only:
# for all that are ready, or for one of each state.
FIRST = [
    *(
        f"/tickets/{{record_id}}/actions/{event}"
        for event in ("do_tasks", "resolve", "reject", "request_cancel")
    ),
    "/appointments/{record_id}/actions/confirm",
]
FOR_ALL, REJECT = FIRST[:2], FIRST[2]
#: forms of a body → the key that gives it, and the operator that it is of
USER, OPERATOR = "by-user", "by-operator"
KEY = {USER: "OICN", OPERATOR: "OCAA"}
#: what a body names otherwise than by an id, of which the demo has its own
OWN_NAMES = ("slot", "subcontract_reference")
#: records and values that are tried for one example
MAX_RECORDS, MAX_VALUES = 4, 6
#: commune of the example of a booking
INSEE_CODE = "01345"
# Answer where there is no record to try
NOTHING = (404, PROBLEM, {"type": "", "title": "No such record", "status": 404})
# Where the demo has nothing of which the example could be true. Of the three tickets
# that are resolved two are rejected, and the operator accepts one.
REFUSED = {
    "accept_tickets": {USER: 409},
    "confirm_rejection_access_orders": {USER: 422},
    "deliver_access_orders": {USER: 409},
    "start_access_orders": {USER: 409},
    "delete_networks": {USER: 422},
}


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    with ExitStack() as stack:
        name = copy_of("demo", "examples")
        stack.callback(database.drop, name)
        found = stack.enter_context(registry(name))
        with environment(found) as env:
            env["oiconnect.demo"]._make_keys(KEYS)
            env["oiconnect.api.key"].search([]).rate_class = "fast"
        log = tmp_path_factory.mktemp("examples") / "odoo.log"
        server = OdooServer(name, log, scheduled=False, jobs=False)
        forget_partners(server)
        stack.callback(server.stop)
        yield Examples(server.start(), found)


class Examples:
    """The operations of the document, and what a demo has for them."""

    def __init__(self, server, found):
        self.server = server
        self.found = found
        self.document = self.call("GET", "/openapi.json")[2]
        self.schemas = self.document["components"]["schemas"]
        with environment(found) as env:
            declared = {
                model._resource.path: name
                for name, model in env.registry.items()
                if getattr(model, "_resource", None) and not model._abstract
            }
        self.models = declared
        #: what examples created, for those that delete
        self.made = {}

    def operations(self):
        """Return ``[(method, path, operation)]``: what reads first, deletes last."""
        return sorted(
            (
                (method, path, operation)
                for path, item in self.document["paths"].items()
                for method, operation in item.items()
            ),
            key=lambda one: (
                METHODS.index(one[0]),
                "actions" in one[1],
                FIRST.index(one[1]) if one[1] in FIRST else len(FIRST),
            ),
        )

    def call(self, method, path, key="OICN", query=(), headers=(), body=None):
        """Return ``(status, type, document or bytes)`` of one call."""
        headers_sent = {"Authorization": f"Bearer {KEYS[key]}", "Content-Type": JSON}
        query = urlencode(list(query), doseq=True)
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=120
        )
        try:
            connection.request(
                method.upper(),
                f"{ROOT}{path}?{query}".rstrip("?"),
                None if body is None else json.dumps(body).encode(),
                headers_sent | dict(headers),
            )
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        kind = (answer.headers["Content-Type"] or "").partition(";")[0]
        is_json = kind in (JSON, PROBLEM)
        return answer.status, kind, json.loads(content) if is_json else content

    # ------------------------------------------------------------------
    # One example
    # ------------------------------------------------------------------

    def plays(self, method, path, operation):
        """Yield ``(form, answer)`` for each example: the first that is no refusal.

        Where one form is all there is, it is that of the key that may do this.
        """
        if forms := _forms(operation):
            # The operator has less to choose from.
            for who in (OPERATOR, USER):
                yield who, self.play(method, path, operation, KEY[who], forms[who])
            return
        body = _body(operation)
        for who, key in KEY.items():
            answer = self.play(method, path, operation, key, body)
            if who == OPERATOR or (answer is not NOTHING and answer[0] != 403):
                yield who, answer
                return

    def play(self, method, path, operation, key, body):
        answer = NOTHING
        for record, filled in self.requests(path, key, body):
            where = path.replace("{record_id}", str(record))
            values = {"path": {}, "query": {}, "header": {}}
            for one in operation.get("parameters", ()):
                if "example" in one:
                    values[one["in"]][one["name"]] = str(one["example"])
            for name, value in values["path"].items():
                where = where.replace(f"{{{name}}}", value)
            arguments = (values["query"].items(), values["header"].items(), filled)
            response = self.call(method, where, key, *arguments)
            if answer is NOTHING or answer[0] >= 400:
                answer = response
            if response[0] < 400:
                self.note(method, path, response[2])
            if response[0] == 403 or (response[0] < 400 and path not in FIRST):
                break
        return answer

    def note(self, method, path, content):
        if method == "post" and path.count("/") == 1 and isinstance(content, dict):
            self.made[path] = content.get("id")

    def requests(self, path, key, body):
        """Yield ``(record id, body)``: the example, about records that there are."""
        model = self.models.get(path.split("/")[1])
        if model is None:
            yield 1, body
            return
        with environment(self.found) as env:
            candidates = [
                (record.id, self.references(env, record, path, body))
                for record in self.records(env, model, path, key)
            ]
        for record, ids in candidates:
            for values in product(*ids.values()):
                yield record, _filled(body, dict(zip(ids, values, strict=True)), record)

    def records(self, env, model, path, key):
        """Return records on which an operation may be done by a key."""
        found = env[model].search(_real(env[model]), order="id")
        if key == KEY[OPERATOR] and "operator_id" in found._fields:
            found = found.filtered(lambda one: _is_of(one, key))
        if made := self.made.get(f"/{path.split('/')[1]}"):
            found = (found.browse(made) & found) | found
        if "/actions/" not in path:
            return found[:1]
        event = path.rpartition("/")[2]
        ready = found.browse()
        if event in found._workflow.events:
            ready = found._ready_for(event)
            if path in FIRST and ready:
                return ready if path in FOR_ALL else _one_of_each(ready, path, key)
            if key == KEY[OPERATOR]:
                # What is said at another time may be heard as a message only.
                return ready[-MAX_RECORDS:]
            ready = ready[-MAX_RECORDS:]
        # A button may do what is not an event: some of each state are tried.
        alike = [name for name in ("state", "connection_type") if name in found._fields]
        groups = found.grouped(lambda one: tuple(one[name] for name in alike))
        some = [same[:MAX_RECORDS].ids for same in groups.values()]
        return ready or found.browse(sum(some, []))

    def references(self, env, record, path, body):
        """Return ``{field: ids}`` of the records that a body may name."""
        rows = (body or {}).get("rows", [body or {}])
        present = {name for row in rows for name in row}
        names = {name for name in present if name.endswith("_id") or name in OWN_NAMES}
        if path in ("/tickets", "/tickets/bulk"):
            # Which lines an operator has hangs on the day of the demo.
            names |= present & {"service_reference"}
        return {
            name: self.candidates(env, record, path, name) for name in sorted(names)
        }

    def candidates(self, env, record, path, name):
        if name == "subcontract_reference":
            return [record.subcontract_reference]
        if name == "service_reference":
            return self.lines(record)
        if name == "slot":
            known = record if "/actions/" in path else record.browse()
            return self.slots(known)
        if name == "reason_id":
            flag = "for_report" if path.endswith("/reject") else "for_connection"
            both = [[(flag, "=", True)], []]
            return [env["oiconnect.reason"].search(one, limit=1).id for one in both]
        if name == "closure_code_id":
            codes = env["oiconnect.ticket.closure.code"].search([])
            codes = codes.filtered(lambda code: not code.needs_location)
            return [same[0].id for same in codes.grouped("usage").values()]
        if name in ("defect_id", "defect_class_id", "prelocation_id"):
            domain = record._fields[name].domain
            return env["oiconnect.ticket.code"].search(domain, limit=1).ids
        if name == "pbo_id":
            return record.pm_id.pbo_ids[:MAX_VALUES].ids
        if name not in record._fields:
            return [1]
        found = env[record._fields[name].comodel_name]
        if name == "position_id":
            return found.search([("route_ids", "=", False)], limit=1).ids
        return found.search(_real(found), limit=MAX_VALUES, order="id desc").ids

    def lines(self, ticket):
        """Return references of lines in service of the operator of a ticket."""
        lines = ticket.env["oiconnect.access.order"].search(
            [("operator_id", "=", ticket.operator_id.id), ("state", "=", "in_service")],
            limit=MAX_VALUES,
        )
        return lines.mapped("service_reference")

    def slots(self, visit):
        """Return the slots to which a visit may be moved; of none, those to book."""
        now = datetime.now(UTC)
        query = {
            "insee_code": visit.commune_id.insee_code or INSEE_CODE,
            "kind": visit.kind or "production",
            "from": (now + timedelta(days=2)).isoformat(),
            "to": (now + timedelta(days=20)).isoformat(),
        }
        found = self.call("GET", "/slots", KEY[OPERATOR], query.items())[2]["data"]
        return [one["slot"] for one in found[:MAX_VALUES]]

    # ------------------------------------------------------------------
    # What is wrong
    # ------------------------------------------------------------------

    def faults(self, method, path, operation):
        """Yield what is wrong with the examples of an operation."""
        for who, answer in self.plays(method, path, operation):
            for fault in self.faults_of(who, answer, operation):
                yield f"{who}: {fault}"

    def faults_of(self, who, answer, operation):
        status, kind, body = answer
        refused = REFUSED.get(operation["operationId"], {}).get(who)
        if status != refused and (refused or status >= 400):
            yield f"{status} {body}"
        if status >= 400:
            yield from errors(body, self.schemas["Problem"], self.schemas)
            return
        documented = operation["responses"].get(str(status), {})
        content = documented.get("content", {})
        if not content:
            yield from () if not body else [f"{status}: {body!r} is not documented"]
        elif kind not in content:
            yield f"{status}: {kind} instead of {list(content)}"
        elif kind == JSON:
            example = content[kind]["example"]
            yield from errors(body, content[kind]["schema"], self.schemas)
            yield from errors(example, content[kind]["schema"], self.schemas, "example")
            if who == OPERATOR:
                example = _without_hidden(body, example)
            yield from differences(body, example)


def _real(model):
    """Return the domain of what is on the network that the keys of the demo open."""
    if "network_id" not in model._fields:
        return []
    return [("network_id.is_sandbox", "!=", True)]


def _without_hidden(content, example):
    """Return an example without what an operator does not receive."""
    if isinstance(content, list) and isinstance(example, list) and content:
        return [_without_hidden(content[0], one) for one in example]
    if isinstance(content, dict) and isinstance(example, dict):
        names = content.keys() if content.keys() < example.keys() else example.keys()
        return {
            name: _without_hidden(content.get(name), example[name]) for name in names
        }
    return example


def _is_of(record, operator):
    return record.operator_id.interop_code == operator


def _one_of_each(ready, path, key):
    """Return one of each state, the operator's: of rejections one is for it."""
    is_others = path == REJECT and key == KEY[USER]
    wanted = ready.filtered(lambda one: _is_of(one, KEY[OPERATOR]) != is_others)
    groups = (wanted or ready).grouped("state").values()
    return ready.browse(same[-1].id for same in groups)


def _body(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return content.get(JSON, {}).get("example")


def _forms(operation):
    """Return ``{form: body}`` of a body that has one for each kind of key."""
    content = operation.get("requestBody", {}).get("content", {})
    examples = content.get(JSON, {}).get("examples", {})
    return {who: one["value"] for who, one in examples.items()}


def _filled(body, ids, record):
    """Return the body of an example with ids of records that there are."""
    if body is None:
        return None
    if "rows" in body:
        return {"rows": [_filled(row, ids, record) for row in body["rows"]]}
    known = {**ids, "id": record}
    return {name: known.get(name, value) for name, value in body.items()}


def test_each_operation_has_an_example(examples):
    lacking = []
    for _method, path, operation in examples.operations():
        name = operation["operationId"]
        given = operation.get("requestBody", {}).get("content", {})
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                given = given | answer.get("content", {})
        if JSON in given and not {"example", "examples"} & given[JSON].keys():
            lacking.append(name)
        wanted = set(re.findall(r"{(\w+)}", path))
        for one in operation.get("parameters", ()):
            if one["name"] in wanted and "example" not in one:
                lacking.append(f"{name}: {one['name']}")
    assert lacking == []


def test_each_example_is_answered_as_it_says(examples):
    faults = {}
    for method, path, operation in examples.operations():
        if found := list(examples.faults(method, path, operation)):
            faults[operation["operationId"]] = found[:3]
    assert faults == {}, json.dumps(faults, indent=1, ensure_ascii=False, default=str)


def test_the_program_of_the_guide_follows_orders_as_it_is_written(examples):
    """By a process of its own, with nothing but Python and a key."""
    output = subprocess.run(
        [sys.executable, "-I", "-c", program("suivre.py")],
        env={
            "PATH": os.environ["PATH"],
            "OICONNECT_URL": f"http://127.0.0.1:{examples.server.port}{ROOT}",
            "OICONNECT_KEY": KEYS["OCAA"],
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    expected = examples.server.rows(
        "SELECT o.oc_reference FROM oiconnect_access_order o"
        "  JOIN oiconnect_operator op ON op.id = o.operator_id"
        " WHERE op.interop_code = 'OCAA' AND o.state = 'in_service' ORDER BY o.id"
    )
    assert [line.split()[0] for line in output.splitlines()] == [
        reference for (reference,) in expected
    ]
    assert len(expected) > 10
    assert len(program("suivre.py").splitlines()) <= 25
