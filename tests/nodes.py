"""OIConnect on several nodes, as docs/production.md has it, all on this machine.

A primary and its streaming replica, two web nodes, a job node and the one that waits to
take its place: each a server with settings of its own, as in docker/compose.scale.yaml.
Operators drop files at a real SFTP server meanwhile.
"""

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import conftest
import image_world
import odoo_fork
import psycopg2
import small_network
from conftest import OdooServer
from demo_sftp import DemoSftp
from odoo_process import environment, registry
from oictools import backup, database, restore, settings
from oictools.services import free_port
from ordering import Operators
from waiting import wait_until

SCRIPTS = image_world.DOCKER / "postgres"
OI = "OINO"
OPERATORS = tuple(f"OCN{letter}" for letter in "ABCDE")
PASSWORD = "word-of-{}"
LOADED = "--load=base,web,queue_job,oiconnect_interop,session_db"
SESSIONS = "oic_test_sessions"
ORDERS = "oiconnect_access_order"
#: each change of state of each job
WATCH_JOBS = """
    CREATE TABLE seen_job (number bigserial, uuid text, before text, after text);
    CREATE FUNCTION see_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen_job (uuid, before, after)
             VALUES (NEW.uuid, OLD.state, NEW.state);
        RETURN NULL; END $$;
    CREATE TRIGGER see_job AFTER UPDATE OF state ON queue_job FOR EACH ROW
        WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION see_job()"""


class Cluster(image_world.Postgres):
    """A primary, and the replica that `pg_basebackup` makes of it."""

    def __init__(self, name):
        super().__init__("word-of-oiconnect")
        self.name = name
        self.standby_port = free_port()

    def _prepare(self):
        super()._prepare()
        self.standby = self.folder / "standby"
        self.word = image_world.secret_file(self.folder, "replica_password")
        environment = {
            "PGHOST": str(self.folder),
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
            "PGDATA": str(self.data),
            "REPLICA_PASSWORD_FILE": str(self.word),
        }
        subprocess.run(
            [SCRIPTS / "replication.sh"],
            env=os.environ | environment,
            timeout=60,
            check=True,
        )

    def start_replica(self):
        own = f"-k {self.folder} -p {self.standby_port} {image_world.QUICK}"
        options = " ".join([own, *self.options])
        log = self.folder / "standby.log"
        start = ["pg_ctl", "-s", "-w", "-l", log, "-o", options, "start"]
        environment = {
            "PGDATA": str(self.standby),
            "PRIMARY": "127.0.0.1",
            "PRIMARY_PORT": str(self.port),
            "REPLICA_PASSWORD_FILE": str(self.word),
        }
        self._run(SCRIPTS / "replica.sh", *start, env=os.environ | environment)

    def kill_replica(self):
        pid = int((self.standby / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not self.ask_replica(self.name, "SELECT 1"))

    def has_all(self):
        """Whether the replica has what the primary has now."""
        with database.connect(self.name) as cursor:
            cursor.execute("SELECT pg_current_wal_lsn()")
            [position] = cursor.fetchone()
        query = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
        return self.ask_replica(self.name, query) == [(True,)]

    def ask_replica(self, name, query, user="oiconnect"):
        """Rows of the replica; none when it is dead."""
        place = {"host": self.folder, "port": self.standby_port, "user": user}
        with suppress(psycopg2.OperationalError):
            connection = psycopg2.connect(dbname=name, **place)
            connection.autocommit = True
            try:
                with connection.cursor() as cursor:
                    cursor.execute(query)
                    return cursor.fetchall()
            finally:
                connection.close()
        return []

    def __exit__(self, *exception):
        stop = ["-D", self.standby, "-m", "immediate", "stop"]
        self._run("pg_ctl", *stop, check=False, stderr=subprocess.DEVNULL)
        super().__exit__(*exception)


class Node(OdooServer):
    """A server of its own; its death concerns the other nodes only."""

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join(20)
        self._disconnect()


class Browser:
    """A person's web client; of dead nodes its proxy asks the next."""

    def __init__(self, *nodes):
        self.nodes = list(nodes)
        self.cookies = {}

    def log_in(self, login="admin"):
        name = self.nodes[0].database
        path = "/web/session/authenticate"
        return self.ask(path, db=name, login=login, password=login)

    def call(self, model, method, *arguments, **keywords):
        path = f"/web/dataset/call_kw/{model}/{method}"
        call = {"model": model, "method": method, "args": arguments}
        return self.ask(path, **call, kwargs=keywords)

    def ask(self, path, **params):
        for node in self.nodes:
            request = urllib.request.Request(
                f"http://127.0.0.1:{node.port}{path}",
                json.dumps({"params": params}).encode(),
                {
                    "Content-Type": "application/json",
                    "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
                },
            )
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    self._keep(answer.headers.get_all("Set-Cookie") or [])
                    found = json.load(answer)
            except (urllib.error.URLError, ConnectionError):
                continue
            assert "error" not in found, found["error"]
            return found["result"]
        raise AssertionError("no node answers")

    def _keep(self, cookies):
        for cookie in cookies:
            name, _equals, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value

    def references(self, *domain, limit=80):
        """The list of orders, as its screen asks for it."""
        found = self.call(
            "oiconnect.access.order",
            "web_search_read",
            domain=list(domain),
            specification={"oc_reference": {}},
            limit=limit,
        )
        return [record["oc_reference"] for record in found["records"]]


class World(Operators):
    """All that runs, and what operators have ordered."""

    def __init__(self, cluster, sftp, nodes, places, operators):
        super().__init__(sftp, OI, operators, places)
        self.cluster = cluster
        self.web, self.second_web, self.jobs, self.second_jobs = nodes
        self.rows = self.second_web.rows

    def taken(self):
        """Number of orders"""
        return self.rows(f"SELECT count(*) FROM {ORDERS}")[0][0]

    # -- what is true at the end -------------------------------------------------------

    def check(self):
        self.check_answers()
        self.check_receipts_first()
        references = sorted(sum(self.ordered.values(), []))
        found = self.rows(f"SELECT oc_reference FROM {ORDERS} ORDER BY oc_reference")
        assert [reference for (reference,) in found] == references
        states = f"SELECT DISTINCT state FROM {ORDERS}"
        assert self.rows(states) == [("connecting",)]
        routes = "SELECT count(DISTINCT access_order_id), count(*) FROM oiconnect_route"
        held = self.rows(f"{routes} WHERE access_order_id IS NOT NULL")
        assert held == [(len(references), len(references))]
        self._check_jobs()

    def _check_jobs(self):
        """No job was done twice; what is at work is begun by no other node."""
        done = "SELECT uuid FROM seen_job WHERE after = 'done' GROUP BY uuid"
        assert self.rows(f"{done} HAVING count(*) > 1") == []
        begun = "SELECT uuid FROM seen_job WHERE after = 'started'"
        assert self.rows(f"{begun} AND before <> 'enqueued'") == []
        assert self.rows("SELECT 1 FROM queue_job WHERE state = 'failed'") == []


# -- how it is made --------------------------------------------------------------------


@contextmanager
def running(folder, orders, operators=OPERATORS, poll_seconds=1):
    """All of it, with a network that has a fibre for each of ``orders``."""
    accounts = {code.lower(): PASSWORD.format(code) for code in operators}
    with ExitStack() as stack:
        sftp = stack.enter_context(DemoSftp(folder / "sftp", accounts=accounts))
        name = conftest.copy_of("nodemo", "file")
        stack.callback(database.drop, name)
        odoo_fork.prepare()
        places = _seed(name, sftp, orders, operators, poll_seconds)
        dump = folder / "nodes.dump"
        backup.run("pg_dump", "-Fc", "-Z0", "-f", dump, name)
        cluster = stack.enter_context(Cluster(name))
        stack.enter_context(_at(cluster))
        restore._create(name)
        restore._load(dump, name)
        with database.connect(name) as cursor:
            cursor.execute(WATCH_JOBS)
        database.execute("CREATE DATABASE {}", SESSIONS)
        cluster.start_replica()
        nodes = [stack.enter_context(node) for node in _nodes(cluster, name, folder)]
        yield World(cluster, sftp, nodes, places, operators)


@contextmanager
def _at(cluster):
    """Let this process find the primary of the cluster as libpq does."""
    place = {"PGHOST": str(cluster.folder), "PGPORT": str(cluster.port)}
    before = {name: os.environ[name] for name in place}
    os.environ.update(place)
    try:
        yield
    finally:
        os.environ.update(before)


def _seed(name, sftp, orders, operators, poll_seconds):
    """A network and the accounts of its operators; return where they may order."""
    with registry(name) as found, environment(found) as env:
        # Addons can be imported from here on.
        from bench import network

        made = network.make(env, OI, orders + network.ROUTES_PER_PBO)
        small_network.make_sftp_operators(
            env, made, operators, sftp, PASSWORD, poll_seconds
        )
        return made["identifiers"]


def _nodes(cluster, name, folder):
    """Yield the nodes, each started, and stopped at the end."""
    common = {
        "PGHOST": str(cluster.folder),
        "PGPORT": str(cluster.port),
        "SESSION_DB_URI": f"postgresql:///{SESSIONS}",
    }
    web = common | {
        "PGHOST_REPLICA": str(cluster.folder),
        "PGPORT_REPLICA": str(cluster.standby_port),
    }
    for label, environ, works in (
        ("web1", web, False),
        ("web2", web, False),
        ("jobs1", common, True),
        ("jobs2", common, True),
    ):
        yield _started(name, folder / f"{label}.log", environ, works)


@contextmanager
def _started(name, log, environ, works):
    node = Node(
        name, log, scheduled=works, jobs=works, environment=environ, arguments=[LOADED]
    )
    try:
        yield node.start()
    finally:
        node.stop()


def session_file(sid):
    return Path(settings.HOME) / "data" / "sessions" / sid[:2] / sid
