"""An infrastructure operator that has no web services does not install their addon."""

import re

import odoo_fork
import pytest
from odoo_process import environment, registry
from oictools import database, templates
from oictools.services import free_port
from screens import Screens
from test_install import complaints

NAME = "oic_test_e2e_without_soap"
# Tests of the border: the files of an order from both sides, the page of health, home
TESTS = ("TestExchangeFlows", "TestHealth", "TestHealthPage", "TestFirstSteps")
TOLD = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
LIMIT = 900
INSTALLED = """
SELECT name FROM ir_module_module
 WHERE state = 'installed' AND name LIKE 'oiconnect\\_%'
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What was said while the border by files was installed, and tested."""
    database.clone(templates.base().ensure(), NAME)
    try:
        log = tmp_path_factory.mktemp("installed") / "odoo.log"
        tags = ",".join(f"/oiconnect_interop:{test}" for test in TESTS)
        arguments = ["-d", NAME, "-i", "oiconnect_interop", f"--test-tags={tags}"]
        arguments += ["--stop-after-init", f"--http-port={free_port()}"]
        process = odoo_fork.start(odoo_fork.serve, arguments, {}, log)
        process.join(LIMIT)
        told = log.read_text(errors="replace")
        assert process.exitcode == 0, told[-8000:]
        yield told
    finally:
        database.drop(NAME)


@pytest.mark.slow
class TestWithoutSoap:
    def test_it_is_installed_alone_and_without_complaint(self, installed):
        with database.connect(NAME) as cursor:
            cursor.execute(INSTALLED)
            names = {name for (name,) in cursor.fetchall()}
        assert "oiconnect_interop" in names and "oiconnect_soap" not in names
        said, ended, _tests = installed.partition("Modules loaded.")
        assert ended and complaints(said) == []

    def test_orders_are_exchanged_and_health_is_told(self, installed):
        found = TOLD.search(installed)
        assert found, installed[-4000:]
        assert (found[1], found[2]) == ("0", "0"), installed[-8000:]
        assert int(found[3]) > 40

    def test_all_menus_open(self, installed):
        with registry(NAME) as base, environment(base) as env:
            admin = env.ref("base.user_admin")
            screens = Screens(env(user=admin, su=False))
            screens.walk()
            assert screens.wrong == []
            assert len(screens.opened) > 40
            # Home and the health page, as people and machines ask for them
            assert env(user=admin, su=False)["oiconnect.home"]._blocks()
            assert env["oiconnect.health"]._figures_text()
            env.cr.rollback()
