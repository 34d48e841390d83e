from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import tagged

from ...models.publications import publication
from .publication_common import MadeCase


@tagged("post_install", "-at_install")
class TestPublicationRetention(MadeCase):
    """Files are retained for a time; what was published stays listed."""

    def _aged(self, days):
        """A file that was published so many days ago."""
        made = self._publish("full")[:1]
        self._run()
        made.end_date = fields.Datetime.now() - timedelta(days=days)
        return made

    def _files(self, publication):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", publication._name),
                ("res_id", "=", publication.id),
                ("res_field", "=", "file"),
            ]
        )

    def _erase(self):
        self.env.flush_all()
        self.env.ref("oiconnect_interop.cron_erase").method_direct_trigger()
        self.env.invalidate_all()

    def test_files_are_erased_after_the_days_of_their_plan(self):
        self.plan.retention_days = 30
        old, young = self._aged(31), self._aged(29)
        self._erase()
        self.assertFalse(self._files(old))
        self.assertTrue(self._files(young))
        self.assertTrue(old.erased_date)
        self.assertFalse(young.erased_date)
        self.assertEqual((old.state, old.line_count, old.size), ("done", 2, 11))
        self.assertTrue(old.name, "it stays listed")
        when = old.erased_date
        self._erase()
        self.assertEqual(old.erased_date, when)

    def test_zero_days_keep_files_for_ever(self):
        self.plan.retention_days = 0
        old = self._aged(4000)
        self._erase()
        self.assertTrue(self._files(old))

    def test_files_of_an_archived_plan_are_erased_too(self):
        self.plan.retention_days = 30
        old = self._aged(31)
        self.plan.active = False
        self._erase()
        self.assertFalse(self._files(old))

    def test_an_erased_file_is_neither_sent_nor_made_up(self):
        self.plan.retention_days = 30
        old = self._aged(31)
        self._erase()
        with self.assertRaisesRegex(UserError, "no file to send"):
            old.action_send()

    def test_many_old_files_are_erased_by_batches(self):
        self.plan.retention_days = 30
        old = self.publications.browse([self._aged(31 + n).id for n in range(3)])
        self.patch(publication, "BATCH", 2)
        self._erase()
        self.assertTrue(all(old.mapped("erased_date")))
