"""PostgreSQL's own log names no end customer, whatever goes wrong."""

import os
from contextlib import closing, suppress

import psycopg2
import pytest
from oictools import settings

NAME = "Zoé Exemple-Inventée"
WRONG = (
    'SELECT 1 / 0 AS "{name}"',
    "SELECT '{name}'::int",
    "SELECT * FROM {table} WHERE unknown_column = '{name}'",
    "INSERT INTO {table} VALUES ('{name}')",
    "INSERT INTO {table} (customer) VALUES (repeat('{name}', 2000))",
)


@pytest.fixture
def log():
    cluster = os.environ.get("OIC_PG_OURS")
    if not cluster:
        pytest.skip("the server is not ours: see CONFIGURE for its settings")
    return settings.LOG / f"postgres-{cluster}.log"


def test_what_goes_wrong_in_the_database_is_logged_without_values(log, empty_database):
    before = log.stat().st_size
    with closing(psycopg2.connect(dbname=empty_database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE discreet (customer varchar(60) UNIQUE)")
            cursor.execute("INSERT INTO discreet VALUES (%s)", [NAME])
            for statement in WRONG:
                query = statement.format(table="discreet", name=NAME)
                with pytest.raises(psycopg2.Error):
                    cursor.execute(query)
        # A connection that is lost in the middle is logged.
        with suppress(psycopg2.Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid()), %s", [NAME])
    logged = log.read_bytes()[before:].decode()
    assert "terminating connection" in logged
    assert NAME not in logged
    assert "Zoé" not in logged
