from odoo.tests.common import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .import_common import ImportCase, ipe_file, ipe_line


@tagged("post_install", "-at_install")
class TestImportAlert(ImportCase):
    """The user who imports sees what there is to fix, until it is."""

    def _tasks(self, record):
        return record.activity_ids.filtered(
            lambda task: (
                task.activity_type_id == self.env.ref("mail.mail_activity_data_warning")
            )
        )

    def test_lines_left_out_are_a_task_of_the_importer(self):
        record = self._import([ipe_line(1), ipe_line(2, TypeZone="9")])
        task = self._tasks(record)
        self.assertEqual(task.user_id, record.user_id)
        self.assertEqual(task.summary, "Import to look at")
        self.assertIn("One line in error", task.note)

    def test_a_refusal_says_why(self):
        record = self._import([ipe_line(1, TypeZone="9")], on_error="nothing")
        self.assertIn("nothing was applied", self._tasks(record).note)

    def test_a_good_import_gives_none(self):
        self.assertFalse(self._tasks(self._import([ipe_line(1)])))

    def test_a_file_that_cannot_be_read_does(self):
        self.registry_enter_test_mode()
        content = ipe_file([ipe_line(1, CommunePM="AMBÉRIEU")], encoding="cp1252")
        record = self._upload(content, encoding="utf-8")
        self._run(record)
        self.assertEqual(record.state, "failed")
        self.assertIn("utf-8", self._tasks(record).note)
        record.encoding = "cp1252"
        self._run(record)
        self.assertEqual(record.state, "done")
        self.assertFalse(self._tasks(record), "it is fixed")

    def _run(self, record):
        with trap_jobs():
            record.action_start()
        self.env.flush_all()
        record._run()
        self.env.invalidate_all()

    def test_they_stand_out_in_the_list(self):
        view = self.env.ref("oiconnect_import.import_view_list")
        arch = self.imports.get_view(view.id, "list")["arch"]
        self.assertIn("refused", arch.split("decoration-danger")[1].split(">")[0])
        self.assertIn("fa-exclamation-triangle", arch)

    def test_they_are_found_by_a_filter(self):
        bad = self._import([ipe_line(1, TypeZone="9")])
        refused = self._import([ipe_line(1, TypeZone="9")], on_error="nothing")
        good = self._import([ipe_line(1)])
        domain = [("state", "in", ("done_errors", "refused", "failed"))]
        found = self.imports.search(domain)
        self.assertTrue(bad + refused <= found)
        self.assertFalse(good & found)
