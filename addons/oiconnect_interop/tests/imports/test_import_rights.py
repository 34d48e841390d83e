from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import new_test_user

from odoo.addons.queue_job.tests.common import trap_jobs

from .import_common import FILE_NAME, ImportCase, ipe_line

BASE = "base.group_user,oiconnect_base.group_"


class TestImportRights(ImportCase):
    """Who sees imports, who makes them, who may run one again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader, cls.user, cls.manager = (
            new_test_user(cls.env, f"import_{level}", f"{BASE}import_{level}")
            for level in ("read", "user", "manager")
        )
        cls.stranger = new_test_user(
            cls.env, "import_stranger", f"{BASE}infra_manager,{BASE}lexicon_manager"
        )

    def _as(self, user, record):
        return record.with_user(user)

    def test_stranger_sees_nothing(self):
        record = self._import([ipe_line(1, TypeZone="9")])
        for found in (record, record.error_ids, record.count_ids):
            with self.assertRaises(AccessError):
                self._as(self.stranger, found).read(["display_name"])
        self.assertFalse(self._sees_menu(self.stranger))

    def test_reader_sees_and_does_nothing(self):
        record = self._import([ipe_line(1, TypeZone="9")])
        seen = self._as(self.reader, record)
        self.assertEqual(seen.state, "done_errors")
        self.assertIn("TypeZone", seen.error_ids.message)
        self.assertTrue(seen.action_view_errors())
        self.assertTrue(self._sees_menu(self.reader))
        with self.assertRaises(AccessError):
            seen.action_cancel()
        with self.assertRaises(AccessError):
            self.imports.with_user(self.reader).create({"file_name": FILE_NAME})

    def _sees_menu(self, user):
        menu = self.env.ref("oiconnect_import.menu_import")
        return menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

    def test_user_imports_without_a_right_on_the_network(self):
        record = self._as(self.user, self._upload([ipe_line(1)]))
        with trap_jobs() as trap:
            record.action_start()
            trap.assert_jobs_count(1)
        record.sudo()._apply()
        self.assertEqual(record.state, "done")
        self.assertEqual(self._building().create_uid, self.user)
        with self.assertRaises(AccessError):
            record.count_ids[0].action_view_created()

    def test_user_does_not_run_again(self):
        record = self._as(self.user, self._import([ipe_line(1)]))
        with self.assertRaises(UserError):
            record.action_run_again()
        wizards = record.env["oiconnect.import.confirm"]
        typed = {"import_id": record.id, "confirmation": FILE_NAME}
        with self.assertRaisesRegex(UserError, "Only an administrator"):
            wizards.create(typed).action_confirm()
        with self.assertRaisesRegex(UserError, "Only an administrator"):
            record.action_check()
        self.assertEqual(record.state, "done")
        with self.assertRaises(AccessError):
            record.unlink()
        managed = self._as(self.manager, record)
        self.assertTrue(managed.action_run_again())

    def test_results_are_not_written_by_hand(self):
        record = self._as(self.user, self._import([ipe_line(1)]))
        for values in (
            {"state": "draft"},
            {"error_count": 0},
            {"count_ids": []},
            {"problem": False},
            {"applied_date": False},
            {"removal_confirmed": True},
            {"preview_ids": []},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            record.create({"file_name": FILE_NAME, "state": "done"})
        with self.assertRaises(UserError):
            record.file_name = "autre.csv"

    def test_errors_are_not_written_by_hand(self):
        record = self._import([ipe_line(1, TypeZone="9")])
        with self.assertRaises(AccessError):
            self._as(self.manager, record.error_ids).unlink()

    def test_running_import_is_not_deleted(self):
        record = self._upload([ipe_line(1)])
        record.sudo().state = "running"
        with self.assertRaises(UserError):
            self._as(self.manager, record).unlink()

    def test_imports_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        network = self._make_network("OITK")
        network.company_id = company
        line = ipe_line(1, CodeOI="OITK", TypeZone="9")
        name = FILE_NAME.replace("OITI", "OITK")
        record = self._import([line], name, network)
        self.assertFalse(
            self.imports.with_user(self.reader).search([("id", "=", record.id)])
        )
        for found in (record, record.error_ids, record.count_ids):
            with self.assertRaises(AccessError):
                self._as(self.reader, found).read(["display_name"])
        self.reader.company_ids = [Command.link(company.id)]
        self.assertEqual(
            record.with_user(self.reader)
            .with_context(allowed_company_ids=company.ids)
            .error_ids.code,
            "FIMP16",
        )
