"""Restores a backup made by `backup`: all of it, or nothing is changed."""

import json
import os
import shutil
import tarfile
import tempfile
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg2

from . import backup, database, odoo, settings
from .console import Failure, say

#: Only what creates an extension may comment it, and the template created some.
OTHERS = " COMMENT - EXTENSION "
CREATE = "CREATE DATABASE {} TEMPLATE {}"
#: as Odoo creates its databases
BARE = CREATE + " ENCODING 'UTF8' LC_COLLATE 'C'"
IMMUTABLE = "ALTER FUNCTION unaccent(text) IMMUTABLE"
#: tables whose numbers partners receive
NUMBERED_TABLES = (
    "oiconnect_event",
    "oiconnect_incident",
    "oiconnect_pb_order",
    "oiconnect_ticket",
    "oiconnect_workflow_step",
    "oiconnect_works",
)
#: sequences of the references that we give
REFERENCES = (
    "oiconnect_appointment_reference",
    "oiconnect_discharge_number",
    "oiconnect_link_service_reference",
    "oiconnect_manual_reference",
    "oiconnect_pm_service_reference",
    "oiconnect_pto_number",
    "oiconnect_service_reference",
    "oiconnect_subcontract_reference",
)
#: more numbers than are given between two backups
GAP = 100_000
SKIP = """
    SELECT setval(sequence::regclass, nextval(sequence::regclass) + %s)
      FROM (SELECT pg_get_serial_sequence(relname, 'id') AS sequence
              FROM pg_class WHERE relname = ANY(%s) AND relkind IN ('r', 'p')
             UNION ALL
            SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'S') own
"""
#: keys of the API that may have been revoked since
HOLD = """
    UPDATE oiconnect_api_key SET held_date = now() AT TIME ZONE 'UTC'
     WHERE revoked_date IS NULL
"""


def restore(folder, name=None, *, force=False, neutralize=False):
    """Make the database of a backup, its files and its key; return its name.

    :param name: of the database; that of the backup by default
    :param force: replace the database of that name, and the key of secrets
    :param neutralize: make a staging copy, which speaks to no one and names no one
    """
    folder = Path(folder).absolute()
    manifest = read_manifest(folder)
    verify(folder, manifest)
    name = name or manifest["database"]
    if database.exists(name) and not force:
        raise Failure(
            f"there is a database {name} already.",
            "Choose another name (--database), or replace it: --force",
        )
    # A neutralized copy holds no secret.
    new_key = None if neutralize else _key_to_place(folder, force)
    building = f"{name}_restoring"
    try:
        _build(folder, manifest, building, neutralize)
        if new_key:
            _place_key(new_key)
        database.rename(building, name)
    except BaseException:
        database.drop(building)
        raise
    return name


# -- is it whole? ----------------------------------------------------------------------


def read_manifest(folder):
    path = folder / backup.MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
        known = manifest["format"] == backup.FORMAT
        if known and set(manifest["parts"]) == set(backup.PARTS):
            return manifest
    except FileNotFoundError:
        raise Failure(f"{folder} is no backup: {path.name} is missing.") from None
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{path} cannot be read: take another backup.") from None
    raise Failure(f"{path} was written by another version of OIConnect.")


def verify(folder, manifest):
    """Failure when a part is not what was written."""
    say("verifying the backup")
    for part, expected in manifest["parts"].items():
        try:
            found = backup.describe(folder / part)
        except FileNotFoundError:
            found = None
        if found != expected:
            state = "is missing" if found is None else "was cut short or changed"
            raise Failure(
                f"{part} of the backup {folder} {state}.",
                "Nothing was restored. Take another backup.",
            )


# -- the database ----------------------------------------------------------------------


def _build(folder, manifest, building, neutralize):
    database.drop(building)
    _create(building)
    say("restoring the database")
    _load(folder / backup.DUMP, building)
    _compare(building, manifest["rows"])
    _skip_numbers(building)
    _hold_keys(building)
    if neutralize:
        say("neutralizing the copy")
        odoo.run(["neutralize", "-d", building], "neutralize")
    say("restoring its files")
    _extract(folder / backup.FILES, building)


def _create(name):
    """From the template that ours are made from, where there is one (scripts/pg.sh)."""
    if template := os.environ.get("PGDATABASE_TEMPLATE"):
        database.execute(CREATE, name, template)
        return
    database.execute(BARE, name, "template0")
    # Indexes need it, and only its owner or a superuser may.
    with suppress(psycopg2.errors.InsufficientPrivilege):
        with database.connect(name) as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
            cursor.execute(IMMUTABLE)


def _load(dump, name):
    listing = backup.run("pg_restore", "--list", dump).splitlines(keepends=True)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as wanted:
        wanted.writelines(line for line in listing if OTHERS not in line)
        wanted.flush()
        options = ["--exit-on-error", "--no-owner", "--no-privileges"]
        options += [
            f"--jobs={min(os.cpu_count() or 1, 4)}",
            f"--use-list={wanted.name}",
        ]
        backup.run("pg_restore", *options, f"--dbname={name}", dump)
    with database.connect(name) as cursor:
        cursor.execute("ANALYZE")


def _compare(name, expected):
    with database.connect(name) as cursor:
        found = backup.rows(cursor)
    if found != expected:
        wrong = sorted(t for t in expected | found if expected.get(t) != found.get(t))
        raise Failure(f"the restored database lacks rows: {', '.join(wrong)}.")


def _skip_numbers(name):
    """Give no number again that was given since the backup.

    A partner that knows a ticket, a message or a service by it would take the new one
    for that.
    """
    with database.connect(name) as cursor:
        cursor.execute(SKIP, (GAP, list(NUMBERED_TABLES), list(REFERENCES)))


def _hold_keys(name):
    """Let no key of the API serve until somebody says that it was not revoked since."""
    with database.connect(name) as cursor:
        cursor.execute("SELECT to_regclass('oiconnect_api_key') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(HOLD)
        if cursor.rowcount:
            say(f"keys on hold, to release in API / API keys: {cursor.rowcount}")


def _extract(archive, name):
    """Those files only that rows still name: a neutralized copy has fewer."""
    folder = settings.FILESTORE / name
    folder.mkdir(parents=True, exist_ok=True)
    with closing(psycopg2.connect(dbname=name)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(backup.STORED)
            wanted = {stored for (stored,) in cursor}
    with tarfile.open(archive) as source:
        for member in source:
            if member.name in wanted:
                source.extract(member, folder, filter="data")


# -- the key of secrets ----------------------------------------------------------------


def _key_to_place(folder, force):
    """The key that must take the place of this server's; None when it is the same."""
    key = (folder / backup.KEY).read_text().strip()
    current = os.environ.get("OIC_SECRET_KEY", "").strip()
    if key == current:
        return None
    path = settings.KEY_FILE
    if not _is_ours(path, current):
        raise Failure(
            "this server keeps secrets by another key than the backup's.",
            f"Give it the one of {folder / backup.KEY}, then run again.",
        )
    if not force:
        raise Failure(
            f"the key of secrets {path} is another one than the backup's.",
            "With --force that of the backup takes its place; the old one is saved.",
        )
    return key


def _is_ours(path, current):
    """Whether the key in use comes from a file that we may replace."""
    try:
        return path.read_text().strip() == current and os.access(path.parent, os.W_OK)
    except OSError:
        return False


def _place_key(key):
    """At once; the old one stays beside it."""
    path = settings.KEY_FILE
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with open(new, "x", opener=backup.private) as file:
        file.write(f"{key}\n")
    shutil.copy2(path, path.with_name(f"{path.name}.{datetime.now(UTC):%Y%m%d-%H%M%S}"))
    new.replace(path)
