"""Runs parts side by side and follows what they tell."""

import json
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from oictools import settings
from oictools.console import say

from .plugin import EVENTS, MARK

NO_TESTS = 5
TAIL = 40


class Running:
    """A part at work: its output in a log, its events in the report."""

    def __init__(self, part, report):
        self.part = part
        self.report = report
        self.log = settings.LOG / f"test-{part.name.replace(' ', '-')}.log"
        self.process = self._start()
        self._follower = threading.Thread(target=self._follow, daemon=True)
        self._follower.start()

    def _start(self):
        reading, writing = os.pipe()
        self._events = os.fdopen(reading, encoding="utf-8")
        environment = {EVENTS: str(writing), MARK: str(os.getpid())}
        with self.log.open("w") as log:
            output = None if self.part.is_watched else log
            process = subprocess.Popen(
                self.part.command,
                cwd=settings.ROOT,
                env=os.environ | environment,
                stdin=None if self.part.is_watched else subprocess.DEVNULL,
                stdout=output,
                stderr=output and subprocess.STDOUT,
                pass_fds=[writing],
            )
        os.close(writing)
        return process

    def _follow(self):
        for line in self._events:
            self.report.take(self.part, json.loads(line))

    def wait(self, end):
        """Until it ends, or until the moment ``end``: it is then cut."""
        try:
            self.process.wait(max(1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.stop()
            self.report.cut(self.part, "stopped, its time is over")
            return
        self._follower.join(20)
        self._judge(self.process.returncode)

    def _judge(self, code):
        if code in (0, NO_TESTS):
            return
        if self.report.unfinished(self.part):
            self._print_log()
            self.report.cut(self.part, f"pytest ended with code {code}")
        elif code != 1 or not self.report.has_bad(self.part):
            self._print_log()
            self.report.breaks(self.part, f"pytest ended with code {code}")

    def _print_log(self):
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL:]
        print("\n".join(lines), flush=True)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def run(parts, report, minutes):
    """Run all parts at the same time; end what is left after so many minutes."""
    end = time.monotonic() + 60 * minutes
    running = []
    try:
        for part in parts:
            say(f"{part.name}: {part.processes or 'one'} process(es)")
            running.append(Running(part, report))
        for one in running:
            one.wait(end)
    finally:
        for one in running:
            if one.process.poll() is None:
                one.stop()
        _end_orphans()


def _end_orphans():
    """Servers and browsers whose test ended before it could stop them."""
    mark = f"{MARK}={os.getpid()}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
