"""What the benchmarks share: an Odoo environment, a clock, one JSON line a figure."""

import json
import logging
import os
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry


def registry():
    """The registry of the benchmark's database (OIC_BENCH_DB)."""
    name = os.environ["OIC_BENCH_DB"]
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "-d", name])
    logging.disable(logging.WARNING)
    return Registry(name)


def sized(counts, size):
    """How many of them: those of the size, or BENCH_LINES to try another number."""
    return int(os.environ.get("BENCH_LINES") or counts[size])


def require_disk(needed):
    """End when there is not the room for ``needed`` bytes of a database."""
    free = shutil.disk_usage(os.environ["OIC_HOME"]).free
    if free < needed:
        sys.exit(
            f"{needed / 1e9:.0f} GB are needed under {os.environ['OIC_HOME']}, "
            f"{free / 1e9:.0f} GB are free. BENCH_LINES=3000000 takes fewer."
        )


@contextmanager
def environment():
    """A superuser's environment; what was done is committed at the end."""
    with registry().cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


@contextmanager
def timed(env=None):
    """`with timed() as clock: …` then `clock.seconds`; of ``env`` also `clock.cpu`.

    The seconds of processor, ours and those of its PostgreSQL process, tell more than
    the clock where others are at work too.
    """
    clock = type("Clock", (), {"seconds": None, "cpu": None})()
    before = env and cpu_seconds(env)
    start = time.perf_counter()
    yield clock
    clock.seconds = time.perf_counter() - start
    clock.cpu = env and cpu_seconds(env) - before


def cpu_seconds(env):
    """Seconds of processor of this process and of its PostgreSQL process."""
    env.cr.execute("SELECT pg_backend_pid()")
    stat = Path(f"/proc/{env.cr.fetchone()[0]}/stat")
    if not stat.exists():
        return time.process_time()
    spent = stat.read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def figure(name, value, unit, baseline=None, ratio=None, **more):
    """Print one figure; ``ratio`` is value against baseline in the same run."""
    line = {"figure": name, "value": round(value, 3), "unit": unit}
    if baseline is not None:
        line["baseline"] = round(baseline, 3)
    if ratio is not None:
        line["ratio"] = round(ratio, 3)
    print(json.dumps(line | more), flush=True)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
