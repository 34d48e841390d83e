"""Environments of the run-time lock alone, one for each Python of this machine."""

import os
import shutil
import subprocess
from pathlib import Path

from oictools import settings

SETUP = settings.ROOT / "scripts" / "setup.sh"
CHECK = Path(__file__).with_name("runtime_lock.py")
VERSIONS = ("3.11", "3.12", "3.13")
LIMIT = 900
FITS = """import os, sys, sysconfig, venv
assert "%d.%d" % sys.version_info[:2] == sys.argv[1]
assert os.path.exists(sysconfig.get_path("include") + "/Python.h")"""


def pythons():
    """Return ``{version: path}`` of the supported Pythons that have their headers."""
    found = {}
    for version in VERSIONS:
        name = f"python{version}"
        versions = Path.home().glob(f".pyenv/versions/{version}.*/bin/python3")
        for path in (f"/usr/bin/{name}", shutil.which(name), *sorted(versions)):
            if version not in found and path and fits(path, version):
                found[version] = str(path)
    return found


def fits(path, version):
    try:
        done = subprocess.run(
            [path, "-c", FITS, version], capture_output=True, timeout=60
        )
    except OSError:
        return False
    return done.returncode == 0


def faults(version, path):
    """Build an environment as `make run` does; return what is wrong with it, as a text.

    The tree of Odoo is that of ``OIC_HOME``; the environment is reused the next time.
    """
    home = settings.HOME / "fresh" / f"python-{version}"
    tree = settings.HOME / "odoo" / "usr" / "lib" / "python3" / "dist-packages"
    own = {name: value for name, value in os.environ.items() if not is_ours(name)}
    own |= {"OIC_HOME": str(home), "OIC_CACHE": str(settings.HOME / "cache")}
    own |= {"OIC_PYTHON3": path, "ODOO_HOME": os.environ.get("ODOO_HOME") or str(tree)}
    set_up = run([SETUP], own)
    if set_up.returncode:
        return set_up.stderr
    python = home / "venv" / "bin" / "python"
    checked = [
        run([python, "-I", "-m", "pip", "check"], own),
        run([python, "-I", CHECK], own),
    ]
    return "".join(one.stdout or one.stderr for one in checked if one.returncode)


def is_ours(name):
    return name.startswith(("OIC_", "ODOO_", "PYTHON", "COVERAGE"))


def run(command, environment):
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
