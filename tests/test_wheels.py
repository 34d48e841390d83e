"""Our addons as packages: an environment that has only them serves one order."""

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import PathDistribution, version
from pathlib import Path

import pytest
from oictools import database, settings, sources, templates, wheels

LIMIT = 600
NAME = "oic_test_e2e_wheels"
NEEDED = re.compile(r"[A-Za-z0-9._-]+")
SMOKE = """
import sys
sys.path.append({tests!r})
import smoke
print("billed", smoke.run(env))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return wheels.build(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """A folder of packages with our wheels and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index"]
    command += ["--no-deps", "--no-compile", "--disable-pip-version-check"]
    run([*command, "--target", folder, *built])
    return folder


@pytest.fixture
def empty_database():
    """A database with what our addons need, and none of them."""
    database.drop(NAME)
    database.clone(templates.base().ensure(), NAME)
    yield NAME
    database.drop(NAME)


def run(command, **options):
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done


def metadata(folder, name):
    [found] = folder.glob(f"odoo_addon_{name}-*.dist-info")
    return PathDistribution(found)


def test_a_wheel_has_all_that_git_follows(built):
    command = ["git", "ls-files", "addons"]
    listing = run(command, cwd=settings.ROOT).stdout.splitlines()
    followed = {
        f"odoo/{path}" for path in listing if not path.endswith("pyproject.toml")
    }
    held = dict(item for path in built for item in files_of(path))
    assert held.keys() == followed
    for name, content in held.items():
        path = settings.ROOT / name.removeprefix("odoo/")
        assert content == path.read_bytes(), name


def files_of(wheel):
    """Yield the (name, content) of the files of an addon in its wheel."""
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if ".dist-info/" not in name:
                yield name, packed.read(name)


def test_wheels_need_each_other_and_what_we_lock(installed):
    for name in sources.present(demo=True):
        found = metadata(installed, name)
        assert found.version == sources.manifest(name)["version"]
        needed = {NEEDED.match(line)[0] for line in found.requires}
        assert f"odoo-addon-{name}" not in needed and "odoo" in needed
        depends = set(sources.manifest(name)["depends"]) & set(sources.NAMES)
        assert {f"odoo-addon-{other}" for other in depends} <= needed
        for other in needed:
            if not other.startswith("odoo-addon-oiconnect"):
                assert version(other), f"{name} needs {other}, which is not locked"


@pytest.mark.slow
def test_an_empty_environment_takes_one_order_and_makes_one_invoice(
    installed, empty_database, tmp_path
):
    shell = Odoo(installed, tmp_path, empty_database)
    shell.run("-i", ",".join(sources.present()), "--stop-after-init")
    code = SMOKE.format(tests=str(Path(__file__).parent))
    output = shell.run("shell", "--shell-interface=python", code=code)
    assert "billed 31.0" in output


class Odoo:
    """Odoo that finds our addons among its packages, and in no folder."""

    def __init__(self, packages, folder, name):
        self.configuration = folder / "odoo.conf"
        lines = Path(os.environ["ODOO_RC"]).read_text().splitlines()
        self.configuration.write_text("\n".join(map(self._without_ours, lines)))
        self.environment = dict(
            os.environ, ODOO_RC=str(self.configuration), PYTHONPATH=str(packages)
        )
        self.name = name
        self.packages = packages

    @staticmethod
    def _without_ours(line):
        return line.replace(f",{settings.ADDONS}", "")

    def run(self, *arguments, code=None):
        first = arguments[:1] if arguments[0] == "shell" else ()
        command = [sys.executable, settings.ODOO_BIN, *first, "-d", self.name]
        command += [*arguments[len(first) :], "--no-http", "--log-level=warn"]
        done = run(command, env=self.environment, input=code or "")
        assert str(settings.ADDONS) not in done.stderr, done.stderr[-4000:]
        return done.stdout
