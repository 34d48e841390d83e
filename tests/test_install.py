"""All addons install on an empty database and upgrade without a word of complaint."""

import re
import subprocess
import sys

import pytest
from oictools import settings, sources

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


@pytest.mark.slow
def test_the_upgrade_leaves_no_warning_and_keeps_what_users_changed(demo_database):
    """An administrator's edits of delivered data survive, and those of the demo."""
    from odoo_process import environment, registry

    with registry(demo_database) as base, environment(base) as env:
        flow = env["oiconnect.flow"]._by_code("CR_CMD")
        flow.encoding = "cp1252"
        env["oiconnect.reason"]._of("FINT01").name = "Changed"
        env["oiconnect.commune"].search([("insee_code", "=", "01004")]).name = "Changed"
        env["oiconnect.endpoint"].search([]).port = 2345
        orders = env["oiconnect.access.order"].search_count([])
    addons = [*sources.present(), sources.DEMO]
    assert complaints(upgrade(demo_database, "-u", ",".join(addons))) == []
    with registry(demo_database) as base, environment(base) as env:
        assert env["oiconnect.flow"]._by_code("CR_CMD").encoding == "cp1252"
        assert env["oiconnect.reason"]._of("FINT01").name == "Changed"
        commune = env["oiconnect.commune"].search([("insee_code", "=", "01004")])
        assert commune.name == "Changed"
        assert set(env["oiconnect.endpoint"].search([]).mapped("port")) == {2345}
        assert env["oiconnect.access.order"].search_count([]) == orders
