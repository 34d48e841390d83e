"""Tables that only grow, stored by PostgreSQL in one part a month.

A part that is old is dropped at once, whatever it holds: no row is deleted one by one,
nothing is left for VACUUM. A month begins at midnight UTC, as columns are stored. What
is of no month that has a part goes to the part of other months: an insertion never
fails for the lack of one. What was there before the table had parts is its first part.

PostgreSQL wants the month's column in each unique index, the primary key too; and
foreign keys of such a table would lock the tables that they name each time that a part
goes: it has none.
"""

from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from psycopg2.errors import (
    CheckViolation,
    DuplicateTable,
    LockNotAvailable,
    SerializationFailure,
    UniqueViolation,
)

from odoo.tools import SQL, sql

# Others hold the table, made the same part or wrote rows that we do not see: later
LATER = (
    LockNotAvailable,
    DuplicateTable,
    UniqueViolation,
    CheckViolation,
    SerializationFailure,
)
# Rows of other months that somebody who waits may sort out himself
FEW = 10_000
# Months that are sorted out in one transaction, and the first that is no mistake
MAX_MONTHS = 24
FIRST = datetime(2000, 1, 1)
STEP = relativedelta(months=1)


class Part(NamedTuple):
    """A part of a table: of a month, or of all before it; the other one has no end."""

    name: str
    start: datetime | None
    end: datetime | None


def month_of(moment):
    """Return the beginning of the month of a moment, in UTC."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def is_partitioned(cr, table):
    cr.execute(
        SQL("SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass(%s)", table)
    )
    return bool(cr.rowcount)


def parts(cr, table):
    """Return the parts of a table, oldest first; without that of other months."""
    cr.execute(
        SQL(
            r"""
            SELECT c.relname, (m)[1]::timestamp, (m)[2]::timestamp
              FROM pg_inherits i
              JOIN pg_class c ON c.oid = i.inhrelid,
                   regexp_match(
                       pg_get_expr(c.relpartbound, c.oid),
                       'FROM \(''?(?:MINVALUE|([^'')]+))''?\) TO \(''([^'')]+)''\)'
                   ) m
             WHERE i.inhparent = to_regclass(%s) AND m IS NOT NULL
             ORDER BY 3
            """,
            table,
        )
    )
    return [Part(*row) for row in cr.fetchall()]


def other(table):
    """Return the name of the part of all months that have none."""
    return f"{table}_other"


@contextmanager
def lock_timeout(cr, seconds):
    """Wait for locks no longer than this: others would wait behind us.

    :raises LockNotAvailable: nothing was done then
    """
    with cr.savepoint(flush=False):
        cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{seconds}s"))
        yield
        cr.execute("SET LOCAL lock_timeout = 0")


# ----------------------------------------------------------------------
# A table that had no parts
# ----------------------------------------------------------------------


def split(cr, table, key, now):
    """Give parts to a table; what it holds becomes its first one. No row is written.

    Rows are read once, and the index of the primary key is built. All or nothing: this
    is one transaction, that of whoever calls.

    :param key: the column of type timestamp whose month a row is of
    """
    own, old = SQL.identifier(table), f"{table}_before"
    cr.execute(SQL("LOCK TABLE %s", own))
    cr.execute(SQL("SELECT max(%s) FROM %s", SQL.identifier(key), own))
    [last] = cr.fetchone()
    indexes = _indexes(cr, table)
    _drop_triggers(cr, table)
    cr.execute(SQL("ALTER TABLE %s RENAME TO %s", own, SQL.identifier(old)))
    for name, _make, _comment in indexes:
        new = SQL.identifier(sql.make_identifier(f"{name}_before"))
        cr.execute(SQL("ALTER INDEX %s RENAME TO %s", SQL.identifier(name), new))
    _change_key(cr, table, old, key)
    cr.execute(
        SQL(
            "CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING COMMENTS"
            " INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY RANGE (%s)",
            own,
            SQL.identifier(old),
            SQL.identifier(key),
        )
    )
    _set_key(cr, table, f"{table}_pkey", key)
    cr.execute(SQL("ALTER SEQUENCE %s OWNED BY %s.id", _sequence(table), own))
    _copy_rights_and_comment(cr, old, table)
    for name, make, comment in indexes:
        cr.execute(SQL(make.replace("%", "%%")))
        if comment:
            cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), comment))
    # Its size, as our snapshot may not see what others wrote before our lock
    cr.execute(SQL("SELECT pg_relation_size(%s)", old))
    if cr.fetchone()[0]:
        _attach(cr, table, old, None, month_of(max(last or now, now)) + STEP)
    else:
        cr.execute(SQL("DROP TABLE %s", SQL.identifier(old)))
    _make_other(cr, table)


def _sequence(table):
    return SQL.identifier(f"{table}_id_seq")


def _indexes(cr, table):
    """Return ``[(name, what makes it, its comment)]`` but for the primary key."""
    cr.execute(
        SQL(
            """
            SELECT c.relname, pg_get_indexdef(c.oid), obj_description(c.oid, 'pg_class')
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = %s::regclass AND NOT i.indisprimary
             ORDER BY c.oid
            """,
            table,
        )
    )
    return cr.fetchall()


def _drop_triggers(cr, table):
    """The model makes them again, on all parts."""
    cr.execute(
        SQL(
            "SELECT tgname FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            table,
        )
    )
    for (name,) in cr.fetchall():
        cr.execute(
            SQL("DROP TRIGGER %s ON %s", SQL.identifier(name), SQL.identifier(table))
        )


def _change_key(cr, table, old, key):
    """Replace the primary key by one that holds the month; drop foreign keys."""
    cr.execute(
        SQL(
            "SELECT conname FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('p', 'f')",
            old,
        )
    )
    for (name,) in cr.fetchall():
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(old),
                SQL.identifier(name),
            )
        )
    _set_key(cr, old, f"{table}_pkey_before", key)


def _set_key(cr, table, name, key):
    cr.execute(
        SQL(
            "ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (id, %s)",
            SQL.identifier(table),
            SQL.identifier(name),
            SQL.identifier(key),
        )
    )


def _copy_rights_and_comment(cr, source, target):
    cr.execute(
        SQL(
            """
            SELECT r.rolname, a.privilege_type
              FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = grantee
             WHERE c.oid = %s::regclass AND a.grantee != c.relowner
            """,
            source,
        )
    )
    for role, privilege in cr.fetchall():
        cr.execute(
            SQL(
                "GRANT %s ON %s TO %s",
                SQL(privilege),
                SQL.identifier(target),
                SQL.identifier(role),
            )
        )
    cr.execute(SQL("SELECT obj_description(%s::regclass, 'pg_class')", source))
    [comment] = cr.fetchone()
    cr.execute(SQL("COMMENT ON TABLE %s IS %s", SQL.identifier(target), comment))


# ----------------------------------------------------------------------
# Months to come
# ----------------------------------------------------------------------


def make_months(cr, table, key, first, count):
    """Make the parts of ``count`` months that lack one, from that of ``first`` on.

    Rows that wait in the part of other months go where they belong; the others stay.
    Who writes to the table is waited for where rows have to be moved.

    :return: the beginnings of the months that were made
    """
    wanted = [month_of(first) + STEP * rank for rank in range(count)]
    known = parts(cr, table)
    missing = [month for month in wanted if not _covered(known, month)]
    waiting = _waiting_months(cr, table, key, known)
    if not missing and not waiting:
        return []
    made = sorted({*missing, *waiting})
    if not waiting:
        for month in made:
            _make_month(cr, table, month)
        return made
    own, rest = SQL.identifier(table), SQL.identifier(other(table))
    _try(cr, SQL("ALTER TABLE %s DETACH PARTITION %s", own, rest))
    for month in made:
        _make_month(cr, table, month)
    # Apart, it has no trigger that would keep its rows. Those that our snapshot does
    # not see stay; the last statement, which sees all, then fails: nothing is lost.
    cr.execute(
        SQL(
            """
            WITH moved AS (
                DELETE FROM %(rest)s
                 WHERE date_trunc('month', %(key)s) = ANY(%(made)s) RETURNING *
            )
            INSERT INTO %(own)s SELECT * FROM moved
            """,
            own=own,
            rest=rest,
            key=SQL.identifier(key),
            made=made,
        ),
        log_exceptions=False,
    )
    _attach_other(cr, table)
    return made


def has_few_others(cr, table):
    """Tell whether the part of other months is sorted out in a moment."""
    cr.execute(
        SQL(
            "SELECT count(*) FROM (SELECT FROM %s LIMIT %s) r",
            SQL.identifier(other(table)),
            FEW,
        )
    )
    return cr.fetchone()[0] < FEW


def _covered(known, month):
    return any(
        (part.start is None or part.start <= month) and month < part.end
        for part in known
    )


def _waiting_months(cr, table, key, known):
    """Return the months of rows that wait in the part of other months."""
    cr.execute(
        SQL(
            """
            SELECT DISTINCT date_trunc('month', %(key)s) FROM %(rest)s
             WHERE %(key)s >= %(first)s
               AND %(key)s < now() AT TIME ZONE 'UTC' + interval '1 year'
             ORDER BY 1 LIMIT %(most)s
            """,
            key=SQL.identifier(key),
            rest=SQL.identifier(other(table)),
            first=FIRST,
            most=MAX_MONTHS,
        )
    )
    return [month for (month,) in cr.fetchall() if not _covered(known, month)]


def _make_month(cr, table, month):
    name = f"{table}_{month:%Y_%m}"
    _make_part(cr, table, name)
    _attach(cr, table, name, month, month + STEP)


def _make_other(cr, table):
    _make_part(cr, table, other(table))
    _attach_other(cr, table)


def _attach_other(cr, table):
    _try(
        cr,
        SQL(
            "ALTER TABLE %s ATTACH PARTITION %s DEFAULT",
            SQL.identifier(table),
            SQL.identifier(other(table)),
        ),
    )


def _make_part(cr, table, name):
    """Apart first: PARTITION OF would keep all from the table meanwhile."""
    _try(
        cr,
        SQL(
            "CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
            " INCLUDING STORAGE)",
            SQL.identifier(name),
            SQL.identifier(table),
        ),
    )


def _attach(cr, table, name, start, end):
    _try(
        cr,
        SQL(
            "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)",
            SQL.identifier(table),
            SQL.identifier(name),
            SQL("MINVALUE") if start is None else start,
            end,
        ),
    )


def _try(cr, statement):
    """Execute what may wait in vain, or come second: no error to log."""
    cr.execute(statement, log_exceptions=False)


# ----------------------------------------------------------------------
# Months that are over
# ----------------------------------------------------------------------


def drop_part(cr, name):
    """Drop a part, with all that it holds."""
    _try(cr, SQL("DROP TABLE %s", SQL.identifier(name)))


def attempt(cr, action, *, tries=3, seconds=2):
    """Do what needs the table for itself; return whether others let it be done."""
    for _try in range(tries):
        try:
            with lock_timeout(cr, seconds):
                action()
        except LATER:
            continue
        return True
    return False
