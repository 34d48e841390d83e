"""An operator's SFTP account, seen as a box of files. Plain Python.

What makes it safe to use: the host key is known beforehand, each wait has an
end, and a file appears under its final name only when it is complete.
"""

import base64
import hashlib
import io
import posixpath
import socket
import stat
from contextlib import contextmanager, suppress
from typing import NamedTuple

import paramiko

from .errors import TransportError

CHUNK = 32768
TEMPORARY_ENDINGS = (".tmp", ".filepart", ".part", ".writing")


class Entry(NamedTuple):
    """A file of a folder: its name, its size in bytes, its time (seconds)."""

    name: str
    size: int
    time: int


class SftpBox:
    """One session with a partner's account; use it as a context manager.

    :param host_key: ``"<type> <base64>"`` as in a known_hosts file; a server
        that shows another one is refused before any log-in
    :param timeout: seconds that any one answer may take
    :raises TransportError: on entering and by every method
    """

    def __init__(
        self, host, port, login, host_key, password=None, private_key=None, timeout=20
    ):
        self.host = host
        self.port = port
        self.login = login
        self.host_key = host_key
        self.password = password
        self.private_key = private_key
        self.timeout = timeout
        self._transport = None
        self._sftp = None

    def __enter__(self):
        try:
            self._connect()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Say good-bye, if the server still listens: what broke is told already."""
        for part in (self._sftp, self._transport):
            if part:
                with suppress(OSError, EOFError, paramiko.SSHException):
                    part.close()

    # ------------------------------------------------------------------
    # Session
    # ------------------------------------------------------------------

    def _connect(self):
        try:
            raw = socket.create_connection((self.host, self.port), self.timeout)
            self._transport = paramiko.Transport(raw)
            self._transport.banner_timeout = self.timeout
            self._transport.auth_timeout = self.timeout
            self._prefer_known_key_type()
            self._transport.start_client(timeout=self.timeout)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise self._unreachable(error) from error
        self._check_host_key()
        self._log_in()
        self._sftp = self._open_channel()

    def _prefer_known_key_type(self):
        """A server may have several keys: ask for the one that we know."""
        options = self._transport.get_security_options()
        kind = (self.host_key or "").split(" ")[0]
        wanted = [key for key in options.key_types if key == kind]
        if kind == "ssh-rsa":
            wanted = [key for key in options.key_types if "rsa" in key]
        if wanted:
            options.key_types = wanted

    def _check_host_key(self):
        shown = self._transport.get_remote_server_key()
        text = f"{shown.get_name()} {shown.get_base64()}"
        if not self.host_key:
            raise TransportError(
                "no_host_key", host=self.host, fingerprint=fingerprint(text)
            )
        if " ".join(self.host_key.split(" ")[:2]) != text:
            raise TransportError(
                "unknown_host_key", host=self.host, fingerprint=fingerprint(text)
            )

    def _log_in(self):
        try:
            if self.private_key:
                self._transport.auth_publickey(self.login, read_key(self.private_key))
            else:
                self._transport.auth_password(self.login, self.password or "")
        except paramiko.AuthenticationException as error:
            raise TransportError("refused", host=self.host, login=self.login) from error
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise self._unreachable(error) from error

    def _open_channel(self):
        try:
            channel = self._transport.open_session(timeout=self.timeout)
            channel.settimeout(self.timeout)
            channel.invoke_subsystem("sftp")
            return paramiko.SFTPClient(channel)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error):
        detail = str(error) or type(error).__name__
        return TransportError("unreachable", host=self.host, detail=detail)

    @contextmanager
    def _doing(self, action, path):
        try:
            yield
        except (OSError, EOFError, paramiko.SSHException) as error:
            detail = str(error) or type(error).__name__
            raise TransportError(
                "failed", action=action, path=path, detail=detail
            ) from error

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def list(self, folder):
        """Return the :class:`Entry` of each file of ``folder``, oldest first."""
        with self._doing("list", folder):
            found = [
                Entry(item.filename, item.st_size or 0, item.st_mtime or 0)
                for item in self._sftp.listdir_iter(folder)
                if stat.S_ISREG(item.st_mode or 0)
            ]
        return sorted(found, key=lambda entry: (entry.time, entry.name))

    # pylint: disable-next=method-required-super
    def read(self, path, limit):
        """Return the content of ``path``, of ``limit`` bytes at most."""
        with self._doing("read", path), self._sftp.open(path, "rb") as source:
            size = source.stat().st_size
            if size > limit:
                raise TransportError("too_big", path=path, size=size, limit=limit)
            source.prefetch(size)
            content = source.read(limit + 1)
        if len(content) > limit:
            raise TransportError("too_big", path=path, size=len(content), limit=limit)
        return content

    def size(self, path):
        """Return the size of ``path`` in bytes, or None when it is not there."""
        try:
            with self._doing("look at", path):
                return self._sftp.stat(path).st_size
        except TransportError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise

    def rename(self, source, target):
        """Move a file in one step, over an existing one where the server can."""
        with self._doing("rename", source):
            try:
                self._sftp.posix_rename(source, target)
            except OSError as error:
                if isinstance(error, FileNotFoundError):
                    raise
                self._sftp.rename(source, target)

    # pylint: disable-next=method-required-super
    def write(self, folder, name, content):
        """Put a file in ``folder``: complete under its final name, or not there."""
        final = posixpath.join(folder, name)
        temporary = f"{final}.tmp"
        with self._doing("write", temporary):
            with self._sftp.open(temporary, "wb") as target:
                target.set_pipelined(True)
                for start in range(0, len(content), CHUNK):
                    target.write(content[start : start + CHUNK])
        found = self.size(temporary)
        if found != len(content):
            raise TransportError(
                "short_write", path=temporary, found=found, expected=len(content)
            )
        self.rename(temporary, final)

    def make_folder(self, folder):
        """Create ``folder`` and those above it, where they lack."""
        path = ""
        for part in folder.split("/"):
            path = posixpath.join(path, part) if path else part
            if path and self.size(path) is None:
                with self._doing("create", path):
                    self._sftp.mkdir(path)


def is_temporary(name):
    """Tell whether a file is still being written, or is not for us."""
    return name.startswith(".") or name.lower().endswith(TEMPORARY_ENDINGS)


def fingerprint(host_key):
    """Return ``SHA256:…`` for ``"<type> <base64>"``, as ssh-keygen shows it."""
    raw = base64.b64decode(host_key.split(" ")[1])
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


def read_key(text):
    """Return the private key of an OpenSSH or PEM text, without pass phrase."""
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except paramiko.SSHException:
            continue
    raise TransportError("bad_key")
