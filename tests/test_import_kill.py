"""An import that is stopped in the middle leaves nothing, and can be started again."""

import io
import itertools
from contextlib import closing, contextmanager

import breaking_point
import conftest
import import_jobs
import psycopg2
import pytest
from breaking_point import MOMENTS
from generator.days import Days, Shares
from generator.ipe_file import IpeFile
from odoo_process import environment, killed, registry
from oictools import database
from psycopg2.errors import DiskFull
from small_disk import SmallDisk, limit_files, mounted
from waiting import wait_until

LINES = 1000
#: what a small disk cannot hold
MANY = 5000
#: a file of this size cannot hold them either, where two lines fill a page
ROOM = 16 << 20
SPARSE = "ALTER TABLE oiconnect_building SET (fillfactor = 10)"
NEAR = 60
SEEDS = itertools.count(10)


def files(seed, lines=LINES):
    """Return the file of a day and that of the next one, and what that changes."""
    days = Days(lines, seed, shares=Shares(0.3, 0.05, 0.01), lines_per_pm=NEAR)
    return days, [(days.name(day), content(days, day)) for day in (0, 1)]


def content(days, day):
    target = io.BytesIO()
    days.write_to(day, target)
    return target.getvalue()


class Update:
    """A network with the file of a day, and the import of the next one, to be done."""

    def __init__(self, found, seed):
        self.registry = found
        self.days, self.files = files(seed)
        self.network_id = import_jobs.make_network(found, f"TEST_{seed}")
        import_jobs.done(found, self.network_id, *self.files[0])
        self.id = import_jobs.upload(found, self.network_id, *self.files[1])
        import_jobs.start(found, self.id)
        self.before = import_jobs.digest(found.db_name)

    def run(self):
        import_jobs.run(self.registry, self.id)

    @property
    def state(self):
        return state_of(self.registry, self.id)

    def assert_nothing_done(self):
        assert import_jobs.staging_tables(self.registry.db_name) == []
        assert import_jobs.digest(self.registry.db_name) == self.before

    def assert_done(self):
        changes = self.days.changes
        assert self.state == ("done", None)
        assert import_jobs.counts(self.registry, self.id) == {
            "building": (changes.created, changes.changed, changes.unchanged),
            "pm": (0, changes.pms_changed, changes.pms - changes.pms_changed),
        }
        assert import_jobs.staging_tables(self.registry.db_name) == []


def state_of(found, import_id):
    query = "SELECT state, message FROM oiconnect_import WHERE id = %s"
    return import_jobs.rows(found.db_name, query, import_id)[0]


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def update(base):
    return Update(base, next(SEEDS))


# At each moment in turn: what one of them left would be seen at the next one.


def test_cancelled_by_somebody(update):
    def cancel():
        with environment(update.registry) as env:
            env["oiconnect.import"].browse(update.id).action_cancel()

    for moment in MOMENTS:
        with breaking_point.at(moment, cancel):
            update.run()
        state, message = update.state
        assert state == "cancelled"
        assert message
        update.assert_nothing_done()
        import_jobs.start(update.registry, update.id)
    update.run()
    update.assert_done()


def test_its_connection_is_dropped(update):
    def drop():
        query = """
            SELECT pg_terminate_backend(pid) FROM pg_locks l
             WHERE locktype = 'advisory' AND database = (
                   SELECT oid FROM pg_database WHERE datname = current_database())"""
        assert import_jobs.rows(update.registry.db_name, query) == [(True,)]

    for moment in MOMENTS:
        with (
            breaking_point.at(moment, drop),
            pytest.raises(psycopg2.Error),
        ):
            update.run()
        state, message = update.state
        assert state == "failed"
        assert "the database could not be reached, start it again" in message
        update.assert_nothing_done()
        import_jobs.start(update.registry, update.id)
    update.run()
    update.assert_done()


def test_its_process_is_killed(update):
    """The queue gives it to another process each time, as it is unfinished."""
    kill_at(update, "checking")
    with environment(update.registry) as env:
        env["oiconnect.import"].browse(update.id).action_cancel()
    update.run()
    assert update.state[0] == "cancelled"
    update.assert_nothing_done()
    import_jobs.start(update.registry, update.id)
    for moment in MOMENTS:
        kill_at(update, moment)
        update.assert_nothing_done()
    update.run()
    update.assert_done()


def kill_at(update, moment):
    """Do it in a process that dies at ``moment``: it stays marked as running."""
    killed(update.registry, breaking_point.die_at, moment, import_jobs.run, update.id)
    # PostgreSQL sees that the client is gone, and undoes what was begun.
    wait_until(lambda: not working(update.registry.db_name), pause=0.05)
    assert update.state[0] == "running"


def working(name):
    query = """
        SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (
               SELECT oid FROM pg_database WHERE datname = current_database())"""
    return import_jobs.rows(name, query)


# -- the disk --------------------------------------------------------------------------


@pytest.fixture
def disk():
    """A small disk for a database of its own: it is dropped before the disk is."""
    with mounted() as path:
        name = conftest.copy_of("nodemo")
        found = SmallDisk(path, name)
        found.create()
        try:
            yield found
        finally:
            database.drop(name)
            found.drop()


def test_the_disk_is_full_of_the_lines_read(disk):
    disk.hold_new_tables()
    assert_waits_for_room(disk)


def test_the_disk_is_full_of_the_network(disk):
    disk.hold("oiconnect_building")
    assert_waits_for_room(disk)


def assert_waits_for_room(disk):
    with registry(disk.database) as found:
        _days, [first, _next] = files(5, MANY)
        network_id = import_jobs.make_network(found)
        import_id = import_jobs.upload(found, network_id, *first)
        import_jobs.start(found, import_id)
        before = import_jobs.digest(disk.database)
        with pytest.raises(DiskFull):
            import_jobs.run(found, import_id)
        state, message = state_of(found, import_id)
        assert state == "failed"
        assert "the disk is full, make room and start it again" in message
        assert import_jobs.staging_tables(disk.database) == []
        assert import_jobs.digest(disk.database) == before
        disk.make_room()
        import_jobs.start(found, import_id)
        import_jobs.run(found, import_id)
        assert import_jobs.counts(found, import_id)["building"] == (MANY, 0, 0)


def test_the_disk_gives_no_more(base):
    """A quota: a network that must grow beyond what its files may have."""
    content = import_jobs.content_of(IpeFile(MANY, 6, errors=0))
    with environment(base) as env:
        env.cr.execute(SPARSE)
    network_id = import_jobs.make_network(base, "TEST_6")
    import_id = import_jobs.upload(base, network_id, IpeFile(0).name, content)
    import_jobs.start(base, import_id)
    before = import_jobs.digest(base.db_name)
    limited = []

    def limit():
        limited.extend(pid for (pid,) in working(base.db_name))
        limit_files(limited[0], ROOM)

    with (
        breaking_point.at("checking", limit),
        pytest.raises(psycopg2.Error, match="could not extend"),
    ):
        import_jobs.run(base, import_id)
    limit_files(limited[0], "unlimited")
    assert state_of(base, import_id)[0] == "failed"
    assert import_jobs.staging_tables(base.db_name) == []
    assert import_jobs.digest(base.db_name) == before
    import_jobs.start(base, import_id)
    import_jobs.run(base, import_id)
    assert import_jobs.counts(base, import_id)["building"] == (MANY, 0, 0)


# -- the whole server ------------------------------------------------------------------


@pytest.mark.slow
def test_the_server_is_killed_and_does_it_when_it_is_back(tmp_path):
    name = conftest.copy_of("nodemo")
    server = conftest.OdooServer(name, tmp_path / "odoo.log", scheduled=False)
    try:
        with registry(name) as found:
            update = Update(found, seed=3)
            with held(name, "oiconnect_building"):
                server.start()
                wait_until(lambda: waiting(name))
                server.kill()
            wait_until(lambda: not working(name), pause=0.05)
            assert update.state[0] == "running"
            update.assert_nothing_done()
            server.start()
            wait_until(lambda: update.state[0] == "done")
            update.assert_done()
    finally:
        server.stop()
        database.drop(name)


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
