"""An upgrade that is killed and run again ends as if nothing had happened.

Both roads: the image's `upgrade`, and `make run`.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest
import releases
from oictools import database, product, settings, sources
from upgrade_content import Snapshot, rows

#: lines of the log at which it is killed, one after the other
MOMENTS = (
    # in a migration of the first addon
    "oiconnect_base: Running migration .* pre-organs",
    # between two addons
    "Loading module oiconnect_infra ",
    # within an addon, some of its views loaded
    "loading oiconnect_orders/views/link_orders/network_views.xml",
    # in a migration after an addon is loaded
    "oiconnect_interop: Running migration .* post-flow-links",
    # all addons are there, what went is not deleted yet
    "Module oiconnect_portal loaded",
)
#: seconds that a moment is awaited, and between two looks at the log
LIMIT, PAUSE = 300, 0.01
ENTRY = settings.ROOT / "docker" / "entrypoint.sh"
REFRESH = (
    "import sys; from oictools import product;"
    "product._refresh(sys.argv[1], product._state())"
)
INSTALLED = """
SELECT name FROM ir_module_module WHERE name ~ '^oiconnect_' AND state = 'installed'
"""
UNFINISHED = """
SELECT name, state FROM ir_module_module
 WHERE state IN ('to upgrade', 'to install', 'to remove')
"""
pytestmark = pytest.mark.slow


def start(command, log, **variables):
    with log.open("w") as output:
        return subprocess.Popen(
            command,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def by_the_image(name, log, **variables):
    """Start what a container does for `docker compose run … upgrade`."""
    variables |= {"OIC_DB": name, "OIC_DATA": str(settings.FILESTORE.parent)}
    # No container starts with the passwords of the demo.
    variables["OIC_WEAK_PASSWORDS"] = ""
    return start(["bash", ENTRY, "upgrade"], log, **variables)


def by_make_run(name, log):
    """Start what `make run` does before it serves the product."""
    variables = {"OIC_LOG": str(log.parent)}
    command = [sys.executable, "-c", REFRESH, name]
    return start(command, log.with_name("make-run.log"), **variables)


def kill_at(moment, process, log):
    """Kill a process and all that it started once ``log`` has that line."""
    end = time.monotonic() + LIMIT
    try:
        while not re.search(moment, log.read_text() if log.exists() else ""):
            assert process.poll() is None, log.read_text()[-4000:]
            assert time.monotonic() < end, f"never seen: {moment}"
            time.sleep(PAUSE)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(LIMIT)


@contextmanager
def old_database(name):
    """A database of the oldest release, as `make run` of that time left it."""
    database.clone(releases.releases()[-1].database(), name)
    try:
        addons = [addon for (addon,) in rows(name, INSTALLED)]
        known = dict.fromkeys(addons, "") | {"platform": sources.platform_hash()}
        database.write_parameter(name, product.HASHES, json.dumps(known))
        yield name
    finally:
        database.drop(name)


class Killed:
    """Killed at each moment in turn, then run to its end."""

    moments = MOMENTS

    def check(self, begin, log):
        with old_database(f"oic_test_e2e_{begin.__name__}") as name:
            before = Snapshot(name)
            for moment in self.moments:
                log.unlink(missing_ok=True)
                kill_at(moment, begin(name, log), log)
            assert begin(name, log).wait(LIMIT) == 0, log.read_text()[-4000:]
            assert before.orders and before.invoices
            assert before.lost() == []
            assert rows(name, UNFINISHED) == []
            self.check_end(name)

    def check_end(self, name):
        pass


class TestImage(Killed):
    def test_it_is_run_again(self, tmp_path):
        self.check(by_the_image, tmp_path / "upgrade.log")


class TestMakeRun(Killed):
    # What differs is who begins again, and with which addons.
    moments = MOMENTS[2:3]

    def test_it_is_run_again(self, tmp_path):
        self.check(by_make_run, tmp_path / "upgrade-run.log")

    def check_end(self, name):
        known = json.loads(database.read_parameter(name, product.HASHES))
        assert known == product._state()
