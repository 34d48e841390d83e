"""A real server with workers, as in production, on the database of the benchmark."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from oictools import settings
from oictools.services import free_port

START_LIMIT, STOP_LIMIT, TIMEOUT = 120, 20, 60


class HttpServer:
    """`with HttpServer(workers=2) as server: server.post(path, body, headers)`.

    Scheduled actions and jobs do not run: what is measured is the requests alone.
    """

    def __init__(self, workers):
        self.workers = workers
        self.port = free_port()

    def __enter__(self):
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, settings.ODOO_BIN, *self._options()],
            env={**os.environ, "ODOO_QUEUE_JOB_CHANNELS": "root:0"},
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
            *(f"--workers={self.workers}", "--max-cron-threads=0"),
            "--log-level=warn",
        ]

    def _wait(self):
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            assert self._process.poll() is None, self._words()
            try:
                if self._request("GET", "/web/login")[0] == 200:
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

    def post(self, path, body, headers):
        """Return ``(status, content)`` of the answer, on a connection of its own.

        Bytes as they are: what the client takes of the processor, the server lacks.
        """
        told = {
            "Host": f"127.0.0.1:{self.port}",
            "Connection": "close",
            "Content-Length": len(body),
            **headers,
        }
        lines = [f"POST {path} HTTP/1.1", *(f"{k}: {v}" for k, v in told.items())]
        head = "\r\n".join([*lines, "", ""]).encode()
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT) as link:
            link.sendall(head + body)
            answer = b"".join(iter(lambda: link.recv(1 << 16), b""))
        head, _blank, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), content

    def _request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()
