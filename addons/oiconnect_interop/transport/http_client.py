"""Calls of a partner's server by HTTP: a body is posted, the answer read within limits.

The certificate of the server is verified by the authorities of the system, redirections
are not followed, and the whole call has one time limit: a server that sends a byte now
and then blocks no one. No partner has an address where a machine reads its own
metadata: link-local ones, those of its cloud. The one failure is a ``CallError``.
"""

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

#: largest answer that is read, in bytes
SIZE = 1024 * 1024
#: longest wait for the connection, in seconds
CONNECT_SECONDS = 10
# Metadata services of clouds, besides link-local addresses
METADATA = frozenset(
    map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200", "192.0.0.192"))
)
_CHUNK = 16 * 1024
_SCHEMES = ("http", "https")


def _lt(template: str) -> str:
    """Mark ``template`` for the export of terms to translate."""
    return template


MESSAGES = {
    "bad_address": _lt(
        "The address of the server begins with http:// or https://, and holds neither "
        "log-in nor password."
    ),
    "forbidden": _lt("No partner has the address %(detail)s: it is not called."),
    "private": _lt(
        "The address %(detail)s is in a private network: it is not called unless an "
        "administrator allows it in the settings."
    ),
    "unreachable": _lt("The server cannot be reached: %(detail)s."),
    "untrusted": _lt("The certificate of the server is not accepted: %(detail)s."),
    "timeout": _lt("The server did not answer in time."),
    "redirected": _lt(
        "The server answers from another address (HTTP %(detail)s): ask the operator "
        "for that address."
    ),
    "too_large": _lt("The answer of the server is too large: it is not read."),
    "broken": _lt("The server broke off its answer, or did not speak HTTP."),
}


class CallError(Exception):
    """A call without an answer that can be read.

    :param reason: key of ``MESSAGES``
    :param detail: what the system or the server says, in one line
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = " ".join(detail.split())[:200]

    def __str__(self) -> str:
        return MESSAGES[self.reason] % {"detail": self.detail}

    def translated(self, env) -> str:
        """Return the sentence in the user's language."""
        return env._(MESSAGES[self.reason], detail=self.detail)


class HttpAnswer(NamedTuple):
    """Answer of the server, whatever its status."""

    status: int
    content_type: str
    content: bytes


def check_address(address: str) -> SplitResult:
    """Return the parts of an address that may be called.

    Raises ``CallError``.
    """
    try:
        parts = urlsplit(address or "")
        sound = parts.scheme in _SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    # A password in an address would be read in logs.
    if not sound or "@" in parts.netloc or not address.isascii():
        raise CallError("bad_address")
    return parts


def check_peer(host: str):
    """Refuse a link-local address and those of METADATA, whatever name led to it.

    :param host: address of IPv4 or IPv6

    Raises ``CallError``.
    """
    address = ipaddress.ip_address(host)
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_link_local or address in METADATA:
        raise CallError("forbidden", host)


def send(
    address: str,
    body: bytes,
    headers: dict[str, str],
    seconds: int,
    check: Callable[[str], None] = check_peer,
    max_bytes: int | None = None,
) -> HttpAnswer:
    """Post ``body`` and return the answer. Proxies of the environment are not used.

    :param check: refuses an address of IPv4 or IPv6, by a ``CallError``; each address
        of the name is looked up, and the connection is made to no other
    :param max_bytes: how many bytes of the content matter to a caller that wants the
        status only: the content may be longer than that, or break off

    Raises ``CallError``.
    """
    parts = check_address(address)
    end = time.monotonic() + seconds
    try:
        with _connected(parts, end, check) as connected:
            return _exchange(
                parts, _TimedSocket(connected, end), body, headers, max_bytes
            )
    except TimeoutError as error:
        raise CallError("timeout") from error
    except http.client.HTTPException as error:
        raise CallError("broken") from error
    except ssl.SSLCertVerificationError as error:
        raise CallError("untrusted", error.verify_message) from error
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or type(error).__name__
        raise CallError("unreachable", detail) from error


def _connected(parts: SplitResult, end: float, check) -> socket.socket:
    """Return a socket to the server, protected by TLS where the address says so."""
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    connected = _socket_to(parts.hostname, port, end, check)
    if not is_secure:
        return connected
    try:
        context = ssl.create_default_context()
        return context.wrap_socket(connected, server_hostname=parts.hostname)
    except BaseException:
        connected.close()
        raise


def _socket_to(host: str, port: int, end: float, check) -> socket.socket:
    """Return a socket to the first address of ``host`` that takes the connection.

    The name is looked up once: what is connected to is what was checked. However many
    addresses the name has, they share the time that is left.
    """
    failure = OSError("no address")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [place for *_kind, place in found]
    for place in places:
        check(place[0])
    for place in places:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection(place[:2], min(left, CONNECT_SECONDS))
        except OSError as error:
            failure = error
    raise failure


def _exchange(parts, connected, body, headers, max_bytes) -> HttpAnswer:
    is_secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port)
    connection.sock = connected
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    headers = {"Connection": "close", "User-Agent": "OIConnect", **headers}
    connection.request("POST", path, body, headers)
    with connection.getresponse() as response:
        if 300 <= response.status < 400:
            raise CallError("redirected", str(response.status))
        content = (
            _bounded(response) if max_bytes is None else _beginning(response, max_bytes)
        )
        return HttpAnswer(
            response.status, response.getheader("Content-Type", ""), content
        )


def _bounded(response: http.client.HTTPResponse) -> bytes:
    content = b""
    while chunk := response.read(_CHUNK):
        content += chunk
        if len(content) > SIZE:
            raise CallError("too_large")
    if response.length:
        raise CallError("broken")
    return content


def _beginning(response: http.client.HTTPResponse, size: int) -> bytes:
    """Return what comes of the content, up to ``size`` bytes."""
    content = b""
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        while len(content) < size and (chunk := response.read1(size - len(content))):
            content += chunk
    return content


class _TimedSocket:
    """A socket on which nothing is waited for past ``end`` (``time.monotonic``).

    Time limits of sockets count from the last byte. It has what ``http.client`` uses.
    """

    def __init__(self, connected: socket.socket, end: float):
        self.connected = connected
        self.end = end

    def limit(self):
        """Leave to the next wait what is left of the time."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connected.settimeout(left)

    def sendall(self, data: bytes):
        """Send all of ``data``."""
        self.limit()
        self.connected.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what the server sends, to be read."""
        return io.BufferedReader(_TimedReader(self))

    def close(self):
        """Leave the socket to who opened it: its answer may not be read yet."""


class _TimedReader(io.RawIOBase):
    def __init__(self, timed: _TimedSocket):
        self.timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.timed.limit()
        return self.timed.connected.recv_into(buffer)
