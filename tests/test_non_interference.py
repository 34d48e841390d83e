"""Views of an operator do not depend on what another one does, nor on our words.

Two databases that differ only there get the same requests of one operator: pages of
its space, REST, SOAP, files, mails, live notifications, tiles. Each byte that differs
is a leak, unless it is on a list with its reason.
"""

import http.client
import json
import math
import re
import sys
from contextlib import closing
from io import BytesIO
from urllib.parse import urlsplit
from zipfile import ZipFile

import conftest
import psycopg2
import publication_jobs
import pytest
import two_worlds
import zeep
from lxml import html
from odoo_process import environment, registry
from oictools import database, settings

sys.path.insert(0, str(settings.ROOT / "scripts"))
from demo_keys import KEYS  # noqa: E402

pytestmark = pytest.mark.slow
OPERATOR, RIVAL = "OCAA", "OCBB"
SPACE, API = "/my/oiconnect", "/oiconnect/api/v1"
SAV = "/oiconnect/soap/sav/3.0"
HEADER = {"parameters": {"LoginName": "ocaa", "Password": "demo-ocaa"}}
GETTERS = (
    *("getTroubleTicketPublicData", "getSupportedOptionalOperations"),
    *("getManagedEntityTypes", "getEventTypes", "getTroubleTicketTypes"),
)
#: pages and calls, at most: each kind of record has few here
PAGES = 400
#: what is another one at each request, whoever asks: pattern → what is put in its place
CHANCE = (
    (re.compile(rb'csrf_token: "[^"]*"'), b"csrf"),
    (re.compile(rb'name="csrf_token" value="[^"]*"'), b"csrf"),
    # A form is taken once: it has a number of its own.
    (re.compile(rb'name="key" value="[^"]*"'), b"form"),
    (re.compile(rb"\?access_token=[0-9a-f-]+"), b"token"),
    (re.compile(rb"127\.0\.0\.1:\d+"), b"server"),
    (re.compile(rb"unique=\w+"), b"unique"),
    (re.compile(rb"/web/assets/\w+/"), b"/web/assets/"),
    (re.compile(rb'"registry_hash": "[0-9a-f]+"'), b"hash"),
    (re.compile(rb'"(?:db|dbname)": "[^"]*"'), b"db"),
)
#: addresses whose answers may differ, and why
REASONS = {
    # A slot that a rival booked is free for no one: its number hides who has it.
    rf"{SPACE}/rendez-vous/(nouveau|reserver).*": "slots that others booked are taken",
    rf"{API}/appointment-slots.*": "slots that others booked are taken",
}


#: an operator asks a hundred things in a minute here
FAST = "UPDATE oiconnect_api_key SET rate_class = 'fast'"


class World:
    """A server on a database, and the operator's roads to it."""

    def __init__(self, name, folder):
        self.server = conftest.OdooServer(
            name, folder / f"{name}.log", scheduled=False, jobs=False
        ).start()
        self.cookie = self._log_in("ocaa")

    def _log_in(self, login):
        params = {"db": self.server.database, "login": login, "password": login}
        _status, headers, _body = self.ask(
            "POST",
            "/web/session/authenticate",
            json.dumps({"params": params}),
            {"Content-Type": "application/json"},
        )
        return headers["Set-Cookie"].split(";")[0]

    def ask(self, method, path, body=None, headers=()):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=120
        )
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def page(self, path):
        return self.ask("GET", path, headers={"Cookie": self.cookie})

    def api(self, path):
        bearer = {"Authorization": f"Bearer {KEYS[OPERATOR]}"}
        return self.ask("GET", path, headers=bearer)

    def call(self, path, **params):
        headers = {"Cookie": self.cookie, "Content-Type": "application/json"}
        return self.ask("POST", path, json.dumps({"params": params}), headers)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """The demo, and the demo in which the rival's data and our words are others."""
    folder = tmp_path_factory.mktemp("worlds")
    names = [conftest.copy_of("demo", use) for use in ("world_a", "world_b")]
    changed = two_worlds.part(names[1], RIVAL)
    for name in names:
        with closing(psycopg2.connect(dbname=name)) as connection:
            connection.autocommit = True
            connection.cursor().execute(FAST)
    assert len(changed) > 60, changed
    found = [World(name, folder) for name in names]
    yield found
    for world, name in zip(found, names, strict=True):
        world.server.kill()
        database.drop(name)


def plain(status, body):
    for pattern, instead in CHANCE:
        body = pattern.sub(instead, body)
    return status, body


def difference(path, worlds, road):
    """Ask the same in both worlds.

    :return: the body of the first answer; what differs, None if nothing that is not on
        the list
    """
    answers = [_answer(getattr(world, road)(path)) for world in worlds]
    body = answers[0][1]
    one, other = (plain(*answer) for answer in answers)
    if one == other or any(re.fullmatch(reason, path) for reason in REASONS):
        return body, None
    if one[0] != other[0]:
        return body, f"{path}: {one[0]} and {other[0]}"
    pairs = zip(one[1], other[1], strict=False)
    at = next(
        (n for n, (a, b) in enumerate(pairs) if a != b),
        min(map(len, (one[1], other[1]))),
    )
    around = slice(max(0, at - 120), at + 120)
    return body, f"{path}: {one[1][around]!r} and {other[1][around]!r}"


def _answer(answered):
    status, _headers, body = answered
    return status, body


def links(body):
    try:
        found = html.fromstring(body).iterlinks()
    except (ValueError, html.etree.ParserError):
        return
    for _element, _attribute, link, _pos in found:
        parts = urlsplit(link)
        if parts.path.startswith(SPACE) or parts.path.startswith("/my/invoices"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def test_the_space(worlds):
    todo, seen, different = [SPACE], {SPACE}, []
    while todo and len(seen) < PAGES:
        path = todo.pop(0)
        body, found = difference(path, worlds, "page")
        different.append(found)
        for link in links(body):
            if link not in seen and "deconnexion" not in link:
                seen.add(link)
                todo.append(link)
    assert len(seen) > 60
    assert list(filter(None, different)) == []


def test_rest(worlds):
    body, _same = difference(f"{API}/openapi.json", worlds, "api")
    paths = json.loads(body)["paths"]
    lists = [
        path for path, verbs in paths.items() if "get" in verbs and "{" not in path
    ]
    assert len(lists) > 10
    different = []
    for path in lists:
        address = path if path.startswith(API) else f"{API}{path}"
        body, found = difference(address, worlds, "api")
        different.append(found)
        for item in _items(body):
            different.append(difference(f"{address}/{item}", worlds, "api")[1])
    assert list(filter(None, different)) == []


def _items(body):
    """Return the numbers of the first records of a list."""
    try:
        content = json.loads(body)
    except ValueError:
        return []
    rows = content.get("items", []) if isinstance(content, dict) else []
    return [row["id"] for row in rows[:5] if isinstance(row, dict) and "id" in row]


def test_tiles_and_features(worlds):
    tiles = [f"{API}/tiles/{zoom}/{x}/{y}.mvt" for zoom, x, y in _tiles(worlds[0])]
    different = [difference(path, worlds, "api")[1] for path in tiles]
    assert list(filter(None, different)) == []


def _tiles(world):
    """Return the tiles of the middle of the network, from afar to near."""
    query = "SELECT avg(longitude), avg(latitude) FROM oiconnect_pm WHERE latitude <> 0"
    [(longitude, latitude)] = world.server.rows(query)
    for zoom in (8, 12, 14, 16):
        size = 2**zoom
        x = int((longitude + 180) / 360 * size)
        rad = math.radians(latitude)
        y = int((1 - math.asinh(math.tan(rad)) / math.pi) / 2 * size)
        yield zoom, x, y


def test_live_notifications(worlds):
    received = []
    for world in worlds:
        answer = world.call(
            "/websocket/peek_notifications", channels=[], last=0, is_first_poll=True
        )
        received.append(json.loads(answer[2]).get("result", {}).get("notifications"))
    assert received[0] == received[1]


def test_remote_calls(worlds):
    """Models of ours by RPC, as the browser of a person of the operator may ask."""
    models = [
        model
        for (model,) in worlds[0].server.rows(
            "SELECT model FROM ir_model WHERE model LIKE 'oiconnect.%' ORDER BY model"
        )
    ]
    assert len(models) > 80
    different = []
    for model in models:
        for method, args in (("search_read", [[]]), ("search_count", [[]])):
            path = f"/web/dataset/call_kw/{model}/{method}"
            answers = [
                plain(
                    *_answer(
                        world.call(
                            path, model=model, method=method, args=args, kwargs={}
                        )
                    )
                )
                for world in worlds
            ]
            if _result(answers[0]) != _result(answers[1]):
                different.append((path, *answers))
    assert different == []


def _result(answer):
    status, body = answer
    answered = json.loads(body)
    error = answered.get("error", {})
    return status, answered.get("result"), error.get("code"), error.get("message")


def test_web_services(worlds):
    """Answers to the operator by SOAP; its own tickets are read on its pages."""
    received = [
        [getattr(_soap(world).service, name)(_soapheaders=HEADER) for name in GETTERS]
        for world in worlds
    ]
    assert received[0] == received[1]


def _soap(world):
    url = f"http://127.0.0.1:{world.server.port}{SAV}?wsdl"
    return zeep.Client(url)


def test_files(worlds):
    """The full file that each operator gets now, and the messages that wait for it."""
    contents = []
    for world in worlds:
        with registry(world.server.database) as found:
            with environment(found) as env:
                plans = env["oiconnect.publication.plan"].search([])
                made = [plan._publish(("full",)).ids for plan in plans]
            for ids in made:
                publication_jobs.run(found, ids)
            ids = [number for numbers in made for number in numbers]
            with environment(found) as env:
                contents.append(_published(env, ids))
    assert contents[0] == contents[1]
    assert len(contents[0]["files"]) > 1


def _published(env, ids):
    """Return the files with their content, and what waits for the operator."""
    files = [
        (publication.display_name, publication._attachment().raw)
        for publication in env["oiconnect.publication"].browse(ids)
    ]
    events = env["oiconnect.event"].search(
        [("operator_id.interop_code", "=", OPERATOR), ("state", "=", "pending")]
    )
    mails = env["mail.mail"].search([("email_to", "ilike", OPERATOR)])
    return {
        "files": [(name, _rows(content)) for name, content in files],
        "messages": [json.dumps(event.sudo().payload) for event in events],
        "mails": mails.mapped("body_html"),
    }


def _rows(content):
    """Return the lines of a file: its archive has the time of the day."""
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]
