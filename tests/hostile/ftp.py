"""A real FTP server that misbehaves at the steps that a test chooses."""

import errno
import os

from faults import CLOSE, MIDDLE, REFUSE, Faults, step_of_rename
from ftp_server import TestFtp
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler

PAUSE = 0.05
#: by command, the step that it is part of; a rename is known by its target
STEPS = {
    "USER": "session",
    "MLSD": "list",
    "SIZE": "look",
    "RETR": "open",
    "STOR": "write",
}


class _FullFile:
    def __init__(self, file):
        self._file = file

    def __getattr__(self, name):
        return getattr(self._file, name)

    # pylint: disable-next=method-required-super
    def write(self, data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _Files(AbstractedFS):
    def open(self, filename, mode):
        file = super().open(filename, mode)
        full = "w" in mode and self.cmd_channel.server.faults.full
        return _FullFile(file) if full else file


class _Transfer(DTPHandler):
    through = 0

    def send(self, data):
        sent = super().send(data)
        self.through += sent
        if self.through > MIDDLE and self.cmd_channel.server.faults.at("read"):
            # Whatever it wants to do: by FTP, a reader gets no reply any more.
            self.cmd_channel.close()
            self.close()
        return sent


class _Session:
    def pre_process_command(self, line, cmd, arg):
        how = self._fault(cmd, arg)
        if not how:
            return super().pre_process_command(line, cmd, arg)
        if how == REFUSE:
            self.respond("553 not here")
        elif how == CLOSE:
            self.close()
        elif self.connected:
            self.ioloop.call_later(PAUSE, self.pre_process_command, line, cmd, arg)
        return None

    def _fault(self, cmd, arg):
        step = step_of_rename(arg) if cmd == "RNTO" else STEPS.get(cmd)
        return step and self.server.faults.at(step)


class HostileFtp(TestFtp):
    """`with HostileFtp(folder) as server: server.faults.set("list", CLOSE)`."""

    kind = "ftp"
    host_key = ""

    def __init__(self, root):
        super().__init__(root)
        self.faults = Faults()

    @property
    def folder(self):
        return self.home

    def _make_handler(self, root, tls, without):
        handler = super()._make_handler(root, tls, without)
        values = {"abstracted_fs": _Files, "dtp_handler": _Transfer}
        return type("Hostile", (_Session, handler), values)
