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


class TestMovedRecords(TransactionCase):
    """A record that came from another addon is there before its own is installed."""

    def setUp(self):
        super().setUp()
        self.category = self.env["res.partner.category"].create({"name": "Ours"})
        self.env["ir.model.data"].create(
            {
                "module": "oiconnect_base",
                "name": "moved",
                "model": self.category._name,
                "res_id": self.category.id,
                "noupdate": True,
            }
        )

    def _install(self, addon, name="moved"):
        """Load a record as the installation of an addon does; return it."""
        data = {
            "xml_id": f"oiconnect_base.{name}",
            "noupdate": True,
            "values": {"name": "Delivered"},
        }
        loader = self.category.with_context(install_module=addon)
        return loader._load_records([data])

    def test_what_people_made_of_it_stays(self):
        self.assertEqual(self._install("oiconnect_base"), self.category)
        self.assertEqual(self.category.name, "Ours")

    def test_what_is_new_is_made(self):
        self.assertEqual(self._install("oiconnect_base", "new").name, "Delivered")

    def test_addons_of_others_are_loaded_as_ever(self):
        self._install("base")
        self.assertEqual(self.category.name, "Delivered")
