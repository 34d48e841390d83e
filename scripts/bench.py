"""make bench: runs each benchmark of tests/bench on a database of its own."""

import os
import subprocess
import sys

from oictools import database, settings, templates
from oictools.console import Failure, main, say

LIMIT = 3 * 3600 + int(os.environ.get("DURATION") or 0)


sys.path.append(str(settings.ROOT))
from tests.bench import OF_SIZE  # noqa: E402


def bench():
    [template] = templates.ensure("nodemo")
    size = os.environ["BENCH_SIZE"]
    if size not in OF_SIZE:
        raise Failure(f"BENCH_SIZE is one of {', '.join(OF_SIZE)}, not {size!r}.")
    say(f"benchmarks of size {size}")
    return max(run(template, name) for name in sys.argv[1:] or OF_SIZE[size])


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
