"""Errors of background work: what users see, which are tried again."""

import errno

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import DiskFull

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.sql_db import PoolError

from odoo.addons.oiconnect_base.log_redaction import error_kind

#: seconds after which what failed by a fault of ours is tried again
SECONDS_AFTER_OURS = 60
# Codes of PostgreSQL that begin so: it stops, or the other end is gone
_GONE = ("57P", "08")
# It lacks disk, memory or connections, or its system fails.
_LACKING = ("53", "58")
# What the system of a machine says that lacks something
_ERRNOS = {
    *(errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE),
    *(errno.ENOMEM, errno.ENOSPC, errno.EROFS),
}


def cause(env, error):
    """Return the message for users about ``error``."""
    detail = str(error).strip().split("\n")[0]
    if isinstance(error, DiskFull) or getattr(error, "errno", None) == errno.ENOSPC:
        return env._("the disk is full, make room and start it again (%s)", detail)
    if _is_gone(error):
        return env._("the database could not be reached, start it again (%s)", detail)
    return detail


def is_ours(error):
    """Tell whether a failure is of this machine or its database, not of the work.

    Its disk is full, its memory at an end, its database gone: no sender
    has to send again, and no try is used up.
    """
    if isinstance(error, MemoryError | PoolError) or _is_gone(error):
        return True
    if isinstance(error, OperationalError):
        return (error.pgcode or "").startswith(_LACKING)
    return isinstance(error, OSError) and error.errno in _ERRNOS


def met_another_transaction(error):
    """Tell whether the same work may succeed at once: the job queue tries it again."""
    code = isinstance(error, OperationalError) and error.pgcode
    return code in PG_CONCURRENCY_ERRORS_TO_RETRY


def unexpected(env, error):
    """Return the message for an unexpected error, without its values."""
    return env._(
        "Something unexpected happened (%s): tell the administrator.", error_kind(error)
    )


def _is_gone(error):
    if isinstance(error, InterfaceError):
        return True
    return isinstance(error, OperationalError) and (error.pgcode or "08").startswith(
        _GONE
    )
