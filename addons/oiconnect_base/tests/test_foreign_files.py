import gc
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tools import mute_logger

from ..foreign_files import process, wire
from ..foreign_files.process import Limits, ReadingError, reading

READER = "odoo.addons.oiconnect_hostile.reader"
FOLDER = Path(__file__).parent / "foreign_readers" / "oiconnect_hostile"
QUICK = Limits(seconds=3, size=10 << 20)
#: what no reader may do, whatever holds it
BY_PYTHON = (*("sockets", "another_file", "written_file", "program", "fork"),)
#: what Python does not tell of, and the kernel refuses
BY_SECCOMP = (
    *("socket_by_the_kernel", "database_of_the_server", "program_by_the_kernel"),
    *("fork_by_the_kernel", "signal_to_the_server", "trace_of_the_server"),
)
BY_LANDLOCK = (
    *("another_file_by_the_kernel", "file_by_a_library", "written_by_the_kernel"),
)
QUIET = mute_logger("odoo.addons.oiconnect_base.foreign_files.process")


@contextmanager
def hostile(content=b"x", limits=QUICK):
    """Read a file by a reader that does what it may not."""
    found = [*process._packages(), str(FOLDER)]
    with (
        patch.object(process, "_packages", lambda: found),
        reading(READER, io.BytesIO(content), limits=limits) as read,
    ):
        yield read


def is_alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except FileNotFoundError:
        return False


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


class TestForeignFiles(TestCase):
    """A file that takes its reader over gains nothing, and costs a few seconds."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        patcher = patch.object(tempfile, "tempdir", folder.name)
        patcher.start()
        self.addCleanup(patcher.stop)

    def assertRefused(self, command, reason, limits=QUICK):
        """It is refused, and nothing is left of it."""
        with self.assertRaises(ReadingError) as caught:
            with hostile(limits=limits) as read:
                pid = read.pid
                read.call(command)
        self.assertEqual(caught.exception.reason, reason)
        self.assertFalse(is_alive(pid))
        self.assertEqual(list(self.folder.iterdir()), [])
        return caught.exception

    @QUIET
    def test_a_reader_reaches_nothing_but_its_file(self):
        with hostile(b"its file") as read:
            walls = read.walls
            self.assertEqual(read.call("content"), (None, b"its file"))
            self.assertEqual(read.call("environment")[0], ["LANG"])
            modules = read.call("modules")[0]
        for name in ("psycopg2", "odoo.tools", "odoo.http", "requests"):
            self.assertNotIn(name, modules)
        self.assertIn("audit", walls)
        tried = [*BY_PYTHON]
        tried += BY_SECCOMP if "seccomp" in walls else ()
        tried += BY_LANDLOCK if "landlock" in walls else ()
        with hostile() as read:
            for command in tried:
                with self.subTest(command):
                    with self.assertRaises(ReadingError) as caught:
                        read.call(command)
                    self.assertEqual(caught.exception.reason, "file_unreadable")
                    # It is held, not ended: its next command is answered.
                    self.assertEqual(read.call("echo", "é")[0], "é")
        self.assertFalse(Path("/tmp/written_by_a_reader").exists())

    def test_linux_has_all_walls(self):
        """Without them Python's own events are all that holds a reader."""
        if not sys.platform.startswith("linux"):
            self.skipTest("no Linux")
        with hostile() as read:
            self.assertIn("seccomp", read.walls)

    @QUIET
    def test_time_and_memory_have_an_end(self):
        start = time.monotonic()
        for command in ("loop", "sleep"):
            with self.subTest(command):
                error = self.assertRefused(command, "file_takes_time")
                self.assertEqual(error.params, {"limit": 3})
                self.assertTrue(error.is_over)
        error = self.assertRefused("memory", "file_takes_memory")
        self.assertEqual(error.params, {"limit": 1024})
        self.assertRefused("large_file", "file_unreadable")
        self.assertRefused("recursion", "file_unreadable")
        self.assertLess(time.monotonic() - start, 30)

    @QUIET
    def test_the_processor_has_an_end_of_its_own(self):
        """Also where the process does not keep anybody waiting."""
        with self.assertRaises(ReadingError) as caught, hostile() as read:
            read._left = 60
            read.call("loop")
        self.assertEqual(caught.exception.reason, "file_takes_time")

    @QUIET
    def test_answers_that_are_none_end_it(self):
        for command in ("garbage", "endless", "crash", "leave"):
            with self.subTest(command):
                self.assertRefused(command, "file_unreadable")

    def test_a_refusal_has_its_reason_and_the_file_is_read_on(self):
        with hostile() as read:
            with self.assertRaises(ReadingError) as caught:
                read.call("refuse")
            self.assertEqual(caught.exception.reason, "refused_by_reader")
            self.assertEqual(caught.exception.params, {"limit": 3})
            self.assertFalse(caught.exception.is_over)
            self.assertEqual(read.call("echo", 1)[0], 1)

    def test_answers_keep_their_order_when_some_are_not_taken(self):
        with hostile() as read:
            taken = read.stream("echo", "first")
            next(taken)
            self.assertEqual(read.call("echo", "second")[0], "second")
            self.assertEqual(next(taken)[0], "first")

    def test_who_stops_reading_leaves_no_process(self):
        with self.assertRaises(ZeroDivisionError), hostile() as read:
            pid = read.pid
            next(read.stream("echo", 1))
            raise ZeroDivisionError
        self.assertFalse(is_alive(pid))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_it_ends_with_a_server_that_is_killed(self):
        code = f"""
            import importlib, io, sys, time, types
            for name in ("odoo", "odoo.addons", "odoo.addons.oiconnect_base"):
                sys.modules[name] = types.ModuleType(name)
                sys.modules[name].__path__ = []
            addon = {str(Path(__file__).parents[1])!r}
            sys.modules["odoo.addons.oiconnect_base"].__path__ = [addon]
            name = "odoo.addons.oiconnect_base.foreign_files.process"
            process = importlib.import_module(name)
            process._packages = lambda: [addon, {str(FOLDER)!r}]
            with process.reading({READER!r}, io.BytesIO(b"x")) as read:
                print(read.pid, flush=True)
                read.call("sleep")
        """
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE
        ) as server:
            pid = int(server.stdout.readline())
            self.assertTrue(is_alive(pid))
            server.send_signal(signal.SIGKILL)
        wait_until(lambda: not is_alive(pid))

    def test_memory_of_the_server_stays_flat(self):
        content = os.urandom(1 << 20) * 40
        with tempfile.TemporaryFile() as raw:
            raw.write(content)
            gc.collect()
            before = _resident()
            found = [*process._packages(), str(FOLDER)]
            with (
                patch.object(process, "_packages", lambda: found),
                reading(READER, raw) as read,
            ):
                for _turn in range(200):
                    read.call("echo", "x" * 100_000)
        self.assertLess(_resident() - before, 30 << 20)


def _resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class TestWire(TestCase):
    """Messages arrive; what is no message is reported as none."""

    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )

    @settings(deadline=None)
    @given(values, st.binary())
    def test_a_message_arrives(self, value, blob):
        stream = io.BytesIO()
        wire.write(stream, value, blob)
        wire.write(stream, "next")
        stream.seek(0)
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        self.assertEqual(wire.read(stream.read), (json.loads(text), blob))
        self.assertEqual(wire.read(stream.read), ("next", b""))
        self.assertIsNone(wire.read(stream.read))

    @settings(deadline=None)
    @given(st.binary())
    def test_any_bytes(self, content):
        stream = io.BytesIO(content)
        try:
            while wire.read(stream.read) is not None:
                pass
        except wire.BrokenMessage:
            pass

    @settings(deadline=None)
    @given(values, st.binary(), st.data())
    def test_a_message_cut_short(self, value, blob, data):
        stream = io.BytesIO()
        wire.write(stream, value, blob)
        whole = stream.getvalue()
        size = data.draw(st.integers(1, len(whole) - 1))
        with self.assertRaises(wire.BrokenMessage):
            wire.read(io.BytesIO(whole[:size]).read)
