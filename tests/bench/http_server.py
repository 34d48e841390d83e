"""A real server with workers, as in production, on the database of the benchmark.

Also how it is measured: requests in parallel, beside Odoo's own external API.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from oictools import settings
from oictools.services import free_port

from .common import figure, timed

START_LIMIT, STOP_LIMIT, TIMEOUT = 120, 20, 60
WORKERS, CLIENTS = 2, 4
# Of each way: requests before the clock runs, turns, and requests of a turn
WARM_UP, TURNS, PER_TURN = 50, 3, 300
#: requests of each way in all
SENT = WARM_UP + TURNS * PER_TURN
BLOCK = 1 << 20


class HttpServer:
    """`with HttpServer() as server: server.call(path, body, headers)`.

    Scheduled actions and jobs do not run, unless ``options`` and ``channels`` say so:
    what is measured is the requests alone.
    """

    def __init__(self, options=(), channels="root:0", log=None):
        self.port = free_port()
        self._more, self._channels, self.log = options, channels, log

    @property
    def pid(self):
        return self._process.pid

    def __enter__(self):
        self._log = self.log.open("w+b") if self.log else tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, settings.ODOO_BIN, *self._options()],
            env={**os.environ, "ODOO_QUEUE_JOB_CHANNELS": self._channels},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            # Its workers end with it.
            start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *error):
        self._stop()

    def _options(self):
        name = os.environ["OIC_BENCH_DB"]
        return [
            *("-c", os.environ["ODOO_RC"]),
            *("-d", name),
            *(f"--http-port={self.port}", f"--gevent-port={free_port()}"),
            *(f"--workers={WORKERS}", "--max-cron-threads=0"),
            "--log-level=warn",
            *self._more,
        ]

    def _wait(self):
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            assert self._process.poll() is None, self._words()
            try:
                if self.call("/web/login")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"no log-in page: {self._words()}")

    def _words(self):
        self._log.seek(0)
        return self._log.read()[-4000:].decode(errors="replace")

    def _stop(self):
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        except ProcessLookupError:
            self._process.wait()
        finally:
            self._log.close()

    def call(self, path, body=None, headers=None):
        """Return ``(status, content)`` of the answer, on a connection of its own.

        Bytes as they are: what the client takes of the processor, the server lacks. It
        hangs up once it has the whole answer, as a reverse proxy does: the server waits
        10 ms for a client that does not (werkzeug drains what is still to be read).

        :param body: what is posted, nothing to get
        """
        sent = {
            "Host": f"127.0.0.1:{self.port}",
            "Connection": "close",
            "Content-Length": len(body or b""),
            **(headers or {}),
        }
        method = "GET" if body is None else "POST"
        lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in sent.items())]
        head = "\r\n".join([*lines, "", ""]).encode()
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT) as link:
            link.sendall(head + (body or b""))
            return _read_answer(link.makefile("rb"))

    def stream(self, path, body=None, headers=None):
        """Return ``(status, iterator of the content)``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        method = "GET" if body is None else "POST"
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()

        def blocks():
            try:
                while block := response.read(BLOCK):
                    yield block
            finally:
                connection.close()

        return response.status, blocks()

    def peak_megabytes(self):
        """Return the most memory that a worker ever had."""
        own = self._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        peaks = [
            int(line.split()[1])
            for child in children
            for line in Path(f"/proc/{child}/status").read_text().splitlines()
            if line.startswith("VmHWM")
        ]
        return max(peaks) / 1024


def _read_answer(stream):
    """Return ``(status, content)``; without a length, content goes to the end."""
    status, length = int(stream.readline().split()[1]), -1
    while line := stream.readline().strip():
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return status, stream.read(length)


def check_status(status, content):
    assert status == 200, (status, content[-1000:])


def send(server, clients, calls, check=check_status):
    """Return the seconds of ``calls``, sent in parallel; each is answered well."""
    with timed() as clock:
        answers = list(clients.map(lambda call: server.call(*call), calls))
    for answer in answers:
        check(*answer)
    return clock.seconds


def compare(name, server, ours, theirs, against):
    """Measure the same done both ways, by turns, so that both meet the same machine.

    :param ours: ``(count → calls, check of an answer)``; ``theirs`` is the baseline
    """
    ways, seconds = (ours, theirs), [0, 0]
    with ThreadPoolExecutor(CLIENTS) as clients:
        for calls, check in ways:
            send(server, clients, calls(WARM_UP), check)
        for _turn in range(TURNS):
            for rank, (calls, check) in enumerate(ways):
                seconds[rank] += send(server, clients, calls(PER_TURN), check)
    count = TURNS * PER_TURN
    figure(
        name,
        count / seconds[0],
        "req/s",
        baseline=count / seconds[1],
        ratio=seconds[1] / seconds[0],
        workers=WORKERS,
        clients=CLIENTS,
        against=against,
    )
