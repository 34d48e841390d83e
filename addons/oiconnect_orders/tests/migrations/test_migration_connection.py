from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules import get_module_path
from odoo.tests.common import tagged

from ..common import OrderCase

SCRIPT = "migrations/19.0.0.3.0/post-migration.py"


@tagged("post_install", "-at_install")
class TestMigrationConnection(OrderCase):
    """A failure older than the failure date is not reported as connected."""

    def test_the_day_of_a_failure_moves(self):
        failed, done = self._order(), self._delivered()
        day = "2026-03-28 08:40:00"
        (failed | done).write({"connection_date": day})
        self.env.flush_all()
        path = f"{get_module_path('oiconnect_orders')}/{SCRIPT}"
        spec = spec_from_file_location("post_migration", path)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        for _again in range(2):
            script.migrate(self.env.cr, "19.0.0.2.0")
        self.env.invalidate_all()
        self.assertFalse(failed.connection_date)
        self.assertEqual(str(failed.failure_date), day)
        self.assertFalse(done.failure_date)
        self.assertEqual(str(done.connection_date), day)
