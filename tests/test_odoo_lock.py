"""Odoo is the one of requirements/odoo.lock, wherever its file comes from."""

import hashlib
import subprocess

import pytest
from oictools import settings

OLD, NEW = "19.0.0+dfsg-1", "19.0.1+dfsg-1"
CONTENT = b"the tree of Odoo"
#: the archive and its snapshots, in the place of the network
STUBS = """
read_lists() { :; }
newest_version() { echo "$SID"; }
download() {
    local folder="$1"
    shift
    echo "archive: $*" >>"$CALLS"
    for wanted in "$@"; do
        case "$wanted" in
            odoo-19=*) printf %s "$SENT" >"$folder/odoo-19_${wanted#*=}_all.deb" ;;
            *) : >"$folder/${wanted%%/*}_1_all.deb" ;;
        esac
    done
}
run_logged() {
    echo "snapshot: $5 $6" >>"$CALLS"
    [ -z "${LOST:-}" ] || return 1
    printf %s "$SENT" >"$7/${5}_${6}_all.deb"
}
"""


@pytest.fixture
def archive(tmp_path):
    """Return a function that runs a part of the script: (errors, calls)."""
    lock = tmp_path / "odoo.lock"
    digest = hashlib.sha256(CONTENT).hexdigest()
    lock.write_text(f"# a comment\nodoo-19 {OLD} {digest}\n")

    def run(part, sid=OLD, sent=CONTENT, **more):
        calls = tmp_path / "calls"
        calls.write_text("")
        script = f"""
            . scripts/fetch_odoo.sh
            LOCK="{lock}"
            read -r ODOO_PACKAGE ODOO_VERSION ODOO_SHA256 < <(grep '^odoo-19 ' "$LOCK")
            {STUBS}
            mkdir -p "$DEBS"
            {part}
        """
        done = subprocess.run(
            ["bash", "-c", script, "scripts/of-a-test.sh"],
            cwd=settings.ROOT,
            env={
                "PATH": "/usr/bin:/bin",
                "OIC_HOME": str(tmp_path / "home"),
                "SID": sid,
                "SENT": sent.decode(),
                "CALLS": str(calls),
                **more,
            },
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )
        return done.stderr, calls.read_text()

    run.lock = lock
    return run


def test_the_version_of_the_lock_is_requested_from_the_archive(archive):
    errors, calls = archive("download_odoo")
    assert f"archive: odoo-19={OLD}" in calls and "snapshot" not in calls
    assert "ERROR" not in errors


def test_another_file_under_the_same_version_is_refused(archive):
    errors, _calls = archive("download_odoo", sent=b"somebody else's")
    assert "is not the one of requirements/odoo.lock" in errors
    assert "Remove it, then: make run" in errors


def test_once_the_archive_has_gone_on_it_comes_from_the_snapshots(archive):
    errors, calls = archive("download_odoo", sid=NEW)
    assert f"snapshot: odoo-19 {OLD}" in calls
    assert f"odoo-19={NEW}" not in calls and "ERROR" not in errors


def test_where_it_is_gone_the_error_says_to_take_the_present_one(archive):
    errors, _calls = archive("download_odoo", sid=NEW, LOST="1")
    assert "Take the present one and test it: make odoo-update" in errors


def test_a_cached_file_of_another_lock_is_fetched_anew(archive):
    archive("download_odoo")
    _errors, calls = archive('locked_deb_is_cached && echo cached >>"$CALLS"')
    assert calls == "cached\n"
    archive.lock.write_text(f"odoo-19 {NEW} {'0' * 64}\n")
    _errors, calls = archive('locked_deb_is_cached || echo other >>"$CALLS"')
    assert calls == "other\n"


def test_the_newest_one_is_locked_by_its_version_and_digest(archive):
    archive("lock_newest", sid=NEW, sent=b"a new tree")
    digest = hashlib.sha256(b"a new tree").hexdigest()
    assert archive.lock.read_text() == f"# a comment\nodoo-19 {NEW} {digest}\n"


def test_the_tree_at_work_is_that_of_the_lock():
    """A tree given by ODOO_HOME is not checked."""
    stamp = settings.HOME / "stamps" / "tree"
    if not stamp.exists():
        pytest.skip("ODOO_HOME is set: its tree is not fetched")
    text = (settings.ROOT / "requirements" / "odoo.lock").read_text()
    assert stamp.read_text().startswith(text.splitlines()[-1])
