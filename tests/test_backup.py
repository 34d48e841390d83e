"""Backup and restore: of all that was lost, nothing lacks, and the work goes on."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import conftest
import demo_facts
import psycopg2
import pytest
import small_disk
from cryptography.fernet import Fernet
from import_jobs import rows
from oictools import backup, database, restore, settings
from oictools.oc import Account
from oictools.story import Story

LIMIT = 300
#: in whatever order rows come: to sort them took longer than to read them
CHECKSUM = "SELECT (count(*), sum(hashtextextended(row::text, 0)))::text FROM {} row"
#: what the running server itself goes on writing meanwhile: a file that it took is
#: moved to the archive by a later look
RESTLESS = {
    *("queue_job", "queue_job_lock", "oiconnect_endpoint", "oiconnect_claim"),
    "bus_bus",
    *("ir_cron", "ir_cron_progress", "ir_cron_trigger", "ir_config_parameter"),
}
FILES = "SELECT count(DISTINCT store_fname) FROM ir_attachment"
# Sequences of ours whose numbers stay internal: the turns of files
INTERNAL = {"oiconnect_exchange_turn"}
# Those that are no id of a table
NAMED_SEQUENCES = """
    SELECT relname FROM pg_class
     WHERE relkind = 'S' AND relname LIKE 'oiconnect\\_%'
           AND relname NOT LIKE '%\\_id\\_seq'"""


class Tools:
    """scripts/backup.py and restore.py, for a server whose key is in a file."""

    def __init__(self, folder):
        self.folder = folder
        self.key_file = folder / "secret.key"
        self.key_file.write_text(os.environ["OIC_SECRET_KEY"])

    @property
    def key(self):
        return self.key_file.read_text().strip()

    def _run(self, script, *words, **environment):
        keys = {
            "OIC_SECRET_KEY_FILE": str(self.key_file),
            "OIC_SECRET_KEY": self.key,
            # The server of the tests goes on, whoever started it.
            "OIC_PG_STARTED": "no",
        }
        return subprocess.run(
            [sys.executable, settings.ROOT / "scripts" / script, *words],
            env=os.environ | keys | environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    def backup(self, name, folder=None):
        folder = folder or self.folder / "backups"
        return self._run("backup.py", folder, "--database", name)

    def restore(self, *words, **environment):
        return self._run("restore.py", *words, **environment)

    def saved(self, name):
        done = self.backup(name)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.strip())


def checksums(name):
    """{table: checksum of all its rows}"""
    with database.connect(name) as cursor:
        cursor.execute(backup.TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(CHECKSUM.format(table))
            [found[table]] = cursor.fetchone()
        return found


def stored_files(name):
    """{name in the filestore: bytes} of the files that rows name"""
    with database.connect(name) as cursor:
        cursor.execute(backup.STORED)
        folder = settings.FILESTORE / name
        return {stored: (folder / stored).read_bytes() for (stored,) in cursor}


def numbers(name):
    """Return ``{sequence: last number}`` of the numbers that partners receive."""
    with database.connect(name) as cursor:
        found = {}
        for sequence in [f"{table}_id_seq" for table in restore.NUMBERED_TABLES] + [
            *restore.REFERENCES
        ]:
            cursor.execute(f"SELECT last_value FROM {sequence}")
            [found[sequence]] = cursor.fetchone()
        return found


def test_every_sequence_is_declared_public_or_internal(empty_database):
    """A reference that is new is not given twice after a restore either."""
    with database.connect(empty_database) as cursor:
        cursor.execute(NAMED_SEQUENCES)
        named = {sequence for (sequence,) in cursor}
    assert named == {*restore.REFERENCES, *INTERNAL}


def files_on_disk(name):
    folder = settings.FILESTORE / name
    return [path for path in folder.rglob("*") if path.is_file()]


def refused(done, *words):
    """It ended with a sentence that says so, and without a traceback."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "ERROR: " in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr
    return True


# -- everything is lost ----------------------------------------------------------------


@contextmanager
def ordering(tmp_path):
    """The demo while OCAA orders; (server, its SFTP server, OCAA's story)"""
    with conftest.demo_running(tmp_path) as (server, sftp):
        with Account(sftp.port, "ocaa", "demo-ocaa") as operator:
            story = Story(operator, demo_facts.place(), "OCA-SAVED")
            list(story.order())
            yield server, sftp, story


def lose_everything(server, tools):
    """The disk of the machine is gone; the new one has made itself another key."""
    server.kill()
    database.drop(server.database)
    tools.key_file.write_text(Fernet.generate_key().decode())


@pytest.mark.slow
def test_after_a_loss_all_is_there_again_and_operators_are_answered(tmp_path):
    tools = Tools(tmp_path)
    with ordering(tmp_path) as (server, _sftp, story):
        name = server.database
        given = numbers(name)
        before = checksums(name)
        saved = tools.saved(name)
        after = checksums(name)
        files = stored_files(name)
        lose_everything(server, tools)
        assert refused(tools.restore(saved), "secret.key", "--force")
        assert not database.exists(name)

        done = tools.restore(saved, "--force")
        assert done.returncode == 0, done.stderr
        still = {table for table in before if before[table] == after[table]}
        assert set(before) - still <= RESTLESS
        found = checksums(name)
        assert {table: found[table] for table in still} == {
            table: before[table] for table in still
        }
        assert set(found) == set(before)
        assert stored_files(name) == files
        assert len(files) > 100
        # What was sent since the backup has a number that nothing else gets.
        for sequence, number in numbers(name).items():
            assert number >= given[sequence] + restore.GAP, sequence

        answered_after_restore(server, tools, story)
        neutralized_copy(tools, saved, f"{name}_staging")


def answered_after_restore(server, tools, story):
    """The stored password of OCAA's account opens it: its next files are answered."""
    server.let_a_minute_pass()
    server.environment["OIC_SECRET_KEY"] = tools.key
    server.start()
    conftest.look_now(server)
    assert [message.flow for message in story.connect()] == ["CR_STOC", "CR_MAD"]
    reference = story.reference(1)
    query = "SELECT state FROM oiconnect_access_order WHERE oc_reference = %s"
    assert server.rows(query, reference) == [("delivered",)]


def neutralized_copy(tools, saved, name):
    """A staging copy knows no server, no customer, and has no file of an exchange."""
    try:
        done = tools.restore(saved, "--database", name, "--neutralize")
        assert done.returncode == 0, done.stderr
        with database.connect(name) as cursor:
            cursor.execute(
                "SELECT DISTINCT host, password_token FROM oiconnect_endpoint"
            )
            assert cursor.fetchall() == [("neutralized.invalid", None)]
            cursor.execute(
                "SELECT count(*) FROM oiconnect_access_order"
                " WHERE customer_name IS NOT NULL"
            )
            assert cursor.fetchone() == (0,)
        left = files_on_disk(name)
        assert left
        assert not any(b"CommandePriseInterneOC" in path.read_bytes() for path in left)
    finally:
        database.drop(name)


# -- a backup that is not whole --------------------------------------------------------


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    return Tools(tmp_path_factory.mktemp("tools"))


@pytest.fixture(scope="module")
def saved(tools, shared_database):
    return tools.saved(shared_database)


@pytest.fixture
def spoilt(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "spoilt", copy_function=os.link)


def replace(path, content):
    path.unlink()
    path.write_bytes(content)


def cut_short(folder, part):
    replace(folder / part, (folder / part).read_bytes()[:-512])
    return part, "was cut short or changed"


def changed(folder, part):
    content = bytearray((folder / part).read_bytes())
    content[len(content) // 2] ^= 1
    replace(folder / part, content)
    return part, "was cut short or changed"


def missing(folder, part):
    (folder / part).unlink()
    return part, "is missing"


def lasting_databases():
    """Return the databases that no test beside this one makes or drops."""
    mine = f"_{os.getpid()}_"
    return {
        name
        for name in database.names()
        if mine in name or not name.startswith("oic_test_")
    }


@pytest.mark.parametrize("spoil", [cut_short, changed, missing])
@pytest.mark.parametrize("part", backup.PARTS)
def test_a_backup_that_is_not_whole_is_refused(tools, spoilt, spoil, part):
    before = lasting_databases()
    words = spoil(spoilt, part) if part != backup.KEY else spoil_key(spoilt, spoil)
    done = tools.restore(spoilt, "--database", "oic_test_e2e_never", "--force")
    assert refused(done, *words, "Nothing was restored")
    assert "oic_test_e2e_never" not in "".join(database.names())
    assert before <= lasting_databases()


def spoil_key(folder, spoil):
    """It is too short to lose 512 bytes."""
    if spoil is missing:
        return missing(folder, backup.KEY)
    replace(folder / backup.KEY, Fernet.generate_key()[:-4])
    return backup.KEY, "was cut short or changed"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": 1}', b'{"format": 9}'])
def test_a_folder_without_a_sound_manifest_is_refused(tools, spoilt, content):
    replace(spoilt / backup.MANIFEST, content)
    assert refused(tools.restore(spoilt), backup.MANIFEST)
    (spoilt / backup.MANIFEST).unlink()
    assert refused(tools.restore(spoilt), "is no backup")


def test_a_database_that_exists_is_never_replaced_by_default(
    tools, saved, shared_database
):
    before = checksums(shared_database)
    done = tools.restore(saved)
    assert refused(done, f"there is a database {shared_database} already", "--force")
    assert checksums(shared_database) == before


def test_another_key_is_left_when_it_comes_from_no_file_of_ours(tools, saved):
    """A container has such a key, and cannot write its secrets."""
    done = tools.restore(
        *(saved, "--database", "oic_test_e2e_never", "--force"),
        OIC_SECRET_KEY_FILE="/dev/null",
        OIC_SECRET_KEY=Fernet.generate_key().decode(),
    )
    assert refused(done, "another key than the backup's", f"{saved}/secret.key")


# -- taking one ------------------------------------------------------------------------


def test_a_backup_says_what_it_holds_and_is_its_owners_only(saved, shared_database):
    manifest = json.loads((saved / backup.MANIFEST).read_text())
    assert manifest["database"] == shared_database
    assert manifest["versions"]["modules"]["oiconnect_interop"].startswith("19.0.")
    assert manifest["rows"]["ir_module_module"] > 100
    [[files]] = rows(shared_database, FILES)
    assert manifest["files"] == files > 20
    assert manifest["missing_files"] == []
    assert saved.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in saved.iterdir()) == sorted(
        (*backup.PARTS, backup.MANIFEST)
    )


def test_a_full_disk_leaves_no_half_backup(tools, shared_database):
    with small_disk.mounted() as path:
        folder = Path(path) / "backups"
        done = tools.backup(shared_database, folder)
        assert refused(done, "No space left")
        assert [found.name for found in folder.iterdir()] == [".lock"]


def test_what_a_killed_backup_left_is_taken_away_by_the_next(tools, tmp_path):
    left = tmp_path / ".oiconnect-20260101-000000.part"
    left.mkdir()
    (left / backup.DUMP).write_bytes(b"half")
    done = tools.backup("oic_test_e2e_never", tmp_path)
    assert refused(done, "oic_test_e2e_never cannot be read")
    assert not left.exists()


def test_no_file_is_collected_while_a_backup_is_taken_and_work_goes_on(shared_database):
    query = "SELECT id FROM ir_attachment LIMIT 1"
    with backup.snapshot(shared_database):
        with closing(psycopg2.connect(dbname=shared_database)) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
                cursor.execute(
                    f"UPDATE ir_attachment SET name = name WHERE id IN ({query})"
                )
            with connection.cursor() as cursor:
                # As Odoo's _gc_file_store does
                with pytest.raises(psycopg2.errors.LockNotAvailable):
                    cursor.execute("LOCK ir_attachment IN SHARE MODE NOWAIT")
