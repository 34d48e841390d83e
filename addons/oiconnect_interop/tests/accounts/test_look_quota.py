from datetime import timedelta

from odoo import fields
from odoo.tests.common import tagged

from .file_transfer_common import LookCase

MEGABYTE = b"x" * (1 << 20)


@tagged("post_install", "-at_install")
class TestLookQuota(LookCase):
    """Daily quota of an operator, and retention of refused files."""

    def _tasks(self):
        return self.endpoint.activity_ids.mapped("summary")

    def _age(self, exchanges, days):
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET create_date = create_date - %s"
            " WHERE id = ANY(%s)",
            [timedelta(days=days), exchanges.ids],
        )
        exchanges.invalidate_recordset()

    def _erase(self):
        self.env.flush_all()
        self.env.ref("oiconnect_interop.cron_erase_refused").method_direct_trigger()
        self.env.invalidate_all()

    def test_files_beyond_those_of_a_day_wait_for_the_next_day(self):
        self.endpoint.day_files = 2
        names = [self._drop() for _n in range(4)]
        self._look(4)
        self.assertEqual(self._taken(), names[:2])
        self.assertEqual(self.box.names("in")[2:], names[2:], "they stay as they are")
        self.assertIn("fichiers : 2", self.endpoint.quota_error)
        [task] = self._tasks()
        self.assertEqual(task, self.endpoint.quota_error)
        self.endpoint.activity_ids.unlink()
        self._planned()
        self._look(1)
        self.assertFalse(self._tasks(), "it is reported once")
        self.assertAlmostEqual(self._wait_of(self._planned()), 60, delta=2)
        self._age(self.endpoint.exchange_ids, 1)
        self._look(1)
        self.assertEqual(self._taken(), names)
        self._look(1)
        self.assertFalse(self.endpoint.quota_error)

    def test_files_are_taken_once_the_limit_is_raised(self):
        self.endpoint.day_megabytes = 2
        names = [self._drop(MEGABYTE) for _n in range(3)]
        small = self._drop(b"x")
        self._look(3)
        self.assertEqual(sorted(self._taken()), sorted(names[:2]))
        self.endpoint.day_megabytes = 3
        self._look(1)
        self.assertEqual(self._taken()[2:], [names[2]])
        self.endpoint.day_megabytes = 0
        self._look(1)
        self.assertEqual(self._taken()[3:], [small])

    def test_one_that_does_not_fit_keeps_no_smaller_one_waiting(self):
        self.endpoint.day_megabytes = 1
        self._drop(MEGABYTE * 2)
        small = self._drop()
        self._look(3)
        self.assertEqual(self._taken(), [small])
        self.assertTrue(self.endpoint.quota_error)

    def test_one_too_large_is_refused_and_takes_nothing_of_the_day(self):
        self.env["ir.config_parameter"].set_param("oiconnect_interop.max_file_mb", "1")
        self.endpoint.day_megabytes = 1
        large, good = self._drop(MEGABYTE * 2), self._drop(MEGABYTE)
        self._look(2)
        self.assertEqual(self._taken(), [large, good])
        refused = self.endpoint.exchange_ids.filtered(lambda it: it.name == large)
        self.assertEqual((refused.state, refused.sha256), ("in_refused", False))
        self.assertFalse(refused._attachment())

    def test_a_refused_file_is_erased_after_some_time_and_stays_listed(self):
        self._drop(b"%PDF-1.7")
        good = self._drop()
        self._look()
        self._end()
        refused = self.endpoint.exchange_ids.filtered(
            lambda it: it.state == "in_refused"
        )
        facts = (refused.sha256, refused.name, refused.message, refused.size)
        self._age(self.endpoint.exchange_ids, 91)
        self._erase()
        self.assertFalse(refused._attachment())
        self.assertTrue(refused.content_erased_on)
        self.assertEqual(
            (refused.sha256, refused.name, refused.message, refused.size), facts
        )
        accepted = self.endpoint.exchange_ids.filtered(lambda it: it.name == good)
        self.assertTrue(accepted._attachment())
        self.assertFalse(accepted.content_erased_on)

    def test_refused_files_are_retained_as_long_as_is_set(self):
        self._drop(b"%PDF-1.7")
        self._look()
        self._end()
        refused = self.endpoint.exchange_ids
        for days, age, erased in (("0", 4000, False), ("10", 0, True)):
            self._age(refused, age)
            parameters = self.env["ir.config_parameter"]
            parameters.set_param("oiconnect_interop.refused_days", days)
            self._erase()
            self.assertEqual(bool(refused.content_erased_on), erased)
        self.assertLess(refused.create_date, fields.Datetime.now())
