"""A publication that is stopped in the middle leaves nothing, and is done again."""

import io
import itertools
import os
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import breaking_point
import conftest
import import_jobs
import psycopg2
import publication_jobs
import pytest
from breaking_point import PUBLISHING
from generator.days import Days, Shares
from odoo_process import environment, killed, registry
from oictools import database
from psycopg2.errors import DiskFull
from small_disk import SmallDisk, mounted
from waiting import wait_until

LINES = 600
#: what a small disk cannot hold
MANY = 6000
SEEDS = itertools.count(20)


def day(days, number):
    target = io.BytesIO()
    days.write_to(number, target)
    return days.name(number), target.getvalue()


class Run:
    """The delta and the full file of a network that has changed, to be made."""

    def __init__(self, found, seed, lines=LINES, known=True):
        """``known``: operators have the full file of the day before."""
        self.registry = found
        self.days = Days(lines, seed, shares=Shares(0.3, 0.05, 0.01), lines_per_pm=60)
        network_id = import_jobs.make_network(found, f"TEST_{seed}")
        import_jobs.done(found, network_id, *day(self.days, 0))
        self.plan_id = publication_jobs.make_plan(found, network_id, f"OK{seed}")
        self.lines = 0
        if known:
            self.ids = publication_jobs.queue(found, self.plan_id, "full")
            self.run()
            [(self.lines,)] = self.rows("line_count")
            import_jobs.done(found, network_id, *day(self.days, 1))
        self.ids = publication_jobs.queue(found, self.plan_id, "full", "delta")
        self.before = publication_jobs.digest(found.db_name)

    def run(self):
        publication_jobs.run(self.registry, self.ids)

    def rows(self, *columns):
        """Return these columns of the files, the delta first."""
        listed = ", ".join(columns)
        query = (
            f"SELECT {listed} FROM oiconnect_publication WHERE id = ANY(%s) ORDER BY id"
        )
        return import_jobs.rows(self.registry.db_name, query, self.ids)

    @property
    def states(self):
        return {state for (state,) in self.rows("state")}

    def assert_nothing_published(self):
        assert publication_jobs.digest(self.registry.db_name) == self.before
        assert set(self.rows("name", "size", "line_count")) <= {
            (None, None, None),
            (None, 0, 0),
        }

    def assert_published(self):
        """The delta is what has changed since, once; each file is delivered once."""
        assert self.states == {"done"}
        [[created, removed, _lines], [_c, _r, lines]] = self.rows(
            "created_count", "removed_count", "line_count"
        )
        assert lines
        if self.lines:
            assert created
            assert self.lines + created - removed == lines
        query = "SELECT count(*) FROM oiconnect_exchange WHERE publication_id = ANY(%s)"
        found = import_jobs.rows(self.registry.db_name, query, self.ids)
        assert found == [(2,)]

    def start(self):
        """Somebody starts it again; the job is for the test to run."""
        with environment(self.registry) as env:
            env["oiconnect.publication"].browse(self.ids[:1]).action_retry()

    def again(self):
        """Somebody starts it again, and this time nothing happens to it."""
        self.start()
        self.run()
        self.assert_published()


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def work(base):
    return Run(base, next(SEEDS))


# At each moment in turn: what one of them left would be seen at the next one.


def test_cancelled_by_somebody(work):
    def cancel():
        with environment(work.registry) as env:
            env["oiconnect.publication"].browse(work.ids[1]).action_cancel()

    for moment in PUBLISHING:
        with breaking_point.at(moment, cancel):
            work.run()
        assert work.states == {"cancelled"}
        assert all(message for (message,) in work.rows("message"))
        work.assert_nothing_published()
        work.start()
    work.run()
    work.assert_published()


def test_its_connection_is_dropped(work):
    """The queue does it again by itself: no one has to look."""
    from odoo.addons.queue_job.exception import RetryableJobError

    def drop():
        query = """
            SELECT pg_terminate_backend(pid) FROM pg_locks l
             WHERE locktype = 'advisory' AND database = (
                   SELECT oid FROM pg_database WHERE datname = current_database())"""
        assert import_jobs.rows(work.registry.db_name, query) == [(True,)]

    for moment in PUBLISHING:
        with breaking_point.at(moment, drop), pytest.raises(RetryableJobError):
            work.run()
        assert work.states == {"waiting"}
        work.assert_nothing_published()
    work.run()
    work.assert_published()


def test_its_process_is_killed(work):
    """The queue gives it to another process each time, as it is unfinished."""
    kill_at(work, "writing")
    with environment(work.registry) as env:
        env["oiconnect.publication"].browse(work.ids).action_cancel()
    work.run()
    assert work.states == {"cancelled"}
    work.assert_nothing_published()
    work.start()
    for moment in PUBLISHING:
        kill_at(work, moment)
        work.assert_nothing_published()
    work.run()
    work.assert_published()


def kill_at(work, moment):
    """Do it in a process that dies at ``moment``: it stays marked as running."""
    killed(work.registry, breaking_point.die_at, moment, publication_jobs.run, work.ids)
    # PostgreSQL sees that the client is gone, and undoes what was begun.
    wait_until(lambda: not working(work.registry.db_name), pause=0.05)
    assert work.states == {"running"}


def working(name):
    query = """
        SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (
               SELECT oid FROM pg_database WHERE datname = current_database())"""
    return import_jobs.rows(name, query)


# -- the disk --------------------------------------------------------------------------


def test_the_disk_of_the_database_is_full():
    with mounted() as path:
        name = conftest.copy_of("nodemo")
        disk = SmallDisk(path, name)
        disk.create()
        try:
            with registry(name) as found:
                work = Run(found, 40, MANY, known=False)
                disk.hold("oiconnect_published_line")
                with pytest.raises(DiskFull):
                    work.run()
                assert_waits_for_room(work)
                disk.make_room()
                work.again()
        finally:
            database.drop(name)
            disk.drop()


def test_the_disk_of_the_files_is_full(work, monkeypatch):
    """The filestore is full: the file is not there, nor is what was published."""
    attachments = work.registry["ir.attachment"]
    write = attachments._oiconnect_move

    def full(self, raw, digest):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(attachments, "_oiconnect_move", full)
    with pytest.raises(OSError, match="No space left"):
        work.run()
    assert_waits_for_room(work)
    monkeypatch.setattr(attachments, "_oiconnect_move", write)
    work.again()


def assert_waits_for_room(work):
    assert work.states == {"failed"}
    assert all(
        "No space left on device" in message for (message,) in work.rows("message")
    )
    work.assert_nothing_published()
    query = (
        "SELECT count(*) FROM mail_activity WHERE res_model = 'oiconnect.publication'"
    )
    assert import_jobs.rows(work.registry.db_name, query) != [(0,)], (
        "a user is notified"
    )


# -- the whole server ------------------------------------------------------------------


@pytest.mark.slow
def test_the_server_is_killed_and_publishes_what_was_due_once_it_is_back(tmp_path):
    """A schedule that fell due while the server was down is made once, as a whole."""
    name = conftest.copy_of("nodemo")
    server = conftest.OdooServer(name, tmp_path / "odoo.log")
    try:
        with registry(name) as found:
            work = Run(found, 50)
            work.ids = []
            fall_due(found, work.plan_id)
        with held(name, "oiconnect_published_line"):
            server.start()
            wait_until(lambda: waiting(name))
            server.kill()
        wait_until(lambda: not working(name), pause=0.05)
        work.ids = made_since(name, work.plan_id)
        assert work.states == {"running"}
        work.assert_nothing_published()
        server.start()
        wait_until(lambda: work.states == {"done"})
        work.assert_published()
        assert made_since(name, work.plan_id) == work.ids, "once, however often missed"
    finally:
        server.stop()
        database.drop(name)


def fall_due(found, plan_id):
    """Forget what was queued; let the delta and the full file be due for days."""
    with environment(found) as env:
        env["queue.job"].search([]).unlink()
        env["oiconnect.publication"].search([("state", "=", "waiting")]).unlink()
        plan = env["oiconnect.publication.plan"].browse(plan_id)
        schedules = plan.schedule_ids.filtered(lambda item: item.step != "histo")
        schedules.active = True
        schedules.next_date = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=3)


def made_since(name, plan_id):
    query = """
        SELECT id FROM oiconnect_publication
         WHERE plan_id = %s AND due_date < now() AT TIME ZONE 'utc' - interval '2 days'
         ORDER BY id"""
    return [item for (item,) in import_jobs.rows(name, query, plan_id)]


@contextmanager
def held(name, table):
    """Block writes to ``table``: who is about to write waits."""
    with closing(psycopg2.connect(dbname=name)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield


def waiting(name):
    query = """
        SELECT 1 FROM pg_locks WHERE NOT granted AND database = (
               SELECT oid FROM pg_database WHERE datname = current_database())"""
    return import_jobs.rows(name, query)
