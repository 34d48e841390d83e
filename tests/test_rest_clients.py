"""The REST API by clients that others wrote: curl, httpx, one made from the document.

And by unforeseen calls, made from the same document.
"""

import importlib
import json
import shutil
import subprocess
import sys
from collections import Counter

import httpx
import hypothesis
import pytest
import schemathesis
import small_network
from conftest import OdooServer
from hypothesis import strategies
from odoo_process import environment, registry
from schemathesis.specs.openapi import checks

pytestmark = pytest.mark.slow
ROOT = "/oiconnect/api/v1"
PACKAGE = "oiconnect_client"
# What the generator of clients knows by another name: JSON, and bytes
OVERRIDES = {
    "application/problem+json": "application/json",
    "application/geo+json": "application/json",
    "application/x-ndjson": "application/octet-stream",
    "application/vnd.mapbox-vector-tile": "application/octet-stream",
    "image/svg+xml": "application/octet-stream",
}
CHECKS = (
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)
#: the same calls each time, two of each operation
FEW = hypothesis.settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.fixture(scope="module")
def served(shared_database, tmp_path_factory):
    """A server, and what clients know of it: a key of an operator, one of a user."""
    with registry(shared_database) as found, environment(found) as env:
        world = prepare(env)
    log = tmp_path_factory.mktemp("rest") / "odoo.log"
    server = OdooServer(shared_database, log, scheduled=False, jobs=False).start()
    world["address"] = f"http://127.0.0.1:{server.port}{ROOT}"
    yield server, world
    server.stop()


def prepare(env):
    made = small_network.make(env, "OIRC", "OCC1")
    network, [operator] = made["network"], made["operators"]
    keys = env["oiconnect.api.key"]
    values = [
        keys._make(
            {
                "name": "Clé d'essai",
                "company_id": network.company_id.id,
                "network_ids": [(6, 0, network.ids)],
                "rate_class": "fast",
                **owner,
            },
            level="write",
        )[1]
        for owner in (
            {"operator_id": operator.id},
            {"user_id": env.ref("base.user_admin").id},
        )
    ]
    return {
        "operator": values[0],
        "user": values[1],
        "building": made["building"].identifier,
        "pm": made["pm"].reference,
    }


def bearer(value):
    return {"Authorization": f"Bearer {value}"}


@pytest.fixture(scope="module")
def document(served):
    """The document of the API, got by httpx as any client gets it."""
    _server, world = served
    return httpx.get(f"{world['address']}/openapi.json", timeout=60).json()


def test_a_first_call_by_httpx(served):
    _server, world = served
    address = f"{world['address']}/networks"
    answer = httpx.get(address, headers=bearer(world["operator"]), timeout=60)
    assert answer.status_code == 200
    assert [one["oi_code"] for one in answer.json()["data"]] == ["OIRC"]
    refused = httpx.get(address, timeout=60)
    assert refused.status_code == 401
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_a_first_call_by_curl_is_answered_as_by_httpx(served):
    _server, world = served
    address, value = f"{world['address']}/networks", world["operator"]
    command = ["curl", "-sS", "--fail", "-H", f"Authorization: Bearer {value}", address]
    by_curl = json.loads(subprocess.check_output(command, timeout=60))
    assert [one["oi_code"] for one in by_curl["data"]] == ["OIRC"]
    assert httpx.get(address, headers=bearer(value), timeout=60).json() == by_curl


# ----------------------------------------------------------------------
# A client made from the document
# ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(document, served, tmp_path_factory):
    """A client as ``openapi-python-client`` makes it, with the operator's key."""
    _server, world = served
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(document))
    config = {
        "package_name_override": PACKAGE,
        "post_hooks": [],
        "literal_enums": True,
        "content_type_overrides": OVERRIDES,
    }
    (folder / "config.json").write_text(json.dumps(config))
    arguments = ["generate", "--path", "openapi.json", "--config", "config.json"]
    command = [sys.executable, "-m", "openapi_python_client", *arguments]
    made = subprocess.run(
        [*command, "--output-path", "made"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "WARNING" not in made.stdout + made.stderr, made.stdout
    sys.path.insert(0, str(folder / "made"))
    try:
        package = importlib.import_module(PACKAGE)
        yield package.AuthenticatedClient(world["address"], world["operator"])
    finally:
        sys.path.remove(str(folder / "made"))


def call(client, name, *arguments, **values):
    """Return what one operation answers, as the client reads it."""
    operation = importlib.import_module(f"{PACKAGE}.api.{name}")
    answer = operation.sync_detailed(*arguments, client=client, **values)
    assert answer.status_code < 300, answer.content
    return answer.parsed


def body(name, **values):
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name).from_dict(values)


def connect(server, order_id):
    """The network's part of an order: a study, and the visit of a team."""
    with registry(server.database) as found, environment(found) as env:
        order = env["oiconnect.access.order"].browse(order_id)
        order._study()
        order._fire("connected")


def test_from_eligibility_to_a_ticket_by_a_client_of_the_document(client, served):
    server, world = served
    places = call(client, "eligibility.eligibility", identifier=world["building"])
    [place] = places.data
    assert [mode.eligible for mode in place.modes] == [True] * 3
    order = call(
        client,
        "access_orders.create_access_orders",
        body=body(
            "AccessOrdersOperatorNew",
            oc_reference="OC-CLIENT-1",
            connection_type="STOC",
            requested_type="AUTO",
            existing_socket=False,
            order_date="2026-03-14T10:05:00Z",
            building_identifier=world["building"],
            pm_reference=place.pm,
            customer_name="EXEMPLE",
            customer_contact1="0600000001",
        ),
    )
    assert order.state == "ar_ok"
    connect(server, order.id)
    found = call(
        client, "access_orders.list_access_orders", oc_reference_contains="CLIENT-1"
    )
    assert [one.id for one in found.data] == [order.id]
    order = call(client, "access_orders.read_access_orders", order.id)
    assert order.state == "delivered"
    ticket = call(
        client,
        "tickets.create_tickets",
        body=body(
            "TicketsOperatorNew",
            oc_key="SAV-CLIENT-1",
            type="1",
            service_reference=order.service_reference,
            defect="PAS DE SIGNAL",
            defect_class="1",
            prelocation="PBO",
        ),
    )
    assert (ticket.state, ticket.service_reference) == ("open", order.service_reference)


# ----------------------------------------------------------------------
# Unforeseen calls
# ----------------------------------------------------------------------


def some_ids(document, world):
    """Return ``{resource: id of a record}``, of those that have one."""
    found = {}
    for path in document["paths"]:
        if path.endswith("/{record_id}"):
            resource = path.split("/")[1]
            address = f"{world['address']}/{resource}?limit=1"
            rows = httpx.get(address, headers=bearer(world["user"]), timeout=60).json()
            for row in rows["data"]:
                found[resource] = row["id"]
    return found


def calls_of(operation, ids):
    """Return the calls to try of an operation: right ones and wrong ones."""
    right = [operation.as_strategy()]
    record_id = ids.get(operation.path.split("/")[1])
    if record_id and "{record_id}" in operation.path:
        known = {"record_id": record_id}
        right.append(operation.as_strategy(path_parameters=known))
    wrong = operation.as_strategy(schemathesis.GenerationMode.NEGATIVE)
    return strategies.one_of(*right, wrong)


def test_no_call_breaks_what_the_document_says(document, served):
    _server, world = served
    ids = some_ids(document, world)
    schema = schemathesis.openapi.from_dict(document)
    broken, tried = [], Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        keys = strategies.sampled_from(["user", "operator"])

        @FEW
        @hypothesis.given(case=calls_of(operation, ids), key=keys)
        def one(case, key):
            answer = case.call(base_url=world["address"], headers=bearer(world[key]))
            tried[answer.status_code] += 1
            case.validate_response(answer, checks=list(CHECKS))

        try:
            one()
        except BaseExceptionGroup as errors:
            broken.append(f"{operation.label}: {errors.exceptions}")
    assert not broken, "\n\n".join(broken)
    assert tried[200] > 50
