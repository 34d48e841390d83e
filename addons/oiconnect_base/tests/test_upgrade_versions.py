from pathlib import Path

from odoo.modules.module import Manifest, get_module_path, load_script
from odoo.tests import TransactionCase
from odoo.tools.parse_version import parse_version

SCRIPT = Path(__file__).parents[1] / "before_first_release.py"


class TestUpgradeVersions(TransactionCase):
    def setUp(self):
        super().setUp()
        self.script = load_script(str(SCRIPT), SCRIPT.stem)

    def _versions(self):
        self.env.flush_all()
        self.env.invalidate_all()
        addons = self.env["ir.module.module"].search(
            [("name", "=like", "oiconnect\\_%"), ("state", "=", "installed")]
        )
        return addons.mapped("latest_version")

    def test_versions_of_before_the_first_release_are_lower(self):
        self.env.ref("oiconnect_base.first_release").unlink()
        lower = ["19.0.0." + version[len("19.0.1.") :] for version in self._versions()]
        # An upgrade that was killed is run again.
        for _run in range(2):
            self.script.migrate(self.env.cr, None)
            self.assertEqual(self._versions(), lower)

    def test_an_upgrade_that_would_leave_out_migrations_is_stopped(self):
        self.env.ref("oiconnect_base.first_release").unlink()
        base = self.env.ref("base.module_oiconnect_base")
        base.state = "to upgrade"
        self.env.flush_all()
        with self.assertRaisesRegex(RuntimeError, "before_first_release.py"):
            self.env["ir.model.data"].init()
        self.script.migrate(self.env.cr, None)
        self.env["ir.model.data"].init()

    def test_versions_since_are_left(self):
        before = self._versions()
        self.script.migrate(self.env.cr, None)
        self.assertEqual(self._versions(), before)

    def test_no_migration_is_later_than_its_addon(self):
        """Odoo would never run it."""
        addons = self.env["ir.module.module"].search(
            [("name", "=like", "oiconnect\\_%")]
        )
        for name in addons.mapped("name"):
            version = parse_version(Manifest.for_addon(name)["version"])
            for folder in Path(get_module_path(name)).glob("migrations/*"):
                with self.subTest(folder):
                    self.assertLessEqual(parse_version(folder.name), version)
