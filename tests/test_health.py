"""The answers of a real server to its monitoring."""

import json
import urllib.error
import urllib.request

import pytest
from conftest import OdooServer
from waiting import wait_until

pytestmark = pytest.mark.slow
BEATS = (
    "SELECT 1 FROM queue_job "
    "WHERE channel = 'root.oiconnect_heartbeat' AND date_done IS NOT NULL"
)


def checks(server):
    """Return (status, ``{name: check}``) of what a server tells of itself."""
    url = f"http://127.0.0.1:{server.port}/oiconnect/health"
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            status, body = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    return status, json.loads(body)["checks"]


def ask(server):
    """Return (status, names of the checks that are past their limit)."""
    status, found = checks(server)
    return status, [name for name, check in found.items() if check["status"] == "alert"]


def test_the_demo_is_well_once_it_runs_and_a_dead_job_runner_is_seen(demo, tmp_path):
    server, _sftp = demo
    wait_until(lambda: ask(server) == (200, []), pause=0.5)
    wait_until(lambda: server.rows(BEATS))
    server.stop()
    runner_dies(server)
    dead = OdooServer(server.database, tmp_path / "dead.log", jobs=False)
    try:
        dead.start()
        wait_until(lambda: "scheduled_actions" not in ask(dead)[1], pause=0.5)
        # A job that the stop cut short is reported besides.
        status, late = ask(dead)
        assert status == 503
        assert "runner" in late
    finally:
        dead.stop()


def runner_dies(server):
    """Change dates as if no job had been done for half an hour."""
    server.rows(
        "UPDATE queue_job SET date_done = date_done - interval '30 minutes' "
        "WHERE channel = 'root.oiconnect_heartbeat'"
    )
