"""Indexes of a table that is filled for the first time: built once, at the end."""

from contextlib import contextmanager
from typing import NamedTuple

from psycopg2.errors import LockNotAvailable

from odoo.tools import SQL

# New rows from which it is worth it, and how many times the rows that are there
_WORTH = 50_000
_TIMES = 4
_PATIENCE = "2s"


class _Index(NamedTuple):
    name: str
    definition: str
    comment: str | None


@contextmanager
def built_after(cr, table, new_rows):
    """Fill ``table`` without its secondary indexes when most of it is new.

    Building an index costs half of what keeping it up to date does, row by row. Nobody
    reads the table meanwhile: so only for one that has hardly any row yet, and only if
    nobody holds it. Unique indexes stay.
    """
    indexes = _secondary_indexes(cr, table) if _is_worth(cr, table, new_rows) else []
    dropped = _dropped(cr, indexes)
    yield
    for index in dropped:
        cr.execute(index.definition)
        # What Odoo knows its definition by: it would build the index again
        cr.execute(
            SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(index.name), index.comment)
        )


def _is_worth(cr, table, new_rows):
    if new_rows < _WORTH:
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
    return [_Index(*row) for row in cr.fetchall()]


def _dropped(cr, indexes):
    """Drop indexes; return those dropped, none if the table is held."""
    cr.execute(SQL("SET LOCAL maintenance_work_mem = '256MB'"))
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL("SET LOCAL lock_timeout = %s", _PATIENCE))
            for index in indexes:
                drop = SQL("DROP INDEX %s", SQL.identifier(index.name))
                cr.execute(drop, log_exceptions=False)
            cr.execute(SQL("SET LOCAL lock_timeout = 0"))
    except LockNotAvailable:
        return []
    return indexes
