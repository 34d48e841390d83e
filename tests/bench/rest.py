"""The REST API: one building beside Odoo's own external API, lists, exports, keys.

As other systems see it: requests to a server with two workers. What is read is the same
building with the same fields, by turns.
"""

import itertools
import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from . import inventory, rest_tiles
from .common import environment, figure, percentile, timed
from .http_server import HttpServer, check_status, compare, send

COUNTS = {"small": 100_000, "full": 1_000_000}
ROOT = "/oiconnect/api/v1"
LISTS = {
    "no filter": "",
    "deployed": "&state=deployed",
    "sorted": "&sort=identifier",
    "from the end": "&sort=-identifier",
    "of a PM": "&pm_id.reference=PM-000042",
    "part of an address": "&address.contains=tilleuls",
}
ROUNDS = 25
KEYS, PER_KEY, KEY_CLIENTS = 1000, 2, 16
LIST_MS, EXPORT_SECONDS, READ_RATIO = 50, 30, 1.2


def run(size):
    count = COUNTS[size]
    with environment() as env:
        inventory.make(env, count)
        calls = Calls(env)
        keys = [calls.new_key(env, "slow", ["networks"]) for _rank in range(KEYS)]
    with HttpServer() as server:
        compare(
            "rest.reads",
            server,
            (calls.by_rest, check_status),
            (calls.by_json, check_status),
            f"/json/2 search_read of the same building (goal {READ_RATIO})",
        )
        lists(server, calls, count)
        for form in ("ndjson", "geojson"):
            export(server, calls, form, count)
        counters(server, keys)
    rest_tiles.run(size)


class Calls:
    """One building by its id, requested both ways with the same rights."""

    def __init__(self, env):
        building = env["oiconnect.building"].search([], limit=1, order="id desc")
        user = env.ref("base.user_admin")
        self._network = building.network_id
        self._user_id = user.id
        # More than a minute can hold
        self.headers = _bearer(self.new_key(env, "fast"))
        keys = env["res.users.apikeys"].with_user(user).sudo()
        self._json_headers = {
            "Content-Type": "application/json",
            "Authorization": f"bearer {keys._generate(None, 'bench', None)}",
        }
        self._path = f"{ROOT}/buildings/{building.id}"
        names = env["oiconnect.rest"]._describe("oiconnect.building").names
        self._body = json.dumps(
            {"domain": [["id", "=", building.id]], "fields": names}
        ).encode()

    def new_key(self, env, rate_class, resources=None):
        """Return the value of a key of the user."""
        _key, value = env["oiconnect.api.key"]._make(
            {
                "name": "bench",
                "company_id": self._network.company_id.id,
                "network_ids": [(6, 0, self._network.ids)],
                "user_id": self._user_id,
                "rate_class": rate_class,
            },
            resources=resources,
        )
        return value

    def by_rest(self, count):
        return [(self._path, None, self.headers)] * count

    def by_json(self, count):
        path = "/json/2/oiconnect.building/search_read"
        return [(path, self._body, self._json_headers)] * count


def _bearer(value):
    return {"Authorization": f"Bearer {value}"}


# -- lists ---------------------------------------------------------------------------


def lists(server, calls, count):
    """One client: what a page costs, not how many wait for it."""
    times = {}
    for name, query in LISTS.items():
        path = f"{ROOT}/buildings?limit=100{query}"
        times[name] = list(pages(server, path, calls.headers))
    every = list(itertools.chain(*times.values()))
    figure(
        "rest.list_of_100_p95",
        percentile(every, 0.95) * 1000,
        "ms",
        goal=LIST_MS,
        rows=count,
        slowest={name: round(max(found) * 1000, 1) for name, found in times.items()},
        median=round(percentile(every, 0.5) * 1000, 1),
    )


def pages(server, path, headers):
    """Yield the seconds of each page, one after the other by their cursors."""
    cursor = ""
    for _round in range(ROUNDS):
        requests = f"{path}&cursor={cursor}" if cursor else path
        with timed() as clock:
            status, content = server.call(requests, None, headers)
        check_status(status, content)
        cursor = json.loads(content)["next"] or ""
        yield clock.seconds


# -- exports -------------------------------------------------------------------------


def export(server, calls, form, count):
    """Read a whole list; each row is there, and the server keeps none of them."""
    path = f"{ROOT}/buildings/export?format={form}"
    before, size, lines = server.peak_megabytes(), 0, 0
    with timed() as clock:
        status, blocks = server.stream(path, None, calls.headers)
        assert status == 200, status
        for block in blocks:
            size += len(block)
            lines += block.count(b"\n")
    # The first line and the last one of GeoJSON
    assert lines == count + (form == "geojson") * 2, lines
    figure(
        f"rest.export_{form}",
        clock.seconds,
        "s",
        goal=EXPORT_SECONDS,
        rows=count,
        megabytes=round(size / 1e6),
        memory_megabytes_more=round(server.peak_megabytes() - before, 1),
    )


# -- keys ----------------------------------------------------------------------------


def counters(server, values):
    """Call with many keys at once: each has its own calls counted, and no other."""
    requests = [
        (f"{ROOT}/networks", None, _bearer(value)) for value in values
    ] * PER_KEY
    random.Random(42).shuffle(requests)
    # Counts are those of one minute.
    while time.time() % 60 > 20:
        time.sleep(1)
    with environment() as env:
        env.cr.execute("DELETE FROM oiconnect_api_rate")
    with ThreadPoolExecutor(KEY_CLIENTS) as clients:
        seconds = send(server, clients, requests)
    with environment() as env:
        env.cr.execute("SELECT minute, count FROM oiconnect_api_rate")
        rows = env.cr.fetchall()
    found = Counter(count for _minute, count in rows)
    one_minute = len({minute for minute, _count in rows}) == 1
    figure(
        "rest.keys_at_once",
        len(requests) / seconds,
        "req/s",
        keys=len(values),
        counted_right=found[PER_KEY],
        in_one_minute=one_minute,
        clients=KEY_CLIENTS,
    )
    assert not one_minute or found == {PER_KEY: len(values)}, found
