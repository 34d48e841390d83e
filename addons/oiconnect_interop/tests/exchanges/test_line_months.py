from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base import partitions
from odoo.addons.oiconnect_base.models import partitioned
from odoo.addons.oiconnect_orders.tests.timeline_common import TimelineReader

from ..common import ExchangeCase

LOGGER = "odoo.addons.oiconnect_base.models.partitioned"
PARAMETER = "oiconnect_base.months_kept.exchange_line"


@tagged("post_install", "-at_install")
class TestLineMonths(TimelineReader, ExchangeCase):
    """Lines received are stored by month; old months go, and screens say so."""

    def setUp(self):
        super().setUp()
        self.lines = self.env["oiconnect.exchange.line"]
        self.file = self._take([self._wire(), self._wire()])
        self.order = self._orders_of(self.file)[0]
        # Files of the demo are no matter of these tests.
        self.came = fields.Datetime.to_datetime("2003-05-31 23:30:00")

    def _age(self):
        """Let the file, its order and its lines be of long ago."""
        self.env.flush_all()
        for table, record in (
            ("oiconnect_exchange", self.file.id),
            ("oiconnect_access_order", self.order.id),
        ):
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = %s WHERE id = %s",
                [self.came, record],
            )
        self.env.cr.execute(
            "UPDATE oiconnect_exchange_line SET date = %s WHERE exchange_id = %s",
            [self.came, self.file.id],
        )
        self.env.invalidate_all()
        self.lines._make_months()

    def _keep(self, months):
        self.env["ir.config_parameter"].set_param(PARAMETER, months)

    def _over(self):
        return [part.name for part in self.lines._over()]

    def _drop(self):
        for part in self.lines._over():
            self.lines._drop_month(part)
        self.env.invalidate_all()

    def test_lines_are_of_the_month_of_their_file(self):
        self.assertEqual(self.file.line_ids.mapped("date"), [self.file.create_date] * 2)
        self._age()
        self.env.cr.execute(
            "SELECT DISTINCT tableoid::regclass::text FROM oiconnect_exchange_line"
            " WHERE exchange_id = %s",
            [self.file.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [("oiconnect_exchange_line_2003_05",)])
        self.assertEqual(len(self.file.line_ids), 2)

    def test_months_ahead_have_their_part_and_later_ones_are_taken_too(self):
        now = fields.Datetime.now()
        self.lines._make_months()
        last = self._parts()[-1]
        self.assertGreaterEqual(last.end, partitions.month_of(now + timedelta(days=89)))
        self.env.cr.execute(
            "INSERT INTO oiconnect_exchange_line (exchange_id, line, date)"
            " VALUES (%s, 7, %s)",
            [self.file.id, now + timedelta(days=900)],
        )
        self.env.invalidate_all()
        self.assertEqual(self.file.line_ids.sorted("line")[-1].line, 7)

    def test_a_first_line_makes_its_month_after_its_transaction(self):
        """The scheduled action does not run: each process tries once a month."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_exchange_line SET date = %s WHERE exchange_id = %s",
            [self.came, self.file.id],
        )
        name = "oiconnect_exchange_line_2003_05"

        def is_made():
            return name in [part.name for part in self._parts()]

        same = patch.object(
            type(self.env.registry), "cursor", lambda *_args: nullcontext(self.env.cr)
        )
        with patch.object(partitioned, "_foreseen", set()), same:
            self.lines._foresee(self.came)
            self.assertFalse(is_made())
            self.env.cr.postcommit.run()
            self.assertTrue(is_made())
            partitions.drop_part(self.env.cr, name)
            self.lines._foresee(self.came + timedelta(minutes=1))
            self.env.cr.postcommit.run()
            self.assertFalse(is_made())

    def _parts(self):
        return partitions.parts(self.env.cr, self.lines._table)

    @mute_logger(LOGGER)
    def test_months_go_once_nothing_of_them_is_needed(self):
        self._age()
        self._keep(0)
        self.assertEqual(self._over(), [])
        self._keep("many")
        self.assertEqual(self.lines._retention_months(), 60)
        self._keep(24)
        self.assertEqual(self._over(), ["oiconnect_exchange_line_2003_05"])
        # Months retained for a reason are not late.
        self.assertEqual(self.lines._late_months(), [])
        # Files that name customers
        self._drop()
        self.assertEqual(len(self.file.line_ids), 2)
        self.file._erase_customers()
        # A file that is not done with
        self.file.state = "in_processing"
        self._drop()
        self.assertEqual(len(self.file.line_ids), 2)
        self.file.state = "in_done"
        self.assertEqual(self.lines._late_months(), self._over())
        self._drop()
        self.assertFalse(self.file.line_ids)
        self.assertEqual(self.lines._late_months(), [])

    @mute_logger(LOGGER)
    def test_screens_say_what_is_not_retained_any_more(self):
        self._age()
        self.assertFalse(self.file.lines_gone)
        self.file._erase_customers()
        self._keep(24)
        self._drop()
        self.env["res.lang"]._activate_lang("fr_FR")
        french = {"lang": "fr_FR"}
        said = self.file.with_context(**french).lines_gone
        self.assertEqual(
            said,
            "Les lignes des fichiers reçus avant le 01/06/2003 ne sont plus "
            "conservées.",
        )
        reader = self._user("access_user", "exchange_read")
        timeline = self.order.with_user(reader).with_context(**french).timeline
        self.assertIn(said, [entry["title"] for entry in timeline])
        self.assertEqual(self.order._origin_record(), self.order)
        recent = self._take([self._wire()])
        self.assertFalse(recent.lines_gone)
        self.assertTrue(recent.line_ids)

    @mute_logger(LOGGER)
    def test_the_scheduled_action_does_both(self):
        self._age()
        self.file._erase_customers()
        self._keep(24)
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["oiconnect.partitioned"]._cron_keep_months()
        self.env.invalidate_all()
        self.assertFalse(self.file.line_ids)
        self.assertEqual(
            self.lines._retained_since(), fields.Datetime.to_datetime("2003-06-01")
        )
