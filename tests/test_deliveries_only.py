"""Deliveries in GraceTHD are imported and exported without the border by files."""

import re

import pytest
from odoo_process import environment, registry
from oictools import database, templates
from screens import Screens
from test_install import complaints, upgrade

NAME = "oic_test_e2e_deliveries_only"
TESTS = ("TestImportGracethd", "TestCheckedDelivery", "TestUndo", "TestWholeExport")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
INSTALLED = """
SELECT name FROM ir_module_module
 WHERE state = 'installed' AND name LIKE 'oiconnect\\_%'
"""


@pytest.fixture(scope="module")
def installed():
    """What was said while the addon of deliveries was installed."""
    database.clone(templates.base().ensure(), NAME)
    try:
        yield upgrade(NAME, "-i", "oiconnect_gracethd")
    finally:
        database.drop(NAME)


@pytest.mark.slow
class TestDeliveriesOnly:
    def test_they_are_installed_alone_and_without_complaint(self, installed):
        with database.connect(NAME) as cursor:
            cursor.execute(INSTALLED)
            names = {name for (name,) in cursor.fetchall()}
        addons = ("base", "infra", "import", "gracethd")
        assert names == {f"oiconnect_{addon}" for addon in addons}
        assert complaints(installed) == []

    def test_all_menus_open(self, installed):
        with registry(NAME) as base, environment(base) as env:
            env = env(user=env.ref("base.user_admin"), su=False)
            screens = Screens(env)
            screens.walk()
            assert screens.wrong == []
            assert len(screens.opened) > 20
            assert env["oiconnect.home"]._blocks()
            env.cr.rollback()

    def test_a_file_of_another_kind_is_refused_in_words(self, installed):
        with registry(NAME) as base, environment(base) as env:
            network = env["oiconnect.network"].create(
                {"name": "R", "code": "R", "oi_code": "OIDO", "pto_prefix": "ZD"}
            )
            record = env["oiconnect.import"].create(
                {
                    "network_id": network.id,
                    "file_name": "any.csv",
                    "file": "QTtCCjE7Mgo=",
                }
            )
            assert not record.kind
            assert "what the file is" in record.problem
            env.cr.rollback()

    def test_deliveries_are_checked_applied_undone_and_exported(self, installed):
        tags = ",".join(f"/oiconnect_gracethd:{test}" for test in TESTS)
        output = upgrade(NAME, "-u", "oiconnect_gracethd", f"--test-tags={tags}")
        [(failed, errors, count)] = RESULT.findall(output)
        assert (failed, errors) == ("0", "0"), output[-8000:]
        assert int(count) > 30
