"""Admission control: limits on the requests served at once.

Odoo takes a connection of the database for each request before it reads its body: who
sends hundreds of bodies slowly has all connections, and the log-in page fails. So a
body is waited for first, without any connection; then fewer requests are served at once
than there are connections, those of operators' systems and of people apart. What finds
no place in some seconds is answered 503 with Retry-After.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from io import BytesIO

from werkzeug.wsgi import ClosingIterator

from odoo import http
from odoo.tools import config

#: bytes of a body that is waited for in memory; larger ones have few places
SMALL = 2 * 1024 * 1024
#: seconds in which a small body has to come, and in which a place is waited for
BODY_SECONDS, PLACE_SECONDS = 30, 10
#: bodies of one address that are waited for at once: each keeps a thread
BODIES_OF_ONE = 50
#: of a hundred connections, how many requests of each kind are served at once
SHARES = {"systems": 25, "people": 50, "uploads": 10}
SYSTEMS = ("/oiconnect/soap/", "/oiconnect/api/", "/jsonrpc", "/xmlrpc/", "/json/2")
RETRY_SECONDS = 5
BUSY = "Trop de demandes à la fois : réessayez dans quelques secondes.\n"
SLOW = "La demande n'est pas arrivée en entier à temps.\n"
_BLOCK = 65536


class TooSlow(Exception):
    """The body of a request did not come in time."""


class TooMany(Exception):
    """The limit of bodies awaited from one address is reached."""


class Admission:
    """Stands before a WSGI application.

    :param connections: how many the application may have at once
    """

    def __init__(self, application: Callable, connections: int):
        self.application = application
        self.places = {
            kind: threading.BoundedSemaphore(max(1, connections * share // 100))
            for kind, share in SHARES.items()
        }
        self._awaited = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            return self.application(environ, start_response)
        is_small = _length(environ) <= SMALL
        try:
            if is_small and _has_body(environ):
                with self._waiting(environ.get("REMOTE_ADDR")):
                    wait_for_body(environ)
        except TooSlow:
            return _answer(start_response, "408 Request Timeout", SLOW)
        except TooMany:
            return _answer(start_response, "503 Service Unavailable", BUSY)
        places = self.places[_kind(environ, is_small)]
        if not places.acquire(timeout=PLACE_SECONDS):
            return _answer(start_response, "503 Service Unavailable", BUSY)
        try:
            blocks = self.application(environ, start_response)
        except BaseException:
            places.release()
            raise
        return ClosingIterator(blocks, places.release)

    @contextmanager
    def _waiting(self, address):
        """Count the bodies awaited by address: a slow client cannot fill the server."""
        with self._lock:
            if self._awaited[address] >= BODIES_OF_ONE:
                raise TooMany
            self._awaited[address] += 1
        try:
            yield
        finally:
            with self._lock:
                self._awaited[address] -= 1
                self._awaited += Counter()


def _kind(environ, is_small):
    if not is_small:
        return "uploads"
    is_system = environ.get("PATH_INFO", "").startswith(SYSTEMS)
    return "systems" if is_system else "people"


def _length(environ):
    """Return how long a body is said to be; 0 of one in chunks."""
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _has_body(environ):
    return bool(_length(environ) or environ.get("wsgi.input_terminated"))


def wait_for_body(environ: dict):
    """Read a body that is sent, whole, in the time that is there for it.

    One in chunks that is longer than ``SMALL`` is left to the application, which has
    what came of it first.

    :raises TooSlow: it is not there in time
    """
    is_chunked = environ.get("wsgi.input_terminated", False)
    wanted = SMALL if is_chunked else _length(environ)
    stream, connection = environ["wsgi.input"], environ.get("werkzeug.socket")
    before = connection and connection.gettimeout()
    try:
        content = _read(stream, connection, wanted)
    finally:
        if connection:
            connection.settimeout(before)
    environ["wsgi.input"] = _Joined(content, stream) if is_chunked else BytesIO(content)


def _read(stream, connection, wanted):
    end = time.monotonic() + BODY_SECONDS
    content = b""
    read = getattr(stream, "read1", stream.read)
    while len(content) < wanted:
        left = end - time.monotonic()
        if left <= 0:
            raise TooSlow
        if connection:
            connection.settimeout(left)
        try:
            block = read(min(_BLOCK, wanted - len(content)))
        except TimeoutError as error:
            raise TooSlow from error
        if not block:
            # The code that reads the rest reports the broken connection.
            break
        content += block
    return content


class _Joined(BytesIO):
    """The part of a body that came, then the rest of it."""

    def __init__(self, content, rest):
        super().__init__(content)
        self.rest = rest

    def read(self, size=-1):
        if size is None or size < 0:
            return super().read() + self.rest.read()
        return super().read(size) or self.rest.read(size)

    def readinto(self, buffer):
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)


def _answer(start_response, status, text):
    content = text.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("Retry-After", str(RETRY_SECONDS)),
        ("Connection", "close"),
    ]
    start_response(status, headers)
    return [content]


def install():
    """Let requests of this server pass by an :class:`Admission`, once."""
    application = http.Application
    if hasattr(application.__call__, "__wrapped__"):
        return
    serve = application.__call__
    admissions = {}

    @wraps(serve)
    def admitted(self, environ, start_response):
        if not admissions:
            inner = serve.__get__(self)
            admissions["one"] = Admission(inner, config["db_maxconn"])
        return admissions["one"](environ, start_response)

    application.__call__ = admitted
