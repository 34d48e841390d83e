import io
import random
import resource
import sqlite3
import tempfile
import threading
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

from odoo.addons.oiconnect_gracethd.reading import (
    DeliveryError,
    Limits,
    open_delivery,
)
from odoo.addons.oiconnect_gracethd.reading.delivery import read_delivery
from odoo.addons.oiconnect_import.bulk import messages as bulk
from odoo.addons.oiconnect_import.protocol import FileError
from odoo.addons.oiconnect_import.protocol.errors import MESSAGES as PROTOCOL_MESSAGES

from ..messages import MESSAGES
from ..reading import database as database_reader
from ..reading.database import Database
from ..reading.geometry import ends
from .delivery_files import geopackage_bytes
from .hostile_files import (
    BASE,
    ENDLESS,
    FIBRES,
    GOOD,
    NODES,
    PROBLEMS,
    REFUSED,
    blob,
    database,
    zip_bytes,
)


@contextmanager
def opened_here(raw, limits):
    """Open a delivery in this process, as the one that reads it does."""
    with tempfile.TemporaryDirectory() as scratch:
        with read_delivery(raw, scratch, limits or Limits()) as delivery:
            yield delivery


def problems_of(content, limits=None, opened=open_delivery):
    """Read a delivery whole; return [(key, params, file)] of its problems."""
    found = []
    with opened(io.BytesIO(content), limits) as delivery:
        found += [(item.key, item.params, item.file) for item in delivery.problems]
        for table in delivery.tables.values():
            try:
                for _line, cells, problem in table.rows():
                    if table.has_geometry and cells[-1]:
                        ends(cells[-1])
                    if problem:
                        found.append((problem.key, problem.params, problem.file))
            except FileError as error:
                problem = table.failure(error)
                found.append((problem.key, problem.params, problem.file))
    return found


class TestHostileFiles(TestCase):
    """A bad file is reported by a sentence; it breaks nothing and leaves nothing."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        patcher = patch.object(tempfile, "tempdir", folder.name)
        patcher.start()
        self.addCleanup(patcher.stop)

    def assertSentence(self, key, params, named):
        """The sentence can be made, names the file, and says what to do."""
        template = MESSAGES.get(key) or bulk.MESSAGES.get(key)
        template = template or PROTOCOL_MESSAGES[key]
        sentence = template % params
        if key in MESSAGES:
            self.assertIn(named, sentence)
            self.assertRegex(sentence, "[:.] .+[.]$")

    def test_what_cannot_be_read_is_refused(self):
        for name, file in REFUSED.items():
            with self.subTest(name):
                with self.assertRaises(DeliveryError) as caught:
                    problems_of(file.content, file.limits)
                self.assertEqual(caught.exception.reason, file.key)
                self.assertSentence(file.key, caught.exception.params, file.named)
                self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_view_without_end_takes_seconds_and_the_server_answers_meanwhile(self):
        self.assertLess(len(ENDLESS), 13_000)
        start = time.monotonic()
        refusals = []

        def read():
            try:
                problems_of(ENDLESS)
            except DeliveryError as error:
                refusals.append(error.reason)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        # Others are read beside.
        problems_of(GOOD)
        for thread in threads:
            thread.join()
        self.assertEqual(refusals, ["database_view"] * 4)
        self.assertLess(time.monotonic() - start, 20)

    def test_a_line_of_100_megabytes(self):
        line = b"cb_code;cb_nd1\n" + b"x" * 100_000_000
        content = zip_bytes(BASE | {"t_cable.csv": line}, zipfile.ZIP_STORED)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        problems = problems_of(content)
        growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        self.assertEqual([key for key, *_rest in problems], ["line_too_long"])
        # What is given is copied to a file by blocks.
        self.assertLess(growth, 20_000)

    def test_a_query_without_end_is_interrupted(self):
        """The deadline holds, too, were the rest of the walls not there."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.sqlite"
            path.write_bytes(database("CREATE TABLE t_fibre (a)"))
            found = Database(str(path))
            self.addCleanup(found.close)
            found._connection.set_authorizer(None)
            with (
                patch.object(database_reader, "_SECONDS", 0.2),
                self.assertRaisesRegex(sqlite3.OperationalError, "interrupted"),
            ):
                found._execute(
                    "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) "
                    "SELECT max(x) FROM r"
                ).fetchall()

    def test_sqlite_reads_columns_of_tables_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.sqlite"
            path.write_bytes(database("CREATE TABLE t_fibre (a); CREATE TABLE b (c)"))
            found = Database(str(path))
            self.addCleanup(found.close)
            for query in (
                "ATTACH ':memory:' AS x",
                "SELECT load_extension('x')",
                "SELECT hex(a) FROM t_fibre",
                "SELECT randomblob(9)",
                "WITH RECURSIVE r(x) AS (SELECT 1 UNION SELECT x FROM r) SELECT x "
                "FROM r",
                "PRAGMA journal_mode",
                "PRAGMA writable_schema = ON",
                "DELETE FROM t_fibre",
                "CREATE TABLE d (e)",
                "SELECT * FROM pragma_table_info('b')",
            ):
                with self.subTest(query), self.assertRaises(sqlite3.DatabaseError):
                    found._execute(query).fetchall()
            self.assertEqual(found._execute("SELECT a FROM t_fibre").fetchall(), [])

    def test_a_problem_of_one_file_names_that_file(self):
        for name, file in PROBLEMS.items():
            with self.subTest(name):
                problems = problems_of(file.content)
                self.assertEqual(
                    {key for key, *_rest in problems} - {""}, {file.key} - {""}
                )
                for key, params, at in problems:
                    self.assertSentence(key, params, file.named)
                    self.assertTrue(at)
                self.assertEqual(list(self.folder.iterdir()), [])

    def test_damaged_bytes_never_break_the_reading(self):
        seeds = [
            GOOD,
            zip_bytes(BASE, 0),
            zip_bytes(BASE, 14),
            geopackage_bytes({"t_noeud": NODES * 9, "t_fibre": FIBRES * 9}, blob),
        ]
        rng = random.Random(20)
        for content in seeds:
            for _ in range(120):
                damaged = bytearray(content)
                for _ in range(rng.randint(1, 5)):
                    near_end = int(rng.expovariate(1 / 600)) % len(damaged)
                    place = rng.choice((rng.randrange(len(damaged)), -1 - near_end))
                    damaged[place] = rng.choice((0, 1, 127, 128, 255))
                try:
                    problems_of(bytes(damaged), opened=opened_here)
                except FileError:
                    pass
        self.assertEqual(list(self.folder.iterdir()), [])
