"""10 000 files with accidents through the whole reception: all of them end.

The suite receives every eighth; the tests are the same, by the same seeds. Here it is
every third (small), or each of them (full).
"""

import os
import re
import subprocess
import time

from oictools import settings

from .common import figure

FILES = "addons/oiconnect_interop/tests/exchanges/test_mutations_{}.py"
STEPS = {"small": 3, "full": 1}
LIMIT = 3600


def run(size):
    started = time.monotonic()
    done = subprocess.run(
        [
            settings.ROOT / "scripts" / "test.sh",
            *map(FILES.format, ("orders", "reports")),
        ],
        env={**os.environ, "OIC_MUTANT_STEP": str(STEPS[size])},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    passed, failed = re.findall(r"^(\d+) passed, (\d+) failed", done.stdout, re.M)[-1]
    figure(
        "mutants.files_per_second",
        10_000 / STEPS[size] / (time.monotonic() - started),
        "files/s",
        files=10_000 // STEPS[size],
        tests_passed=int(passed),
        tests_failed=int(failed),
    )
    if done.returncode:
        raise SystemExit(done.stdout[-4000:])
