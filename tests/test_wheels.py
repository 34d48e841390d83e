"""Our addons as packages: an environment that has only them serves one order.

That environment is made as on another machine: by scripts/setup.sh from the run-time
lock, then from our wheels. It inherits nothing of the developers' own: what the lock
lacks is not there.
"""

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import PathDistribution, distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
from oictools import database, settings, sources, wheels

pytestmark = [pytest.mark.slow, pytest.mark.early]
LIMIT = 900
NAME = "oic_test_e2e_wheels"
NEEDED = re.compile(r"[A-Za-z0-9._-]+")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: of our environment: where packages come from, and the server of PostgreSQL
PASSED_ON = re.compile(
    r"PIP_|PG|OIC_(CACHE|SECRET_KEY)$|SSL_|REQUESTS_|\w+_PROXY$", re.I
)
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
def alone(built, tmp_path_factory):
    alone = Environment(tmp_path_factory.mktemp("alone"))
    alone.install(built)
    return alone


@pytest.fixture
def no_database():
    """The name of a database that is still to be made."""
    database.drop(NAME)
    yield NAME
    database.drop(NAME)


class Environment:
    """A virtual environment of the run-time lock, and an Odoo tree beside it."""

    def __init__(self, folder):
        self.folder, self.home = folder, folder / "home"
        self.tree = Path(find_spec("odoo.release").origin).parents[1]
        self.variables = {
            name: value for name, value in os.environ.items() if PASSED_ON.match(name)
        }
        command = [sys.executable, "-m", "pip", "cache", "dir"]
        self.variables |= {
            "PATH": PATH,
            "HOME": str(folder),
            "PIP_CACHE_DIR": run(command).stdout.strip(),
        }

    def install(self, packages):
        """Make it by the steps of the set-up, then install our packages into it."""
        setup = self.variables | {
            "OIC_HOME": str(self.home),
            "OIC_PYTHON3": str(Path(sys.executable).resolve()),
            "ODOO_HOME": str(self.tree),
        }
        run([settings.ROOT / "scripts" / "setup.sh", "--image"], env=setup)
        command = [*self._python(), "-m", "pip", "install", "--quiet", "--no-index"]
        command += ["--no-deps", "--no-compile", *packages]
        run(command, env=self.variables)
        [self.packages] = (self.home / "venv" / "lib").glob("python3*/site-packages")

    def _python(self):
        """Python that looks at no variable and at no user's own packages."""
        compiled = f"pycache_prefix={self.folder / 'compiled'}"
        return [self.home / "venv" / "bin" / "python", "-I", "-X", compiled]

    def odoo(self, name, *arguments, code=None):
        """Run Odoo, which finds our addons among the packages and in no folder."""
        first, arguments = arguments[:1], arguments[1:]
        configuration = self.folder / "odoo.conf"
        ours = f",{settings.ADDONS}"
        lines = Path(os.environ["ODOO_RC"]).read_text().replace(ours, "")
        configuration.write_text(lines)
        command = [*self._python(), settings.ODOO_BIN, *first, "-c", configuration]
        command += ["-d", name, *arguments, "--no-http", "--log-level=warn"]
        done = run(command, env=self.variables, input=code or "", cwd=self.folder)
        assert str(settings.ADDONS) not in done.stderr, done.stderr[-4000:]
        return done.stdout


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


def test_wheels_need_each_other_and_what_we_lock(alone):
    places = [str(alone.packages), str(alone.tree)]
    there = {normal(found.name) for found in distributions(path=places)}
    for name in sources.present(demo=True):
        found = metadata(alone.packages, name)
        assert found.version == sources.manifest(name)["version"]
        needed = {NEEDED.match(line)[0] for line in found.requires}
        assert f"odoo-addon-{name}" not in needed and "odoo" in needed
        depends = set(sources.manifest(name)["depends"]) & set(sources.NAMES)
        assert {f"odoo-addon-{other}" for other in depends} <= needed
        missing = {other for other in needed if normal(other) not in there}
        assert not missing, f"{name} needs what is not locked"


def normal(name):
    """Return the name of a package as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_an_empty_environment_takes_one_order_and_makes_one_invoice(alone, no_database):
    addons = ",".join([*sources.present(), "queue_job"])
    alone.odoo(
        *(no_database, "server", "-i", addons, "--without-demo"),
        *("--load-language=fr_FR", "--stop-after-init"),
    )
    code = SMOKE.format(tests=str(Path(__file__).parent))
    shell = ("shell", "--shell-interface=python")
    assert "billed 31.0" in alone.odoo(no_database, *shell, code=code)
