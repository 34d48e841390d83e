"""Little room for PostgreSQL: a small disk for some tables, files that may not grow."""

import os
import pwd
import subprocess
import tempfile
import uuid
from contextlib import closing, contextmanager, suppress

import psycopg2
import pytest
from psycopg2 import sql

ADMIN = "oic_admin"
SMALL, LARGE = "1m", "300m"


class SmallDisk:
    """A tablespace on a file system in memory, which can be made larger."""

    def __init__(self, path, database):
        self.path = path
        self.database = database
        self.name = f"oic_test_{uuid.uuid4().hex[:10]}"

    def execute(self, statement, *names, database=None):
        """As the administrator of the cluster of the tests."""
        query = sql.SQL(statement).format(*map(sql.Identifier, names))
        with closing(
            psycopg2.connect(dbname=database or "postgres", user=ADMIN)
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query)

    # pylint: disable-next=method-required-super
    def create(self):
        place = f"CREATE TABLESPACE {{}} LOCATION '{self.path}'"
        self.execute(place, self.name)
        self.execute(
            "GRANT CREATE ON TABLESPACE {} TO {}", self.name, os.environ["PGUSER"]
        )

    def hold_new_tables(self):
        self.execute(
            "ALTER DATABASE {} SET default_tablespace = {}", self.database, self.name
        )

    def hold(self, table):
        self.execute(
            "ALTER TABLE {} SET TABLESPACE {}", table, self.name, database=self.database
        )

    def make_room(self):
        subprocess.run(
            ["mount", "-o", f"remount,size={LARGE}", self.path], check=True, timeout=30
        )

    def drop(self):
        """Once its database is dropped."""
        self.execute("DROP TABLESPACE IF EXISTS {}", self.name)


@contextmanager
def mounted():
    """Give the path of a small file system of PostgreSQL; skip if none can be."""
    if os.geteuid() or not os.environ.get("OIC_PG_OURS"):
        pytest.skip("a small disk needs root, and our own PostgreSQL")
    path = tempfile.mkdtemp(prefix="oic-disk-", dir="/tmp")
    options = f"size={SMALL},uid=nobody,mode=700"
    try:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", path]
        if subprocess.run(command, capture_output=True, timeout=30).returncode:
            pytest.skip("no file system can be mounted here")
        yield path
    finally:
        subprocess.run(["umount", path], capture_output=True, timeout=30)
        with suppress(OSError):
            os.rmdir(path)


def limit_files(pid, size):
    """Let a process of PostgreSQL make no file larger than ``size``, as quotas do.

    Files of the journal have sixteen megabytes: with less the whole server stops.
    """
    command = ["prlimit", f"--fsize={size}:", "--pid", str(pid)]
    if os.geteuid() == 0:
        # Only who owns a process may limit it.
        group = pwd.getpwnam("nobody").pw_gid
        user = ["--reuid=nobody", f"--regid={group}", "--clear-groups"]
        command = ["setpriv", *user, *command]
    result = subprocess.run(command, capture_output=True, timeout=30)
    if result.returncode:
        pytest.skip(f"files of PostgreSQL cannot be limited: {result.stderr.decode()}")
