"""Staging tables of GraceTHD networks that tests make, in a database of their own."""

import csv
import io
from functools import cache

from generator.gracethd_catalogue import TABLES

from odoo.tools import SQL

PREFIX = "gracethd_test"


class PlainCursor:
    """A cursor of psycopg2 that takes Odoo's SQL objects."""

    def __init__(self, cursor):
        self.cursor = cursor

    def execute(self, query, parameters=None):
        if isinstance(query, SQL):
            query, parameters = query.code, query.params
        self.cursor.execute(query, parameters or None)

    def __getattr__(self, name):
        return getattr(self.cursor, name)


@cache
def _columns(table):
    names = [name for name in TABLES[table].columns if name != "geom"]
    for patch in TABLES.values():
        if patch.patch_of == table:
            names += [name for name in patch.columns if name not in names]
    return names


def create(cr):
    """Create the table of each table of the catalogue, as the import does."""
    for table in TABLES:
        columns = ", ".join(f'{name} text COLLATE "C"' for name in _columns(table))
        cr.execute(f"CREATE TEMP TABLE {PREFIX}_{table} (line int, {columns})")


def load(cr, tables):
    """Replace what the tables hold by ``tables``: {table: rows}."""
    for table in TABLES:
        cr.execute(f"TRUNCATE {PREFIX}_{table}")
    for table, rows in tables.items():
        stream = io.StringIO()
        writer = csv.writer(stream)
        names = _columns(table)
        for line, row in enumerate(rows, 2):
            writer.writerow([line, *(row.get(name, "") for name in names)])
        stream.seek(0)
        cr.copy_expert(
            f"COPY {PREFIX}_{table} FROM STDIN (FORMAT csv, NULL '')", stream
        )
