"""A release: one command makes versions, changelog, wheels and notes, or nothing."""

import ast
import subprocess
from datetime import date

import pytest
import release
from oictools.console import Failure

pytestmark = pytest.mark.early
CHANGELOG = """# Changes

## Unreleased

- **Orders** arrive.

## 19.0.0.0.0 (2026-01-01)

- Older.
"""
MANIFEST = """{{
    "name": "OIConnect: {name}",
    "version": "19.0.1.0.0",
    "author": "OIConnect",
    "license": "AGPL-3",
    "depends": {depends},
}}
"""
BUILD = """[build-system]
requires = ["whool"]
build-backend = "whool.buildapi"

[tool.whool]
post_version_strategy_override = "none"
"""
RELEASES = """# Releases

| version | date | commit | when upgrading to a later one |
|---|---|---|---|
| main | 2026-01-01 | `4294e9cf` | nothing |
"""
ADDONS = {"oiconnect_one": "['base']", "oiconnect_two": "['oiconnect_one']"}


class Repository:
    """Two addons, a changelog and the file of the images, under git."""

    def __init__(self, root):
        self.root = root
        self.git("init", "--quiet")
        self.git("config", "user.name", "OIConnect")
        self.git("config", "user.email", "oi@example.com")
        for name, depends in ADDONS.items():
            manifest = MANIFEST.format(name=name, depends=depends)
            self.write(f"addons/{name}/__manifest__.py", manifest)
            self.write(f"addons/{name}/__init__.py", "")
            self.write(f"addons/{name}/pyproject.toml", BUILD)
        self.write("docker/compose.yaml", "image: oiconnect:${OIC_VERSION:-19.0}\n")
        self.write(".gitignore", "/dist/\n")
        self.write("CHANGELOG.md", CHANGELOG)
        self.write("docs/releases.md", RELEASES)
        self.commit()

    def git(self, *words):
        done = subprocess.run(
            ["git", *words],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout.strip()

    def read(self, path):
        return (self.root / path).read_text()

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "Work")

    def version(self, addon):
        return ast.literal_eval(self.read(f"addons/{addon}/__manifest__.py"))["version"]

    def note(self, text):
        """Say a change of the next release."""
        changes = self.read("CHANGELOG.md").replace(
            "\n## ", f"\n## Unreleased\n\n- {text}\n\n## ", 1
        )
        self.write("CHANGELOG.md", changes)


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


@pytest.fixture
def released(repository):
    """The first release is made."""
    changes = repository.read("CHANGELOG.md").replace("Unreleased", "19.0.1.0.0")
    repository.write("CHANGELOG.md", changes)
    repository.commit()
    repository.git("tag", "-a", "19.0.1.0.0", "-m", "OIConnect")
    return repository


def test_the_first_release(repository):
    folder = release.make(repository.root, "19.0.1.0.0")
    assert sorted(path.name for path in folder.iterdir()) == [
        "NOTES.md",
        "SHA256SUMS",
        "odoo_addon_oiconnect_one-19.0.1.0.0-py3-none-any.whl",
        "odoo_addon_oiconnect_two-19.0.1.0.0-py3-none-any.whl",
    ]
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=True)
    notes = (folder / "NOTES.md").read_text()
    assert "Orders" in notes and "Older" not in notes and "first release" in notes
    assert "## Unreleased" not in repository.read("CHANGELOG.md")
    assert "OIC_VERSION:-19.0.1.0.0}" in repository.read("docker/compose.yaml")
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("describe", "HEAD~") == "19.0.1.0.0"
    assert repository.git("worktree", "list").count("\n") == 0


def test_a_release_is_listed_with_its_commit(repository):
    release.make(repository.root, "19.0.1.0.0")
    commit = repository.git("rev-parse", "19.0.1.0.0^{commit}")
    assert repository.git("rev-parse", "HEAD~") == commit
    day = f"{date.today():%Y-%m-%d}"
    changes = repository.read("CHANGELOG.md")
    assert f"\n## 19.0.1.0.0 ({day}, {commit[:10]})\n" in changes
    _head, _line, first, second = [
        line
        for line in repository.read("docs/releases.md").splitlines()
        if line.startswith("|")
    ]
    assert first == f"| 19.0.1.0.0 | {day} | `{commit}` | the first release |"
    assert second == "| main | 2026-01-01 | `4294e9cf` | nothing |"


def test_the_first_release_is_the_version_of_all_addons(repository):
    manifest = repository.read("addons/oiconnect_two/__manifest__.py")
    lower = manifest.replace("19.0.1.0.0", "19.0.0.3.0")
    repository.write("addons/oiconnect_two/__manifest__.py", lower)
    repository.commit()
    release.make(repository.root, "19.0.1.0.0")
    assert {repository.version(addon) for addon in ADDONS} == {"19.0.1.0.0"}


def test_a_first_release_that_is_lower_than_an_addon_is_refused(repository):
    manifest = repository.read("addons/oiconnect_two/__manifest__.py")
    higher = manifest.replace("19.0.1.0.0", "19.0.1.3.0")
    repository.write("addons/oiconnect_two/__manifest__.py", higher)
    repository.commit()
    with pytest.raises(Failure, match=r"oiconnect_two is 19\.0\.1\.3\.0 already"):
        release.make(repository.root, "19.0.1.0.0")


def test_the_next_release_raises_the_version_of_what_changed(released):
    released.note("**Tickets** too.")
    script = "addons/oiconnect_two/migrations/19.0.1.0.1/pre-tickets.py"
    released.write(script, '"""Orders that wait get\na ticket."""\n')
    released.commit()
    folder = release.make(released.root, "19.0.1.1.0")
    assert released.version("oiconnect_one") == "19.0.1.0.0"
    assert released.version("oiconnect_two") == "19.0.1.0.1"
    assert list(folder.glob("*two-19.0.1.0.1-*.whl"))
    notes = (folder / "NOTES.md").read_text()
    assert "Tickets" in notes and "Orders** arrive" not in notes
    assert "from 19.0.1.0.0 and later" in notes
    assert "- oiconnect_two: Orders that wait get a ticket." in notes


def test_a_version_that_was_raised_by_hand_stays(released):
    released.note("**Tickets** too.")
    path = "addons/oiconnect_one/__manifest__.py"
    released.write(path, released.read(path).replace("19.0.1.0.0", "19.0.2.0.0"))
    released.commit()
    release.make(released.root, "19.0.2.0.0")
    assert released.version("oiconnect_one") == "19.0.2.0.0"


@pytest.mark.parametrize(
    ("version", "spoil", "words"),
    [
        ("", None, "is no version"),
        ("19.0.1", None, "is no version"),
        ("19.0.1.0.0", None, "is released"),
        ("19.0.0.9.0", None, "is released"),
        ("19.0.1.1.0", "dirty", "has changes"),
        ("19.0.1.1.0", "silent", "nothing under"),
        ("19.0.1.1.0", "broken", "could not be built"),
    ],
)
def test_a_release_that_is_refused_leaves_nothing(released, version, spoil, words):
    if spoil != "silent":
        released.note("**Tickets** too.")
    if spoil == "broken":
        released.write("addons/oiconnect_one/pyproject.toml", "[build-system")
    released.commit()
    if spoil == "dirty":
        released.write("addons/oiconnect_one/__init__.py", "import os\n")
    before = released.git("rev-parse", "HEAD"), released.git("tag")
    with pytest.raises(Failure, match=words):
        release.make(released.root, version)
    assert (released.git("rev-parse", "HEAD"), released.git("tag")) == before
    assert not list(released.root.glob("dist/*"))
    assert released.git("worktree", "list").count("\n") == 0
