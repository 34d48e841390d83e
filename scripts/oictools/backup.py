"""Backups: the database, its files and the key of secrets, as of one moment.

The system goes on meanwhile. The dump and the list of files are read in one snapshot of
the database. Odoo writes a file before the transaction that names it is committed,
never changes it (its name is the hash of its content), and removes it only when no row
names it any more, under a lock of the table of attachments. So files are copied once
the snapshot was taken, under a lock which that one waits for and nothing else does.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
from psycopg2 import sql

from . import settings
from .console import Failure, say

FORMAT = 1
MANIFEST, DUMP, FILES, KEY = "manifest.json", "database.dump", "files.tar", "secret.key"
PARTS = (DUMP, FILES, KEY)
LIMIT = 6 * 3600
#: files that rows name and that are not there: so many are listed by name
NAMED = 5
TABLES = (
    "SELECT c.oid::regclass::text FROM pg_class c"
    " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
)
STORED = (
    "SELECT DISTINCT store_fname FROM ir_attachment"
    " WHERE store_fname IS NOT NULL ORDER BY 1"
)
MODULES = (
    "SELECT name, latest_version FROM ir_module_module"
    " WHERE state = 'installed' ORDER BY 1"
)


def make(name, folder):
    """Write a backup of a database under ``folder``; return its own folder."""
    folder = Path(folder).absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            return _make(name, folder)
    except psycopg2.OperationalError as error:
        raise Failure(f"the database {name} cannot be read: {error}".strip()) from error
    except OSError as error:
        raise _disk_failure(folder, error) from error


def _make(name, folder):
    moment = datetime.now(UTC)
    target = folder / f"{name}-{moment:%Y%m%d-%H%M%S}"
    if target.exists():
        raise Failure(f"there is a backup of this second already: {target}.")
    building = folder / f".{target.name}.part"
    building.mkdir(mode=0o700)
    try:
        manifest = _write_parts(name, building)
        manifest |= {"date": moment.isoformat(timespec="seconds"), "database": name}
        _write(building / MANIFEST, json.dumps(manifest, indent=1).encode())
        _sync(building)
        building.rename(target)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _sync(folder)
    return target


@contextmanager
def _alone(folder):
    """One backup at a time; what a killed one left is taken away."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"another backup is being written to {folder}.") from None
        for left in folder.glob(".*.part"):
            shutil.rmtree(left)
        yield


def _write_parts(name, building):
    with snapshot(name) as (cursor, snapshot_id):
        say(f"dumping the database {name}")
        run("pg_dump", "-Fc", f"--snapshot={snapshot_id}", "-f", building / DUMP, name)
        say("copying its files")
        count, missing = _write_files(cursor, settings.FILESTORE / name, building)
        _write(building / KEY, _key())
        _sync(building / DUMP)
        return {
            "format": FORMAT,
            "versions": _versions(cursor),
            "files": count,
            "missing_files": missing,
            "rows": rows(cursor),
            "parts": {part: describe(building / part) for part in PARTS},
        }


@contextmanager
def snapshot(name):
    """Give a cursor in a snapshot of the database, and the snapshot's number.

    Meanwhile Odoo removes no file: its collector asks for a lock that conflicts with
    ours, gives up after ten seconds and comes back the next day. Reading and writing
    rows, and pg_dump, do not.
    """
    with closing(psycopg2.connect(dbname=name, connect_timeout=10)) as connection:
        connection.set_session(isolation_level="REPEATABLE READ")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '60s'")
            connection.commit()
            # The lock comes first: a snapshot begins with the first row that is read.
            cursor.execute("LOCK TABLE ir_attachment IN SHARE UPDATE EXCLUSIVE MODE")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor, cursor.fetchone()[0]


def _write_files(cursor, source, building):
    """Store the files that rows name; return their number, and who lack."""
    cursor.execute(STORED)
    count, missing = 0, []
    with (building / FILES).open("xb") as raw:
        with tarfile.open(fileobj=raw, mode="w") as archive:
            for (name,) in cursor:
                try:
                    archive.add(source / name, name, recursive=False)
                    count += 1
                except FileNotFoundError:
                    missing.append(name)
        raw.flush()
        os.fsync(raw.fileno())
    if missing:
        names = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        say(f"note: {len(missing)} files were lost before this backup: {names}")
    return count, missing


def _key():
    key = os.environ.get("OIC_SECRET_KEY")
    if not key:
        raise Failure(
            "no key of secrets: what is stored of partners could not be read again.",
            "Set OIC_SECRET_KEY or OIC_SECRET_KEY_FILE.",
        )
    return key.encode() + b"\n"


def _versions(cursor):
    cursor.execute("SHOW server_version")
    [server] = cursor.fetchone()
    cursor.execute(MODULES)
    return {"postgresql": server, "modules": dict(cursor.fetchall())}


def rows(cursor):
    """{table: number of its rows}"""
    cursor.execute(TABLES)
    counts = {}
    for (table,) in cursor.fetchall():
        # The server wrote the name, quoted where it has to be.
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(table)))
        [counts[table]] = cursor.fetchone()
    return counts


def describe(path):
    with path.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256")
        return {"sha256": digest.hexdigest(), "size": raw.tell()}


def run(*command):
    """A PostgreSQL program; Failure with what it says when it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()[-3:]
        raise Failure(f"{command[0]} failed (code {done.returncode}).", *said)
    return done.stdout


def _write(path, content):
    with open(path, "xb", opener=private) as raw:
        raw.write(content)
        raw.flush()
        os.fsync(raw.fileno())


def private(path, flags):
    """For open(): a new file is its owner's only."""
    return os.open(path, flags, 0o600)


def _sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _disk_failure(folder, error):
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return Failure(
        f"{'no room is left for' if full else 'cannot write'} the backup: {error}.",
        f"Nothing of it is left. Make room in {folder}, or name another folder.",
    )
