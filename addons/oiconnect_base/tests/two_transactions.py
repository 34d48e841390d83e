# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

import threading
import time
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

WAIT = 20
_BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE pid = %s AND wait_event_type = 'Lock'
"""


class TwoTransactionsCase(BaseCase):
    """Transactions that really run at the same time, on real cursors.

    What a test commits is to be erased by its clean-up: see ``_delete``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _open_cursor(self):
        """Open ``self.cr``, the first of the two transactions."""
        self.cr = self.registry.cursor()
        self.addCleanup(self.cr.close)

    def _start_rival(self, work, **context):
        """Do ``work(cr)`` in a second transaction, as a request of a user does it.

        ``context``: of the request, e.g. ``lang``, the language of its errors.
        """
        rival = Rival(self.registry, work, context)
        self.addCleanup(rival.join, WAIT)
        rival.start()
        return rival

    def _wait_until_blocked(self, rival):
        deadline = time.monotonic() + WAIT
        with self.registry.cursor() as cr:
            while time.monotonic() < deadline:
                cr.execute(_BLOCKED, [rival.pid])
                if rival.pid and cr.fetchone()[0]:
                    return
                cr.rollback()
                time.sleep(0.01)
        self.fail("the second transaction does not wait for the first")

    def _delete(self, cr, table, column, value):
        cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = %s",
                SQL.identifier(table),
                SQL.identifier(column),
                value,
            )
        )


class Rival(threading.Thread):
    """A second user, with his own cursor, whose request is tried again as usual.

    ``error`` is what he sees when it is refused.
    """

    def __init__(self, registry, work, context=()):
        super().__init__(daemon=True)
        self.registry = registry
        self.work = work
        self.context = dict(context)
        self.error = None
        self.tries = 0
        self.found = None
        self.pid = None

    def run(self):
        with (
            mute_logger("odoo.sql_db", "odoo.service.model"),
            patch("odoo.service.model.random.uniform", return_value=0.01),
            self.registry.cursor() as cr,
        ):
            cr.execute("SELECT pg_backend_pid()")
            [self.pid] = cr.fetchone()
            cr.rollback()
            env = api.Environment(cr, SUPERUSER_ID, self.context)
            try:
                retrying(partial(self._try, cr), env)
            except UserError as error:
                self.error = error

    def _try(self, cr):
        self.tries += 1
        self.found = self.work(cr)
