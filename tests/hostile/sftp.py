"""A real SFTP server that misbehaves at the steps that a test chooses."""

import asyncio
import os

import asyncssh
from demo_sftp import DemoSftp
from faults import CLOSE, MIDDLE, REFUSE, Faults, step_of_rename

PAUSE = 0.05


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel, chroot, faults):
        super().__init__(channel, chroot=chroot)
        self._faults = faults
        self._connection = channel.get_connection()

    async def _meet(self, step):
        """Do what goes wrong at ``step``, if something does."""
        how = self._faults.at(step)
        if how == REFUSE:
            raise asyncssh.SFTPPermissionDenied("not here")
        if how == CLOSE:
            self._connection.abort()
            raise asyncssh.SFTPConnectionLost("closed")
        while how and self._faults.step == step:
            await asyncio.sleep(PAUSE)

    async def scandir(self, path):
        await self._meet("list")
        async for name in super().scandir(path):
            yield name

    async def stat(self, path):
        await self._meet("look")
        return super().stat(path)

    async def open(self, path, pflags, attrs):
        await self._meet("write" if pflags & asyncssh.FXF_WRITE else "open")
        return super().open(path, pflags, attrs)

    async def read(self, file_obj, offset, size):
        if offset >= MIDDLE:
            await self._meet("read")
        return super().read(file_obj, offset, size)

    async def write(self, file_obj, offset, data):
        if self._faults.full:
            raise asyncssh.SFTPFailure("No space left on device")
        return super().write(file_obj, offset, data)

    async def posix_rename(self, oldpath, newpath):
        await self._meet(step_of_rename(os.fsdecode(newpath)))
        return super().posix_rename(oldpath, newpath)

    async def rename(self, oldpath, newpath):
        await self._meet(step_of_rename(os.fsdecode(newpath)))
        return super().rename(oldpath, newpath)


class HostileSftp(DemoSftp):
    """`with HostileSftp(folder) as server: server.faults.set("list", CLOSE)`."""

    kind = "sftp"

    def __init__(self, root):
        super().__init__(root)
        self.faults = Faults()

    @property
    def folder(self):
        return self.home("ocaa")

    def _chroot(self, channel):
        if self.faults.at("session"):
            channel.get_connection().abort()
        return _Files(channel, os.fsencode(self.folder), self.faults)
