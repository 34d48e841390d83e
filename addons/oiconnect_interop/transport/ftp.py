"""An account reached by FTP, in clear or protected by TLS (explicit FTPS)."""

import calendar
import ftplib
import hashlib
import posixpath
import re
import ssl
import time
from contextlib import contextmanager, suppress

from .errors import TransportError
from .file_transfer import Entry, FileTransfer, detail_of
from .names import TOLERANT

CHUNK = 65536


class FtpTransfer(FileTransfer):
    """Plain FTP: log-in and files go over the line in clear."""

    broken = (*FileTransfer.broken, ftplib.Error)
    refusals = (ftplib.error_perm,)

    def __init__(self, account):
        super().__init__(account)
        self._ftp = self._make_client()
        self._ftp.encoding = TOLERANT
        self._features = frozenset()
        self._home = "/"

    def _make_client(self):
        return ftplib.FTP(timeout=self.account.timeout)

    def close(self):
        if self._ftp.sock:
            # The answer would tell nothing, and may never come.
            with suppress(*self.broken):
                self._ftp.putcmd("QUIT")
        self._ftp.close()

    # ------------------------------------------------------------------
    # Session
    # ------------------------------------------------------------------

    def _connect(self):
        with self._reaching():
            self._ftp.connect(self.account.host, self.account.port)
        self._protect()
        self._log_in()
        with self._reaching():
            self._agree()

    def _protect(self):
        """Nothing protects plain FTP."""

    def _log_in(self):
        host, login = self.account.host, self.account.login
        try:
            self._ftp.login(login, self.account.password or "")
        except ftplib.error_perm as error:
            raise TransportError("refused", host=host, login=login) from error
        except self.broken as error:
            raise self._unreachable(error) from error

    def _agree(self):
        """Agree on names in UTF-8."""
        self._features = self._ask_features()
        if "UTF8" in self._features:
            # Those that always speak UTF-8 may not know the command.
            with suppress(ftplib.Error):
                self._ftp.sendcmd("OPTS UTF8 ON")
        self._home = self._ftp.pwd()

    def _ask_features(self):
        try:
            lines = self._ftp.sendcmd("FEAT").splitlines()[1:-1]
        except ftplib.error_perm:
            return frozenset()
        return frozenset(line.split()[0].upper() for line in lines if line.strip())

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _entries(self, folder):
        if "MLST" in self._features:
            return self._machine_list(folder)
        return self._name_list(folder)

    def _machine_list(self, folder):
        for name, facts in self._ftp.mlsd(folder):
            if facts.get("type", "").lower() == "file":
                yield Entry(
                    name, int(facts.get("size", 0)), _seconds(facts.get("modify"))
                )

    def _name_list(self, folder):
        """Ask for names, then about each: lists for people differ by server."""
        for path in self._names(folder):
            name = posixpath.basename(path)
            full = posixpath.join(folder, name)
            size = self.size(full)
            if size is not None:
                yield Entry(name, size, self._time(full))

    def _names(self, folder):
        try:
            return self._ftp.nlst(folder)
        except ftplib.error_perm:
            # So do some servers say that there is no file.
            if self._has_folder(folder):
                return []
            raise

    def _time(self, path):
        try:
            return _seconds(self._ftp.sendcmd(f"MDTM {path}").split()[-1])
        except ftplib.error_perm:
            return 0

    def size(self, path):
        with self._doing("look at", path):
            try:
                self._as_bytes()
                return self._ftp.size(path)
            except ftplib.error_perm as error:
                if str(error).startswith("550"):
                    return None
                raise

    def entry(self, path):
        size = self.size(path)
        if size is None:
            return None
        with self._doing("look at", path):
            return Entry(posixpath.basename(path), size, self._time(path))

    def _as_bytes(self):
        """Files are of bytes as they are; a list just before was of lines."""
        self._ftp.voidcmd("TYPE I")

    def rename(self, source, target):
        with self._doing("rename", source):
            self._ftp.rename(source, target)

    def remove(self, path):
        with self._doing("remove", path):
            self._ftp.delete(path)

    def _download(self, path, receive):
        with self._transfer(f"RETR {path}") as connection:
            for block in iter(lambda: connection.recv(CHUNK), b""):
                receive(block)

    def _upload(self, path, stream):
        with self._transfer(f"STOR {path}") as connection:
            for block in iter(lambda: stream.read(CHUNK), b""):
                connection.sendall(block)

    @contextmanager
    def _transfer(self, command):
        """Give a data connection; hear at its end how it went, for the server."""
        self._as_bytes()
        connection = self._ftp.transfercmd(command)
        try:
            with connection:
                yield connection
                # Say that all was sent; many servers close without saying the same.
                if isinstance(connection, ssl.SSLSocket):
                    with suppress(OSError, ValueError):
                        connection.unwrap()
        except OSError:
            # Why it closed the connection stands in its answer.
            self._ftp.voidresp()
            raise
        except TransportError:
            with suppress(*self.broken):
                self._ftp.voidresp()
            raise
        self._ftp.voidresp()

    def _has_folder(self, path):
        with self._doing("look at", path):
            try:
                self._ftp.cwd(path)
            except ftplib.error_perm:
                return False
            self._ftp.cwd(self._home)
            return True

    def _create_folder(self, path):
        self._ftp.mkd(path)


class FtpsTransfer(FtpTransfer):
    """FTP over TLS: who the server is, is checked before the log-in."""

    def _make_client(self):
        return _TlsClient(self.account)

    def _protect(self):
        host = self.account.host
        try:
            self._ftp.auth()
            self._ftp.check_certificate(self._ftp.sock)
            self._ftp.prot_p()
        except ssl.SSLCertVerificationError as error:
            raise TransportError(
                "bad_certificate", host=host, detail=error.verify_message
            ) from error
        except ftplib.error_perm as error:
            raise TransportError(
                "unprotected", host=host, detail=detail_of(error)
            ) from error
        except self.broken as error:
            raise self._unreachable(error) from error


class _TlsClient(ftplib.FTP_TLS):
    """Both channels are of one TLS session, with the server that is expected."""

    def __init__(self, account):
        context = ssl.create_default_context()
        self.by_authority = account.trust_authorities and not account.certificate
        if not self.by_authority:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self.expected = account.certificate
        super().__init__(timeout=account.timeout, context=context)

    def getresp(self):
        # OpenSSL keeps the error of a data connection, and Python takes it for one of
        # this connection (gh-148594). Making a TLS object clears it.
        self.context.wrap_bio(
            ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=self.host
        )
        return super().getresp()

    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        # Many servers take the data only from who holds the session.
        connection = self.context.wrap_socket(
            connection, server_hostname=self.host, session=self.sock.session
        )
        self.check_certificate(connection)
        return connection, size

    def check_certificate(self, connection):
        if self.by_authority:
            return
        der = connection.getpeercert(binary_form=True)
        # "AB:CD:…", as ``openssl x509 -fingerprint -sha256`` shows it
        shown = hashlib.sha256(der).digest().hex(":").upper()
        if not self.expected or _bare(self.expected) != _bare(shown):
            raise TransportError(
                "unknown_certificate" if self.expected else "no_certificate",
                host=self.host,
                fingerprint=shown,
            )


def _bare(text):
    """Return a fingerprint without what people write around and between it."""
    digits = re.sub(r"^.*(=|SHA-?256:?)", "", text.strip().upper())
    return re.sub(r"[\s:]", "", digits)


def _seconds(text):
    """Return the time of ``YYYYMMDDHHMMSS[.sss]``, or 0 when there is none."""
    try:
        return calendar.timegm(time.strptime((text or "")[:14], "%Y%m%d%H%M%S"))
    except ValueError:
        return 0
