"""A reader in the hands of its file: each command tries what no reader may do."""

import ctypes
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager

LIBC = ctypes.CDLL(None, use_errno=True)


class Refusal(Exception):
    reason = "refused_by_reader"

    def __init__(self, **params):
        super().__init__()
        self.params = params


def sockets():
    socket.socket(socket.AF_INET)


def socket_by_the_kernel():
    check(LIBC.socket(socket.AF_INET, socket.SOCK_STREAM, 0))


def database_of_the_server():
    check(LIBC.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0))


def another_file():
    open("/etc/passwd", "rb")


def another_file_by_the_kernel():
    check(LIBC.open(b"/etc/passwd", os.O_RDONLY))


def file_by_a_library():
    sqlite3.connect(":memory:").execute("ATTACH '/etc/passwd' AS x")


def written_file():
    open("/tmp/written_by_a_reader", "wb")


def written_by_the_kernel():
    check(LIBC.open(b"/tmp/written_by_a_reader", os.O_WRONLY | os.O_CREAT, 0o600))


def program():
    subprocess.Popen(["/bin/true"])


def program_by_the_kernel():
    check(LIBC.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"/bin/true", None)))


def fork():
    os.fork()


def fork_by_the_kernel():
    check(LIBC.fork())


def signal_to_the_server():
    check(LIBC.kill(os.getppid(), signal.SIGTERM))


def trace_of_the_server():
    check(LIBC.ptrace(16, os.getppid(), 0, 0))


def check(result):
    if result < 0:
        raise PermissionError(os.strerror(ctypes.get_errno()))


def loop():
    while True:
        pass


def sleep():
    time.sleep(600)


def memory():
    return bytearray(8 << 30)


def large_file():
    with open("large", "wb") as target:
        for _ in range(100):
            target.write(bytes(1 << 20))


def garbage():
    os.write(ANSWERS, b"\xff" * 64)
    time.sleep(600)


def endless():
    os.write(ANSWERS, (1 << 31).to_bytes(4) + bytes(4))
    time.sleep(600)


def crash():
    os.abort()


def leave():
    os._exit(0)


def recursion():
    recursion()


def refuse():
    raise Refusal(limit=3)


ANSWERS = 4
_COMMANDS = (
    *(sockets, socket_by_the_kernel, database_of_the_server, another_file),
    *(another_file_by_the_kernel, file_by_a_library, written_file),
    *(written_by_the_kernel, program, program_by_the_kernel, fork),
    *(fork_by_the_kernel, signal_to_the_server),
    *(trace_of_the_server, loop, sleep, memory, large_file, garbage, endless),
    *(crash, leave, recursion, refuse),
)


@contextmanager
def open_file(raw, scratch):
    known = {one.__name__: lambda one=one: (one(), b"") for one in _COMMANDS}
    known["echo"] = lambda value: (value, b"")
    known["content"] = lambda: (None, raw.read())
    known["modules"] = lambda: (sorted(sys.modules), b"")
    known["environment"] = lambda: (sorted({*os.environ} - {"LC_CTYPE"}), b"")
    yield known
