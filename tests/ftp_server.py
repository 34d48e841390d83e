"""A real FTP server for the tests, in clear or by TLS, that breaks on command."""

import datetime
import errno
import ipaddress
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

LOGIN, PASSWORD = "ocaa", "demo-ocaa"
FOLDERS = ("in/archive", "in/error", "out", "publication")
#: the disk is full, whatever happens then
FULL = ("full", "end", "gone")


def make_certificate(path, address="127.0.0.1"):
    """Write a key and a certificate of ``address``; return its SHA-256 as AB:CD:…."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ftp.exemple")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address(address))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


class Faults:
    """Faults of the server, after a size: a word of these.

    `rename`, `full`, `cut`, `mute`; `end`: full, and then it ends the session;
    `gone`: as `end`, and it accepts no connection any more.
    """

    def __init__(self):
        self.mode = None
        self.limit = 1000
        self.seen = []
        self.sessions = 0

    def is_over(self, mode, count):
        return self.mode == mode and count > self.limit


class _FullFile:
    """A file on a disk that fills up."""

    def __init__(self, file, faults):
        self._file = file
        self._faults = faults
        self._count = 0

    def __getattr__(self, name):
        return getattr(self._file, name)

    # pylint: disable-next=method-required-super
    def write(self, data):
        self._count += len(data)
        if any(self._faults.is_over(mode, self._count) for mode in FULL):
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data)


class _Files(AbstractedFS):
    """Notes what names the folder shows each time one is made or renamed."""

    @property
    def faults(self):
        return self.cmd_channel.server.faults

    def open(self, filename, mode):
        if "w" not in mode:
            return super().open(filename, mode)
        self.faults.seen.append(("open", Path(filename).name))
        return _FullFile(super().open(filename, mode), self.faults)

    def rename(self, src, dst):
        if self.faults.mode == "rename":
            raise PermissionError(errno.EACCES, "no rename here")
        if self.faults.mode == "no overwrite" and Path(dst).exists():
            raise FileExistsError(errno.EEXIST, "there is one already")
        size = Path(src).stat().st_size
        self.faults.seen.append(("rename", Path(src).name, Path(dst).name, size))
        return super().rename(src, dst)


class _Transfer:
    """A data connection that breaks off with the session after so many bytes."""

    through = 0

    def handle_error(self):
        # By TLS, pyftpdlib would close it without a word.
        DTPHandler.handle_error(self)

    def recv(self, size):
        data = super().recv(size)
        self._count(len(data))
        return data

    def send(self, data):
        sent = super().send(data)
        self._count(sent)
        return sent

    def _count(self, more):
        self.through += more
        if self.cmd_channel.server.faults.is_over("cut", self.through):
            self.cmd_channel.close()
            self.close()


class _Session:
    """A session that falls silent, or ends with a transfer that is aborted."""

    def on_connect(self):
        faults = self.server.faults
        faults.sessions += 1
        if faults.mode == "gone" and faults.sessions > 1:
            self.close()

    def respond(self, resp, logfun=None):
        mode = self.server.faults.mode
        if mode == "mute":
            return
        super().respond(resp) if logfun is None else super().respond(resp, logfun)
        if mode in ("end", "gone") and resp.startswith("426"):
            self.close_when_done()


class TestFtp:
    """`with TestFtp(tmp_path, tls=True) as server: server.port`."""

    __test__ = False

    def __init__(self, root, tls=False, without=()):
        self.host = "127.0.0.1"
        self.home = Path(root) / "home"
        for folder in FOLDERS:
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        self.faults = Faults()
        self._loop = IOLoop()
        self._handler = self._make_handler(Path(root), tls, without)
        self._thread = None

    def _make_handler(self, root, tls, without):
        users = DummyAuthorizer()
        users.add_user(LOGIN, PASSWORD, str(self.home), perm="elradfmwMT")
        transfer = TLS_DTPHandler if tls else DTPHandler
        session = TLS_FTPHandler if tls else FTPHandler
        values = {
            "authorizer": users,
            "abstracted_fs": _Files,
            "dtp_handler": type("Transfer", (_Transfer, transfer), {}),
            "use_sendfile": False,
            "auth_failed_timeout": 0.1,
            "banner": "ready",
            # Names are those of the disk, byte by byte.
            "unicode_errors": "surrogateescape",
            "proto_cmds": {
                name: value
                for name, value in session.proto_cmds.items()
                if name not in without
            },
        }
        if tls:
            self.pem = root / "server.pem"
            self.certificate = make_certificate(self.pem)
            values |= {
                "certfile": str(self.pem),
                "tls_control_required": True,
                "tls_data_required": True,
            }
        return type("Session", (_Session, session), values)

    def start(self):
        self._server = FTPServer((self.host, 0), self._handler, ioloop=self._loop)
        self._server.faults = self.faults
        self.port = self._server.address[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._stopping = False
        self._thread.start()
        return self

    def _serve(self):
        while not self._stopping:
            self._loop.loop(timeout=0.05, blocking=False)

    def stop(self):
        self._stopping = True
        self._thread.join(10)
        self._server.close_all()

    __enter__ = start

    def __exit__(self, *exception):
        self.stop()
