"""The server's side: starts a process that reads one file, and takes its answers.

The process is a bare interpreter: it inherits the file, two pipes and a folder of its
own; no environment, no connection, no key. It ends with the server, is killed when it
takes too long, and is waited for in all cases.
"""

import fcntl
import io
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from . import wire

_logger = logging.getLogger(__name__)
_MEGABYTE = 1 << 20
_CHILD = Path(__file__).with_name("child.py")
_PREFIX = "odoo.addons.oiconnect_"
#: bytes that the process may be ahead of who takes its answers
_PIPE = 1 << 20
_F_SETPIPE_SZ = 1031
#: commands given before their answers are taken: the process never waits for one
_AHEAD = 3


class Limits(NamedTuple):
    """Limits of the process that reads one file.

    ``seconds`` are those of a small file, of processor and, apart, of waiting for the
    process; each megabyte of the file gives ``seconds_per_megabyte`` more. ``memory``
    is in bytes, ``size`` that of a file that it writes to its own folder.
    """

    seconds: int = 120
    seconds_per_megabyte: float = 6
    memory: int = 1 << 30
    size: int = 10 << 30
    files: int = 256

    def time(self, size):
        return int(self.seconds + self.seconds_per_megabyte * size / _MEGABYTE)


class ReadingError(Exception):
    """A file that is refused: ``reason`` and ``params``, worded by who reads it.

    Reasons that every reader may give: ``file_takes_time`` and ``file_takes_memory``,
    with their ``limit``, and ``file_unreadable``. ``is_over``: nothing more is read.
    """

    def __init__(self, reason, params=None, is_over=False):
        super().__init__(reason)
        self.reason, self.params, self.is_over = reason, params or {}, is_over


@contextmanager
def reading(reader, raw, arguments=None, limits=None):
    """Open ``raw``, a seekable binary stream, in a process of its own: a ``Reading``.

    :param reader: name of the module that reads it
    :param arguments: {name: value} of its ``open_file``, as JSON has them
    :raises ReadingError: it cannot be read, now or by a command
    """
    limits = limits or Limits()
    with ExitStack() as stack:
        scratch = tempfile.mkdtemp(prefix="oiconnect-reading-")
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        stream, size = _on_disk(raw, stack)
        process = _start(stream, scratch)
        read = Reading(process, limits.time(size), limits.memory)
        stack.callback(read.close)
        read.begin(reader, limits, arguments or {})
        yield read


def _on_disk(raw, stack):
    """Return ``raw``, at its beginning, as a file with a descriptor; and its size."""
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    try:
        raw.fileno()
    except (OSError, AttributeError):
        copy = stack.enter_context(tempfile.TemporaryFile())
        shutil.copyfileobj(raw, copy)
        copy.flush()
        copy.seek(0)
        return copy, size
    os.lseek(raw.fileno(), 0, os.SEEK_SET)
    return raw, size


def _start(stream, scratch):
    """Start the interpreter; it is given the paths of modules only."""
    descriptor = stream.fileno()
    command = [sys.executable, "-I", "-S", "-B", str(_CHILD), str(os.getpid())]
    command += [str(descriptor), scratch, _libraries(), *_packages()]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env={"LANG": "C.UTF-8"},
        pass_fds=[descriptor],
        start_new_session=True,
    )


def _libraries():
    folders = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    return os.pathsep.join(sorted(folders))


def _packages():
    """Return the folders of our addons."""
    return [
        module.__path__[0]
        for name, module in sorted(sys.modules.items())
        if name.startswith(_PREFIX) and name.count(".") == 2
    ]


class Reading:
    """A file that is read in a process of its own.

    :param seconds: how long its answers are waited for, in all
    :param memory: bytes that it may take
    """

    def __init__(self, process, seconds, memory):
        self._process = process
        self._limit = self._left = seconds
        self._memory = memory // _MEGABYTE
        self._poll = select.poll()
        self._poll.register(process.stdout, select.POLLIN)
        self._pending = deque()
        self._ended = None
        #: what holds the process: "landlock", "seccomp", "audit"
        self.walls = []
        if sys.platform == "linux":
            with suppress(OSError):
                fcntl.fcntl(process.stdout.fileno(), _F_SETPIPE_SZ, _PIPE)

    @property
    def is_over(self):
        """Nothing more is read: the process ended before it had read all."""
        return self._ended is not None

    @property
    def pid(self):
        return self._process.pid

    def begin(self, reader, limits, arguments):
        """Confine the process, and let it open the file."""
        limits = {
            "seconds": self._limit,
            "memory": limits.memory,
            "size": limits.size,
            "files": limits.files,
        }
        self._send({"reader": reader, "limits": limits, "arguments": arguments})
        self.walls = self._receive()[0]
        self._receive()

    def call(self, *command):
        """Return (value, bytes beside) of a command."""
        self._check()
        self._send(command)
        slot = deque()
        self._pending.append(slot)
        return self._take(slot)

    def stream(self, *command):
        """Yield the same of a command that is given again until its value is ``None``.

        The process works at the next answers while one is looked at.
        """
        self._check()
        slots = deque()
        while True:
            while len(slots) < _AHEAD:
                self._send(command)
                slots.append(deque())
                self._pending.append(slots[-1])
            value, blob = self._take(slots.popleft())
            if value is None:
                return
            yield value, blob

    def _take(self, slot):
        """Return the answer of a command, after those of the commands before it."""
        while not slot:
            self._check()
            try:
                answer = self._receive()
            except (ReadingError, OSError) as error:
                answer = error
            self._pending.popleft().append(answer)
        answer = slot.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _check(self):
        if self._ended:
            raise self._ended

    def _send(self, message):
        try:
            wire.write(self._process.stdin, message)
        except OSError:
            # It ended: its last answers say why.
            return

    def _receive(self):
        """Return the next answer.

        :raises ReadingError: it is a refusal, or the process ended
        """
        try:
            answer = wire.read(self._read)
            if answer is None:
                raise self._end(self._death())
            return self._judged(*answer)
        except (wire.BrokenMessage, TypeError, KeyError, ValueError) as error:
            _logger.warning("What reads a file answered wrongly: %s", error)
            raise self._end(ReadingError("file_unreadable")) from error

    def _judged(self, answer, blob):
        """Return the value of an answer; raise what it refuses."""
        if "refused" in answer:
            raise ReadingError(str(answer["refused"]), dict(answer["params"]))
        if "errno" in answer:
            # No room on our own disk: no fault of the file
            raise OSError(int(answer["errno"]), os.strerror(int(answer["errno"])))
        if "failed" in answer:
            _logger.warning("A file broke its reading: %s", answer["failed"])
            raise ReadingError("file_unreadable")
        return answer["value"], blob

    def _read(self, size):
        """Return ``size`` bytes of the answers, fewer at their end."""
        parts, descriptor = [], self._process.stdout.fileno()
        while size:
            self._wait()
            part = os.read(descriptor, min(size, _PIPE))
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self):
        start = time.monotonic()
        found = self._poll.poll(max(self._left, 0) * 1000)
        self._left -= time.monotonic() - start
        if not found:
            raise self._end(ReadingError("file_takes_time", {"limit": self._limit}))

    def _death(self):
        """Return why the process ended."""
        self._stop()
        if self._process.returncode == -signal.SIGXCPU:
            return ReadingError("file_takes_time", {"limit": self._limit})
        if self._process.returncode == -signal.SIGKILL:
            # The kernel chose it when the machine had no memory left.
            return ReadingError("file_takes_memory", {"limit": self._memory})
        _logger.warning(
            "What reads a file ended with the code %s", self._process.returncode
        )
        return ReadingError("file_unreadable")

    def _end(self, error):
        """Return ``error``, which is that of all further commands too."""
        error.is_over = True
        self._ended = error
        self._stop(kill=True)
        return error

    def close(self):
        """End the process, whatever it does, and wait for its end."""
        self._stop(kill=True)
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()

    def _stop(self, kill=False):
        if kill:
            self._process.kill()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
