"""Fixtures of the end-to-end tests: copies of databases, servers, operators."""

import os
import signal
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import odoo_fork
import psycopg2
import pytest
from demo_sftp import DemoSftp
from oictools import database, templates
from oictools.client import Client
from oictools.services import free_port

# Test addons have tests of Odoo's kind: test_toy.py installs them and runs these.
collect_ignore = ["addons"]

PREFIX = "oic_test_e2e"
START_LIMIT = 300


class OdooServer:
    """A real server process on a database of its own; it can be killed."""

    def __init__(
        self, name, log, *, scheduled=True, jobs=True, environment=None, arguments=()
    ):
        """``scheduled``: with the scheduled actions; ``jobs``: with a job runner"""
        self.database = name
        self.log = log
        self.scheduled = scheduled
        self.jobs = jobs
        self.environment = environment or {}
        self.arguments = arguments
        self.port = free_port()
        self.process = None
        self._clients = {}
        # Each thread looks by a connection of its own.
        self._own = threading.local()

    def start(self):
        arguments = ["-d", self.database]
        arguments += [f"--http-port={self.port}", "--gevent-port", str(free_port())]
        arguments += ["--max-cron-threads", str(int(self.scheduled))]
        arguments += self.arguments
        environment = {
            # As in production: nothing is connected to but by the one way out
            "OIC_OUTGOING": "",
            "ODOO_QUEUE_JOB_CHANNELS": "root:2" if self.jobs else "root:0",
            **self.environment,
        }
        self.process = self._launch(arguments, environment)
        self._wait()
        self._wake()
        return self

    def _launch(self, arguments, environment):
        return odoo_fork.start(odoo_fork.serve, arguments, environment, self.log)

    def _wait(self):
        url = f"http://127.0.0.1:{self.port}/web/login"
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            assert self.process.is_alive(), self.log.read_text()[-4000:]
            try:
                # One that is given up while models load is answered all the same.
                with urllib.request.urlopen(url, timeout=60):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"no log-in page: {self.log.read_text()[-4000:]}")

    def _wake(self):
        """Scheduled actions that are due wait for their first minute otherwise."""
        with database.connect() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.database])

    def kill(self):
        """Kill it as when the machine stops: nothing is finished, nothing is said."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join(20)
        self.let_a_minute_pass()
        self._disconnect()

    def let_a_minute_pass(self):
        """Move times back, as if the stopped server started a minute later.

        The queue takes up what had been running once it was left for ten seconds,
        and looks for it when it starts.
        """
        self.rows(
            "UPDATE queue_job SET date_enqueued = date_enqueued - interval '1 minute' "
            "WHERE state IN ('enqueued', 'started')"
        )

    def stop(self):
        if self.process and self.process.is_alive():
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.join(20)
            if self.process.is_alive():
                self.kill()
        self._disconnect()

    def client(self, login="admin", password=None):
        """A person's calls; to log in again would cost half a second of processor."""
        key = (login, password or login)
        if key not in self._clients:
            self._clients[key] = Client(self.port, self.database, *key)
        return self._clients[key]

    def rows(self, query, *parameters):
        """Rows read past the server: what is committed, and nothing else.

        By one connection: many look again and again, and a new one costs the most.
        """
        if not getattr(self._own, "connection", None):
            self._own.connection = psycopg2.connect(dbname=self.database)
            self._own.connection.autocommit = True
        with self._own.connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def _disconnect(self):
        if connection := getattr(self._own, "connection", None):
            connection.close()
            self._own.connection = None


def copy_of(kind, use="test"):
    """Clone the template of that kind; return the name of the copy.

    Copies of the same ``use`` follow each other under one name, which is this
    process's own: what Odoo knows of it in memory stays true (see odoo_process).
    """
    template = templates.awaited(kind)
    if not template:
        pytest.skip("no template database: run make test")
    name = f"{PREFIX}_{os.getpid()}_{kind}_{use}"
    database.clone(template, name)
    return name


@pytest.fixture(scope="session", autouse=True)
def nothing_left_in_the_home():
    """Odoo that is not given a place for its data makes folders in the home."""
    default = Path.home() / ".local" / "share" / "Odoo"
    was_there = default.exists()
    yield
    assert was_there or not default.exists(), f"a test has made {default}"


@pytest.fixture
def demo_database():
    name = copy_of("demo")
    yield name
    database.drop(name)


@pytest.fixture
def empty_database():
    """All addons, no demo. It has the name of a shared one, so its registry too."""
    name = copy_of("nodemo", "file")
    yield name
    database.drop(name)


@pytest.fixture(scope="module")
def shared_database():
    """An ``empty_database`` for all tests of a file."""
    name = copy_of("nodemo", "file")
    yield name
    database.drop(name)


@contextmanager
def demo_server(use, folder):
    """Serve a copy of the demo without scheduled actions and jobs.

    :param use: what the copy is named after
    :param folder: made anew for its log
    """
    name = copy_of("demo", use)
    server = OdooServer(name, folder / "odoo.log", scheduled=False, jobs=False)
    try:
        yield server.start()
    finally:
        server.kill()
        database.drop(name)


@pytest.fixture
def sftp(tmp_path):
    with DemoSftp(tmp_path / "sftp") as server:
        yield server


@contextmanager
def demo_running(folder, *busy):
    """The demo network behind a real server, and a real SFTP server.

    ``busy``: the log-ins of operators that send files, OCAA's by default.
    """
    with ExitStack() as stack:
        name = copy_of("demo")
        stack.callback(database.drop, name)
        sftp = stack.enter_context(DemoSftp(folder / "sftp"))
        server = OdooServer(name, folder / "odoo.log")
        point_endpoints(server, sftp, busy or ("ocaa",))
        stack.callback(server.stop)
        server.start()
        look_now(server)
        yield server, sftp


@pytest.fixture
def demo(tmp_path):
    """(server, SFTP server) of the demo network"""
    with demo_running(tmp_path) as servers:
        yield servers


def point_endpoints(server, sftp, busy):
    """Lead the demo's connections to the SFTP server of this test.

    Looks cost: those at accounts where nothing comes are few.
    """
    server.rows(
        "UPDATE oiconnect_endpoint SET host = %s, port = %s, host_key = %s, "
        "poll_seconds = CASE WHEN login = ANY(%s) THEN 1 ELSE 60 END, "
        "still_seconds = 0, next_try_date = NULL RETURNING id",
        sftp.host,
        sftp.port,
        sftp.host_key,
        list(busy),
    )


def forget_partners(server):
    """Let the demo look for no file, and notify no one of its tickets."""
    server.rows("UPDATE oiconnect_endpoint SET active = FALSE RETURNING id")
    server.rows(
        "UPDATE oiconnect_event SET state = 'skipped' "
        "WHERE channel = 'soap' AND state = 'pending' RETURNING id"
    )


def look_now(server):
    """Do not wait for the minute at which looks begin."""
    client = server.client()
    for endpoint in client.read("oiconnect.endpoint", [], "id"):
        client.call("oiconnect.endpoint", "action_poll", [endpoint["id"]])
