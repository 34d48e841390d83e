"""docker/compose.yaml at work on this machine, which has no Docker.

Services are what docker-compose reads in the file; buildah runs them (image_world), one
after another as `depends_on` says. Volumes begin as Docker makes them: with what the
image has there. What differs from Docker:

- Containers use the network of this machine. Names of services lead to 127.0.0.1, and
  each service listens on free ports instead of its own.
- PostgreSQL is that of the tests: its command, its settings and its first script are
  those of the service, but it does not wait for the disk.
- A file system that should be read-only is protected by the rights of its files alone,
  and nothing limits memory and processors.
"""

import getopt
import os
import shlex
import subprocess
from contextlib import ExitStack

import image_world
import pytest
import yaml
from image_world import CANNOT, Container, Postgres
from oictools import settings
from oictools.services import free_port
from waiting import wait_until

#: seconds in which a database is made, or upgraded
LIMIT = 900
HOST = "127.0.0.1"
#: what a container may do unless its service says otherwise
CAPABILITIES = (
    "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP "
    "SETUID SYS_CHROOT"
).split()


def read(*files, **variables):
    """Return what docker-compose makes of compose.yaml, and of ``files`` beside it."""
    command = [settings.ROOT / "scripts" / "images.sh", "compose", "config"]
    environment = os.environ | {"OIC_COMPOSE": " ".join(files)} | variables
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT, env=environment
    )
    if done.returncode == CANNOT:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


class Compose:
    """What `docker compose` does in a folder `docker/`.

    :param folder: where secrets, volumes and logs are
    :param variables: as in `docker/.env`
    """

    def __init__(self, folder, **variables):
        self.folder = folder
        self.ports = Ports()
        declared = read(OIC_PGPORT=str(self.ports["postgres", 5432]), **variables)
        self.services = {
            name: (Database if name == "postgres" else Service)(self, name, values)
            for name, values in declared["services"].items()
        }

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        # Who needs another ends before it.
        for service in sorted(self.services.values(), key=Service.rank, reverse=True):
            service.remove()

    def follow(self, line):
        """Run a line of a guide in the folder; return what it shows."""
        words = shlex.split(line)
        if words[:2] == ["docker", "compose"]:
            return self._follow_compose(*words[2:])
        command = ["bash", "-c", line]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, (line, done.stderr)
        return done.stdout.strip()

    def _follow_compose(self, command, *words):
        options, words = getopt.getopt(words, "dv:", ["rm", "no-deps"])
        if command == "build":
            return None
        if command == "run":
            name, *words = words
            volumes = dict(v.split(":") for option, v in options if option == "-v")
            return self.services[name].run_once(words, volumes)
        if command == "exec":
            name, *words = words
            return self.services[name].execute(*words)
        assert command in ("up", "stop", "restart"), command
        for name in words or self.services:
            if command in ("stop", "restart"):
                self.services[name].stop()
            if command in ("up", "restart"):
                self.services[name].start()
        return None


class Ports(dict):
    """The free port of this machine for a port of a service: ``ports["web", 8069]``."""

    def __missing__(self, name):
        self[name] = free_port()
        return self[name]


class Service:
    """A service of compose.yaml: its container, and the process of its command."""

    process = None

    def __init__(self, compose, name, declared):
        self.compose, self.name, self.declared = compose, name, declared
        self._stack = ExitStack()
        self._container = None

    def rank(self):
        """How many services there are before this one"""
        needed = self._needed()
        return 1 + max((service.rank() for service in needed), default=0)

    def _needed(self):
        """{service that must be there first: what must be true of it}"""
        return {
            self.compose.services[name]: values["condition"]
            for name, values in self.declared.get("depends_on", {}).items()
        }

    # -- its process -------------------------------------------------------------------

    def start(self):
        """Start the service and those that it needs, unless they are at work."""
        if self.is_running():
            return
        for service, condition in self._needed().items():
            service.start()
            service.wait(condition)
        self._launch()

    def _launch(self):
        command = self.declared.get("command")
        self.process = self.container.start(*self.entry(command), *self._arguments())

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        if self.is_running():
            image_world.end(self.process)

    def remove(self):
        self.stop()
        self._stack.close()

    def wait(self, condition="service_healthy"):
        """Return once the condition of a `depends_on` is true."""
        if condition == "service_completed_successfully":
            assert self.process.wait(LIMIT) == 0, self.said()
        elif condition == "service_healthy":
            wait_until(self._is_healthy, pause=0.5)

    def wait_for(self, ask):
        """Return what ``ask`` finds once it finds something, while the service runs."""
        answers = []

        def answered():
            assert self.is_running(), self.said()
            answers.append(ask())
            return answers[-1] is not None

        wait_until(answered)
        return answers[-1]

    def _is_healthy(self):
        assert self.is_running(), self.said()
        kind, *words = self.declared["healthcheck"]["test"]
        assert kind == "CMD"
        return self.run(*map(self._with_own_port, words))[0] == 0

    def _with_own_port(self, word):
        for port in self.declared.get("ports", []):
            own = self.compose.ports[self.name, port["target"]]
            word = word.replace(str(port["target"]), str(own))
        return word

    def said(self):
        """The end of its log"""
        return self.container.log.read_text(errors="replace")[-4000:]

    # -- its container -----------------------------------------------------------------

    @property
    def container(self):
        if self._container is None:
            self._container = self._stack.enter_context(self._new_container())
        return self._container

    def _new_container(self):
        declared, folder = self.declared, self.compose.folder
        dropped = set(CAPABILITIES) if declared["cap_drop"] == ["ALL"] else set()
        dropped -= set(declared.get("cap_add", []))
        options = [f"--cap-drop=CAP_{name}" for name in sorted(dropped)]
        for path in declared.get("tmpfs", []):
            options.append(f"--mount=type=tmpfs,destination={path}")
        secrets = {
            folder / "secrets" / secret["source"]: secret["target"]
            for secret in declared["secrets"]
        }
        return Container(
            declared["build"]["target"],
            folder / f"{self.name}.log",
            declared.get("environment", {}) | self._environment(),
            secrets | self._volumes(),
            options,
            hosts=self.compose.services,
        )

    def _volumes(self):
        """{folder of a volume, made if need be: where the container has it}"""
        return {
            self._volume(values["source"], values["target"]): values["target"]
            for values in self.declared.get("volumes", [])
        }

    def _volume(self, name, target):
        """A volume that is new has what the image has there, as Docker makes it."""
        path = self.compose.folder / "volumes" / name
        if not path.exists():
            path.mkdir(parents=True)
            image = self.declared["build"]["target"]
            with Container(image, self.compose.folder / "volumes.log", {}, {}) as new:
                copied = ["cp", "-a", f"{target}/.", "/mnt"]
                done = new.run(*copied, user="0", volumes={path: "/mnt"})
                assert done[0] == 0, done
        return path

    def entry(self, command=None):
        """The words that a container of it runs, with a command of its own or not"""
        entry, usual = image_world.entry_point(self.declared["build"]["target"])
        return [*entry, *(command or usual)]

    def run(self, *words, **options):
        """Run a program in its container: (exit code, output, errors)"""
        return self.container.run(*words, **options)

    def execute(self, *words):
        """Run a program in its container, which must end well; return its output."""
        code, output, errors = self.run(*words)
        assert code == 0, (words, errors)
        return output

    def run_once(self, command, volumes):
        """Run another command of it to its end in a container of its own."""
        with self._new_container() as container:
            container.volumes |= volumes
            code, output, errors = container.run(*self.entry(command), limit=LIMIT)
        assert code == 0, (command, errors[-4000:])
        return output

    # -- where it listens --------------------------------------------------------------

    def _environment(self):
        ports = self.compose.ports
        if self.name == "proxy":
            dead, web = free_port(), ports["web", 8069]
            return {
                # Two nodes, of which one is dead
                "OIC_WEB": f"{HOST}:{dead} {HOST}:{web}",
                "OIC_WEBSOCKET": f"{HOST}:{ports['web', 8072]}",
                # Docker lets the user of a container write to the output.
                "OIC_ACCESS_LOG": "/tmp/access.log",
                "OIC_HTTP_PORT": f"{HOST}:{ports['proxy', 8080]}",
                "OIC_HTTPS_PORT": f"{HOST}:{ports['proxy', 8443]}",
            }
        return {
            "OIC_HTTP_INTERFACE": HOST,
            "OIC_HTTP_PORT": ports[self.name, 8069],
            "OIC_WEBSOCKET_PORT": ports[self.name, 8072],
        }

    def _arguments(self):
        if self.name == "sftp":
            port = self.compose.ports["sftp", 2222]
            return ["-p", str(port), "-o", f"ListenAddress={HOST}"]
        return []


class Database(Service):
    """The service of PostgreSQL."""

    server = None

    def is_running(self):
        return self.server is not None

    def _launch(self):
        values = self.declared["environment"]
        password = self.compose.folder / "secrets" / "db_password"
        _program, *options = self.declared["command"]
        self.server = self._stack.enter_context(
            Postgres(
                password.read_text().strip(),
                options,
                values["POSTGRES_INITDB_ARGS"].split(),
                self.compose.ports[self.name, 5432],
            )
        )

    def stop(self):
        """It stops with all of it: its volume is that of the tests."""

    def run(self, *words):
        environment = {"PGPORT": str(self.server.port)}
        done = subprocess.run(
            words,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        return done.returncode, done.stdout, done.stderr
