"""The REST API behind HTTP, by several processes: what two workers share."""

import http.client
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import small_network
from conftest import OdooServer
from needs_browser import needs_browser
from odoo_process import environment, registry
from oictools.chromium import Chromium

pytestmark = pytest.mark.slow
ROOT = "/oiconnect/api/v1"


@pytest.fixture(scope="module")
def served(shared_database, tmp_path_factory):
    """Two servers on one database, as two workers are, and keys of one user."""
    with registry(shared_database) as found, environment(found) as env:
        world = prepare(env)
    folder = tmp_path_factory.mktemp("rest")
    servers = [
        OdooServer(
            shared_database, folder / f"odoo-{n}.log", scheduled=False, jobs=False
        ).start()
        for n in (1, 2)
    ]
    yield servers, world
    for server in servers:
        server.stop()


def prepare(env):
    made = small_network.make(env, "OIRA", "OCR1")
    network = made["network"]

    def make_key(rate_class):
        _key, value = env["oiconnect.api.key"]._make(
            {
                "name": rate_class,
                "company_id": network.company_id.id,
                "network_ids": [(6, 0, network.ids)],
                "user_id": env.ref("base.user_admin").id,
                "rate_class": rate_class,
            },
            level="write",
        )
        return value

    return {
        "fast": [make_key("fast") for _n in range(4)],
        "slow": [make_key("slow") for _n in range(2)],
        "network": network.id,
        "building": made["building"].id,
    }


def call(server, method, path, value, body=None, **headers):
    """Return ``(status, headers, document)`` of one call, on its own connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {name.replace("_", "-"): text for name, text in headers.items()}
    headers |= {"Authorization": f"Bearer {value}", "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    try:
        connection.request(method, ROOT + path, content, headers)
        response = connection.getresponse()
        text = response.read()
        return response.status, response.headers, json.loads(text) if text else None
    finally:
        connection.close()


def at_once(calls):
    """Return what ``calls`` return; they begin together."""
    start = threading.Barrier(len(calls))

    def begin(one):
        start.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(begin, calls))


def in_one_minute(server, made):
    """Return what ``made`` returns, once the database counted all of it in a minute."""
    clock = "SELECT extract(epoch FROM clock_timestamp())::bigint / 60"
    while True:
        server.rows("DELETE FROM oiconnect_api_rate RETURNING 1")
        begun = server.rows(clock)
        result = made()
        if server.rows(clock) == begun:
            return result


def test_workers_share_the_calls_of_a_minute(served):
    servers, world = served
    value, other = world["slow"]
    requests = [
        partial(call, server, "GET", "/networks", value) for server in servers * 35
    ]

    def answers():
        with ThreadPoolExecutor(6) as threads:
            return list(threads.map(lambda made: made(), requests))

    found = in_one_minute(servers[0], answers)
    refused = [headers for status, headers, _document in found if status == 429]
    assert Counter(status for status, *_rest in found) == {200: 60, 429: 10}
    assert all(1 <= int(headers["Retry-After"]) <= 60 for headers in refused)
    # The count of one key is not that of another.
    assert call(servers[1], "GET", "/networks", other)[0] == 200


def test_the_same_creation_twice_at_once_is_made_once(served):
    servers, world = served
    value = world["fast"][0]
    for rank in range(2):
        body = {"identifier": f"OIRA/N/{rank}"}
        requests = ("POST", "/buildings", value, body)
        answers = at_once(
            [
                partial(call, server, *requests, Idempotency_Key=f"n-{rank}")
                for server in servers * 2
            ]
        )
        assert [status for status, _headers, _document in answers] == [201] * 4
        assert len({document["id"] for _s, _h, document in answers}) == 1
        [[count]] = servers[0].rows(
            "SELECT count(*) FROM oiconnect_building WHERE identifier = %s",
            body["identifier"],
        )
        assert count == 1


def test_of_two_changes_at_once_one_is_of_another_version(served):
    servers, world = served
    value, path = world["fast"][1], f"/buildings/{world['building']}"
    for rank in range(2):
        _status, headers, _document = call(servers[0], "GET", path, value)
        tag = headers["ETag"]
        answers = at_once(
            [
                partial(
                    call, server, "PATCH", path, value, {"city": str(n)}, If_Match=tag
                )
                for n, server in enumerate(servers, 2 * rank)
            ]
        )
        statuses = sorted(status for status, _headers, _document in answers)
        assert statuses in ([200, 409], [200, 412]), answers


def test_many_keys_at_once_are_counted_each_for_itself(served):
    servers, world = served
    values = [value for value in world["fast"] for _n in range(25)]
    requests = [
        partial(call, server, "GET", "/networks", value)
        for server, value in zip(servers * 50, values, strict=True)
    ]

    def counted():
        with ThreadPoolExecutor(8) as threads:
            statuses = {one[0] for one in threads.map(lambda made: made(), requests)}
        assert statuses == {200}
        return servers[0].rows("SELECT count FROM oiconnect_api_rate")

    assert in_one_minute(servers[0], counted) == [(25,)] * 4


def test_pages_of_the_two_are_of_one_list(served):
    servers, world = served
    value = world["fast"][2]
    seen, cursor, rank = [], "", 0
    while cursor is not None:
        server = servers[rank % 2]
        path = f"/buildings?limit=2&sort=identifier&cursor={cursor}".rstrip("=")
        path = path if cursor else "/buildings?limit=2&sort=identifier"
        status, _headers, document = call(server, "GET", path, value)
        assert status == 200, document
        seen += [one["id"] for one in document["data"]]
        cursor, rank = document["next"], rank + 1
    found = servers[0].rows("SELECT id FROM oiconnect_building ORDER BY identifier, id")
    assert seen == [row[0] for row in found]


@needs_browser
def test_the_documentation_is_shown_by_our_own_assets(served):
    servers, _world = served
    address = f"http://127.0.0.1:{servers[0].port}{ROOT}/docs"
    with Chromium(1400, 900) as browser:
        browser.listen()
        # It leads to the documentation, which takes seconds to be drawn: once will do.
        read_the_guides(browser, address)
        loaded = browser.value(
            "performance.getEntriesByType('resource').map((one) => one.name)"
        )
        assert browser.complaints == []
    assert len(loaded) > 3
    assert all(one.startswith(f"http://127.0.0.1:{servers[0].port}/") for one in loaded)


def read_the_guides(browser, address):
    """Find a guide, then the call that it names, as on a telephone."""
    browser.command(
        "Emulation.setDeviceMetricsOverride",
        width=390,
        height=800,
        deviceScaleFactor=1,
        mobile=True,
    )
    browser.open(f"{address}/guides")
    # Its script listens once the page is whole.
    browser.wait("document.readyState === 'complete'")
    assert browser.value("document.querySelectorAll('article').length") > 4
    assert browser.value("document.documentElement.scrollWidth") <= 390
    browser.value(
        "const search = document.getElementById('search');"
        "search.value = 'problem+json';"
        "search.dispatchEvent(new Event('input'))"
    )
    shown = "[...document.querySelectorAll('article:not([hidden])')]"
    browser.wait(f"{shown}.length === 1")
    assert browser.value(f"{shown}[0].id") == "erreurs"
    browser.value("document.querySelector('nav a:last-of-type').click()")
    operation = "#operations-buildings-create_buildings"
    browser.wait("document.querySelector('#operations-tag-buildings') !== null")
    browser.value("document.querySelector('#operations-tag-buildings').click()")
    browser.wait(f"document.querySelector('{operation}') !== null")
    browser.value(f"document.querySelector('{operation} button').click()")
    # The example of the request is shown.
    browser.wait(f"document.querySelector('{operation}').textContent.includes('EX01')")


def test_a_server_keeps_one_application(served):
    """However many addresses are called: the library would keep one for each."""
    servers, world = served
    value = world["fast"][3]

    def seconds(record_ids):
        started = time.monotonic()
        for record_id in record_ids:
            path = f"/buildings/{10**6 + record_id}"
            assert call(servers[0], "GET", path, value)[0] == 404
        return time.monotonic() - started

    again = seconds([0] * 20)
    # To build an application takes a hundred times as long as a call.
    assert seconds(range(1, 21)) < 10 * again
