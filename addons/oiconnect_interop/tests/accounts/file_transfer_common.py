"""An operator's account in memory: what a look and a sending do to its files."""

import posixpath
import zlib

from odoo import fields

from ...transport import Entry, TransportError
from ..common import HEADER_V13, ExchangeCase, make_file

DOWN = {"host": "sftp.invalid", "detail": "down"}


class MemoryTransfer:
    """The files of an account by path; ``down`` names what it refuses to do."""

    def __init__(self):
        self.files = {}
        self.folders = []
        self.listed = []
        self.requested = []
        self.written = []
        self.folders_written = []
        self.sessions = 0
        self.down = ()

    def __enter__(self):
        self._may("open")
        self.sessions += 1
        return self

    def __exit__(self, *_exception):
        return None

    def _may(self, action):
        if action in self.down:
            raise TransportError("unreachable", **DOWN)

    def list(self, folder):
        self._may("list")
        self.listed.append(folder)
        return [
            self._entry(path)
            for path in self.files
            if posixpath.dirname(path) == folder
        ]

    def entry(self, path):
        self.requested.append(path)
        return self._entry(path) if path in self.files else None

    def _entry(self, path):
        content = self.files[path]
        # Its time is another one when its content is.
        return Entry(posixpath.basename(path), len(content), zlib.crc32(content))

    def fetch(self, path, target, limit):
        self._may("read")
        before = self.entry(path)
        target.write(self.read(path, limit))
        if self.entry(path) != before:
            raise TransportError("changed", path=path)
        return before

    # pylint: disable-next=method-required-super
    def read(self, path, limit):
        content = self.files[path]
        if len(content) > limit:
            raise TransportError("too_big", path=path, size=len(content), limit=limit)
        return content

    def size(self, path):
        return len(self.files[path]) if path in self.files else None

    def rename(self, source, target):
        # A renamed file keeps its time: its place in the list.
        self.files = {
            target if path == source else path: content
            for path, content in self.files.items()
        }

    # pylint: disable-next=method-required-super
    def write(self, folder, name, content):
        self._may("write")
        self.written.append(name)
        self.folders_written.append(folder)
        if not isinstance(content, bytes):
            content = content.read()
        self.files[posixpath.join(folder, name)] = content

    def make_folder(self, folder):
        self._may("create")
        self.folders.append(folder)

    def names(self, folder):
        return [entry.name for entry in self.list(folder)]


class FileTransferCase(ExchangeCase):
    """The account of the operator is a :class:`MemoryTransfer`."""

    def setUp(self):
        super().setUp()
        # Sending notes its steps in transactions of its own.
        self.registry_enter_test_mode()
        self.box = MemoryTransfer()
        self.patch(
            self.env.registry["oiconnect.endpoint"], "_open", lambda endpoint: self.box
        )

    def _send(self, endpoint=None, purpose="send"):
        """Send a file as a job does: it sees what is written, and writes it."""
        self.env.flush_all()
        (endpoint or self.endpoint)._send(purpose)
        self.env.invalidate_all()

    def _planned(self, purpose="poll", record=None):
        """Return the job that waits for ``purpose``, and forget it."""
        return planned(self.env, f"oiconnect-{purpose}-{(record or self.endpoint).id}")

    def _wait_of(self, job):
        return wait_of(job)


class LookCase(FileTransferCase):
    """An operator drops files in its account, which is looked at."""

    def _drop(self, content=None, name=None):
        """The operator drops a file; return its name."""
        name = name or self._name()
        self.box.files[f"in/{name}"] = (
            make_file(HEADER_V13, [self._wire()]) if content is None else content
        )
        return name

    def _look(self, times=2):
        """Look as jobs do: each sees what is written, in any transaction."""
        for _n in range(times):
            self.env.flush_all()
            self.endpoint._poll()
            self.env.invalidate_all()

    def _taken(self):
        return self.endpoint.exchange_ids.sorted("id").mapped("name")

    def _end(self):
        """Process what was taken, then look: its end is known."""
        taken = self.endpoint.exchange_ids
        for exchange in taken.filtered(lambda item: item.direction == "in"):
            while not exchange._is_settled():
                exchange._process()
        self._look(1)


def planned(env, key):
    """Return the job of ``key`` that waits, and forget it."""
    job = env["queue.job"].search([("identity_key", "=", key)])
    # As if it were done: the next one is another job.
    job.write({"state": "done", "identity_key": f"done-{key}"})
    return job


def wait_of(job):
    """Return how many seconds ``job`` waits before it runs."""
    return (job.eta - fields.Datetime.now()).total_seconds() if job.eta else 0
