"""An operator's server of tickets that fails on command, call after call."""

import collections
import contextlib
import socket
import threading
import time

from demo_soap import OcServer, answer, fault

#: longest time for which a call is left waiting, in seconds
TIMEOUT = 60
# More than is read of an answer
HUGE = b"<!--" + b" " * (2 * 1024 * 1024) + b"-->"


class FailingOcServer(OcServer):
    """``fails(...)`` says what becomes of the next calls, one each.

    ==============  ============================================================
    ``"drop"``      the connection ends without an answer; nothing is stored
    ``"lose"``      the notification is stored, and the connection ends
    ``"hang"``      no answer comes; nothing is stored
    ``"drip"``      a byte of the answer comes now and then; nothing is stored
    ``"error"``     HTTP 503 with a page of HTML
    ``"garbage"``   HTTP 200 with something that is no XML
    ``"huge"``      an answer of 2 MB
    ``"move"``      a redirection to another address
    a number        that return code in an answer; nothing is stored
    a negative one  the same code in a fault
    ``"work"``      nothing fails
    ==============  ============================================================

    ``stop()`` and ``start()`` on the same port: connections are refused meanwhile.
    """

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._steps = collections.deque()
        self._released = threading.Event()

    def fails(self, *steps):
        self._steps.extend(steps)

    def stop(self):
        self._released.set()
        super().stop()

    def start(self):
        self._released.clear()
        return super().start()

    __enter__ = start

    def handle(self, request):
        step = self._steps.popleft() if self._steps else "work"
        if isinstance(step, int):
            self._read(request)
            content = answer(step) if step >= 0 else fault(-step)
            self.send(request, 200 if step >= 0 else 500, content)
        else:
            getattr(self, f"_{step}")(request)

    def _read(self, request):
        self.calls += 1
        return request.rfile.read(int(request.headers["Content-Length"]))

    def _work(self, request):
        super().handle(request)

    def _drop(self, request):
        self._read(request)
        self._cut(request)

    def _lose(self, request):
        self.respond(self._read(request))
        self._cut(request)

    def _cut(self, request):
        request.close_connection = True
        with contextlib.suppress(OSError):
            request.connection.shutdown(socket.SHUT_RDWR)

    def _hang(self, request):
        self._read(request)
        self._released.wait(TIMEOUT)
        self._cut(request)

    def _drip(self, request):
        self._read(request)
        end = time.monotonic() + TIMEOUT
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        while time.monotonic() < end and not self._released.wait(0.2):
            request.wfile.write(b" ")
            request.wfile.flush()

    def _error(self, request):
        self._read(request)
        self.send(request, 503, b"<html><body>En travaux</body></html>", "text/html")

    def _garbage(self, request):
        self._read(request)
        self.send(request, 200, b"Bonjour !", "text/plain")

    def _huge(self, request):
        self._read(request)
        self.send(request, 200, HUGE)

    def _move(self, request):
        self._read(request)
        request.send_response(302)
        request.send_header("Location", self.url)
        request.send_header("Content-Length", "0")
        request.end_headers()
