"""make bench: runs the package tests/bench on a database of its own (OIC_BENCH_DB)."""

import os
import subprocess
import sys

from oictools import database, settings, templates
from oictools.console import Failure, main, say

LIMIT = 3 * 3600


def bench():
    if not (settings.ROOT / "tests" / "bench" / "__main__.py").exists():
        raise Failure("there is no benchmark yet (tests/bench/__main__.py).")
    [template] = templates.ensure("nodemo")
    name = f"oic_bench_{os.getpid()}"
    database.clone(template, name)
    say(f"benchmark of size {os.environ['BENCH_SIZE']} on {name}")
    try:
        return run(name)
    finally:
        database.drop(name)


def run(name):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench", *sys.argv[1:]],
        cwd=settings.ROOT,
        env={**os.environ, "OIC_BENCH_DB": name},
    )
    try:
        return process.wait(timeout=LIMIT)
    finally:
        process.kill()


if __name__ == "__main__":
    main(bench)
