"""Indexes and keys of a table that is filled for the first time: made at the end."""

from contextlib import contextmanager
from typing import NamedTuple

from psycopg2.errors import LockNotAvailable

from odoo.tools import SQL

# New rows from which it is worth it, and how many times the rows that are there
_REBUILD_MIN_ROWS = 50_000
_TIMES = 4
_LOCK_TIMEOUT = "2s"


class _Part(NamedTuple):
    """An index or a foreign key: how it is dropped, and made again."""

    name: str
    drop: SQL
    make: SQL
    note: SQL


@contextmanager
def built_after(cr, table, new_rows):
    """Fill ``table`` without indexes and foreign keys when most of it is new.

    Building an index costs half of what keeping it up to date does, row by row; a join
    checks a key of all rows in the time of a few. No one can read the table meanwhile,
    nor those that the keys point to: so only for one that has hardly any row yet, and
    only if no transaction locks them. Unique indexes stay, and keys to what every
    request reads.
    """
    parts = []
    if _is_worth(cr, table, new_rows):
        parts = [*_foreign_keys(cr, table), *_secondary_indexes(cr, table)]
    dropped = _dropped(cr, parts)
    yield
    for part in dropped:
        cr.execute(part.make)
        # What Odoo knows its definition by: it would make it again
        cr.execute(part.note)


def _is_worth(cr, table, new_rows):
    if new_rows < _REBUILD_MIN_ROWS:
        return False
    most = new_rows // _TIMES
    cr.execute(
        SQL(
            "SELECT count(*) FROM (SELECT FROM %s LIMIT %s) r",
            SQL.identifier(table),
            most,
        )
    )
    return cr.fetchone()[0] < most


def _secondary_indexes(cr, table):
    """Return the indexes that constrain nothing."""
    cr.execute(
        SQL(
            """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid),
                      obj_description(indexrelid, 'pg_class')
                 FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique
                ORDER BY indexrelid""",
            table,
        )
    )
    return [
        _Part(
            name,
            SQL("DROP INDEX %s", SQL.identifier(name)),
            SQL(definition),
            SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), comment),
        )
        for name, definition, comment in cr.fetchall()
    ]


def _foreign_keys(cr, table):
    """Return the keys to tables of ours, save that of networks."""
    cr.execute(
        SQL(
            """SELECT conname, pg_get_constraintdef(oid),
                      obj_description(oid, 'pg_constraint')
                 FROM pg_constraint
                WHERE conrelid = %s::regclass AND contype = 'f'
                      AND starts_with(confrelid::regclass::text, 'oiconnect_')
                      AND confrelid NOT IN (conrelid, 'oiconnect_network'::regclass)
                ORDER BY oid""",
            table,
        )
    )
    own = SQL.identifier(table)
    return [
        _Part(
            name,
            SQL("ALTER TABLE %s DROP CONSTRAINT %s", own, SQL.identifier(name)),
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                own,
                SQL.identifier(name),
                SQL(definition),
            ),
            SQL(
                "COMMENT ON CONSTRAINT %s ON %s IS %s",
                SQL.identifier(name),
                own,
                comment,
            ),
        )
        for name, definition, comment in cr.fetchall()
    ]


def _dropped(cr, parts):
    """Drop ``parts``; return those dropped, none if a table is held."""
    cr.execute(SQL("SET LOCAL maintenance_work_mem = '256MB'"))
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL("SET LOCAL lock_timeout = %s", _LOCK_TIMEOUT))
            for part in parts:
                cr.execute(part.drop, log_exceptions=False)
            cr.execute(SQL("SET LOCAL lock_timeout = 0"))
    except LockNotAvailable:
        return []
    return parts
