"""Databases with their files: copy, rename, drop. PG* in the environment lead there."""

import shutil
from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import sql

from . import settings

CREATE = "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
REPLACE = CREATE + " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
INSTALLED = """
    SELECT name, latest_version FROM ir_module_module
     WHERE name ~ '^oiconnect_' AND latest_version IS NOT NULL
       AND state IN ('installed', 'to upgrade')
       -- Versions of before the first release are none (before_first_release.py).
       AND EXISTS (
        SELECT FROM ir_config_parameter WHERE key = 'oiconnect_base.first_release'
       )
     ORDER BY name
"""


@contextmanager
def connect(name="postgres"):
    with closing(psycopg2.connect(dbname=name, connect_timeout=10)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def execute(statement, *names):
    with connect() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def names(prefix=""):
    """The databases whose names start with prefix."""
    with connect() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        )
        return sorted(name for (name,) in cursor.fetchall())


def exists(name):
    return name in names(name)


def drop(name):
    try:
        execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    except psycopg2.errors.InsufficientPrivilege:
        # PostgreSQL is vacuuming it, which only a plain DROP may interrupt.
        disconnect(name)
        execute("DROP DATABASE IF EXISTS {}", name)
    shutil.rmtree(settings.FILESTORE / name, ignore_errors=True)


def disconnect(name):
    """Ends our sessions on a database."""
    with connect() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [name],
        )


def clone(template, name):
    """A copy, with its files. These are never rewritten: links are enough."""
    drop(name)
    with connect() as cursor:
        recent = cursor.connection.server_version >= 150000
    strategy = " STRATEGY FILE_COPY" if recent else ""
    execute("CREATE DATABASE {} TEMPLATE {}" + strategy, name, template)
    source = settings.FILESTORE / template
    if source.is_dir():
        shutil.copytree(source, settings.FILESTORE / name, copy_function=_link)


def _link(source, target):
    try:
        settings.Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def rename(name, new_name):
    drop(new_name)
    execute("ALTER DATABASE {} RENAME TO {}", name, new_name)
    source = settings.FILESTORE / name
    if source.is_dir():
        source.rename(settings.FILESTORE / new_name)


def read_parameter(name, key):
    """A system parameter; nothing when the database has none, or no such table."""
    with connect(name) as cursor:
        cursor.execute("SELECT to_regclass('ir_config_parameter')")
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
        row = cursor.fetchone()
        return row and row[0]


def installed_addons(name):
    """Return ``[(addon, version)]`` of ours; nothing before the first release."""
    with connect(name) as cursor:
        cursor.execute("SELECT to_regclass('ir_module_module')")
        if cursor.fetchone()[0] is None:
            return []
        cursor.execute(INSTALLED)
        return cursor.fetchall()


def write_parameter(name, key, value):
    with connect(name) as cursor:
        cursor.execute(REPLACE, [key, value])
