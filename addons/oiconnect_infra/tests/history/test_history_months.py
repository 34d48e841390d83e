from datetime import datetime
from unittest.mock import patch

from psycopg2.errors import InsufficientPrivilege

from odoo.tests.common import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.oiconnect_base import partitions

from ..common import InfraCase

LOGGER = "odoo.addons.oiconnect_base.models.partitioned"
PARAMETER = "oiconnect_base.months_kept.change"
LONG_AGO = datetime(2003, 5, 31, 23, 30)
PART = "oiconnect_change_2003_05"


@tagged("post_install", "-at_install")
class TestHistoryMonths(InfraCase):
    """The history of the network is stored by month, whole unless settings say else."""

    def setUp(self):
        super().setUp()
        self.changes = self.env["oiconnect.change"]
        self.building = self.net.building("IMB/99001/MOIS")
        self.env.cr.execute(
            """
            INSERT INTO oiconnect_change (res_model, res_id, kind, field, date)
            VALUES ('oiconnect.building', %s, 'write', 'access_code', %s)
            """,
            [self.building.id, LONG_AGO],
        )
        self.env.cr.execute(
            "UPDATE oiconnect_building SET create_date = %s WHERE id = %s",
            [LONG_AGO, self.building.id],
        )
        self.env.invalidate_all()
        self.changes._make_months()
        # What the history of this database begins with is not over.
        known = partitions.parts(self.env.cr, self.changes._table)
        self.part = next(part for part in known if part.name == PART)

    def _keep(self, months):
        self.env["ir.config_parameter"].set_param(PARAMETER, months)

    def test_nothing_is_dropped_without_a_retention_period(self):
        self.assertEqual(self.changes._over(), [])
        self._keep(1)
        self.assertEqual(self.changes._retention_months(), 24)
        self.assertIn(self.part, self.changes._over())

    def test_lines_of_any_part_can_neither_be_changed_nor_erased(self):
        for statement in (
            "UPDATE %s SET reason = 'x' WHERE date < '2004-01-01'",
            "DELETE FROM %s WHERE date < '2004-01-01'",
            "TRUNCATE %s",
        ):
            for table in ("oiconnect_change", PART):
                with (
                    self.subTest(statement % table),
                    self.assertRaises(InsufficientPrivilege),
                    mute_logger("odoo.sql_db"),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(SQL(statement, SQL.identifier(table)))

    @mute_logger(LOGGER)
    def test_a_dropped_month_is_noted_in_the_history_and_on_forms(self):
        count = len(self.building.change_ids)
        self.assertFalse(self.building.changes_gone)
        self._keep(24)
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["oiconnect.partitioned"]._cron_keep_months()
        self.env.invalidate_all()
        self.assertEqual(len(self.building.change_ids), count - 1)
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.building.with_context(lang="fr_FR")
        self.assertEqual(
            french.changes_gone,
            "Les modifications antérieures au 01/06/2003 ne sont plus conservées.",
        )
        change = self.changes.search([("res_model", "=", "oiconnect.change")], limit=1)
        self.assertEqual(change.kind, "unlink")
        self.assertIn("2003", change.reason)
        form = self.building.get_view(view_type="form")["arch"]
        self.assertIn("changes_gone", form)
