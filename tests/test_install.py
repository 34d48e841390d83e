"""All addons install on an empty database without a word of complaint.

That they upgrade so, test_upgrade.py shows.
"""

import re
import subprocess
import sys

import pytest
from oictools import database, settings, sources, templates

DEMO = re.compile(r"Module oiconnect_demo loaded in \S+, (\d+) queries")
# It took 47,000 when files, tickets and orders of the network were made one by one; of
# those that are left, 4,500 are of Odoo's chart of accounts.
DEMO_QUERIES = 19_000
COMPLAINT = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) .*$", re.MULTILINE)
LIMIT = 900
# Modules, with those that they stand on
INSTALLED = """
SELECT m.name, array_remove(array_agg(d.name), NULL)
  FROM ir_module_module m
  LEFT JOIN ir_module_module_dependency d ON d.module_id = m.id
 WHERE m.state = 'installed'
 GROUP BY m.name
"""
TESTS = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def complaints(text):
    """Lines at warning level and above that speak of us."""
    return [line for line in COMPLAINT.findall(text) if "oiconnect" in line]


@pytest.mark.parametrize("kind", ["nodemo", "demo"])
def test_the_installation_left_no_warning(kind):
    # It may be under way.
    templates.awaited(kind)
    log = settings.LOG / f"install-{kind}.log"
    text = log.read_text(errors="replace")
    assert ("Loading module oiconnect_billing" in text) == (kind == "nodemo")
    assert ("Loading module oiconnect_demo" in text) == (kind == "demo")
    assert complaints(text) == []


def test_nothing_is_installed_that_nothing_needs():
    """What Odoo adds of its own accord has doors, menus and calls of its own."""
    with database.connect(templates.awaited("nodemo")) as cursor:
        cursor.execute(INSTALLED)
        depends = dict(cursor.fetchall())
    wanted, needed = {*sources.present(), "queue_job"}, set()
    while wanted:
        needed |= wanted
        wanted = {one for name in wanted for one in depends[name]} - needed
    assert set(depends) - needed == set()


def test_the_demo_is_loaded_in_sets():
    """Queries, not seconds: they are the same on any machine."""
    templates.awaited("demo")
    log = settings.LOG / "install-demo.log"
    [queries] = DEMO.findall(log.read_text(errors="replace"))
    assert int(queries) <= DEMO_QUERIES


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


def needed(name):
    """Return all that an addon of ours stands on."""
    found = set()
    for one in sources.manifest(name)["depends"]:
        found |= {one} | (needed(one) if one.startswith("oiconnect_") else set())
    return found


def libraries(addons):
    """Return the Python libraries that those of ours need."""
    return {
        library
        for name in addons
        if name.startswith("oiconnect_")
        for library in sources.manifest(name)
        .get("external_dependencies", {})
        .get("python", [])
    }


@pytest.mark.parametrize("name", ["oiconnect_interop", "oiconnect_gracethd"])
def test_files_and_deliveries_need_no_rest(name):
    addons = {name, *needed(name)}
    assert not addons & {"oiconnect_api", "fastapi"}
    assert "fastapi" not in libraries(addons)


def test_files_need_what_transports_and_signs_them_deliveries_do_not():
    border = {"paramiko", "pyhanko"}
    assert border <= libraries({"oiconnect_interop", *needed("oiconnect_interop")})
    deliveries = {"oiconnect_gracethd", *needed("oiconnect_gracethd")}
    assert not deliveries & {"oiconnect_interop", "oiconnect_orders"}
    assert {"pyproj", "shapely"} <= libraries(deliveries)
    assert not border & libraries(deliveries)
