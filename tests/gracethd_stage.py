"""Staging tables of GraceTHD networks that tests make, in a database of their own."""

import csv
import importlib.util
import io
import sys
from functools import cache

from generator.gracethd_catalogue import TABLES
from generator.tables import ADDONS

from odoo.tools import SQL

PREFIX = "gracethd_test"


def _load_routes():
    """The chapter of routes alone: it needs nothing of the addon, nor its models."""
    folder = ADDONS / "oiconnect_gracethd/routes"
    spec = importlib.util.spec_from_file_location(
        "gracethd_routes",
        folder / "__init__.py",
        submodule_search_locations=[str(folder)],
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


routes = _load_routes()


class PlainCursor:
    """A cursor of psycopg2 that takes Odoo's SQL objects."""

    def __init__(self, cursor):
        self.cursor = cursor

    def execute(self, query, parameters=None):
        self.cursor.execute(*_plain(query, parameters))

    def mogrify(self, query, parameters=None):
        return self.cursor.mogrify(*_plain(query, parameters))

    def __getattr__(self, name):
        return getattr(self.cursor, name)


def _plain(query, parameters):
    if isinstance(query, SQL):
        query, parameters = query.code, query.params
    return query, parameters or None


@cache
def _columns(table):
    names = [name for name in TABLES[table].columns if name != "geom"]
    for patch in TABLES.values():
        if patch.patch_of == table:
            names += [name for name in patch.columns if name not in names]
    return names


def create(cr, kind="TEMP"):
    """Create the table of each table of the catalogue, as the import does."""
    for table in TABLES:
        columns = ", ".join(f'{name} text COLLATE "C"' for name in _columns(table))
        if TABLES[table].form:
            columns += ", x1 float8, y1 float8, x2 float8, y2 float8"
        cr.execute(f"CREATE {kind} TABLE {PREFIX}_{table} (line int, {columns})")


def load(cr, tables):
    """Replace what the tables hold by ``tables``: {table: rows}."""
    for table in TABLES:
        cr.execute(f"TRUNCATE {PREFIX}_{table}")
    for table, rows in tables.items():
        append(cr, table, rows, 2)


def append(cr, table, rows, first):
    """Add rows, the first of which is line ``first``."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    names = _columns(table)
    for line, row in enumerate(rows, first):
        writer.writerow([line, *(row.get(name, "") for name in names)])
    stream.seek(0)
    columns = ", ".join(["line", *names])
    cr.copy_expert(
        f"COPY {PREFIX}_{table} ({columns}) FROM STDIN (FORMAT csv, NULL '')", stream
    )
