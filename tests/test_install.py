"""All addons install on an empty database without a word of complaint.

That they upgrade so, test_upgrade.py shows.
"""

import re
import subprocess
import sys

import pytest
from oictools import settings

COMPLAINT = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) .*$", re.MULTILINE)
LIMIT = 900


def complaints(text):
    """Lines at warning level and above that speak of us."""
    return [line for line in COMPLAINT.findall(text) if "oiconnect" in line]


@pytest.mark.parametrize("kind", ["nodemo", "demo"])
def test_the_installation_left_no_warning(kind):
    log = settings.LOG / f"install-{kind}.log"
    if not log.exists():
        pytest.skip(f"{log.name}: the template was not built by make test")
    text = log.read_text(errors="replace")
    assert ("Loading module oiconnect_billing" in text) == (kind == "nodemo")
    assert ("Loading module oiconnect_demo" in text) == (kind == "demo")
    assert complaints(text) == []


def upgrade(name, *arguments):
    """Install or upgrade what ``arguments`` name; return what was said meanwhile."""
    command = [sys.executable, settings.ODOO_BIN, "-d", name, *arguments]
    done = subprocess.run(
        [*command, "--stop-after-init", "--no-http", "--log-level=info"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Modules loaded." in done.stderr
    return done.stderr
