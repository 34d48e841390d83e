"""An order by its reference, among all that a country has: as lines of files ask."""

import random

from . import order_lists_fill
from .common import environment, figure, percentile, require_disk, sized, timed

COUNTS = {"small": 100_000, "full": 1_000_000, "huge": 10_000_000}
#: of an order: its row, its socket and their indexes, while they are filled
DISK_PER_ORDER = 3_000
ROUNDS, GOAL_MS = 300, 5


def run(size):
    count = sized(COUNTS, size)
    require_disk(count * DISK_PER_ORDER)
    with environment() as env:
        made = order_lists_fill.make(env, count)
        measure(env, made, count)
        env.cr.rollback()


def measure(env, made, count):
    chance = random.Random(7)
    orders = env["oiconnect.access.order"]
    ways = {
        "operator's reference": lambda rank: [
            ("oc_reference", "=", f"BENCH-{rank:07d}"),
            ("operator_id", "=", made["operators"][rank % 37].id),
            ("network_id", "=", made["networks"][max(1, rank % 4) - 1].id),
            # As reports of operators name it (_named_order)
            ("state", "!=", "ar_ko"),
        ],
        "reference of the service": lambda rank: [
            ("service_reference", "=", f"OIBLP{rank:016d}")
        ],
    }
    env.cr.execute(
        "SELECT right(oc_reference, -6)::int FROM oiconnect_access_order"
        " WHERE oc_reference LIKE 'BENCH-%' AND state <> 'ar_ko' AND id % 97 = 0"
    )
    ranks = [rank for (rank,) in env.cr.fetchall()]
    for name, domain in ways.items():
        times = []
        for _round in range(ROUNDS):
            # Orders that were refused at first (AR KO) are not looked up again.
            rank = chance.choice(ranks)
            env.invalidate_all()
            with timed() as clock:
                found = orders.search(domain(rank)).mapped("state")
            assert len(found) == 1, (name, rank, found)
            times.append(clock.seconds * 1000)
        figure(
            "order_lookup_p95",
            percentile(times, 0.95),
            "ms",
            goal=GOAL_MS,
            slowest=round(max(times), 1),
            by=name,
            orders=count,
        )
    env.cr.execute(
        "SELECT pg_total_relation_size('oiconnect_access_order'),"
        " pg_table_size('oiconnect_access_order')"
    )
    whole, table = env.cr.fetchone()
    figure("order_bytes", whole / count, "bytes", table=table // count, orders=count)
