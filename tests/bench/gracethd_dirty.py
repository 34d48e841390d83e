"""A thousand dirty GraceTHD deliveries, each applied and compared with its truth.

The suite applies fifty of them; the test is the same. Here it is a third (small), or
each of them (full).
"""

import os
import re
import subprocess
import time

from oictools import settings

from .common import figure

TEST = "tests/test_gracethd_dirty.py"
COUNTS = {"small": 333, "full": 1000}
LIMIT = 7200


def run(size):
    count = COUNTS["small" if size == "small" else "full"]
    started = time.monotonic()
    done = subprocess.run(
        [settings.ROOT / "scripts" / "test.sh", TEST, "-k", "combined"],
        env={**os.environ, "OIC_DIRTY_DELIVERIES": str(count)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    passed, failed = re.findall(r"^(\d+) passed, (\d+) failed", done.stdout, re.M)[-1]
    figure(
        "gracethd_dirty.deliveries_per_second",
        count / (time.monotonic() - started),
        "deliveries/s",
        deliveries=count,
        tests_passed=int(passed),
        tests_failed=int(failed),
    )
    if done.returncode:
        raise SystemExit(done.stdout[-4000:])
