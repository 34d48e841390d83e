"""Imports as their jobs run them, on a database that the test commits to."""

import base64
import io
import os
from collections import Counter
from functools import cache

import psycopg2
from odoo_process import environment

OI_CODE = "OICN"
#: what an import may change
TABLES = (
    "oiconnect_building",
    "oiconnect_pm",
    "oiconnect_lot",
    "oiconnect_manager",
    "oiconnect_change",
    "oiconnect_map_delta",
    "oiconnect_import_error",
    "oiconnect_import_count",
)


def make_network(registry, code="TEST_01"):
    """Return the id of a network without anything in it."""
    with environment(registry) as env:
        values = {"name": code, "code": code, "oi_code": OI_CODE, "pto_prefix": "ZT"}
        return env["oiconnect.network"].create(values).id


def upload(registry, network_id, name, content, **values):
    """Return the id of the import of a file, which can be started."""
    with environment(registry) as env:
        record = env["oiconnect.import"].create(
            {
                "network_id": network_id,
                "file_name": name,
                "file": base64.b64encode(content),
                **values,
            }
        )
        assert not record.problem, record.problem
        return record.id


def start(registry, import_id):
    """Put it in the queue; the job is for the test to run."""
    with environment(registry) as env:
        env["oiconnect.import"].browse(import_id).action_start()


def run(registry, import_id):
    """Do the job of an import in this process."""
    with environment(registry) as env:
        env["oiconnect.import"].browse(import_id)._run()


def done(registry, network_id, name, content, **values):
    """Import a file; return the id of the import."""
    import_id = upload(registry, network_id, name, content, **values)
    start(registry, import_id)
    run(registry, import_id)
    return import_id


def content_of(file):
    """Return the content of a generated file, and complete what it says of itself."""
    target = io.BytesIO()
    file.write_to(target)
    return target.getvalue()


def reported(registry, import_id):
    """Return all reports on the lines: (line, column, code, severity, key)."""
    query = """
        SELECT line, COALESCE("column", ''), code, severity, message_key
          FROM oiconnect_import_error WHERE import_id = %s ORDER BY 1, 2, 3, 4, 5"""
    return rows(registry.db_name, query, import_id)


def assert_reported(registry, import_id, reports):
    """Compare by what only one side has: the lists are long.

    What is reported once of a PM or an NRO stands at its first line, with their number.
    """
    query = """
        SELECT line, COALESCE("column", ''), code, severity, message_key,
               COALESCE((params ->> 'lines')::int, 1)
          FROM oiconnect_import_error WHERE import_id = %s"""
    expected = set(map(tuple, reports))
    found, lines = set(), Counter()
    for *report, number in rows(registry.db_name, query, import_id):
        found.add(tuple(report))
        lines[tuple(report[1:])] += number
    extra = sorted(found - expected)
    assert not extra, f"for nothing: {extra}"
    wanted = Counter(report[1:] for report in expected)
    assert lines == wanted, (
        f"not reported: {wanted - lines}; too often: {lines - wanted}"
    )


def counts(registry, import_id):
    """Return {kind of object: (created, changed, unchanged)}."""
    query = """
        SELECT replace(model, 'oiconnect.', ''), created, changed, unchanged
          FROM oiconnect_import_count WHERE import_id = %s"""
    return {
        name: tuple(rest) for name, *rest in rows(registry.db_name, query, import_id)
    }


def digest(database):
    """Return what the network is, indexes included: equal when nothing changed."""
    found = {
        table: rows(
            database,
            f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY id)) FROM {table} t",
        )
        for table in TABLES
    }
    found["indexes"] = rows(
        database,
        "SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%s) ORDER BY 1",
        list(TABLES),
    )
    return found


def staging_tables(database):
    query = "SELECT relname FROM pg_class WHERE relname LIKE 'oiconnect\\_stage%'"
    return rows(database, query)


def rows(database, query, *parameters):
    """Rows read past the test's own transactions: what is committed.

    By one connection to each database: a new one costs more than the answer.
    """
    try:
        return _rows(database, query, parameters)
    except psycopg2.OperationalError:
        # It was dropped since, and another one has its name.
        _connection.cache_clear()
        return _rows(database, query, parameters)


def _rows(database, query, parameters):
    with _connection(database, os.getpid()).cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall()


@cache
def _connection(database, _process):
    """The connection of this process, which forks of it leave alone."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection
