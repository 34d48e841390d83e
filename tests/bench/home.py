"""The home page, whole, of those who see the most of it; each block of it apart.

On as many orders, tickets, visits and things to do as the lists are measured on, and a
network of as many routes. The page is loaded as by the client: counts, maps, words.
Tables are vacuumed first, as autovacuum does (see statistics.py).
"""

import json

from odoo.fields import Domain

from . import capacity_network, tickets_fill
from .common import environment, figure, percentile, timed
from .map import vacuum
from .tickets import make_users

COUNTS = {"small": 100_000, "full": 1_000_000}
ROUNDS = 20
PLACES = """
UPDATE oiconnect_pm
   SET dwelling_count = 2000, latitude = 43 + id % 400 / 80.0,
       longitude = id % 37 / 5.0
"""
GROUPS = ("access_user", "ticket_user", "infra_read", "exchange_user", "billing_user")


def run(size):
    count = COUNTS[size]
    with environment() as env:
        users = make_users(env, "bench", 8)
        tickets_fill.make_tickets(env, count, users, orders=count)
        capacity_network.make(env, count)
        env.cr.execute(PLACES)
        users[0].write({"group_ids": [(6, 0, _groups(env).ids)]})
        reader = users[0].id
    vacuum()
    with environment() as env:
        home = env(user=reader, context={"tz": "Europe/Paris"})["oiconnect.home"]
        _whole(home, count)
        _blocks(home, count)
        _heat(home, count)


def _groups(env):
    groups = [env.ref(f"oiconnect_base.group_{name}") for name in GROUPS]
    return env["res.groups"].union(*groups)


def _whole(home, count):
    """The page; apart, the first one of a server, which has its caches to fill."""
    with timed() as first:
        home.page()
    times, cpu, size = [], [], 0
    for _round in range(ROUNDS):
        home.env.invalidate_all()
        with timed(home.env) as clock:
            page = home.page()
        times.append(clock.seconds)
        cpu.append(clock.cpu)
        size = len(json.dumps(page, default=str))
    figure(
        "home.page_p95",
        percentile(times, 0.95) * 1000,
        "ms",
        orders=count,
        blocks=len(page["blocks"]),
        numbers=sum(len(block["numbers"]) for block in page["blocks"]),
        kilobytes=round(size / 1024, 1),
        median=round(percentile(times, 0.5) * 1000, 1),
        first=round(first.seconds * 1000, 1),
        cpu=round(percentile(cpu, 0.5) * 1000, 1),
    )


def _heat(home, count):
    """The heat of the small map, which the client asks for beside the page."""
    times = []
    for _round in range(ROUNDS):
        with timed(home.env) as clock:
            cells = home.take_up_heat()
        times.append(clock.seconds)
    figure(
        "home.heat_p95",
        percentile(times, 0.95) * 1000,
        "ms",
        routes=count,
        cells=len(cells),
        median=round(percentile(times, 0.5) * 1000, 1),
    )


def _blocks(home, count):
    """The slowest numbers, by name: where the time of the page goes."""
    home.env.invalidate_all()
    slow = {}
    with timed() as clock:
        read = home._read_blocks()
    slow["declarations"] = round(clock.seconds * 1000, 1)
    with timed() as clock:
        actions = home._actions(home._action_names(read, []))
    slow["actions"] = round(clock.seconds * 1000, 1)
    for block, numbers in read:
        counts = {}
        for number in numbers:
            action = actions[number.action]
            records = home.env[number.model].with_context(**action["context"])
            domain = Domain(action["domain"]) & number.domain
            with timed() as clock:
                counts[number.key] = records.search_count(domain, limit=10_001)
            slow[f"{block.key}.{number.key}"] = round(clock.seconds * 1000, 1)
        with timed() as clock:
            block.more(counts)
        slow[f"{block.key} (drawing)"] = round(clock.seconds * 1000, 1)
    worst = dict(sorted(slow.items(), key=lambda item: -item[1])[:15])
    figure("home.slowest", max(slow.values()), "ms", orders=count, slowest=worst)
