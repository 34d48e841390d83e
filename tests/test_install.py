"""All addons install on an empty database and upgrade without a word of complaint."""

import re
import subprocess
import sys
from contextlib import closing

import psycopg2
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
    """Upgrade our addons; return what was said meanwhile."""
    command = [sys.executable, settings.ODOO_BIN, "-d", name, *arguments]
    command += ["-u", ",".join(sources.present()), "--stop-after-init", "--no-http"]
    done = subprocess.run(
        [*command, "--log-level=info"],
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
def test_the_upgrade_of_the_demo_leaves_no_warning(demo_database):
    assert complaints(upgrade(demo_database)) == []


# As it was when the addons of the product held the demo, and people changed it.
EARLIER = """
UPDATE ir_module_module SET state = 'uninstalled', latest_version = NULL
WHERE name = 'oiconnect_demo';
UPDATE ir_model_data SET module = 'oiconnect_base'
WHERE module = 'oiconnect_demo' AND model IN ('oiconnect.network', 'res.users');
UPDATE ir_model_data SET module = 'oiconnect_interop'
WHERE module = 'oiconnect_demo' AND noupdate;
UPDATE oiconnect_network SET name = 'Changed';
UPDATE oiconnect_endpoint SET port = 2345;
"""
COUNTS = """
SELECT (SELECT count(*) FROM oiconnect_access_order),
    (SELECT count(*) FROM oiconnect_import),
    (SELECT count(*) FROM oiconnect_network WHERE name = 'Changed'),
    (SELECT count(*) FROM oiconnect_endpoint WHERE port = 2345),
    (SELECT count(*) FROM res_users),
    (SELECT count(*) FROM res_partner),
    (SELECT count(*) FROM product_product)
"""
OWNED = """
SELECT name FROM ir_model_data WHERE module = 'oiconnect_demo' AND noupdate ORDER BY 1
"""


@pytest.mark.slow
def test_a_demo_of_an_earlier_version_is_taken_over_as_it_is(demo_database):
    with closing(psycopg2.connect(dbname=demo_database)) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute(OWNED)
            owned = cursor.fetchall()
            cursor.execute(EARLIER + COUNTS)
            counts = cursor.fetchall()
        assert complaints(upgrade(demo_database, "-i", "oiconnect_demo")) == []
        with connection, connection.cursor() as cursor:
            cursor.execute(COUNTS)
            assert cursor.fetchall() == counts
            cursor.execute(OWNED)
            assert cursor.fetchall() == owned
            assert ("network_demo",) in owned


@pytest.mark.slow
def test_the_upgrade_leaves_no_warning_and_keeps_what_users_changed(empty_database):
    """An administrator's edits of delivered data survive."""
    from odoo_process import environment, registry

    with registry(empty_database) as base, environment(base) as env:
        flow = env["oiconnect.flow"]._by_code("CR_CMD")
        flow.encoding = "cp1252"
        env["oiconnect.reason"]._of("FINT01").name = "Changed"
        env["oiconnect.commune"].search([("insee_code", "=", "01004")]).name = "Changed"
    assert complaints(upgrade(empty_database)) == []
    with registry(empty_database) as base, environment(base) as env:
        assert env["oiconnect.flow"]._by_code("CR_CMD").encoding == "cp1252"
        assert env["oiconnect.reason"]._of("FINT01").name == "Changed"
        commune = env["oiconnect.commune"].search([("insee_code", "=", "01004")])
        assert commune.name == "Changed"
