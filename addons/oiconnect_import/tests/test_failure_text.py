import errno

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import AdminShutdown, DataError, DiskFull

from odoo.sql_db import PoolError
from odoo.tests.common import TransactionCase

from ..models.runs.failure_text import cause, is_ours


class TestBreakage(TransactionCase):
    """Texts that say what to do about an import that broke off."""

    def _cause(self, error):
        return cause(self.env, error)

    def test_the_disk_is_full_for_the_database_or_for_files(self):
        for error in (
            DiskFull('could not extend file "base/1/2": No space left\nHINT: …'),
            OSError(errno.ENOSPC, "No space left on device"),
        ):
            with self.subTest(error=error):
                text = self._cause(error)
                self.assertIn("the disk is full, make room", text)
                self.assertIn("No space left", text)
                self.assertNotIn("HINT", text)

    def test_the_database_is_gone(self):
        for error in (
            type("Stopped", (AdminShutdown,), {"pgcode": "57P01"})("terminating"),
            OperationalError("server closed the connection unexpectedly"),
            InterfaceError("connection already closed"),
        ):
            with self.subTest(error=error):
                text = self._cause(error)
                self.assertIn("could not be reached, start it again", text)
                self.assertIn(str(error), text)

    def test_what_is_a_fault_of_ours_is_not_one_of_the_work(self):
        for error in (
            type("Full", (DiskFull,), {"pgcode": "53100"})("no space"),
            type("Many", (OperationalError,), {"pgcode": "53300"})("too many clients"),
            type("Stopped", (AdminShutdown,), {"pgcode": "57P01"})("terminating"),
            InterfaceError("connection already closed"),
            PoolError("The Connection Pool Is Full"),
            OSError(errno.ENOSPC, "No space left on device"),
            OSError(errno.EMFILE, "Too many open files"),
            MemoryError(),
        ):
            with self.subTest(error=error):
                self.assertTrue(is_ours(error))
        for error in (
            type("Met", (OperationalError,), {"pgcode": "40001"})("serialize"),
            OSError(errno.EACCES, "Permission denied"),
            DataError("bad"),
            ValueError("bad"),
        ):
            with self.subTest(error=error):
                self.assertFalse(is_ours(error))

    def test_other_errors_say_what_they_are_in_one_line(self):
        self.assertEqual(self._cause(ValueError("a\nb\nc")), "a")
        self.assertEqual(self._cause(DataError("bad")), "bad")
        denied = OSError(errno.EACCES, "Permission denied")
        self.assertEqual(self._cause(denied), str(denied))
