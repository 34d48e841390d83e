"""Make a release: versions, changelog, image tag, commit and tag, wheels, notes.

Usage: ``make release VERSION=19.0.1.1.0``. All is made on a copy of the work tree: a
release that fails leaves nothing. Wheels and notes lie in ``dist/VERSION/``; the commit
and its tag are there to be pushed.
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
        commit = release.commit()
        made = release.pack(Path(place, version))
        git(root, "merge", "--ff-only", "--quiet", commit)
        git(root, "tag", "-a", version, "-m", f"OIConnect {version}")
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

    def write(self):
        """Versions of changed addons, heading of the changelog, tag of the images."""
        for path in self._changed_manifests():
            version = ast.literal_eval(path.read_text())["version"]
            *head, last = version.split(".")
            new = ".".join([*head, str(int(last) + 1)])
            self._change(path, f'"version": "{version}"', f'"version": "{new}"')
        heading = f"## {self.version} ({date.today():%Y-%m-%d})\n"
        self._change("CHANGELOG.md", UNRELEASED, heading)
        compose = self._read("docker/compose.yaml")
        self._write("docker/compose.yaml", IMAGE.sub(rf"\g<1>{self.version}", compose))

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

    def commit(self):
        git(self.tree, "commit", "--quiet", "--all", "-m", f"Release {self.version}")
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
            else "The first release: there is nothing to upgrade from."
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
