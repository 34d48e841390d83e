"""Reads from a replica of the database (``db_replica_host``), none too old.

Odoo reads from the replica whatever it may. A replica is always late, by milliseconds
or, when something is wrong with it, by hours: who has just written would not find it
again. Here a replica answers only who can be recognised, by the session of a browser,
and only once it has what that browser has written last, which a cookie names. Machines,
jobs and scheduled actions read from the primary. So does everybody while the replica
is dead, is more than a minute late, or is no replica any more.
"""

from contextlib import closing, suppress
from functools import partial, wraps

import psycopg2

from odoo.http import request
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import config

COOKIE = "oic_written"
#: seconds for which a browser remembers what it has written
MEMORY = 600
#: digits of the largest number that a transaction can have
DIGITS = 20
# In a replica, pg_current_snapshot() takes what is under way for done: its end only is
# true. A primary on which nothing is written looks late: it has the time to answer.
CHECK = """
    SELECT pg_is_in_recovery()
           AND pg_last_xact_replay_timestamp() > clock_timestamp() - interval '1 minute'
           AND CASE WHEN %(number)s::xid8 IS NULL THEN TRUE
                    WHEN %(number)s::xid8 >= pg_snapshot_xmax(pg_current_snapshot())
                    THEN FALSE
                    ELSE pg_xact_status(%(number)s::xid8) IS DISTINCT FROM 'in progress'
               END"""
WRITTEN = "SELECT pg_current_xact_id_if_assigned()::text"
# A replica that has all is not late, however long nothing was written.
LATE = """
    SELECT pg_is_in_recovery(),
           CASE WHEN pg_last_wal_replay_lsn() >= %s::pg_lsn THEN 0
                ELSE extract(epoch FROM clock_timestamp()
                                        - pg_last_xact_replay_timestamp()) / 60 END"""


def has_replica():
    return bool(config["db_replica_host"])


def standing(registry):
    """Return ``(state, minutes)``: "good" and how late the replica is, "dead", or
    "primary" when it follows no server any more.
    """
    try:
        with closing(registry.cursor()) as cr:
            cr.execute("SELECT pg_current_wal_lsn()::text")
            position = cr.fetchone()
        with closing(db_connect(registry.db_name, readonly=True).cursor()) as cr:
            cr.execute(LATE, position)
            is_replica, minutes = cr.fetchone()
    except psycopg2.Error:
        return "dead", None
    return ("good", float(minutes or 0)) if is_replica else ("primary", None)


def written():
    """Return the number of the last transaction that the browser knows of, or None."""
    number = request.httprequest.cookies.get(COOKIE, "")
    is_number = number.isascii() and number.isdecimal() and len(number) < DIGITS
    return number if is_number else None


def remember(cr, response):
    """Name what this request writes in a cookie of its answer, once all is written."""
    if has_replica() and not cr.readonly and hasattr(response, "set_cookie"):
        cr.precommit.add(partial(_name_transaction, cr, response))


def _name_transaction(cr, response):
    cr.execute(WRITTEN)
    [number] = cr.fetchone()
    if number:
        response.set_cookie(
            COOKIE,
            number,
            max_age=MEMORY,
            httponly=True,
            samesite="Lax",
            secure=request.httprequest.scheme == "https",
        )


def _is_recognised():
    return bool(request and request.httprequest.cookies.get("session_id"))


def _has_all(cr):
    """Tell whether this replica may answer the request."""
    try:
        cr.execute(CHECK, {"number": written()})
        [has_all] = cr.fetchone()
        # What came during the check is read too.
        cr.rollback()
    except psycopg2.Error:
        return False
    return has_all


def _checked(cursor):
    @wraps(cursor)
    def checked(registry, /, readonly=False):
        if not (readonly and has_replica()):
            return cursor(registry, readonly=readonly)
        if not _is_recognised():
            return cursor(registry)
        cr = cursor(registry, readonly=True)
        if not cr.readonly or _has_all(cr):
            return cr
        # A connection that broke is not even closed without an error.
        with suppress(psycopg2.Error):
            cr.close()
        return cursor(registry)

    return checked


Registry.cursor = _checked(Registry.cursor)
