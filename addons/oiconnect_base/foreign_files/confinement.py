"""Confinement of a process that reads foreign files, from their first byte on.

Four walls, each where the system has it: limits of the process (``setrlimit``), a
filter of system calls (seccomp: no network, no other process, no other program), a
closed view of the disk (Landlock) and, everywhere, Python's own audit events. Nothing
of it can be taken back by the process itself.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

from .system_calls import REFUSED

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW, RET_ERRNO: EPERM
_KILL = 0x80000000
#: AUDIT_ARCH_*, and which of the numbers of ``system_calls`` is theirs
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
#: x86_64's other way to number the same calls
_X32 = 0x40000000
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ_FILE, _READ_FOLDER, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
#: rights over files that each version of Landlock knows
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_REFUSED_EVENTS = (
    "socket.",
    "subprocess.",
    "ctypes.",
    "mmap.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.startfile",
    "os.kill",
    "os.putenv",
    "os.link",
    "os.symlink",
    "os.rename",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "os.mkdir",
    "pty.",
    "shutil.",
    "signal.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "sqlite3.enable_load_extension",
    "sqlite3.load_extension",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit(seconds, memory, size, files):
    """Limit the process: seconds of processor, bytes of memory and of files, files."""
    # The first signal at ``seconds`` ends it, the second one cannot be held back.
    for name, value, most in (
        ("RLIMIT_CPU", seconds, seconds + 5),
        ("RLIMIT_AS", memory, memory),
        ("RLIMIT_FSIZE", size, size),
        ("RLIMIT_NOFILE", files, files),
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_NPROC", 0, 0),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _soft, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value, most = min(value, hard), min(most, hard)
        try:
            resource.setrlimit(kind, (value, most))
        except (OSError, ValueError):
            # macOS refuses to limit the memory.
            continue


def die_with(parent):
    """End this process when the one that started it ends, however that was."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # It may have ended before.
    if os.getppid() != parent:
        os._exit(1)


def lock(scratch):
    """Take from the process all but ``scratch``, its folder; return what holds it."""
    walls = []
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if _restrict_files(libc, scratch):
            walls.append("landlock")
        if _filter_calls(libc):
            walls.append("seccomp")
    sys.addaudithook(_Auditor(scratch))
    return [*walls, "audit"]


class _Auditor:
    """Refuses what Python tells that it is about to do."""

    def __init__(self, scratch):
        self._scratch = os.path.join(os.path.realpath(scratch), "")
        self._libraries = tuple(os.path.join(path, "") for path in libraries())

    def __call__(self, event, arguments):
        if event == "open":
            self._check_open(*arguments)
        elif event == "sqlite3.connect":
            self._check_database(arguments[0])
        elif event in ("os.remove", "os.rmdir"):
            if not self._is_scratch(arguments[0]):
                raise PermissionError(event)
        elif event.startswith(_REFUSED_EVENTS):
            raise PermissionError(event)

    def _is_scratch(self, path):
        return os.path.realpath(os.fsdecode(path)).startswith(self._scratch)

    def _check_open(self, path, mode, flags):
        if isinstance(path, int) or self._is_scratch(path):
            return
        writes = flags & _WRITING or any(sign in (mode or "") for sign in "wax+")
        found = os.path.realpath(os.fsdecode(path))
        if writes or not found.startswith(self._libraries):
            raise PermissionError("open")

    def _check_database(self, name):
        text = os.fsdecode(name).removeprefix("file:").partition("?")[0]
        if not self._is_scratch(text):
            raise PermissionError("sqlite3.connect")


def libraries():
    """Return the folders of Python's own code, which is read as it is needed."""
    places = (os.path.join(sys.prefix, "lib"), *sys.path)
    return sorted({os.path.realpath(path) for path in places if os.path.isdir(path)})


# -- Landlock --------------------------------------------------------------------------


def _restrict_files(libc, scratch):
    """Close the disk but for ``scratch`` and libraries; return whether it is."""
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = _RIGHTS[max(known for known in _RIGHTS if known <= version)]
    attributes = struct.pack("Q", rights)
    rules = libc.syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return False
    reading = _READ_FILE | _READ_FOLDER
    # The loader maps shared libraries, which is no execution to Landlock.
    places = [(path, reading) for path in (*libraries(), "/usr/lib", "/lib")]
    try:
        for path, allowed in [*places, (scratch, rights & ~_EXECUTE)]:
            _allow_beneath(libc, rules, path, allowed)
        return libc.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow_beneath(libc, rules, path, allowed):
    if not os.path.isdir(path):
        return
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", allowed, folder)
        libc.syscall(_LANDLOCK_ADD, rules, 1, rule, 0)
    finally:
        os.close(folder)


# -- seccomp ---------------------------------------------------------------------------


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _filter_calls(libc):
    """Refuse system calls that no reader needs; return whether they are."""
    if platform.machine() not in _MACHINES or struct.calcsize("P") != 8:
        return False
    architecture, rank = _MACHINES[platform.machine()]
    numbers = [call[rank] for call in REFUSED.values() if call[rank] >= 0]
    program = _bytecode(architecture, numbers)
    given = _Program(len(program) // 8, program)
    return libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(given)) == 0


def _bytecode(architecture, refused):
    """Return the program of the kernel: one comparison for each call."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    steps = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (answer, 0, 0, _KILL),
        (load, 0, 0, 0),
        (at_least, 0, 1, _X32),
        (answer, 0, 0, _KILL),
    ]
    for rank, number in enumerate(refused):
        steps.append((equal, len(refused) - rank, 0, number))
    steps += [(answer, 0, 0, _ALLOW), (answer, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
