"""Many rows at once, for tables that are only ever added to."""

from psycopg2.extras import Json, execute_values

from odoo.tools import SQL

PAGE = 1000


def insert_rows(env, table, rows):
    """Insert ``rows`` (dicts with the same keys) in ``table``; no ORM, no return.

    The ORM costs more than the work itself here: these tables have no computed
    field, no constraint in Python and no override to run.
    """
    rows = list(rows)
    if not rows:
        return
    columns = list(rows[0])
    statement = SQL(
        "INSERT INTO %s (%s) VALUES %%s",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, columns)),
    )
    values = [tuple(_adapted(row[column]) for column in columns) for row in rows]
    execute_values(env.cr._obj, statement.code % (), values, page_size=PAGE)


def _adapted(value):
    if isinstance(value, dict):
        return Json(value)
    return None if value is False else value
