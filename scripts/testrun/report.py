"""One report of all parts: failures as they come, the ten slowest, the closing line."""

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from oictools.console import clear, say, show

from . import durations

EVERY = 30
SLOWEST = 10
#: of tests that had not run, so many are named
NAMED = 20
#: of the reason of a failure, so many lines and characters of each are shown last
REASON_LINES, REASON = 6, 320


@dataclass
class Result:
    bad: bool = False
    skipped: bool = False
    finished: bool = False
    reason: str = "it had not run"
    seconds: dict = field(default_factory=Counter)

    @property
    def total(self):
        return sum(self.seconds.values())


class Report:
    """Results of the parts; their threads all write here."""

    def __init__(self):
        self._lock = threading.Lock()
        self._results = {}
        self._said = time.monotonic()
        self._ends = []
        self._broken = 0

    def take(self, part, event):
        with self._lock:
            getattr(self, f"_{event.pop('event')}")(part, **event)

    def _collected(self, part, ids):
        for test in ids:
            self._result(part, test)

    def _started(self, part, test):
        self._result(part, test)

    def _result(self, part, test):
        return self._results.setdefault(part.name, {}).setdefault(test, Result())

    def _report(self, part, test, bad, seconds, text, skipped=False, when="call"):
        result = self._result(part, test)
        result.seconds[when] += seconds
        result.bad |= bad
        result.skipped |= skipped
        if bad:
            result.reason = _last_error(text)
            clear()
            print(f"\n{'_' * 20} FAILED {test} ({when})\n{text}\n", flush=True)

    def _finished(self, part, test):
        self._result(part, test).finished = True
        self._tell_progress()

    def _tell_progress(self):
        if sys.stderr.isatty():
            show(self._progress())
        elif time.monotonic() > self._said + EVERY:
            self._said = time.monotonic()
            say(self._progress())

    def _progress(self):
        parts = ", ".join(
            f"{name} {sum(r.finished for r in results.values())}/{len(results)}"
            for name, results in self._results.items()
        )
        bad = sum(result.bad for result in self._all())
        return f"{parts}, {bad} failed"

    def _all(self):
        return [r for results in self._results.values() for r in results.values()]

    def unfinished(self, part):
        results = self._results.get(part.name, {})
        return [test for test, result in results.items() if not result.finished]

    def cut(self, part, why):
        """A part was ended before its end: what it had not run failed."""
        left = self.unfinished(part)
        for test in left:
            self._results[part.name][test].bad = True
        named = ", ".join(left[:NAMED]) + (", …" if len(left) > NAMED else "")
        self._broken += not left
        self._ends.append(f"{part.name}: {why}; {len(left)} tests had not run: {named}")

    def has_bad(self, part):
        return any(result.bad for result in self._results.get(part.name, {}).values())

    def breaks(self, part, why):
        """It failed without a failing test."""
        self._broken += 1
        self._ends.append(f"{part.name}: {why}")

    def close(self):
        """Print the end of the report; return the exit code."""
        clear()
        totals = self._totals()
        self._keep_durations()
        self._print_skipped()
        self._print_slowest()
        self._print_failed()
        sys.stderr.flush()
        for line in self._ends:
            print(line)
        print(
            f"{totals['passed']} passed, {totals['failed']} failed, "
            f"{totals['skipped']} skipped",
            flush=True,
        )
        return 1 if totals["failed"] or not totals["passed"] else 0

    def _totals(self):
        totals = Counter(failed=self._broken)
        for result in self._all():
            kind = "skipped" if result.skipped else "passed"
            totals["failed" if result.bad else kind] += 1
        return totals

    def _keep_durations(self):
        seconds = {}
        for results in self._results.values():
            seconds |= {test: r.total for test, r in results.items() if r.finished}
        durations.save(seconds)

    def _print_skipped(self):
        for results in self._results.values():
            for test, result in results.items():
                if result.skipped and not result.bad:
                    print(f"skipped {test}")

    def _print_failed(self):
        """Name each once more: the end of a log is what lasts longest."""
        for results in self._results.values():
            for test, result in results.items():
                if result.bad:
                    print(f"failed {test}: {result.reason}")

    def _print_slowest(self):
        found = [
            (result.total, test, result.seconds)
            for results in self._results.values()
            for test, result in results.items()
        ]
        print(f"\nthe {SLOWEST} slowest (seconds: set-up, test, end)")
        for total, test, seconds in sorted(found, key=lambda row: -row[0])[:SLOWEST]:
            steps = ", ".join(
                f"{seconds[when]:.1f}" for when in ("setup", "call", "teardown")
            )
            print(f"  {total:6.1f} ({steps})  {test}")


def _last_error(text):
    """The lines in which pytest says what was wrong, cut: a tour's code is long."""
    errors = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    lines = errors or text.strip().splitlines()[-1:] or ["no text"]
    return " | ".join(line[:REASON] for line in [*filter(None, lines)][:REASON_LINES])
