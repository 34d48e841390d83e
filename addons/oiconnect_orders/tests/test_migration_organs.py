from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests.common import tagged
from odoo.tools.misc import file_path

from .clock_common import MONDAY, ClockCase

SCRIPT = "oiconnect_base/migrations/19.0.1.3.0/pre-organs.py"
# As they were when missed delays and decisions were those of orders
BEFORE = """
ALTER TABLE {table} DROP COLUMN res_model;
ALTER TABLE {table} RENAME COLUMN res_id TO order_id;
UPDATE ir_model_fields SET name = 'order_id', relation = 'oiconnect.access.order'
 WHERE model = '{model}' AND name = 'res_id';
"""
NAMES = ("delay_miss_action", "cron_mark_late", "rule_todo_company")


@tagged("post_install", "-at_install")
class TestMigrationOrgans(ClockCase):
    """What belonged to orders names the model of its record, and keeps its rows."""

    def _migrate(self):
        spec = spec_from_file_location("pre_organs", file_path(SCRIPT))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()

    def _rows(self, table, key):
        self.env.cr.execute(f"SELECT id, {key}, kind FROM {table} ORDER BY id")
        return self.env.cr.fetchall()

    def _modules(self):
        found = self.env["ir.model.data"].search([("name", "in", NAMES)])
        return set(found.mapped("module"))

    def test_rows_stay_and_name_orders(self):
        order = self._at(MONDAY, self._order)
        self._pass("2026-09-01 08:00:00")
        self.env.flush_all()
        tables = ("oiconnect_delay_miss", "oiconnect_decision")
        kept = {table: self._rows(table, "res_id") for table in tables}
        for table in tables:
            self.env.cr.execute(
                BEFORE.format(table=table, model=table.replace("_", "."))
            )
        self.env.cr.execute(
            "UPDATE ir_model_data SET module = 'oiconnect_orders' WHERE name = ANY(%s)",
            (list(NAMES),),
        )
        self.env.cr.execute(
            "UPDATE ir_act_server SET model_name = 'oiconnect.access.order' "
            "WHERE id IN (SELECT ir_actions_server_id FROM ir_cron)"
        )
        for _again in range(2):
            self._migrate()
            self.assertEqual(self._modules(), {"oiconnect_base"})
            for table in tables:
                self.assertEqual(self._rows(table, "res_id"), kept[table])
        for lines in (order.miss_ids, order.decision_ids):
            self.assertEqual(set(lines.mapped("res_model")), {order._name})
        cron = self.env.ref("oiconnect_base.cron_mark_late")
        self.assertEqual(cron.model_name, "oiconnect.delay.miss")
