"""A thousand dirty GraceTHD deliveries, each applied and compared with its truth.

The suite does the same with fifty of them. Here it is a third (small), or each (full).
"""

import sys
from time import monotonic

from oictools import settings

from .common import environment, figure, sized

COUNTS = {"small": 333, "full": 1000}


def run(size):
    sys.path.insert(0, str(settings.ROOT / "tests"))
    from gracethd_dirty_property import Tally, hold

    count, tally = sized(COUNTS, size), Tally()
    with environment() as env:
        start = monotonic()
        try:
            hold(env, count, tally)
        finally:
            _print(tally, monotonic() - start, count)


def _print(tally, seconds, count):
    """Print the figure, also of what a broken property ends."""
    figure(
        "gracethd_dirty",
        tally.deliveries / seconds,
        "deliveries/s",
        deliveries=tally.deliveries,
        faults=tally.faults,
        rows=tally.rows,
        seconds=round(seconds, 1),
        property_held=tally.deliveries == count,
    )
