"""An account reached by SFTP. The host key of the server is known beforehand."""

import base64
import hashlib
import io
import posixpath
import socket
import stat
from contextlib import contextmanager, suppress

import paramiko

from .errors import TransportError
from .file_transfer import Entry, FileTransfer
from .names import decode

CHUNK = 32768
# Bytes requested at once while a file is read: fast on a long line, in little memory
WINDOW = 256 * CHUNK


class _Message(paramiko.Message):
    def get_text(self):
        return decode(self.get_string())


class _Client(paramiko.SFTPClient):
    """One name that is not UTF-8 does not break the list of a folder."""

    def _read_response(self, waitfor=None):
        kind, message = super()._read_response(waitfor)
        return kind, message and _Message(message.get_remainder())


class SftpTransfer(FileTransfer):
    """A server that shows another key is refused before any log-in."""

    broken = (*FileTransfer.broken, paramiko.SSHException)
    refusals = (FileNotFoundError, PermissionError)

    def __init__(self, account):
        super().__init__(account)
        self._transport = None
        self._sftp = None

    def close(self):
        for part in (self._sftp, self._transport):
            if part:
                with suppress(*self.broken):
                    part.close()

    # ------------------------------------------------------------------
    # Session
    # ------------------------------------------------------------------

    def _connect(self):
        timeout = self.account.timeout
        with self._reaching():
            address = (self.account.host, self.account.port)
            raw = socket.create_connection(address, timeout)
            self._transport = paramiko.Transport(raw)
            self._transport.banner_timeout = timeout
            self._transport.auth_timeout = timeout
            self._prefer_known_key_type()
            self._transport.start_client(timeout=timeout)
        self._check_host_key()
        self._log_in()
        with self._reaching():
            self._sftp = self._open_channel()

    def _prefer_known_key_type(self):
        """A server may have several keys: ask for the one that we know."""
        options = self._transport.get_security_options()
        kind = (self.account.host_key or "").split(" ")[0]
        wanted = [key for key in options.key_types if key == kind]
        if kind == "ssh-rsa":
            wanted = [key for key in options.key_types if "rsa" in key]
        if wanted:
            options.key_types = wanted

    def _check_host_key(self):
        with self._reaching():
            # paramiko also comes back without a word once the time is over.
            shown = self._transport.get_remote_server_key()
        text = f"{shown.get_name()} {shown.get_base64()}"
        known = self.account.host_key
        if not known or " ".join(known.split(" ")[:2]) != text:
            raise TransportError(
                "unknown_host_key" if known else "no_host_key",
                host=self.account.host,
                fingerprint=fingerprint(text),
            )

    def _log_in(self):
        host, login = self.account.host, self.account.login
        try:
            if self.account.private_key:
                key = read_key(self.account.private_key)
                self._transport.auth_publickey(login, key)
            else:
                self._transport.auth_password(login, self.account.password or "")
        except paramiko.AuthenticationException as error:
            raise TransportError("refused", host=host, login=login) from error
        except self.broken as error:
            raise self._unreachable(error) from error

    def _open_channel(self):
        channel = self._transport.open_session(timeout=self.account.timeout)
        channel.settimeout(self.account.timeout)
        channel.invoke_subsystem("sftp")
        return _Client(channel)

    @contextmanager
    def _doing(self, action, path):
        with super()._doing(action, path):
            try:
                yield
            except TimeoutError:
                # Any later request would wait as long, file by file.
                self.close()
                raise

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _entries(self, folder):
        for item in self._sftp.listdir_attr(folder):
            if stat.S_ISREG(item.st_mode or 0):
                yield Entry(item.filename, item.st_size or 0, item.st_mtime or 0)

    def size(self, path):
        found = self.entry(path)
        return found and found.size

    def entry(self, path):
        try:
            with self._doing("look at", path):
                item = self._sftp.stat(path)
        except TransportError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise
        name = posixpath.basename(path)
        return Entry(name, item.st_size or 0, item.st_mtime or 0)

    def rename(self, source, target):
        with self._doing("rename", source):
            try:
                self._sftp.posix_rename(source, target)
            except FileNotFoundError:
                raise
            except OSError:
                self._sftp.rename(source, target)

    def remove(self, path):
        with self._doing("remove", path):
            self._sftp.remove(path)

    def _download(self, path, receive):
        with self._sftp.open(path, "rb") as source:
            size = source.stat().st_size
            for start in range(0, size, WINDOW):
                for block in source.readv(_pieces(start, min(start + WINDOW, size))):
                    receive(block)

    def _upload(self, path, stream):
        with self._sftp.open(path, "wb") as target:
            target.set_pipelined(True)
            block = stream.read(CHUNK)
            while block:
                following = stream.read(CHUNK)
                # The answers to the last blocks are lost unless one waits.
                target.set_pipelined(bool(following))
                target.write(block)
                block = following

    def _has_folder(self, path):
        return self.size(path) is not None

    def _create_folder(self, path):
        self._sftp.mkdir(path)


def _pieces(start, end):
    """Return the (place, length) of each block from ``start`` to ``end``."""
    return [(place, min(CHUNK, end - place)) for place in range(start, end, CHUNK)]


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
