"""An operator's account in memory: what a look and a sending do to its files."""

import posixpath

from odoo import fields

from ..transport import Entry, TransportError
from .common import ExchangeCase

DOWN = {"host": "sftp.invalid", "detail": "down"}


class MemoryBox:
    """The files of an account by path; ``down`` names what it refuses to do."""

    def __init__(self):
        self.files = {}
        self.folders = []
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
        return [
            Entry(posixpath.basename(path), len(content), rank)
            for rank, (path, content) in enumerate(self.files.items())
            if posixpath.dirname(path) == folder
        ]

    def fetch(self, path, target, limit):
        self._may("read")
        target.write(self.read(path, limit))

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


class BoxCase(ExchangeCase):
    """The account of the operator is a :class:`MemoryBox`."""

    def setUp(self):
        super().setUp()
        # Sending notes its steps in transactions of its own.
        self.registry_enter_test_mode()
        self.box = MemoryBox()
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


def planned(env, key):
    """Return the job of ``key`` that waits, and forget it."""
    job = env["queue.job"].search([("identity_key", "=", key)])
    # As if it were done: the next one is another job.
    job.write({"state": "done", "identity_key": f"done-{key}"})
    return job


def wait_of(job):
    """Return how many seconds ``job`` waits before it runs."""
    return (job.eta - fields.Datetime.now()).total_seconds() if job.eta else 0
