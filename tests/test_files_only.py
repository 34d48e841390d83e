"""An infrastructure operator that exchanges files only has neither SOAP nor REST."""

import json
import re
import urllib.error
import urllib.request

import pytest
from conftest import OdooServer
from odoo_process import environment, registry
from oictools import database, templates
from screens import Screens
from test_install import complaints, upgrade
from test_upgrade_kill import LIMIT, by_the_image

NAME = "oic_test_e2e_files_only"
# Tests of the border: the files of an order from both sides, health, home
TESTS = ("TestExchangeFlows", "TestHealth", "TestFirstSteps")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
INSTALLED = """
SELECT name FROM ir_module_module
 WHERE state = 'installed' AND name LIKE 'oiconnect\\_%'
"""


@pytest.fixture(scope="module")
def installed():
    """What was said while the border by files was installed."""
    database.clone(templates.base().ensure(), NAME)
    try:
        yield upgrade(NAME, "-i", "oiconnect_interop")
    finally:
        database.drop(NAME)


def installed_addons():
    with database.connect(NAME) as cursor:
        cursor.execute(INSTALLED)
        return {name for (name,) in cursor.fetchall()}


def checks_of(server):
    """Return the names of what the health page says; late or not is another matter."""
    url = f"http://127.0.0.1:{server.port}/oiconnect/health"
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return set(json.load(response)["checks"])
    except urllib.error.HTTPError as error:
        return set(json.load(error)["checks"])


@pytest.mark.slow
class TestFilesOnly:
    def test_it_is_installed_alone_and_without_complaint(self, installed):
        names = installed_addons()
        assert "oiconnect_interop" in names
        assert not names & {"oiconnect_soap", "oiconnect_api"}
        assert complaints(installed) == []

    def test_all_menus_open(self, installed):
        with registry(NAME) as base, environment(base) as env:
            env = env(user=env.ref("base.user_admin"), su=False)
            screens = Screens(env)
            screens.walk()
            assert screens.wrong == []
            assert len(screens.opened) > 40
            assert env["oiconnect.home"]._blocks()
            env.cr.rollback()

    def test_an_upgrade_adds_nothing_that_was_left_out(self, installed, tmp_path):
        """By the image, which adds to other systems what is new in a version."""
        log = tmp_path / "upgrade.log"
        upgraded = by_the_image(NAME, log, OIC_ADDONS="oiconnect_interop")
        assert upgraded.wait(LIMIT) == 0, log.read_text()[-4000:]
        assert not installed_addons() & {"oiconnect_soap", "oiconnect_api"}

    def test_health_speaks_of_what_there_is(self, installed, tmp_path):
        server = OdooServer(NAME, tmp_path / "odoo.log")
        try:
            server.start()
            found = checks_of(server)
        finally:
            server.stop()
        assert {"accounts", "messages", "runner"} <= found
        others = {"notifications", "stopped_services", "webhooks", "unreadable_keys"}
        assert not others & found

    def test_orders_are_exchanged(self, installed):
        tags = ",".join(f"/oiconnect_interop:{test}" for test in TESTS)
        output = upgrade(NAME, "-u", "oiconnect_interop", f"--test-tags={tags}")
        [(failed, errors, count)] = RESULT.findall(output)
        assert (failed, errors) == ("0", "0"), output[-8000:]
        assert int(count) > 30
