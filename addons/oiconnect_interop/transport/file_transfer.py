"""File transfer with a partner's server, whatever the protocol. Plain Python.

What makes it safe to use, whatever the protocol: each wait has an end, a file is
read whole or not at all, and one appears under its final name only when complete.
"""

import io
import posixpath
from contextlib import contextmanager, suppress
from typing import NamedTuple

from .errors import TransportError

TEMPORARY_ENDINGS = (".tmp", ".filepart", ".part", ".writing")


class Account(NamedTuple):
    """Where the account is, and how each side shows who it is.

    :param host_key: of SFTP: ``"<type> <base64>"`` as in a known_hosts file
    :param certificate: of FTPS: SHA-256 fingerprint of the server's certificate
    :param trust_authorities: of FTPS: without fingerprint, accept the certificate
        that an authority known to the system gave to this host
    :param timeout: seconds that any one answer may take
    """

    host: str
    port: int
    login: str
    password: str | None = None
    private_key: str | None = None
    host_key: str = ""
    certificate: str = ""
    trust_authorities: bool = False
    timeout: int = 20


class Entry(NamedTuple):
    """A file of a folder: its name, its size in bytes, its time (seconds)."""

    name: str
    size: int
    time: int

    @property
    def stat(self):
        """What changes when the file does, as one text."""
        return f"{self.size} {self.time}"


class FileTransfer:
    """One session with an :class:`Account`; use it as a context manager.

    :raises TransportError: on entering and by every method
    """

    # What the library raises when something does not go as it should.
    broken = (OSError, EOFError, ValueError)
    # Those of them that are the answer of a server: it would say the same again.
    refusals = ()

    def __init__(self, account):
        self.account = account

    def __enter__(self):
        try:
            self._connect()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_exception):
        self.close()

    # ------------------------------------------------------------------
    # What each protocol does its own way
    # ------------------------------------------------------------------

    def _connect(self):
        """Reach the server, check who it is, and only then log in."""
        raise NotImplementedError

    def close(self):
        """Close the session; errors are ignored."""
        raise NotImplementedError

    def size(self, path):
        """Return the size of ``path`` in bytes, or None when it is not there."""
        raise NotImplementedError

    def entry(self, path):
        """Return the :class:`Entry` of ``path``, or None when it is not there."""
        raise NotImplementedError

    def rename(self, source, target):
        """Move a file in one step, over an existing one where the server can."""
        raise NotImplementedError

    def remove(self, path):
        raise NotImplementedError

    def _entries(self, folder):
        """Give the :class:`Entry` of each file of ``folder``."""
        raise NotImplementedError

    def _download(self, path, receive):
        """Call ``receive`` with each block of ``path``."""
        raise NotImplementedError

    def _upload(self, path, stream):
        """Write what ``stream`` holds to ``path``, over what was there."""
        raise NotImplementedError

    def _has_folder(self, path):
        raise NotImplementedError

    def _create_folder(self, path):
        raise NotImplementedError

    # ------------------------------------------------------------------
    # The same for all
    # ------------------------------------------------------------------

    def list(self, folder):
        """Return the :class:`Entry` of each file of ``folder``, oldest first."""
        with self._doing("list", folder):
            found = list(self._entries(folder))
        return sorted(found, key=lambda entry: (entry.time, entry.name))

    # pylint: disable-next=method-required-super
    def read(self, path, limit):
        """Return the content of ``path``, of ``limit`` bytes at most."""
        target = io.BytesIO()
        self.fetch(path, target, limit)
        return target.getvalue()

    def fetch(self, path, target, limit):
        """Copy ``path``, of ``limit`` bytes at most, to the stream ``target``.

        :return: the :class:`Entry` of what was copied, the same before and after
        """
        before = self.entry(path)
        expected = before.size if before else 0
        taken = 0

        def receive(block):
            nonlocal taken
            taken += len(block)
            check_limit(path, taken, limit)
            target.write(block)

        check_limit(path, expected, limit)
        with self._doing("read", path):
            self._download(path, receive)
        if taken < expected:
            raise TransportError(
                "short_read", path=path, found=taken, expected=expected
            )
        if self.entry(path) != before:
            raise TransportError("changed", path=path)
        return before

    # pylint: disable-next=method-required-super
    def write(self, folder, name, content):
        """Put a file in ``folder``: complete under its final name, or not there.

        :param content: bytes, or a binary stream that can seek
        """
        final = posixpath.join(folder, name)
        temporary = f"{final}.tmp"
        stream, size = _measured(content)
        try:
            with self._doing("write", temporary):
                self._upload(temporary, stream)
            self._check_arrived(temporary, size)
            self._replace(temporary, final)
        except TransportError as error:
            # A server that fell silent would only be waited for again.
            if not isinstance(error.__cause__, TimeoutError):
                self._remove_rest(temporary)
            raise

    def _remove_rest(self, path):
        """Remove what a failed try left, in another session if this one has ended.

        What cannot be removed now is written over by the next try.
        """
        try:
            self.remove(path)
        except TransportError as error:
            if not isinstance(error.__cause__, self.refusals):
                with suppress(TransportError), type(self)(self.account) as another:
                    another.remove(path)

    def _check_arrived(self, path, expected):
        found = self.size(path)
        if found != expected:
            raise TransportError(
                "short_write", path=path, found=found or 0, expected=expected
            )

    def _replace(self, temporary, final):
        """Give a complete file its name; some servers do not write over another."""
        try:
            self.rename(temporary, final)
        except TransportError:
            if self.size(final) is None:
                raise
            self._replace_aside(temporary, final)

    def _replace_aside(self, temporary, final):
        """Let the older file make way; it comes back if the new one cannot come."""
        aside = f"{final}.old.tmp"
        with suppress(TransportError):
            self.remove(aside)
        self.rename(final, aside)
        try:
            self.rename(temporary, final)
        except TransportError:
            with suppress(TransportError):
                self.rename(aside, final)
            raise
        self.remove(aside)

    def make_folder(self, folder):
        """Create ``folder`` and those above it, where they lack."""
        path = ""
        for part in folder.split("/"):
            path = posixpath.join(path, part) if path else part or "/"
            if not self._has_folder(path):
                with self._doing("create", path):
                    self._create_folder(path)

    def _unreachable(self, error):
        return TransportError(
            "unreachable", host=self.account.host, detail=detail_of(error)
        )

    @contextmanager
    def _reaching(self):
        try:
            yield
        except self.broken as error:
            raise self._unreachable(error) from error

    @contextmanager
    def _doing(self, action, path):
        try:
            yield
        except self.broken as error:
            raise TransportError(
                "failed", action=action, path=path, detail=detail_of(error)
            ) from error


def detail_of(error):
    return str(error) or type(error).__name__


def check_limit(path, size, limit):
    if size > limit:
        raise TransportError("too_big", path=path, size=size, limit=limit)


def is_temporary(name):
    """Tell whether a file is still being written, or is not for us."""
    return name.startswith(".") or name.lower().endswith(TEMPORARY_ENDINGS)


def _measured(content):
    """Return ``content`` as a stream at its beginning, and its size."""
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return stream, size
