"""make bench: runs each benchmark of tests/bench on a database of its own."""

import os
import subprocess
import sys

from oictools import database, settings, templates
from oictools.console import main, say

LIMIT = 3 * 3600


sys.path.append(str(settings.ROOT))
from tests.bench import NAMES  # noqa: E402


def bench():
    [template] = templates.ensure("nodemo")
    say(f"benchmarks of size {os.environ['BENCH_SIZE']}")
    return max(run(template, name) for name in sys.argv[1:] or NAMES)


def run(template, name):
    """Run one benchmark: what another left would change its figures."""
    base = f"oic_bench_{os.getpid()}"
    database.clone(template, base)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench", name],
        cwd=settings.ROOT,
        env={**os.environ, "OIC_BENCH_DB": base},
    )
    try:
        return process.wait(timeout=LIMIT)
    finally:
        process.kill()
        database.drop(base)


if __name__ == "__main__":
    main(bench)
