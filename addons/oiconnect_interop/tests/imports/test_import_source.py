from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from ..accounts.file_transfer_common import MemoryTransfer, planned, wait_of
from .import_common import FILE_NAME, ImportCase, ipe_file, ipe_line, zipped

GROUP = "oiconnect_base.group_import_"
OTHER_NAME = FILE_NAME.replace("_00.csv", "_01.csv")


@tagged("post_install", "-at_install")
class TestImportSource(ImportCase):
    """Files that the OI's systems drop: stored as imports, once, then put away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(
            cls.env, "imports_chef", f"{GROUP}manager", lang="fr_FR"
        )
        cls.source = cls.env["oiconnect.import.source"].create(
            {
                "name": "SI du réseau",
                "network_id": cls.network.id,
                "host": "sftp.invalid",
                "login": "si",
                "still_seconds": 0,
                "responsible_id": cls.person.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.box = MemoryTransfer()
        self.patch(
            self.env.registry["oiconnect.import.source"], "_open", lambda it: self.box
        )

    def _drop(self, content=None, name=FILE_NAME):
        self.box.files[f"import/{name}"] = (
            ipe_file([ipe_line()]) if content is None else content
        )

    def _look(self, times=3):
        """Look so often that a file is seen, taken, and put away."""
        for _n in range(times):
            self.env.flush_all()
            self.source._poll()
            self.env.invalidate_all()

    def _imports(self):
        return self.env["oiconnect.import"].search(
            [("source_id", "=", self.source.id)], order="id"
        )

    def _tasks(self, record):
        return record.activity_ids.mapped("summary")

    def _job(self, record):
        return planned(self.env, f"oiconnect-import-{record.id}")

    # ------------------------------------------------------------------
    # What becomes of a file
    # ------------------------------------------------------------------

    def test_a_file_is_taken_once_it_is_stable_and_put_away(self):
        self._drop(b"half a fi")
        self._look(1)
        self._drop()
        self._look(1)
        self.assertFalse(self._imports())
        self._look(2)
        record = self._imports()
        self.assertEqual(record.file_name, FILE_NAME)
        self.assertEqual((record.kind, record.flow_version), ("ipe", "V3.1"))
        self.assertEqual(record.file_size, len(ipe_file([ipe_line()])))
        self.assertEqual(record.user_id, self.person)
        self.assertEqual(self.box.names("import"), [])
        self.assertEqual(self.box.names("import/archive"), [FILE_NAME])

    def test_what_was_dropped_is_imported(self):
        self.source.afterwards = "apply"
        content = zipped((FILE_NAME, ipe_file([ipe_line(n) for n in (1, 2, 3)])))
        self._drop(content, FILE_NAME.replace(".csv", ".zip"))
        self._look()
        record = self._imports()
        self.assertEqual((record.state, record.dry_run), ("queued", False))
        job = self._job(record)
        self.assertEqual(job.user_id, self.person, "in the name of who is in charge")
        record.with_user(self.person).sudo()._run()
        self.env.invalidate_all()
        self.assertEqual((record.state, record.line_count), ("done", 3))
        self.assertTrue(self._building(3))

    def test_by_default_it_is_only_checked(self):
        self._drop()
        self._look()
        record = self._imports()
        self.assertEqual((record.state, record.dry_run), ("queued", True))
        record._run()
        self.env.invalidate_all()
        self.assertEqual(record.state, "checked")
        self.assertFalse(self._building())

    def test_it_may_wait_for_a_person_who_chooses(self):
        self.source.write({"afterwards": "wait", "mode": "removal"})
        self.source.on_error = "nothing"
        self._drop()
        self._look()
        record = self._imports()
        self.assertEqual((record.state, record.mode), ("draft", "removal"))
        self.assertEqual(record.on_error, "nothing")
        self.assertFalse(self._job(record))

    def test_two_files_are_two_imports(self):
        self._drop()
        self._drop(name=OTHER_NAME, content=ipe_file([ipe_line(2)]))
        self._look()
        self.assertEqual(
            self._imports().mapped("file_name"), sorted([FILE_NAME, OTHER_NAME])
        )

    # ------------------------------------------------------------------
    # Once in effect
    # ------------------------------------------------------------------

    def test_the_same_file_again_changes_nothing(self):
        for _n in range(2):
            self._drop()
            self._look()
        self.assertEqual(len(self._imports()), 1)
        self.assertEqual(len(self.box.names("import/archive")), 2)
        self.assertFalse(self._tasks(self.source))

    def test_one_that_was_uploaded_by_hand_is_known_too(self):
        self._upload([ipe_line()])
        self._drop()
        self._look()
        self.assertFalse(self._imports())
        self.assertEqual(self.box.names("import/archive"), [FILE_NAME])

    def test_a_name_that_was_imported_with_another_content_waits_for_a_person(self):
        self._import([ipe_line()])
        self.source.afterwards = "apply"
        self._drop(ipe_file([ipe_line(NumeroVoieImmeuble="99")]))
        self._look()
        record = self._imports()
        self.assertEqual(record.state, "draft")
        self.assertRegex(record.message, r"\d\d/\d\d/\d{4} \d\d:\d\d")
        self.assertEqual(self._tasks(record), [record.message])
        self.assertEqual(record.activity_ids.user_id, self.person)

    def test_a_file_that_was_refused_may_come_back_fixed(self):
        self._drop(b"not;an;ipe\r\n")
        self._look()
        self._drop()
        self._look()
        refused, fixed = self._imports()
        self.assertTrue(refused.problem)
        self.assertEqual((fixed.state, fixed.problem), ("queued", False))

    def test_a_look_that_died_after_its_claim_is_fixed(self):
        self._drop()
        [entry] = self.box.list("import")
        claim = self.source._prepare_claims([entry], {})[FILE_NAME]
        self.box.rename(f"import/{FILE_NAME}", claim.path)
        self._look()
        self.assertEqual(self._imports().file_name, FILE_NAME)
        self.assertEqual(self.box.names("import/archive"), [FILE_NAME])

    def test_a_file_that_breaks_off_while_it_is_read_is_read_again(self):
        self._drop()
        self._look(1)
        self.box.down = ("read",)
        self._look(1)
        self.assertFalse(self._imports())
        self.assertIn(FILE_NAME, self._tasks(self.source)[0])
        self.box.down = ()
        self._look()
        self.assertEqual(len(self._imports()), 1)
        self.assertEqual(self.box.names("import/archive"), [FILE_NAME])

    # ------------------------------------------------------------------
    # Uploads that had stalled
    # ------------------------------------------------------------------

    def _later(self, content):
        """The file put away changes, and looks find it so when they come to it."""
        self.box.files[f"import/archive/{FILE_NAME}"] = content
        for _n in range(2):
            self.env["oiconnect.claim"].search([]).check_date = "2026-01-01"
            self._look(1)

    def test_an_upload_that_goes_on_after_it_was_taken_is_taken_again_whole(self):
        self.source.afterwards = "apply"
        self._drop(ipe_file([ipe_line()]))
        self._look()
        whole = ipe_file([ipe_line(), ipe_line(2)])
        self._later(whole)
        first, again = self._imports()
        self.assertEqual(first.state, "cancelled", "its beginning is not imported")
        self.assertEqual((again.state, again.dry_run), ("queued", False))
        self.assertEqual(again.file_size, len(whole))
        for record in (first, again):
            messages = " ".join(record.message_ids.mapped("body"))
            self.assertIn("après avoir été pris", messages)
        self._later(whole)
        self.assertEqual(len(self._imports()), 2, "it is taken again once")

    def test_one_whose_beginning_was_applied_is_applied_whole_and_reported(self):
        self.source.afterwards = "apply"
        self._drop(ipe_file([ipe_line()]))
        self._look()
        self._imports()._run()
        self.env.invalidate_all()
        self._later(ipe_file([ipe_line(), ipe_line(2)]))
        first, again = self._imports()
        self.assertEqual((first.state, again.state), ("done", "queued"))
        [task] = self._tasks(again)
        self.assertIn("après avoir été pris", task)

    def test_a_file_put_away_that_is_written_over_waits_for_a_person(self):
        self.source.afterwards = "apply"
        self._drop()
        self._look()
        self._later(ipe_file([ipe_line(7)]))
        again = self._imports()[-1]
        self.assertEqual(again.state, "draft")
        self.assertIn("après avoir été pris", self._tasks(again)[0])

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_a_file_that_cannot_be_imported_is_reported_and_put_aside(self):
        self.source.afterwards = "apply"
        for name, content in (
            ("photo.csv", b"\x89PNG\r\n"),
            (FILE_NAME.replace("OITI", "OIXX"), ipe_file([ipe_line()])),
            ("two.zip", zipped(("a.csv", b"a"), ("b.csv", b"b"))),
        ):
            with self.subTest(name):
                self._drop(content, name)
                self._look()
                record = self._imports().filtered(lambda it, n=name: it.file_name == n)
                self.assertEqual(record.state, "draft")
                self.assertTrue(record.problem)
                self.assertEqual(self._tasks(record), [record.problem[:250]])
                self.assertIn(name, self.box.names("import/error"))

    def test_a_file_larger_than_allowed_is_refused_unread(self):
        self.env["ir.config_parameter"].set_param(
            "oiconnect_import.max_import_mb", "0.0001"
        )
        self._drop(b"x" * 1000)
        self._look()
        record = self._imports()
        self.assertEqual((record.state, record.file_size), ("failed", 0))
        self.assertIn("1000 octets", record.message)
        self.assertEqual(self._tasks(record), [record.message])
        self.assertEqual(self.box.names("import/error"), [FILE_NAME])

    def test_one_bad_file_keeps_no_other_waiting(self):
        self._drop(b"rubbish", "a.csv")
        self._drop()
        self._look()
        self.assertEqual(len(self._imports()), 2)
        self.assertEqual(self.box.names("import"), [])

    def test_a_server_that_is_down_is_reported_and_tried_later(self):
        self.box.down = ("open",)
        self._look(1)
        self.assertEqual(self.source.failure_count, 1)
        self.assertIn("sftp.invalid", self._tasks(self.source)[0])
        job = planned(self.env, f"oiconnect-import-source-poll-{self.source.id}")
        self.assertAlmostEqual(wait_of(job), 60, delta=2)

    # ------------------------------------------------------------------
    # Who, where
    # ------------------------------------------------------------------

    def test_looks_are_planned_for_each_drop_and_requested_for_now(self):
        key = f"oiconnect-import-source-poll-{self.source.id}"
        self.env["oiconnect.import.source"]._cron_poll()
        self.source._plan_poll(300)
        job = self.env["queue.job"].search([("identity_key", "=", key)])
        self.assertEqual(job.channel, "root.oiconnect_poll")
        job.eta = "2099-01-01 00:00:00"
        user = new_test_user(self.env, "imports_util", f"{GROUP}user")
        self.source.with_user(user).action_poll()
        self.assertFalse(job.eta)

    def test_users_see_drops_administrators_change_them(self):
        user = new_test_user(self.env, "imports_util", f"{GROUP}user")
        with self.assertRaises(AccessError):
            self.source.with_user(user).write({"host": "elsewhere"})
        self.source.with_user(self.person).password = "secret"
        self.assertEqual(self.source._secret("password"), "secret")
        other = new_test_user(
            self.env, "echanges", "oiconnect_base.group_exchange_user"
        )
        with self.assertRaises(AccessError):
            self.source.with_user(other).read(["host"])

    def test_another_company_sees_no_drop_of_ours(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        user = new_test_user(
            self.env,
            "imports_ailleurs",
            f"{GROUP}manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        found = self.env["oiconnect.import.source"].with_user(user).search([])
        self.assertNotIn(self.source, found)

    def test_two_drops_do_not_read_the_same_folder(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.source.copy()

    def test_trying_the_connection_makes_its_folders(self):
        self.assertEqual(self.source.action_test()["params"]["type"], "success")
        self.assertEqual(self.box.folders, ["import", "import/archive", "import/error"])

    def test_a_copied_database_forgets_drops_and_secrets(self):
        self.source.password = "secret"
        self.env.flush_all()
        with file_open("oiconnect_interop/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(self.source.host, "neutralized.invalid")
        self.assertFalse(self.source.active or self.source.has_secret)
