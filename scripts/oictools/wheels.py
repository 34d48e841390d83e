"""Our addons as packages that pip installs, as the OCA builds its own (whool)."""

import os
import subprocess
import sys
from pathlib import Path

from . import settings
from .console import Failure

LIMIT = 300


def build(folder, root=settings.ROOT):
    """Build a wheel of each addon of a work tree; return their paths.

    They hold what git follows. Their files bear the date of the last commit: the same
    commit makes the same wheels.
    """
    folder = Path(folder).resolve()
    addons = [str(path.parent) for path in sorted(root.glob("addons/*/pyproject.toml"))]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--wheel-dir", str(folder), *addons],
        cwd=root,
        env=os.environ | {"SOURCE_DATE_EPOCH": _commit_date(root)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        raise Failure("The wheels could not be built.", done.stderr[-2000:])
    return sorted(folder.glob("odoo_addon_oiconnect_*.whl"))


def _commit_date(root):
    """The seconds since 1970 of the last commit."""
    command = ["git", "log", "-1", "--format=%ct"]
    found = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    return found.stdout.strip()
