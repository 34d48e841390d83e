from importlib.util import module_from_spec, spec_from_file_location
from unittest.mock import patch

from odoo.modules import get_module_path
from odoo.tests.common import tagged

from ..common import OrderCase

SCRIPT = "migrations/19.0.0.1.0/pre-migration.py"


@tagged("post_install", "-at_install")
class TestMigrationSteps(OrderCase):
    """Steps that were written before they had a company get that of their record."""

    def setUp(self):
        super().setUp()
        path = f"{get_module_path('oiconnect_base')}/{SCRIPT}"
        spec = spec_from_file_location("pre_migration", path)
        self.script = module_from_spec(spec)
        spec.loader.exec_module(self.script)

    def test_each_step_gets_the_company_of_its_record_whatever_the_batches(self):
        order = self._delivered()
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE oiconnect_workflow_step DROP company_id")
        with patch.object(self.script, "BATCH", 3):
            for _again in range(2):
                self.script.migrate(self.env.cr, "19.0.0.0.0")
        self.env.invalidate_all()
        self.assertEqual(order.step_ids.company_id, order.company_id)
        self.assertNotIn(False, order.step_ids.mapped(lambda step: step.company_id.id))

    def test_new_steps_are_of_the_company_of_their_record_from_the_start(self):
        orders = self._receive(self._line(), self._line())
        orders._study()
        steps = orders.step_ids
        self.assertEqual(steps.company_id, self.network.company_id)
        self.assertTrue(all(step.company_id for step in steps))
