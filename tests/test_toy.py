"""The test addon that declares a kind of order, and its own tests."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from oictools import settings

ADDONS = Path(__file__).parent / "addons"
LIMIT = 600
TESTS = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


@pytest.mark.slow
def test_a_model_that_only_declares_has_the_life_of_every_order(empty_database):
    path = re.search(
        r"^addons_path = (.*)$", Path(os.environ["ODOO_RC"]).read_text(), re.M
    )
    command = [sys.executable, settings.ODOO_BIN, "-d", empty_database]
    command += [f"--addons-path={path[1]},{ADDONS}", "-i", "oiconnect_toy"]
    command += ["--test-tags=/oiconnect_toy", "--stop-after-init", "--http-port=0"]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
    found = TESTS.search(done.stderr)
    assert done.returncode == 0, done.stderr[-8000:]
    assert found, done.stderr[-4000:]
    assert found[1] == found[2] == "0"
    assert int(found[3]) > 0
