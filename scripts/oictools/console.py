"""Messages of the tools, on the error output, with the seconds gone by."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

from . import settings

# Seconds between two lines about what takes long: no one is to wonder whether it hangs.
PERIOD = 2
# Free bytes below which nothing can be expected to work
FULL = 20 * 2**20
START = float(os.environ.get("OIC_T0") or time.time())


def say(text):
    print(f"[{time.time() - START:4.0f}s] {text}", file=sys.stderr, flush=True)


def show(text):
    """A passing line: it is overwritten on a terminal, left out elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K        {text}", end="", file=sys.stderr, flush=True)


def clear():
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def heartbeat(tell, period=PERIOD):
    """Call ``tell`` every ``period`` seconds until the block ends."""
    ended = threading.Event()

    def beat():
        while not ended.wait(period):
            tell()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Failure(Exception):
    """Ends a command: says what happened, then what to do."""

    def __init__(self, what, *hints):
        super().__init__(what)
        self.hints = hints


def _stop_server():
    """Stops the PostgreSQL server that this command started, if it did."""
    if os.environ.get("OIC_PG_STARTED") == "yes":
        script = settings.ROOT / "scripts" / "pg_stop.sh"
        subprocess.run([script, os.environ["OIC_PG_OURS"]], timeout=90, check=False)


def full_disk():
    """The :class:`Failure` that explains all others, if the disk has no room left."""
    if shutil.disk_usage(settings.HOME).free > FULL:
        return None
    command = os.environ.get("OIC_COMMAND", "make run")
    return Failure(
        f"the disk of {settings.HOME} is full.",
        f"Free 2 GB there, then: {command}",
        f"Or choose another disk: {command} OIC_HOME=/other/disk/oiconnect",
    )


def _explain(failure):
    clear()
    print(f"\nERROR: {failure}", file=sys.stderr)
    for hint in failure.hints:
        print(f"       {hint}", file=sys.stderr)


def main(function, *, stop_server=False):
    """Runs a tool; a Failure or Ctrl-C ends it with a message, not a traceback."""
    # SIGTERM and a closed terminal end us as Ctrl-C does.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    code = 1
    try:
        code = function()
    except Failure as failure:
        _explain(full_disk() or failure)
    except Exception:
        if not (failure := full_disk()):
            raise
        _explain(failure)
    except KeyboardInterrupt:
        clear()
        print("\ninterrupted: run the same command again to go on", file=sys.stderr)
        code = 130
    finally:
        if stop_server:
            _stop_server()
    sys.exit(code or 0)
