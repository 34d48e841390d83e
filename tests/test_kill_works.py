"""Work is killed at each of its moments, and gone on with: nothing lost or doubled."""

import os
from unittest.mock import patch

import import_jobs
import kill_points
import pytest
from demo_sftp import DemoSftp
from demo_soap import OcServer
from kill_billing import BillingRun
from kill_infra import Cofinanced, LinkFile, PmReport
from kill_key import KeyRotation
from kill_line import RetriedLine
from kill_notification import Notifications
from kill_place import Place
from kill_purge import Purge
from kill_upload import PausedUpload, StalledUpload
from kill_webhook import Deliveries
from odoo_process import killed, registry
from waiting import wait_until

pytestmark = pytest.mark.slow
WORKS = {
    "a paused upload": PausedUpload,
    "a stalled upload": StalledUpload,
    "a retried line": RetriedLine,
    "a purge": Purge,
    "a billing run": BillingRun,
    "a key rotation": KeyRotation,
    "notifications": Notifications,
    "a report on a PM": PmReport,
    "a file of link orders": LinkFile,
    "a co-financing": Cofinanced,
    "webhooks": Deliveries,
}
# Not PostgreSQL's own, which vacuum now and then
OTHERS = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND pid != pg_backend_pid()
           AND backend_type = 'client backend'"""


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture(scope="module")
def place(base, tmp_path_factory):
    with DemoSftp(tmp_path_factory.mktemp("sftp")) as sftp, OcServer() as oc:
        # The key of secrets is changed on the way.
        with patch.dict(os.environ):
            yield Place(base, sftp, oc)


@pytest.mark.parametrize(
    ("name", "moment"),
    [(name, moment) for name, work in WORKS.items() for moment in work.MOMENTS],
)
def test_work_is_killed(base, place, name, moment):
    work = WORKS[name](base, place)
    killed(base, kill_points.die_at, work.MOMENTS[moment], work.run)
    # PostgreSQL sees that nobody is there any more, and undoes what was begun.
    wait_until(lambda: not import_jobs.rows(base.db_name, OTHERS), pause=0.02)
    work.run(base)
    work.assert_done()


@pytest.mark.parametrize("name", WORKS)
def test_work_that_nobody_kills_is_done_once(base, place, name):
    work = WORKS[name](base, place)
    work.run(base)
    work.run(base)
    work.assert_done()
