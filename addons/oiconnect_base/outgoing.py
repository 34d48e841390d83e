"""The one way out: what connects to another machine says so; the rest is refused.

Odoo and its addons have many functions that call a server: previews of links, services
of Odoo's own company, pictures of the web. Whoever gets one of them to name the address
has our server ask for it, from inside. So the sockets of this process connect within
`way_out` only, which says what for, checks the address that is really connected to,
ends in time, and is logged. PostgreSQL's own library is no part of it.
"""

import ipaddress
import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import SimpleNamespace

_logger = logging.getLogger(__name__)

#: networks that all code may connect to, by commas: for addons that know no `way_out`
VARIABLE = "OIC_OUTGOING"
#: seconds that a way out stays open unless its caller says otherwise
SECONDS = 60
#: the functions of the system, once ours stand before them
system = SimpleNamespace()
_way = ContextVar("oiconnect_way_out", default=None)
# Frames of these are not where a call comes from.
_LIBRARIES = ("/requests/", "/urllib3/", "/http/", "/urllib/", "/socket.py", __file__)


class Refused(PermissionError):
    """A connection that was not announced, or to an address that its check refuses."""


class Way:
    """The connections that are open for one purpose."""

    def __init__(self, purpose, check, is_logged):
        self.purpose = purpose
        self.check = check
        self.is_logged = is_logged
        self.start = time.monotonic()
        self.peers = []
        self._is_over = False
        self._sockets = []

    def connect(self, connected, host, port):
        if self.check:
            self.check(host)
        self.peers.append(f"{host}:{port}")
        self._sockets.append(connected)

    def cut(self):
        """End all connections: its time is over, whatever still comes."""
        self._is_over = True
        _logger.warning("way out: %s: cut, its time is over", self.purpose)
        for connected in self._sockets:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def refuse_if_over(self, connected):
        """End a connection that was made while, or after, the others were cut.

        :raises Refused: it was
        """
        if self._is_over:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)
            raise Refused(f"{self.purpose}: its time is over")

    def log(self):
        if self.peers and self.is_logged:
            seconds = time.monotonic() - self.start
            peers = ", ".join(dict.fromkeys(self.peers))
            _logger.info("way out: %s: %s, %.1f s", self.purpose, peers, seconds)


@contextmanager
def way_out(
    purpose: str,
    seconds: float = SECONDS,
    check: Callable | None = None,
    *,
    is_logged: bool = True,
):
    """Let this thread connect to other machines.

    :param purpose: in the log
    :param seconds: after which its connections are cut, however slowly they go on
    :param check: refuses an address of IPv4 or IPv6 by an exception
    :param is_logged: its connections are logged when all goes well, too
    """
    way = Way(purpose, check, is_logged)
    before = _way.set(way)
    timer = threading.Timer(seconds, way.cut)
    timer.daemon = True
    timer.start()
    try:
        yield way
    finally:
        timer.cancel()
        _way.reset(before)
        way.log()


def install():
    """Guard all sockets of this process, once."""
    if vars(system):
        return
    kind = socket.socket
    system.connect, system.connect_ex = kind.connect, kind.connect_ex
    system.getaddrinfo = socket.getaddrinfo
    kind.connect, kind.connect_ex = _connect, _connect_ex
    socket.getaddrinfo = _getaddrinfo


def _connect(self, address):
    way = _pass(self, address)
    result = system.connect(self, address)
    if way:
        way.refuse_if_over(self)
    return result


def _connect_ex(self, address):
    way = _pass(self, address)
    result = system.connect_ex(self, address)
    if way:
        way.refuse_if_over(self)
    return result


def _getaddrinfo(host, port, *args, **options):
    if not (_way.get() or _is_own(host)):
        _refuse(host, port)
    return system.getaddrinfo(host, port, *args, **options)


def _pass(connected, address):
    """Refuse a connection unless somebody announced it; return its way, if one is.

    A name would be looked up again by the system, perhaps for another address: whoever
    connects looks it up, and connects to what was found.
    """
    if connected.family not in (socket.AF_INET, socket.AF_INET6):
        return None
    host, port = address[:2]
    if (way := _way.get()) and _address(host):
        way.connect(connected, host, port)
        return way
    if not _is_allowed(host):
        _refuse(host, port)
    return None


def _refuse(host, port):
    caller = _caller()
    _logger.warning("way out: refused: %s:%s, from %s", host, port, caller)
    raise Refused(f"no way out is open to {host}")


def _caller():
    frames = reversed(traceback.extract_stack())
    for frame in frames:
        if not any(part in frame.filename for part in _LIBRARIES):
            return f"{frame.filename}:{frame.lineno}"
    return "?"


def _is_own(host):
    """Tell whether looking it up queries no server: an address, or this machine."""
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    own = (None, "", "localhost", socket.gethostname())
    return host in own or bool(_address(host))


def _is_allowed(host):
    address = _address("127.0.0.1" if host == "localhost" else host)
    return address and any(address in network for network in _allowed_networks())


def _allowed_networks():
    texts = filter(None, os.environ.get(VARIABLE, "").replace(" ", "").split(","))
    return [ipaddress.ip_network(text, strict=False) for text in texts]


def _address(host):
    try:
        return plain_address(str(host).partition("%")[0])
    except ValueError:
        return None


def plain_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Read an address; one of IPv4 that is written as IPv6 is that of IPv4.

    :raises ValueError: it is a name, or nothing at all
    """
    address = ipaddress.ip_address(host)
    return getattr(address, "ipv4_mapped", None) or address
