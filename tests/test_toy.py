"""The test addon that declares a kind of order, and its own tests."""

import os
import re
from pathlib import Path

import odoo_fork
import pytest

ADDONS = Path(__file__).parent / "addons"
LIMIT = 600
TESTS = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


@pytest.mark.slow
def test_a_model_that_only_declares_has_the_life_of_every_order(
    empty_database, tmp_path
):
    path = re.search(
        r"^addons_path = (.*)$", Path(os.environ["ODOO_RC"]).read_text(), re.M
    )
    arguments = ["-d", empty_database, f"--addons-path={path[1]},{ADDONS}"]
    arguments += ["-i", "oiconnect_toy", "--test-tags=/oiconnect_toy"]
    arguments += ["--stop-after-init", "--http-port=0"]
    log = tmp_path / "odoo.log"
    # In a fork of a process that has loaded all other code
    process = odoo_fork.start(odoo_fork.serve, arguments, {}, log)
    process.join(LIMIT)
    output = log.read_text(errors="replace")
    assert process.exitcode == 0, output[-8000:]
    found = TESTS.search(output)
    assert found, output[-4000:]
    assert found[1] == found[2] == "0"
    assert int(found[3]) > 0
