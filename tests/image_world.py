"""Images of docker/ at work on this machine, and a PostgreSQL server for them alone."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from oictools import settings
from oictools.services import free_port

SCRIPTS = settings.ROOT / "scripts"
DOCKER = settings.ROOT / "docker"
#: the exit code of images.sh where images cannot be built
CANNOT = 77
BUILD_LIMIT, LIMIT = 1500, 300
#: PostgreSQL refuses root: its programs run as scripts/pg.sh says
AS_POSTGRES = (
    f'. "{SCRIPTS}/lib.sh"; . "{SCRIPTS}/pg.sh"; pg_names test; pg_choose_runner;'
    ' PATH="$PG_BIN:$PATH"; exec "${PG_RUNNER[@]}" "$0" "$@"'
)

#: reached from this machine alone, and no waiting for the disk
QUICK = "-clisten_addresses=127.0.0.1 -cfsync=off"
OPTIONS = ("-cmax_connections=100", "-cjit=off")
INITDB = ("--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C")


def build(*targets):
    """Build images; skip the test where this cannot be done."""
    done = subprocess.run(
        [SCRIPTS / "images.sh", "build", *targets],
        capture_output=True,
        text=True,
        # Package managers print what they like.
        errors="replace",
        timeout=BUILD_LIMIT,
        check=False,
    )
    if done.returncode == CANNOT:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr


def buildah(*words):
    return [SCRIPTS / "images.sh", "buildah", *map(str, words)]


def entry_point(image):
    """Return what a container of an image runs: words, and those to leave out."""
    command = buildah("inspect", "--type", "image", f"localhost/{image}")
    found = json.loads(subprocess.check_output(command, text=True, timeout=LIMIT))
    config = found["OCIv1"]["config"]
    return config["Entrypoint"], config.get("Cmd", [])


class Container:
    """A container of an image; its processes use the machine's own network.

    :param log: file of what its servers say
    :param volumes: ``{folder or file: where the container has it}``
    :param options: of `buildah run`
    :param hosts: names that lead to this machine
    """

    def __init__(self, image, log, environment, volumes, options=(), hosts=()):
        self.image = image
        self.log = log
        self.environment = dict(environment)
        self.volumes = dict(volumes)
        self.options = list(options)
        self.hosts = hosts

    def __enter__(self):
        command = [SCRIPTS / "images.sh", "from", self.image]
        for host in self.hosts:
            command += ["--add-host", f"{host}:127.0.0.1"]
        self.name = subprocess.check_output(command, text=True, timeout=LIMIT).strip()
        return self

    def __exit__(self, *exception):
        command = buildah("rm", self.name)
        subprocess.run(command, capture_output=True, timeout=LIMIT, check=False)

    def _command(self, words, environment=(), volumes=(), user=None):
        options = ["--isolation", "chroot", *self.options]
        for name, value in (self.environment | dict(environment)).items():
            options += ["--env", f"{name}={value}"]
        for source, target in (self.volumes | dict(volumes)).items():
            options += ["-v", f"{source}:{target}"]
        options += ["--user", user] if user else []
        return buildah("run", *options, self.name, "--", *words)

    def run(self, *words, limit=LIMIT, **options):
        """Run a command to its end: (exit code, output, errors)"""
        command = self._command(words, **options)
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, check=False
        )
        return done.returncode, done.stdout.strip(), done.stderr

    def start(self, *words):
        """Start a server; return its process, which `end` ends."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command(words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def end(process):
    """End a process and those that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


class Postgres:
    """As the container `postgres`: prepared by docker/postgres/init.sh.

    :param options: of the server, `-cNAME=VALUE` each
    :param initdb: words of POSTGRES_INITDB_ARGS
    """

    def __init__(self, password, options=OPTIONS, initdb=INITDB, port=None):
        self.password = password
        self.options, self.initdb = options, initdb
        self.port = port or free_port()

    def _run(self, *words, **options):
        return subprocess.run(
            ["bash", "-c", AS_POSTGRES, *map(str, words)],
            timeout=LIMIT,
            **{"check": True, "stdout": subprocess.DEVNULL, **options},
        )

    def __enter__(self):
        # Open to the user of the server, wherever the tests' own folders are
        self.folder = Path(tempfile.mkdtemp(prefix="oic-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        if os.getuid() == 0:
            shutil.chown(self.folder, "nobody")
        auth = ["--auth-local=trust", "--auth-host=scram-sha-256"]
        self._run("initdb", "-D", self.data, "-U", "postgres", *auth, *self.initdb)
        options = f"-k {self.folder} -p {self.port} {QUICK} {' '.join(self.options)}"
        start = ["-s", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options]
        self._run("pg_ctl", *start, "start")
        self._prepare()
        return self

    def _prepare(self):
        environment = {
            "PGHOST": str(self.folder),
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
            "POSTGRES_PASSWORD": self.password,
        }
        subprocess.run(
            [DOCKER / "postgres" / "init.sh"],
            env=os.environ | environment,
            timeout=60,
            check=True,
        )

    def __exit__(self, *exception):
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def secret_file(folder, name, content=None):
    """As Docker gives it: a file that containers may read."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"{content or secrets.token_hex(24)}\n")
    path.chmod(0o444)
    return path
