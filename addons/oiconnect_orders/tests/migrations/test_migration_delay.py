from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo.tests.common import tagged

from ..clock_common import ClockCase

SCRIPT = Path(__file__).parents[2] / "migrations/19.0.0.1.0/post-migration.py"


@tagged("post_install", "-at_install")
class TestMigrationDelay(ClockCase):
    """Networks that had set their own days to connect keep them."""

    def _migrate(self):
        spec = spec_from_file_location("post_migration", SCRIPT)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.0.0.0")
        self.env.invalidate_all()

    def _days(self):
        rules = self.delays._rules(self.network.id, self.operator.id)
        return rules["connection"].value

    def test_the_days_to_connect_become_a_delay(self):
        self._migrate()
        self.assertEqual(self._days(), 60, "nothing to take over")
        self.env.cr.execute(
            "ALTER TABLE oiconnect_network ADD COLUMN connection_days int DEFAULT 60"
        )
        self._migrate()
        self.assertEqual(self._days(), 60)
        self.env.cr.execute(
            "UPDATE oiconnect_network SET connection_days = 45 WHERE id = %s",
            (self.network.id,),
        )
        for _again in range(2):
            self._migrate()
            self.assertEqual(self._days(), 45)
