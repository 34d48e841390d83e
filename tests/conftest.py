"""What the end-to-end tests share: copies of databases, servers, operators."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from contextlib import closing

import psycopg2
import pytest
from demo_sftp import DemoSftp
from oictools import database, settings
from oictools.client import Client
from oictools.services import free_port

TEMPLATES = {"demo": "OIC_TEST_TEMPLATE_DEMO", "nodemo": "OIC_TEST_TEMPLATE_NODEMO"}
PREFIX = "oic_test_e2e"
START_LIMIT = 90


class OdooServer:
    """A real server process on a database of its own; it can be killed."""

    def __init__(self, name, log):
        self.database = name
        self.log = log
        self.port = free_port()
        self.process = None

    def start(self):
        command = [sys.executable, settings.ODOO_BIN, "-d", self.database]
        command += [f"--http-port={self.port}", f"--db-filter=^{self.database}$"]
        command += ["--gevent-port", str(free_port()), "--max-cron-threads", "1"]
        environment = {**os.environ, "ODOO_QUEUE_JOB_CHANNELS": "root:2"}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        self._wait()
        return self

    def _wait(self):
        url = f"http://127.0.0.1:{self.port}/web/login"
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"no log-in page: {self.log.read_text()[-4000:]}")

    def kill(self):
        """As when the machine stops: nothing is finished, nothing is said."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def stop(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def client(self, login="admin", password=None):
        return Client(self.port, self.database, login, password or login)

    def rows(self, query, *parameters):
        """Rows read past the server: what is committed, and nothing else."""
        with closing(psycopg2.connect(dbname=self.database)) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, parameters or None)
                return cursor.fetchall() if cursor.description else []


def copy_of(kind):
    """Clone the template of that kind; return the name of the copy."""
    template = os.environ.get(TEMPLATES[kind])
    if not template:
        pytest.skip(f"{TEMPLATES[kind]} names no database: run make test")
    name = f"{PREFIX}_{uuid.uuid4().hex[:10]}"
    database.clone(template, name)
    return name


@pytest.fixture
def demo_database():
    name = copy_of("demo")
    yield name
    database.drop(name)


@pytest.fixture
def empty_database():
    """All addons, no demo."""
    name = copy_of("nodemo")
    yield name
    database.drop(name)


@pytest.fixture(scope="module")
def shared_database():
    """As ``empty_database``, for all tests of a file."""
    name = copy_of("nodemo")
    yield name
    database.drop(name)


@pytest.fixture
def sftp(tmp_path):
    with DemoSftp(tmp_path / "sftp") as server:
        yield server


@pytest.fixture
def demo_server(demo_database, sftp, tmp_path):
    """The demo network behind a real server and a real SFTP server."""
    server = OdooServer(demo_database, tmp_path / "odoo.log")
    point_endpoints(server, sftp)
    server.start()
    look_now(server)
    yield server
    server.stop()


def point_endpoints(server, sftp):
    """Lead the demo's connections to the SFTP server of this test."""
    server.rows(
        "UPDATE oiconnect_endpoint SET host = %s, port = %s, host_key = %s, "
        "poll_seconds = 1, next_try_date = NULL RETURNING id",
        sftp.host,
        sftp.port,
        sftp.host_key,
    )


def look_now(server):
    """Do not wait for the minute at which looks begin."""
    client = server.client()
    for endpoint in client.read("oiconnect.endpoint", [], "id"):
        client.call("oiconnect.endpoint", "action_poll", [endpoint["id"]])
