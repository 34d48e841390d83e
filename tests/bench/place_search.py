"""A place looked for as people say it: number, street, town, in any order.

In the box of the quick search and where a building or a socket is asked for, which find
by the same component; in as many buildings as a region has.
"""

from . import inventory
from .common import environment, figure, percentile, timed
from .inventory_lists import reader

COUNTS = {"small": 100_000, "full": 1_000_000}
ROUNDS = 40
SLOWEST = 8
#: how an address is typed; those of the network have this street, number and town
TYPED = (
    "{number} rue des {street} {part}",
    "{number} rue des {street} {part} ville {town}",
    "{number}, r des {street} {part}, 01{town:03}",
    "ville {town} {street} {part} {number}",
    "{number} bis rue des {street} {part}",
    "rue des {street} {part}",
    "{number} rue des {street}",
    "{street}",
    "{number} rue de nulle part",
)


def run(size):
    count = COUNTS[size]
    with environment() as env:
        inventory.make(env, count)
        env = env(user=reader(env))
        times = {
            f"{where}: {typed}": list(_times(env, search, typed, count))
            for where, search in _searches(env).items()
            for typed in TYPED
        }
        env.cr.rollback()
    every = [seconds for values in times.values() for seconds in values]
    worst = sorted(times, key=lambda key: -percentile(times[key], 0.95))[:SLOWEST]
    figure(
        "place_search.p95",
        percentile(every, 0.95) * 1000,
        "ms",
        buildings=count,
        median=round(percentile(every, 0.5) * 1000, 1),
        slowest={key: round(percentile(times[key], 0.95) * 1000, 1) for key in worst},
    )


def _searches(env):
    """Return what people search a place by."""
    return {
        "quick search": env["oiconnect.quick.search"].find,
        "building": lambda text: env["oiconnect.building"].name_search(text, limit=8),
        "socket": lambda text: env["oiconnect.pto"].name_search(text, limit=8),
    }


def _times(env, search, typed, count):
    streets = inventory.STREETS.lower().split()
    for rank in range(ROUNDS):
        row = 7919 * (rank + 1) % count
        text = typed.format(
            number=row % 150,
            street=streets[row % 10],
            part=row % 997,
            town=row % 400,
        )
        env.invalidate_all()
        with timed() as clock:
            search(text)
        yield clock.seconds
