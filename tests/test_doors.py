"""Addresses open to strangers, to people, to no one: doors.csv, Odoo and the proxy."""

import http.client
import json
import re
import threading
import urllib.error
import urllib.request
from contextlib import closing

import conftest
import pytest
from odoo_process import environment, registry
from oictools import database, doors
from web_session import session_of

pytestmark = pytest.mark.slow
#: what stands in an address for what changes, and one value of it
VALUES = {"int": "1", "model": "1", "models": "1", "path": "a/b"}
WEBSOCKET = "/websocket"
REMAKE = "make doors, then say in doors.csv to whom what is new is open, and why"
#: error of a call of the web client
SESSION_EXPIRED = 100


@pytest.fixture(scope="module")
def listed():
    return doors.read_list(doors.LIST.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def served():
    """All rules of a database with all addons: ``{path: what Odoo says of it}``"""
    name = conftest.copy_of("demo")
    threading.current_thread().dbname = name
    with registry(name) as base, environment(base) as env:
        from odoo.addons.oiconnect_base.doors import Door

        rules = env["ir.http"].routing_map().iter_rules()
        yield {rule.rule: Door.of(rule) for rule in rules}
    database.drop(name)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with conftest.demo_server("doors", tmp_path_factory.mktemp("doors")) as found:
        yield found


def sample(door):
    """Return an address of a door."""

    def value(part):
        named = re.search(r"<any\('?([^',)]+)", part[0])
        return named[1] if named else VALUES.get(part[1], "a")

    return doors.PART.sub(value, door["path"])


def differences(listed, served):
    """Return what Odoo serves otherwise than the list says, and what is on one side.

    Closed doors may be of modules that other databases have.
    """
    said = {
        door["path"]: tuple(door[name] for name in ("auth", "type", "methods"))
        for door in listed
        if door["path"] in served or door["open_to"] != "nobody"
    }
    does = {path: (door.auth, door.type, door.methods) for path, door in served.items()}
    return sorted(set(said.items()) ^ set(does.items()))


def answer_of(server, door, session=""):
    """Ask for the address of a door; return status, and the error of a call."""
    is_call = door["type"] == "jsonrpc"
    methods = door["methods"].split()
    method = "POST" if is_call or methods == ["POST"] else "GET"
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{sample(door)}",
        data=b'{"params": {}}' if method == "POST" else None,
        headers={"Cookie": f"session_id={session}"},
        method=method,
    )
    if is_call:
        request.add_header("Content-Type", "application/json")
    try:
        with OPENER.open(request, timeout=60) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
        where = error.headers.get("Location", "")
        if "/web/login" in where:
            return "log-in page"
    if is_call and status == 200:
        return json.loads(body).get("error", {}).get("code")
    return status


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


# -- the list ------------------------------------------------------------------------


def test_the_list_is_what_odoo_serves(listed, served):
    assert differences(listed, served) == [], REMAKE


def test_a_new_or_changed_address_is_found(listed, served):
    door = served["/web/login"]
    new = door._replace(path="/planted")
    changed = served["/web/export/csv"]._replace(auth="public")
    found = differences(listed, {**served, "/planted": new, "/web/export/csv": changed})
    assert [path for path, _said in found] == [
        "/planted",
        "/web/export/csv",
        "/web/export/csv",
    ]


def test_who_needs_no_log_in_is_let_in_for_a_reason(listed):
    allowed = {"anybody", "people", "inside", "nobody"}
    assert {door["open_to"] for door in listed} == allowed
    for door in listed:
        needs_none = door["auth"] in ("none", "public")
        assert bool(door["why"]) == (needs_none or door["open_to"] == "nobody"), door
        if not needs_none:
            assert door["open_to"] in ("people", "nobody"), door


def test_addresses_of_ours_that_are_open_are_few(listed):
    ours = {
        door["path"]
        for door in listed
        if "oiconnect" in door["path"] and door["open_to"] != "people"
    }
    assert ours == {
        "/oiconnect/api/v1/<path:path>",
        "/oiconnect/health",
        "/oiconnect/metrics",
        "/oiconnect/soap/<path:path>",
    }


# -- the proxy -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def proxy():
    """The map of the proxy: address → what counts it, None where it is not there."""
    lines = re.findall(r'^"~(.+)" (\w+);$', doors.PROXY.read_text(), re.MULTILINE)
    patterns = [(re.compile(pattern), value) for pattern, value in lines]
    return lambda path: next(
        (value for pattern, value in patterns if pattern.search(path)), None
    )


def test_the_proxy_is_made_from_the_list(listed):
    assert doors.PROXY.read_text() == doors.proxy_conf(listed), REMAKE


def test_the_proxy_passes_what_is_open_and_nothing_else(listed, proxy):
    for door in listed:
        is_passed = door["open_to"] in ("anybody", "people")
        if door["path"] == WEBSOCKET:
            # A location of its own
            is_passed = False
        assert bool(proxy(sample(door))) == is_passed, door


@pytest.mark.parametrize(
    "path",
    [
        "/planted",
        "/web",
        "/web/database/manager/",
        "/fr/web/database/list",
        "/es_419/web/database/list",
        "/sr@latin/oiconnect/metrics",
        "/web/login/../database/manager",
        "/a/web/login",
        "/web/static",
        "/odoo\n/web/database",
        "/.git/config",
    ],
)
def test_other_spellings_open_nothing(proxy, path):
    assert bool(proxy(path)) == (path == "/web")


def test_passwords_are_counted_whatever_language_is_before_them(proxy):
    for path in ("login", "login/totp", "session/authenticate", "reset_password"):
        assert proxy(f"/web/{path}") == "login"
    for path in ("login", "login/totp", "reset_password", "signup"):
        for language in ("fr", "fr_FR", "es_419", "sr@latin"):
            assert proxy(f"/{language}/web/{path}/") == "login"
    for path in ("/jsonrpc", "/xmlrpc/2/common"):
        assert proxy(path) == "script"
    assert proxy("/web/static/src/app.js") == "open"


# -- Odoo, where no proxy stands before it --------------------------------------------


def test_a_stranger_is_led_to_the_log_in_or_finds_nothing(server, listed):
    found = {
        door["path"]: answer_of(server, door)
        for door in listed
        if door["auth"] in ("none", "public")
        and door["open_to"] in ("people", "nobody")
        and door["path"] != WEBSOCKET
    }
    opened = {
        path: answer
        for path, answer in found.items()
        # 405: a door that takes no such method does nothing either.
        if answer not in (404, 405, SESSION_EXPIRED, "log-in page")
    }
    assert len(found) > 80 and opened == {}


def test_what_is_closed_is_closed_to_the_administrator_too(server, listed):
    session = session_of(server, "admin")
    closed = [door for door in listed if door["open_to"] == "nobody"]
    found = {door["path"]: answer_of(server, door, session) for door in closed}
    assert len(found) > 20
    assert {path: answer for path, answer in found.items() if answer != 404} == {}


def test_the_server_fetches_no_address_for_a_stranger(server, listed):
    """Nor for anybody else: previews of links are off."""
    [door] = [door for door in listed if "link_preview_external" in door["path"]]
    assert (
        answer_of(server, door)
        == answer_of(server, door, session_of(server, "admin"))
        == 404
    )


def test_a_stranger_keeps_no_connection_open(server):
    assert handshake(server, "") != 101
    assert handshake(server, session_of(server, "admin")) == 101


def handshake(server, session):
    """Ask for a websocket as a browser does; return the status of the answer."""
    origin = f"http://127.0.0.1:{server.port}"
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": origin}
    headers |= {"Sec-WebSocket-Version": "13", "Cookie": f"session_id={session}"}
    headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    asking = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with closing(asking):
        asking.request("GET", WEBSOCKET, headers=headers)
        return asking.getresponse().status
