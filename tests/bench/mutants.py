"""11 000 files, 10 000 envelopes, with accidents through the whole reception.

The suite receives some of them; the tests are the same, by the same seeds. Here it is
every third (small), or each of them (full).
"""

import os
import re
import subprocess
import time
from typing import NamedTuple

from oictools import settings

from .common import figure

LIMIT = 3600


class Suite(NamedTuple):
    """Tests of one kind of mutants; ``steps`` by the size of the benchmark."""

    name: str
    count: int
    paths: tuple[str, ...]
    variable: str
    steps: dict[str, int]


FOLDER = "addons/oiconnect_interop/tests"
SUITES = (
    Suite(
        "files",
        11_000,
        (
            f"{FOLDER}/exchanges/test_mutations_infra.py",
            f"{FOLDER}/exchanges/test_mutations_orders.py",
            f"{FOLDER}/exchanges/test_mutations_reports.py",
        ),
        "OIC_MUTANT_STEP",
        {"small": 3, "full": 1},
    ),
    Suite(
        "envelopes",
        10_000,
        ("addons/oiconnect_soap/tests/services/test_soap_fuzz.py",),
        "OIC_ENVELOPE_STEP",
        {"small": 10, "full": 1},
    ),
)


def run(size):
    for suite in SUITES:
        _run_suite(suite, suite.steps[size])


def _run_suite(suite, step):
    started = time.monotonic()
    done = subprocess.run(
        [settings.ROOT / "scripts" / "test.sh", *suite.paths],
        env={**os.environ, suite.variable: str(step)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    passed, failed = re.findall(r"^(\d+) passed, (\d+) failed", done.stdout, re.M)[-1]
    figure(
        f"mutants.{suite.name}_per_second",
        suite.count / step / (time.monotonic() - started),
        f"{suite.name}/s",
        **{suite.name: suite.count // step},
        tests_passed=int(passed),
        tests_failed=int(failed),
    )
    if done.returncode:
        raise SystemExit(done.stdout[-4000:])
