import errno

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import AdminShutdown, DataError, DiskFull

from odoo.tests.common import TransactionCase

from ..models.runs.failure_text import cause


class TestBreakage(TransactionCase):
    """Who looks after an import that broke off is told what to do about it."""

    def _cause(self, error):
        return cause(self.env, error)

    def test_the_disk_is_full_for_the_database_or_for_files(self):
        for error in (
            DiskFull('could not extend file "base/1/2": No space left\nHINT: …'),
            OSError(errno.ENOSPC, "No space left on device"),
        ):
            with self.subTest(error=error):
                told = self._cause(error)
                self.assertIn("the disk is full, make room", told)
                self.assertIn("No space left", told)
                self.assertNotIn("HINT", told)

    def test_the_database_is_gone(self):
        for error in (
            type("Stopped", (AdminShutdown,), {"pgcode": "57P01"})("terminating"),
            OperationalError("server closed the connection unexpectedly"),
            InterfaceError("connection already closed"),
        ):
            with self.subTest(error=error):
                told = self._cause(error)
                self.assertIn("could not be reached, start it again", told)
                self.assertIn(str(error), told)

    def test_other_errors_say_what_they_are_in_one_line(self):
        self.assertEqual(self._cause(ValueError("a\nb\nc")), "a")
        self.assertEqual(self._cause(DataError("bad")), "bad")
        denied = OSError(errno.EACCES, "Permission denied")
        self.assertEqual(self._cause(denied), str(denied))
