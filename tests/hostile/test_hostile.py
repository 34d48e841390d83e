"""An operator that misbehaves in every way, beside one that does all as it should."""

import os
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import conftest
import pytest
from demo_sftp import DemoSftp
from ftp import HostileFtp
from oictools import database, settings
from scenarios import SCENARIOS
from scene import GOOD, HOSTILE, LOGIN, SECRETS, Good, Hostile, Scene, prepare
from sftp import HostileSftp

# Receipts come within twice their usual time. Who is delayed by a neighbour waits
# for minutes; below so many seconds other tests on the machine make the difference.
FLOOR = 20
pytestmark = pytest.mark.slow
SERVERS = {"sftp": HostileSftp, "ftp": HostileFtp}
# What depends on how a server is spoken to; the rest is of files, by whatever path, or
# of sessions that test_ftp_transfer.py breaks in these ways.
BY_FTP = (
    "closes at each step",
    "refuses each step",
    "falls silent",
    "is no server at all",
    "drops odd things",
    "goes on while it is read",
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """(scene, the good operator, how long its acknowledgement usually takes)"""
    folder = tmp_path_factory.mktemp("hostile")
    with ExitStack() as stack:
        name = conftest.copy_of("nodemo", "file")
        stack.callback(database.drop, name)
        made = prepare(name)
        sftp = stack.enter_context(DemoSftp(folder / "good"))
        sftp.kind = "sftp"
        server = conftest.OdooServer(name, folder / "odoo.log")
        scene = Scene(server, made)
        scene.lead(GOOD, sftp)
        scene.lead(HOSTILE, sftp, active=False)
        stack.callback(server.stop)
        server.start()
        scene.hasten(GOOD)
        good = Good(scene, sftp.home(LOGIN))
        good.order()
        yield scene, good, max(good.order(), good.order())


@pytest.fixture
def hostile(kind, stage, tmp_path):
    scene, good, _usual = stage
    with SERVERS[kind](tmp_path) as server:
        scene.lead(HOSTILE, server)
        client = Hostile(scene, server, good)
        scene.hasten(HOSTILE)
        yield client
        server.faults.clear()
        scene.lead(HOSTILE, server, active=False)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("sftp", name) for name in SCENARIOS] + [("ftp", name) for name in BY_FTP],
)
def test_an_operator_misbehaves(stage, hostile, name):
    """Staff hear of it in French, nothing is lost, and no one else waits."""
    scene, good, usual = stage
    logs = Logs(scene.server.log)
    with good.at_work():
        SCENARIOS[name](hostile)
    assert_in_time(good, usual)
    logs.assert_without_customers()


def assert_in_time(good, usual):
    taken = median(good.times)
    if taken > max(2 * usual, FLOOR):
        # The whole machine may be slower than it was.
        usual = good.order()
    assert taken <= max(2 * usual, FLOOR), (usual, good.times)


class Logs:
    """Logs of Odoo and PostgreSQL since it began."""

    def __init__(self, *paths):
        cluster = os.environ.get("OIC_PG_OURS")
        ours = [settings.LOG / f"postgres-{cluster}.log"] if cluster else []
        self.starts = {
            Path(path): Path(path).stat().st_size for path in [*paths, *ours]
        }

    def assert_without_customers(self):
        for path, start in self.starts.items():
            with path.open("rb") as log:
                log.seek(start)
                content = log.read().decode(errors="replace")
            for secret in SECRETS:
                assert secret not in content, f"{path.name} names a customer"
