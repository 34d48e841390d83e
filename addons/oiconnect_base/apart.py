"""One thing of many that breaks must keep no other waiting."""

from contextlib import contextmanager
from types import SimpleNamespace

from psycopg2 import OperationalError


@contextmanager
def apart(cr, let_through=()):
    """Run the block in a savepoint of its own and go on, whatever breaks in it.

    ``with apart(cr) as attempt: …`` then ``attempt.error``, None when all went well.
    What the database asks to try again (``OperationalError``) is raised, for who
    tries the whole transaction again, and so is ``let_through``.
    """
    attempt = SimpleNamespace(error=None)
    try:
        with cr.savepoint():
            yield attempt
    except (OperationalError, *let_through):
        raise
    except Exception as error:
        attempt.error = error
