"""Work is killed at each of its moments, and gone on with: nothing lost or doubled."""

import os
from unittest.mock import patch

import import_jobs
import kill_points
import pytest
from demo_soap import OcServer
from kill_billing import BillingRun
from kill_indexation import Indexation
from kill_infra import Cofinanced, LinkFile, PmReport
from kill_key import KeyRotation
from kill_line import RetriedLine
from kill_notification import Notifications
from kill_place import Place
from kill_preview import Preview
from kill_purge import Purge
from kill_report import ReportMail
from kill_upload import PausedUpload, StalledUpload
from kill_webhook import Deliveries
from odoo_process import killed, registry
from sftp_program import SftpProgram
from waiting import wait_until

pytestmark = pytest.mark.slow
WORKS = {
    "a paused upload": PausedUpload,
    "a stalled upload": StalledUpload,
    "a retried line": RetriedLine,
    "a purge": Purge,
    "a billing run": BillingRun,
    "a preview": Preview,
    "an indexation": Indexation,
    "a scheduled report": ReportMail,
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
    root = tmp_path_factory.mktemp("sftp")
    with SftpProgram(root) as sftp, OcServer() as oc:
        # The key of secrets is changed on the way.
        with patch.dict(os.environ):
            yield Place(base, sftp, oc)


def turns():
    """Yield ``(name, moments)``: at each of these in turn, one work is killed."""
    for name, work in WORKS.items():
        moments = list(work.MOMENTS)
        for first in range(0, len(moments), work.DEATHS):
            yield name, moments[first : first + work.DEATHS]


@pytest.mark.parametrize(
    ("name", "moments"),
    [pytest.param(name, found, id=f"{name}-{found[0]}") for name, found in turns()],
)
def test_work_is_killed(base, place, name, moments):
    """A loss or a duplicate at one moment stays so, whatever happens later.

    Each death shows that the one before was made good: work came to the next moment.
    """
    work = WORKS[name](base, place)
    for moment in moments:
        kill(base, work, work.MOMENTS[moment])
        work.deaths.append(moment)
    # It is done once, however often it is done.
    for _turn in range(2):
        work.run(base)
    work.assert_done()


def kill(base, work, call):
    killed(base, kill_points.die_at, call, work.run)
    # PostgreSQL sees that the client is gone, and undoes what was begun.
    wait_until(lambda: not import_jobs.rows(base.db_name, OTHERS), pause=0.02)


def test_a_billing_run_is_killed_at_each_source(base, place):
    """The same run, again and again, at every source that models declare."""
    work = BillingRun(base, place)
    for call in work.at_each_source():
        kill(base, work, call)
        work.assert_nothing_billed()
    work.run(base)
    work.assert_done()


def test_two_billing_runs_at_once_bill_every_record_once(base, place):
    work = BillingRun(base, place)
    work.run_twice_at_once()
    work.assert_done()


@pytest.mark.parametrize("moment", BillingRun.ENDS)
def test_what_ends_while_it_is_billed_owes_its_days(base, place, moment):
    work = BillingRun(base, place)
    with kill_points.at(base, BillingRun.ENDS[moment], work.end_all):
        work.run(base)
    work.assert_ended_are_settled()


def test_a_preview_that_never_comes_to_its_end_is_given_up(base, place):
    work = Preview(base, place)
    for _try in range(3):
        kill(base, work, Preview.MOMENTS["a source is looked at"])
    work.run(base)
    state, error, amounts = work.read()
    assert (state, amounts) == ("failed", [])
    assert error
    # Who asks again is served.
    work.run(base)
    work.assert_done()


def test_a_preview_is_stopped_and_requested_again(base, place):
    work = Preview(base, place)
    work.run_and_stop()
    assert work.read() == (False, False, [])
    work.run(base)
    work.assert_done()
