"""A small SFTP server with the accounts of the demo's commercial operators.

`make run` starts it as a program; tests start it with DemoSftp in their own process.
"""

import asyncio
import contextlib
import os
import sys
import threading
from pathlib import Path

import asyncssh

# The last one is where OCAA tries its system, on the sandbox network.
ACCOUNTS = {login: f"demo-{login}" for login in ("ocaa", "ocbb", "occc", "ocaa-essai")}
FOLDERS = ("in", "in/archive", "in/error", "out", "publication")


def make_key(path):
    """A key pair written once, readable by its owner only. Returns its public line."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = asyncssh.generate_private_key("ssh-ed25519", comment="")
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_bytes(key.export_private_key())
        path.with_suffix(".pub").write_bytes(key.export_public_key())
        new.rename(path)
    return path.with_suffix(".pub").read_text().strip()


def prepare(root, accounts=ACCOUNTS):
    """Folders and keys under root; returns the server's public host key."""
    root = Path(root)
    for login in accounts:
        for folder in FOLDERS:
            (root / "home" / login / folder).mkdir(parents=True, exist_ok=True)
        make_key(root / "keys" / login)
    return make_key(root / "host_key")


class _Access(asyncssh.SSHServer):
    """Lets an account in by its password or by the key made for it."""

    def __init__(self, root, accounts):
        self.root = root
        self.accounts = accounts

    def connection_made(self, connection):
        self.connection = connection

    def begin_auth(self, username):
        public = self.root / "keys" / f"{username}.pub"
        if username in self.accounts and public.exists():
            keys = asyncssh.import_authorized_keys(public.read_text())
            self.connection.set_authorized_keys(keys)
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return self.accounts.get(username) == password


class DemoSftp:
    """The server in a thread: `with DemoSftp(tmp_path) as server: server.port`."""

    def __init__(self, root, port=0, host="127.0.0.1", accounts=ACCOUNTS):
        self.root = Path(root)
        self.host = host
        self.port = port
        self.accounts = dict(accounts)
        self.host_key = prepare(self.root, self.accounts)
        self._loop = asyncio.new_event_loop()
        self._thread = None
        self._server = None

    def home(self, login):
        return self.root / "home" / login

    def private_key(self, login):
        return (self.root / "keys" / login).read_text()

    async def listen(self):
        self._server = await asyncssh.listen(
            self.host,
            self.port,
            server_host_keys=[str(self.root / "host_key")],
            server_factory=lambda: _Access(self.root, self.accounts),
            sftp_factory=self._chroot,
            allow_scp=False,
        )
        self.port = self._server.get_port()

    def _chroot(self, channel):
        login = channel.get_extra_info("username")
        return asyncssh.SFTPServer(channel, chroot=os.fsencode(self.home(login)))

    async def _close(self):
        self._server.close()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._server.wait_closed(), 5)

    def _run(self, call):
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(30)

    def start(self):
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._run(self.listen())
        return self

    def stop(self):
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    __enter__ = start

    def __exit__(self, *exception):
        self.stop()


def serve(root, port):
    with DemoSftp(root, port) as server:
        print(
            f"SFTP on {server.host}:{server.port}, homes under {server.root / 'home'}",
            flush=True,
        )
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
