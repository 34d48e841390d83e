"""Vector tiles on many buildings: random places, all zooms, by HTTP."""

import random

from odoo.addons.oiconnect_infra.geo.tile import EXTENT, Tile

from . import map_network
from .common import environment, figure, percentile, timed
from .http_server import HttpServer, check_status
from .map import COUNTED, COUNTS, vacuum

TILES, WARM_UP = 300, 20
ZOOMS = range(5, 19)
GOAL_MS = 50


def run(size):
    count = COUNTS[size]
    with environment() as env:
        network = map_network.make(env, count)
        env["oiconnect.map.delta"]._compact()
        operator = env["oiconnect.operator"].search(
            [("interop_code", "=", map_network.OPERATOR)]
        )
        owners = {
            "user": {"user_id": env.ref("base.user_admin").id},
            "operator": {"operator_id": operator.id},
        }
        keys = {name: new_key(env, network, owner) for name, owner in owners.items()}
        paths = random_tiles(env)
    vacuum(*map_network.TABLES, *COUNTED)
    with HttpServer() as server:
        for name, value in keys.items():
            tiles(server, name, value, paths, count)


def new_key(env, network, owner):
    vals = {
        "name": "bench",
        "company_id": network.company_id.id,
        "network_ids": [(6, 0, network.ids)],
        "rate_class": "fast",
    }
    return env["oiconnect.api.key"]._make(vals | owner)[1]


def random_tiles(env):
    """Return the addresses of tiles around random buildings: where people look."""
    chance = random.Random(42)
    found = []
    for middle in map_network.random_positions(env, chance, TILES):
        zoom = chance.choice(ZOOMS)
        # Places in the north-west tile of a zoom count from its corner.
        x, y = Tile(zoom, 0, 0).place(*middle)
        found.append((zoom, x // EXTENT, y // EXTENT))
    return found


def tiles(server, name, value, places, count):
    headers = {"Authorization": f"Bearer {value}", "Accept-Encoding": "gzip"}
    times, sizes = {}, []
    for rank, (z, x, y) in enumerate([*places[:WARM_UP], *places]):
        path = f"/oiconnect/api/v1/tiles/{z}/{x}/{y}.mvt"
        with timed() as clock:
            status, content = server.call(path, None, headers)
        check_status(status, content)
        if rank >= WARM_UP:
            times.setdefault(z, []).append(clock.seconds * 1000)
            sizes.append(len(content) / 1000)
    every = [each for found in times.values() for each in found]
    figure(
        f"rest.tile_{name}_p95",
        percentile(every, 0.95),
        "ms",
        goal=GOAL_MS,
        median=round(percentile(every, 0.5), 1),
        slowest={z: round(max(times[z]), 1) for z in sorted(times)},
        kilobytes_p95=round(percentile(sizes, 0.95), 1),
        kilobytes_most=round(max(sizes), 1),
        tiles=len(every),
        buildings=count,
    )
