"""Savepoints that isolate the failure of one item from the others."""

from contextlib import contextmanager
from types import SimpleNamespace

from psycopg2 import OperationalError


@contextmanager
def isolated_savepoint(cr, let_through=()):
    """Run the block in a savepoint; keep its exception in ``attempt.error``.

    ``attempt.error`` is None when the block succeeded.

    :param let_through: classes of exceptions that are raised instead
    :raises OperationalError: the whole transaction is to be tried again
    """
    attempt = SimpleNamespace(error=None)
    try:
        with cr.savepoint():
            yield attempt
    except (OperationalError, *let_through):
        raise
    except Exception as error:
        attempt.error = error
