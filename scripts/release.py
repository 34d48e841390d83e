"""Make a release: versions, changelog, image tag, commit and tag, wheels, notes.

Usage: ``make release VERSION=19.0.1.1.0``. All is made on a copy of the work tree: a
release that fails leaves nothing. Wheels and notes lie in ``dist/VERSION/``; the commit
and its tag are there to be pushed. A second commit, after the tag, names the first one
in the changelog and in docs/releases.md: from then on tests upgrade from it.
"""

import ast
import hashlib
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from oictools import settings, wheels
from oictools.console import Failure, main, say

VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
UNRELEASED = "## Unreleased\n"
RELEASES = "docs/releases.md"
# The head of the table there
TABLE = re.compile(r"^\| version .*\n\|[-|]+\|\n", re.MULTILINE)
IMAGE = re.compile(r"(OIC_VERSION:-)[\w.]+")
LIMIT = 300


def make(root, version):
    """Return the folder with the wheels and the notes of a new release."""
    Release(root, version).check()
    dist = root / "dist"
    dist.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=dist) as place, copy_of(root) as tree:
        release = Release(tree, version)
        release.write()
        commit = release.commit(f"Release {version}")
        made = release.pack(Path(place, version))
        release.name_commit(commit)
        listed = release.commit(f"List release {version}")
        git(root, "merge", "--ff-only", "--quiet", listed)
        git(root, "tag", "-a", version, "-m", f"OIConnect {version}", commit)
        return made.rename(dist / version)


@contextmanager
def copy_of(root):
    """A second work tree of the same repository, at the same commit."""
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place, "tree")
        git(root, "worktree", "add", "--quiet", "--detach", str(tree))
        try:
            yield tree
        finally:
            git(root, "worktree", "remove", "--force", str(tree))


def git(root, *words):
    done = subprocess.run(
        ["git", *words],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        raise Failure(f"git {words[0]} failed.", done.stderr.strip())
    return done.stdout.strip()


def parts(version):
    return [int(part) for part in version.split(".")]


class Release:
    """The next version of what lies in a work tree."""

    def __init__(self, tree, version):
        self.tree, self.version = tree, version
        tags = [tag for tag in git(tree, "tag").split() if VERSION.fullmatch(tag)]
        self.before = max(tags, key=parts, default=None)
        _head, found, rest = self._read("CHANGELOG.md").partition(UNRELEASED)
        self.changes = rest.split("\n## ")[0].strip() if found else ""

    def check(self):
        if not VERSION.fullmatch(self.version):
            raise Failure(
                f"“{self.version}” is no version.", "Say VERSION=19.0.1.1.0, say."
            )
        if git(self.tree, "status", "--porcelain"):
            raise Failure("The work tree has changes.", "Commit them first.")
        if self.before and parts(self.version) <= parts(self.before):
            raise Failure(f"{self.before} is released: the next version is higher.")
        if not self.changes:
            raise Failure(
                "CHANGELOG.md has nothing under “Unreleased”.",
                "Write there what users notice.",
            )
        if not TABLE.search(self._read(RELEASES)):
            raise Failure(f"{RELEASES} has no table of releases.", "Write its head.")
        for path, version in self._versions():
            if not self.before and parts(version) > parts(self.version):
                raise Failure(f"{path.parent.name} is {version} already.")

    def write(self):
        """Versions of changed addons, heading of the changelog, tag of the images."""
        for path, version, new in self._new_versions():
            self._change(path, f'"version": "{version}"', f'"version": "{new}"')
        self._change("CHANGELOG.md", UNRELEASED, self._heading())
        compose = self._read("docker/compose.yaml")
        self._write("docker/compose.yaml", IMAGE.sub(rf"\g<1>{self.version}", compose))

    def _heading(self, commit=""):
        day = f"{date.today():%Y-%m-%d}"
        return f"## {self.version} ({', '.join(filter(None, [day, commit]))})\n"

    def name_commit(self, commit):
        """Name the commit of the release where people and tests look for it."""
        self._change("CHANGELOG.md", self._heading(), self._heading(commit[:10]))
        note = "see CHANGELOG.md" if self.before else "the first release"
        day = f"{date.today():%Y-%m-%d}"
        row = f"| {self.version} | {day} | `{commit}` | {note} |\n"
        text = self._read(RELEASES)
        self._write(RELEASES, TABLE.sub(lambda head: head[0] + row, text, count=1))

    def _versions(self):
        """Yield ``(path of the manifest, version)`` of each addon."""
        for path in sorted(self.tree.glob("addons/*/__manifest__.py")):
            yield path, ast.literal_eval(path.read_text())["version"]

    def _new_versions(self):
        """Yield ``(path of the manifest, version, new version)`` where it changes.

        The first release gives all addons its own version.
        """
        if not self.before:
            for path, version in self._versions():
                yield path, version, self.version
        for path in self._changed_manifests():
            version = ast.literal_eval(path.read_text())["version"]
            *head, last = version.split(".")
            yield path, version, ".".join([*head, str(int(last) + 1)])

    def _changed_manifests(self):
        """Those of addons that changed since the last release under the same version.

        Odoo upgrades an addon by its version, and pip takes a wheel by it.
        """
        for path in sorted(self.tree.glob("addons/*/__manifest__.py")):
            folder = str(path.parent.relative_to(self.tree))
            known = self.before and git(self.tree, "ls-tree", self.before, folder)
            if not known or not git(self.tree, "diff", "--stat", self.before, folder):
                continue
            former = git(self.tree, "show", f"{self.before}:{folder}/__manifest__.py")
            now = ast.literal_eval(path.read_text())
            if now["version"] == ast.literal_eval(former)["version"]:
                yield path

    def commit(self, message):
        git(self.tree, "commit", "--quiet", "--all", "-m", message)
        return git(self.tree, "rev-parse", "HEAD")

    def pack(self, folder):
        """Wheels, their digests, and the notes; return the folder."""
        folder.mkdir()
        made = wheels.build(folder, self.tree)
        lines = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
            for path in made
        ]
        (folder / "SHA256SUMS").write_text("".join(lines))
        (folder / "NOTES.md").write_text(self._notes())
        return folder

    # -- the notes -----------------------------------------------------------------

    def _notes(self):
        origin = (
            f"Upgrades from {self.before} and later by the steps of"
            " `docs/production.md` (Upgrade); they keep a backup to go back to."
            if self.before
            else "The first release. Databases of the commits that `docs/releases.md`"
            " lists are upgraded by the steps of `docs/production.md` (Upgrade)."
        )
        steps = "".join(f"- {line}\n" for line in self._migrations())
        return (
            f"# OIConnect {self.version}\n\n{self.changes}\n\n## Upgrade\n\n{origin}\n"
            + (f"\nThe upgrade does by itself:\n\n{steps}" if steps else "")
        )

    def _migrations(self):
        """What the scripts of migration added since the last release say they do."""
        if not self.before:
            return
        words = ["diff", "--name-only", "--diff-filter=A", self.before]
        scripts = ":(glob)addons/*/migrations/**/*.py"
        for name in git(self.tree, *words, "--", scripts).split():
            said = ast.get_docstring(ast.parse(self._read(name))) or name
            yield f"{name.split('/')[1]}: {' '.join(said.split())}"

    # -- files ---------------------------------------------------------------------

    def _read(self, path):
        return (self.tree / path).read_text()

    def _write(self, path, text):
        (self.tree / path).write_text(text)

    def _change(self, path, old, new):
        self._write(path, self._read(path).replace(old, new, 1))


def release():
    folder = make(settings.ROOT, *sys.argv[1:2] or [""])
    say(f"{folder} is there; then: git push --follow-tags")
    return 0


if __name__ == "__main__":
    main(release)
