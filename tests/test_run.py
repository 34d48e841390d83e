"""make run: it says no to what it cannot serve, and what to type next."""

from contextlib import closing

import conftest
import psycopg2
import pytest
from oictools import database, product
from oictools.console import Failure

PARAMETERS = "SELECT key, value, write_date FROM ir_config_parameter ORDER BY key"
LATER = {
    "a later version": (
        "UPDATE ir_module_module SET latest_version = '19.0.99.0.0'"
        " WHERE name = 'oiconnect_infra'"
    ),
    "an addon of a later version": (
        "INSERT INTO ir_module_module (name, state, latest_version)"
        " VALUES ('oiconnect_later', 'installed', '19.0.1.0.0')"
    ),
}


@pytest.fixture
def name():
    name = conftest.copy_of("nodemo", "run")
    yield name
    database.drop(name)


def execute(name, statement):
    with closing(psycopg2.connect(dbname=name)) as connection, connection:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("statement", LATER.values(), ids=LATER)
def test_a_database_of_a_later_version_is_refused_and_not_changed(name, statement):
    execute(name, statement)
    before = execute(name, PARAMETERS)
    with pytest.raises(Failure, match=r"^the database \S+ is of a later .*\.$") as said:
        product.prepare(name, 2222, "key")
    assert said.value.hints[-1].endswith("git pull && make run")
    assert execute(name, PARAMETERS) == before


def test_a_database_of_this_version_is_none_of_a_later_one(name):
    product._check_not_later(name)
