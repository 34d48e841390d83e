"""The report of `make test`: true durations, failures shown, cuts named."""

import re
import sys
import time
from types import SimpleNamespace

import pytest
from oictools import settings
from oictools.console import Failure
from testrun import durations, plan, plugin
from testrun.report import Report
from testrun.run import run

SOURCE = """
import unittest
import pytest
from freezegun import freeze_time

class TestFrozen(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        frozen = freeze_time("1999-12-31")
        frozen.start()
        cls.addClassCleanup(frozen.stop)

    def test_in_another_century(self):
        pass

def test_that_fails():
    assert 1 + 1 == 3, "arithmetic"

def test_that_says_the_reason_after_much_else():
    raise AssertionError("the code " + "x" * 999 + " failed\\n\\nno such button")

def test_that_shows_no_text():
    assert "\\udce9" == "", "surrogate"

@pytest.mark.skip("no reason")
def test_that_is_skipped():
    pass

class TestParts(unittest.TestCase):
    def test_one_of_two(self):
        for rank in range(2):
            with self.subTest(rank):
                self.assertEqual(rank, 0)
"""
# Tells of two tests, starts a process that outlives it, and never ends.
ENDLESS = """
import json, os, subprocess, sys, threading
events = os.fdopen(int(os.environ["OIC_TEST_EVENTS"]), "w", buffering=1)
for event in (
    {"event": "collected", "ids": ["a.py::one", "a.py::two"]},
    {"event": "started", "test": "a.py::one"},
    {"event": "report", "test": "a.py::one", "bad": False, "seconds": 1, "text": ""},
    {"event": "finished", "test": "a.py::one"},
):
    events.write(json.dumps(event) + "\\n")
wait = "import threading; threading.Event().wait(600)"
child = subprocess.Popen([sys.executable, "-c", wait], start_new_session=True)
open(sys.argv[1], "w").write(str(child.pid))
threading.Event().wait(600)
"""


@pytest.fixture(autouse=True)
def apart(tmp_path, monkeypatch):
    """Durations and logs of its own."""
    monkeypatch.setattr(durations, "FILE", tmp_path / "durations.json")
    monkeypatch.setattr(settings, "LOG", tmp_path)


def part(name, *words):
    """Another program than pytest"""
    command = [sys.executable, "-c", *words]
    return SimpleNamespace(name=name, command=command, processes=1, is_watched=False)


def test_a_run_tells_failures_counts_and_true_durations(tmp_path, capfd):
    source = tmp_path / "test_made.py"
    source.write_text(SOURCE)
    options = ["-p", "no:odoo", f"--rootdir={tmp_path}"]
    report = Report()
    run([plan.Part("made", [str(source)], options, 2)], report, 5)
    assert report.close() == 1
    output = capfd.readouterr().out
    assert "FAILED test_made.py::test_that_fails" in output
    assert "AssertionError: arithmetic" in output
    assert "AssertionError: 1 != 0" in output
    assert "AssertionError: surrogate" in output
    assert output.index("arithmetic") < output.index("slowest")
    assert "failed test_made.py::test_that_fails: AssertionError: arithmetic" in output
    assert "xxx | no such button\n" in output
    assert "skipped test_made.py::test_that_is_skipped" in output
    assert output.splitlines()[-1] == "1 passed, 4 failed, 1 skipped"
    slowest = re.findall(r"^ +([\d.]+) \(.*\)  test_made", output, re.MULTILINE)
    assert len(slowest) == 6
    assert all(float(seconds) < 60 for seconds in slowest)
    assert durations.load().keys() == {
        "test_made.py",
        "test_made.py::TestFrozen",
        "test_made.py::TestParts",
    }


def test_a_run_that_is_cut_names_what_had_not_run_and_leaves_no_process(
    tmp_path, capfd
):
    report = Report()
    run([part("endless", ENDLESS, str(tmp_path / "pid"))], report, 0.1)
    assert report.close() == 1
    *_rest, cut, closing = capfd.readouterr().out.splitlines()
    assert cut == ("endless: stopped, its time is over; 1 tests had not run: a.py::two")
    assert closing == "1 passed, 1 failed, 0 skipped"
    assert not _runs(int((tmp_path / "pid").read_text()))


def _runs(pid):
    """Whether the process is there, and no mere entry that is not yet collected."""
    for _try in range(100):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return False
        except FileNotFoundError:
            return False
        time.sleep(0.1)
    return True


def test_a_run_that_breaks_off_fails(tmp_path, capfd):
    report = Report()
    run([part("broken", "exit(4)")], report, 1)
    assert report.close() == 1
    assert capfd.readouterr().out.splitlines()[-2:] == [
        "broken: pytest ended with code 4",
        "0 passed, 1 failed, 0 skipped",
    ]


class HttpCase:
    """A stand-in for Odoo's tests that use a browser"""


def items(*names, slow=()):
    return [
        SimpleNamespace(
            nodeid=name,
            cls=HttpCase if "Tour" in name else None,
            get_closest_marker=lambda marker, name=name: name in slow or None,
        )
        for name in names
    ]


def order_of(found):
    plugin.pytest_collection_modifyitems(found)
    return [item.nodeid for item in found]


def test_the_longest_file_comes_first_and_its_tests_stay_together(monkeypatch):
    monkeypatch.delenv("OIC_TEST_SHUFFLE", raising=False)
    durations.save({"b.py::one": 5.0, "b.py::two": 6.0, "c.py::K::one": 20.0})
    found = items("a.py::one", "b.py::one", "c.py::K::one", "b.py::two")
    assert order_of(found) == ["c.py::K::one", "b.py::one", "b.py::two", "a.py::one"]


def test_on_a_new_machine_slow_tests_come_first_then_those_of_the_browser(monkeypatch):
    monkeypatch.delenv("OIC_TEST_SHUFFLE", raising=False)
    found = items("a.py::one", "b.py::Tour::one", "c.py::one", slow={"c.py::one"})
    assert order_of(found) == ["c.py::one", "b.py::Tour::one", "a.py::one"]


def test_files_are_shuffled_by_a_seed(monkeypatch):
    monkeypatch.setenv("OIC_TEST_SHUFFLE", "7")
    names = [f"{letter}.py::{rank}" for letter in "abcdefgh" for rank in (1, 2)]
    first, again = order_of(items(*names)), order_of(items(*reversed(names)))
    files = [name.partition("::")[0] for name in first]
    assert files[::2] == files[1::2]
    assert files != sorted(files)
    assert [name.partition("::")[0] for name in again] == files


def test_a_part_of_the_tests_is_run_by_its_paths(monkeypatch):
    words = ["addons/oiconnect_base", "tests/test_poll.py::test_x", "-k", "name"]
    monkeypatch.chdir(settings.ROOT)
    addons, others, options = plan.split(words)
    assert addons == [str(settings.ADDONS / "oiconnect_base")]
    assert others == [str(settings.ROOT / "tests/test_poll.py::test_x")]
    assert options == ["-k", "name"]
    assert plan.processes_for(others, options) == 1
    assert plan.processes_for(others, ["-s"]) == 0


def test_a_path_that_does_not_exist_is_named_and_nothing_runs():
    words = ["addons/oiconnect_base", "tests/test_pol.py", "-k", "name"]
    with pytest.raises(Failure, match=r"no such path: tests/test_pol\.py"):
        plan.split(words)


def test_a_page_that_leaves_while_its_websocket_is_closed_fails_no_tour(monkeypatch):
    from testrun import browser

    from odoo.addons.bus.websocket import PollablePriorityQueue

    monkeypatch.setattr(PollablePriorityQueue, "put", PollablePriorityQueue.put)
    queue = PollablePriorityQueue()
    queue.close()
    with pytest.raises(OSError, match="descriptor"):
        queue.put((0, 0, {}))
    browser._let_pages_leave()
    queue.put((0, 0, {}))
