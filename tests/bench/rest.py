"""The REST API: one building beside Odoo's own external API, and lists of a hundred.

As other systems see it: requests in parallel to a server with two workers. What is read
is the same building with the same fields, by turns.
"""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor

from . import inventory
from .common import environment, figure, percentile, timed
from .http_server import HttpServer

COUNTS = {"small": 100_000, "full": 1_000_000}
WORKERS, CLIENTS = 2, 4
WARM_UP, TURNS, PER_TURN = 50, 3, 400
LISTS = {
    "no filter": "",
    "deployed": "&state=deployed",
    "sorted": "&sort=identifier",
    "from the end": "&sort=-identifier",
    "of a PM": "&pm_id.reference=PM-000042",
    "part of an address": "&address.contains=tilleuls",
}
ROUNDS = 25


def run(size):
    count = COUNTS[size]
    with environment() as env:
        inventory.make(env, count)
        calls = Calls(env)
    with HttpServer(WORKERS) as server, ThreadPoolExecutor(CLIENTS) as clients:
        reads(server, clients, calls)
        lists(server, clients, calls, count)


class Calls:
    """One building by its id, asked for both ways with the same rights."""

    def __init__(self, env):
        building = env["oiconnect.building"].search([], limit=1, order="id desc")
        user = env.ref("base.user_admin")
        _key, value = env["oiconnect.api.key"]._make(
            {
                "name": "bench",
                "company_id": building.company_id.id,
                "network_ids": [(6, 0, building.network_id.ids)],
                "user_id": user.id,
                # More than a minute can hold
                "rate_class": "fast",
            }
        )
        keys = env["res.users.apikeys"].with_user(user).sudo()
        self.headers = {"Authorization": f"Bearer {value}"}
        self._json_headers = {
            "Content-Type": "application/json",
            "Authorization": f"bearer {keys._generate(None, 'bench', None)}",
        }
        self._path = f"/oiconnect/api/v1/buildings/{building.id}"
        rest = env["oiconnect.rest"]
        names = rest._describe("oiconnect.building").names
        self._body = json.dumps(
            {"domain": [["id", "=", building.id]], "fields": names}
        ).encode()

    def by_rest(self, count):
        return [("GET", self._path, None, self.headers)] * count

    def by_json(self, count):
        path = "/json/2/oiconnect.building/search_read"
        return [("POST", path, self._body, self._json_headers)] * count


def reads(server, clients, calls):
    seconds = {"rest": 0, "json": 0}
    send(server, clients, calls.by_rest(WARM_UP))
    send(server, clients, calls.by_json(WARM_UP))
    for _turn in range(TURNS):
        seconds["rest"] += send(server, clients, calls.by_rest(PER_TURN))
        seconds["json"] += send(server, clients, calls.by_json(PER_TURN))
    count = TURNS * PER_TURN
    figure(
        "rest.reads",
        count / seconds["rest"],
        "req/s",
        baseline=count / seconds["json"],
        ratio=seconds["json"] / seconds["rest"],
        workers=WORKERS,
        clients=CLIENTS,
        against="/json/2 search_read of the same building",
    )


def send(server, clients, calls):
    """Return the seconds of ``calls``, sent in parallel; each is answered well."""
    with timed() as clock:
        answers = list(clients.map(lambda call: server._request(*call), calls))
    for status, content in answers:
        assert status == 200, (status, content[-1000:])
    return clock.seconds


def lists(server, clients, calls, count):
    """One client: what a page costs, not how many wait for it."""
    times = {}
    for name, query in LISTS.items():
        path = f"/oiconnect/api/v1/buildings?limit=100{query}"
        times[name] = list(pages(server, path, calls.headers))
    every = list(itertools.chain(*times.values()))
    figure(
        "rest.list_of_100_p95",
        percentile(every, 0.95) * 1000,
        "ms",
        rows=count,
        slowest={name: round(max(found) * 1000, 1) for name, found in times.items()},
        median=round(percentile(every, 0.5) * 1000, 1),
    )


def pages(server, path, headers):
    """Yield the seconds of each page, one after the other by their cursors."""
    cursor = ""
    for _round in range(ROUNDS):
        asked = f"{path}&cursor={cursor}" if cursor else path
        with timed() as clock:
            status, content = server._request("GET", asked, None, headers)
        assert status == 200, (status, content[-1000:])
        cursor = json.loads(content)["next"] or ""
        yield clock.seconds
