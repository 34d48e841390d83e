"""Keeps the processes of `make run` together: started, watched and stopped as one."""

import contextlib
import ctypes
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from . import settings
from .console import Failure, heartbeat, say

PR_SET_PDEATHSIG = 1
#: names the first of the ports that this process may give away
PORTS = "OIC_FIRST_PORT"
_given = itertools.count()


def follow_parent():
    """In a child: end when its parent dies, even by SIGKILL (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def port_is_free(port, host="127.0.0.1"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port():
    """Return a free port: of those of this process if it has some of its own."""
    if first := int(os.environ.get(PORTS) or 0):
        while not port_is_free(port := first + next(_given)):
            pass
        return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_ports(ports):
    """Fail when another program has one of ``{setting: ports that it gives}``."""
    taken = {
        name: [port for port in found if not port_is_free(port)]
        for name, found in ports.items()
    }
    used = [str(port) for found in taken.values() for port in found]
    if not used:
        return
    others = " ".join(
        f"{name}={_others(ports[name])}" for name, found in taken.items() if found
    )
    raise Failure(
        f"in use by another program: port {', '.join(used)}.",
        f"Choose others: make run {others}",
        "(or stop that program: it may be another `make run`)",
    )


def _others(ports):
    """The first of as many free ports, at the same distances from one another."""
    for step in itertools.count(1):
        if all(port_is_free(port + step) for port in ports):
            return ports[0] + step


class Service:
    def __init__(self, name, command, environment=None):
        self.name = name
        self.command = command
        self.environment = environment or {}
        self.log = settings.LOG / f"{name}.log"
        self.process = None

    def start(self):
        with self.log.open("w") as output:
            # Its own session: Ctrl-C in the terminal reaches the supervisor alone.
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=follow_parent,
            )

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def tell_end(self):
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        print("\n".join(lines), file=sys.stderr)
        return Failure(
            f"{self.name} ended by itself (code {self.process.returncode}).",
            f"Its whole log: {self.log}",
        )


class Supervisor:
    def __init__(self):
        self.services = []

    def __enter__(self):
        return self

    def start(self, *services):
        for service in services:
            service.start()
            self.services.append(service)

    def __exit__(self, *exception):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say("stopping")
        for service in self.services:
            if service.alive():
                service.process.terminate()
        deadline = time.monotonic() + 20
        for service in self.services:
            self._wait(service, deadline)

    def _wait(self, service, deadline):
        try:
            service.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{service.name} does not stop: killed")
            os.killpg(service.process.pid, signal.SIGKILL)
            service.process.wait(timeout=10)

    def check(self):
        for service in self.services:
            if not service.alive():
                raise service.tell_end()

    def wait_for(self, url, limit=120):
        """Returns when the page is served."""
        with heartbeat(lambda: say("  waiting for the web client")):
            self._wait_for(url, limit)

    def _wait_for(self, url, limit):
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            self.check()
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(url, timeout=60) as page,
            ):
                if page.status == 200:
                    return
            time.sleep(0.2)
        raise Failure(f"{url} is not served after {limit} s.", f"Logs: {settings.LOG}")

    def watch(self):
        while True:
            self.check()
            time.sleep(0.5)
