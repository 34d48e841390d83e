# pylint: disable=translation-required
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_import.bulk import merge
from odoo.addons.oiconnect_import.bulk.errors import Cancelled
from odoo.addons.oiconnect_import.models.imports import import_run
from odoo.addons.queue_job.tests.common import trap_jobs

from ...bulk import ipe
from .import_common import ImportCase, ipe_file, ipe_line
from .network_digest import network_digest


class Boom(Exception):
    """An error that breaks the work in the middle."""


@tagged("post_install", "-at_install")
class TestImportCheck(ImportCase):
    """The dry run: all of the import is reported, nothing of it stays."""

    def _network_of_three(self):
        self._import([ipe_line(1), ipe_line(2), ipe_line(3)])

    def _mixed(self):
        """One building made, two changed, one the same, one in error."""
        return [
            ipe_line(1, NombreLogementsAdresseIPE="4", EtatImmeuble="ABANDONNE"),
            ipe_line(2, NomVoieImmeuble="DES LILAS"),
            ipe_line(3),
            ipe_line(4),
            ipe_line(5, TypeZone="9", CodeInseeImmeuble="AIN"),
        ]

    # -- nothing stays ----------------------------------------------------------------

    def test_network_and_history_are_the_same_to_the_last_column(self):
        self._network_of_three()
        before = network_digest(self.env)
        record = self._check_file(self._mixed())
        self.assertEqual(network_digest(self.env), before)
        self.assertEqual(record.state, "checked")
        self.assertFalse(self._changes(record))
        self.assertFalse(self._building(4))
        self.assertEqual(self._building(1).dwelling_count, 1)
        self.assertFalse(record.applied_date)

    def test_an_empty_network_stays_empty(self):
        before = network_digest(self.env)
        record = self._check_file([ipe_line(1), ipe_line(2)], mode="initialise")
        self.assertEqual(self._counts(record)["building"], (2, 0, 0))
        self.assertEqual(network_digest(self.env), before)

    def test_no_table_of_the_work_is_left(self):
        record = self._check_file(self._mixed())
        self.env.cr.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE %s",
            [f"oiconnect\\_stage\\_{record.id}%"],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    # -- all is reported --------------------------------------------------------------

    def test_it_tells_the_counts_and_errors_that_the_import_then_has(self):
        self._network_of_three()
        record = self._check_file(self._mixed())
        checked = self._counts(record), self._errors(record), record.error_line_count
        self.assertEqual(checked[0], {"pm": (0, 0, 1), "building": (1, 2, 1)})
        self.assertIn((6, "TypeZone", "FIMP16"), checked[1])
        self.assertIn((6, "CodeInseeImmeuble", "FIMP16"), checked[1])
        self.assertEqual(record.line_count, 5)
        self.assertEqual(self._apply_checked(record), "done_errors")
        self.assertEqual(
            (self._counts(record), self._errors(record), record.error_line_count),
            checked,
        )
        self.assertTrue(self._building(4))
        self.assertEqual(self._building(2).street_name, "DES LILAS")
        self.assertTrue(record.applied_date)

    def test_errors_found_while_comparing_are_stored(self):
        self._network_of_three()
        record = self._check_file([ipe_line(1, EtatImmeuble="CIBLE")])
        self.assertIn((2, "EtatImmeuble", "S1"), self._errors(record))
        [error] = record.error_ids.filtered(lambda error: error.code == "S1")
        self.assertEqual((error.value, error.severity), ("CIBLE", "warning"))
        self.assertIn("DEPLOYE", error.message)

    def test_more_errors_than_are_written_at_once(self):
        lines = [ipe_line(rank, TypeZone="9") for rank in range(1, 60)]
        record = self._check_file(lines)
        self.assertEqual(record.error_count, 59)
        self.assertEqual(len(record.error_ids), 59)

    def test_a_large_file_is_compared_as_a_whole(self):
        self._network_of_three()
        self.patch(ipe, "MANY", 2)
        record = self._check_file(self._mixed())
        self.assertEqual(self._counts(record)["building"], (1, 2, 1))
        self._apply_checked(record)
        self.assertEqual(self._counts(record)["building"], (1, 2, 1))
        self.env.cr.execute("SHOW enable_nestloop")
        self.assertEqual(self.env.cr.fetchone()[0], "off")

    # -- preview ----------------------------------------------------------------------

    def _preview(self, record):
        return [
            (item.kind, item.reference, item.field, item.before, item.after)
            for item in record.preview_ids
        ]

    def test_first_changes_are_shown_before_and_after(self):
        self._network_of_three()
        record = self._check_file(self._mixed())
        shown = self._preview(record)
        self.assertIn(
            ("write", "IMB/01004/X/0002", "street_name", "DES TILLEULS", "DES LILAS"),
            shown,
        )
        self.assertIn(
            ("write", "IMB/01004/X/0001", "state", "deployed", "abandoned"), shown
        )
        self.assertEqual(shown[-1][:2], ("create", "IMB/01004/X/0004"))

    def test_they_are_in_the_words_of_the_screens(self):
        self._network_of_three()
        record = self._check_file(self._mixed())
        french = record.preview_ids.with_context(lang="fr_FR")
        state = french.filtered(lambda item: item.field == "state")
        self.assertEqual(state.object_label, "Immeuble")
        self.assertEqual(
            (state.field_label, state.before_label, state.after_label),
            ("État", "Déployé", "Abandonné"),
        )

    def test_the_first_hundred_are_enough(self):
        self.assertEqual(import_run.PREVIEW, 100)
        with patch.object(import_run, "PREVIEW", 10):
            record = self._check_file([ipe_line(rank) for rank in range(1, 31)])
        self.assertEqual(len(record.preview_ids), 10)
        self.assertEqual(self._counts(record)["building"], (30, 0, 0))

    def test_an_unchanged_file_shows_none(self):
        self._network_of_three()
        record = self._check_file([ipe_line(1), ipe_line(2)])
        self.assertFalse(record.preview_ids)
        self.assertEqual(self._counts(record)["building"], (0, 0, 2))

    def test_the_preview_goes_with_what_was_found(self):
        record = self._check_file([ipe_line(1)])
        self.assertTrue(record.preview_ids)
        self._apply_checked(record)
        self.assertFalse(record.preview_ids, "the history tells it from now on")

    def test_a_second_check_looks_at_the_network_as_it_is_then(self):
        record = self._check_file([ipe_line(1), ipe_line(2)])
        self._import([ipe_line(1)])
        record._apply()
        self.assertEqual(self._counts(record)["building"], (1, 0, 1))

    # -- changing the file or its options ---------------------------------------------

    def test_what_was_found_does_not_outlive_the_file(self):
        for values in (
            {"file_name": "autre.csv"},
            {"mode": "removal"},
            {"on_error": "nothing"},
            {"encoding": "cp1252"},
        ):
            with self.subTest(values):
                record = self._check_file([ipe_line(1, TypeZone="9"), ipe_line(2)])
                self.assertTrue(record.count_ids and record.error_ids)
                record.write(values)
                self.assertEqual(record.state, "draft")
                self.assertFalse(record.count_ids)
                self.assertFalse(record.error_ids)
                self.assertFalse(record.preview_ids)

    def test_another_text_of_the_discussion_changes_nothing(self):
        record = self._check_file([ipe_line(1)])
        record.message_post(body="À regarder")
        self.assertEqual(record.state, "checked")


@tagged("post_install", "-at_install")
class TestImportCheckJob(ImportCase):
    """The job of a check: queue, progress, cancel, what breaks."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()

    def _queued(self, lines):
        record = self._upload(lines)
        with trap_jobs() as trap:
            record.action_check()
            trap.assert_jobs_count(1, only=record._run)
        self.env.flush_all()
        return record

    def _run(self, record):
        record._run()
        self.env.invalidate_all()
        return record.state

    def test_job_checks_then_job_imports(self):
        record = self._queued([ipe_line(1)])
        self.assertEqual((record.state, record.dry_run), ("queued", True))
        self.assertEqual(self._run(record), "checked")
        self.assertEqual(record.progress, 100)
        self.assertFalse(self._building())
        with trap_jobs() as trap:
            record.action_start()
            trap.assert_jobs_count(1, only=record._run)
        self.env.flush_all()
        self.assertEqual(self._run(record), "done")
        self.assertTrue(self._building())

    def test_a_file_may_be_imported_without_a_check(self):
        record = self._upload([ipe_line(1)])
        with trap_jobs():
            record.action_start()
        self.env.flush_all()
        self.assertEqual(self._run(record), "done")

    def test_progress_says_what_is_done(self):
        record = self._queued([ipe_line(1)])
        progress = self.env["oiconnect.import.progress"]
        progress._begin(record)
        record.progress_ids.step = "merge"
        self.assertEqual(record.progress_text, "Comparing with the network…")
        record.dry_run = False
        record.invalidate_recordset()
        self.assertEqual(record.progress_text, "Applying…")

    def test_cancelled_in_the_middle_leaves_nothing(self):
        before = network_digest(self.env)
        for owner, method in (
            (ipe.IpeImport, "_check"),
            (merge.Merge, "_write"),
        ):
            with self.subTest(method):
                record = self._queued([ipe_line(1), ipe_line(2, TypeZone="9")])
                original = getattr(owner, method)

                def cancelled(*args, original=original):
                    original(*args)
                    raise Cancelled

                self.patch(owner, method, cancelled)
                self.assertEqual(self._run(record), "cancelled")
                self.assertFalse(record.error_ids)
                self.assertEqual(network_digest(self.env), before)
                self.patch(owner, method, original)
                self.assertEqual(self._run_again(record), "checked")

    def _run_again(self, record):
        with trap_jobs():
            record.action_check()
        self.env.flush_all()
        return self._run(record)

    @mute_logger("odoo.sql_db")
    def test_broken_in_the_middle_leaves_nothing(self):
        before = network_digest(self.env)
        record = self._queued([ipe_line(1)])
        original = merge.Merge._write

        def broken(*args):
            original(*args)
            raise Boom("le disque est plein")

        self.patch(merge.Merge, "_write", broken)
        try:
            record._run()
        except Boom:
            self.env.invalidate_all()
        self.assertEqual(record.state, "failed")
        self.assertEqual(network_digest(self.env), before)

    def test_a_check_alarms_no_one(self):
        record = self._queued([ipe_line(1, TypeZone="9")])
        self._run(record)
        self.assertFalse(record.activity_ids)


@tagged("post_install", "-at_install")
class TestImportCheckRights(ImportCase):
    """Rights to check, and to see the findings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            level: new_test_user(
                cls.env,
                f"check_{level}",
                f"base.group_user,oiconnect_base.group_import_{level}",
            )
            for level in ("read", "user", "manager")
        }

    def test_users_check_readers_look(self):
        record = self._check_file(ipe_file([ipe_line(1)]))
        seen = record.with_user(self.people["read"])
        self.assertEqual(seen.preview_ids.mapped("kind")[:1], ["create"])
        self.assertEqual(seen.count_ids[1].created, 1)
        with self.assertRaises(AccessError):
            seen.action_check()
        with trap_jobs() as trap:
            record.with_user(self.people["user"]).action_check()
            trap.assert_jobs_count(1)

    def test_no_user_writes_a_preview(self):
        record = self._check_file([ipe_line(1)])
        for person in self.people.values():
            with self.subTest(person.login), self.assertRaises(AccessError):
                record.preview_ids.with_user(person).unlink()

    def test_an_old_import_is_checked_by_administrators_only(self):
        record = self._import([ipe_line(1)])
        with self.assertRaisesRegex(UserError, "Only an administrator"):
            record.with_user(self.people["user"]).action_check()
        with trap_jobs() as trap:
            record.with_user(self.people["manager"]).action_check()
            trap.assert_jobs_count(1)

    def test_once_checked_again_it_still_is_an_old_import(self):
        record = self._import([ipe_line(1)])
        self._building().dwelling_count = 9
        record.dry_run = True
        record._apply()
        self.assertEqual(record.state, "checked")
        self.assertEqual(self._building().dwelling_count, 9)
        self.assertEqual(self._counts(record)["building"], (0, 1, 0))
        with self.assertRaisesRegex(UserError, "imported already"):
            record.with_user(self.people["user"]).action_start()
        with self.assertRaisesRegex(UserError, "make a new import"):
            record.mode = "removal"

    def test_another_company_sees_no_preview(self):
        company = self.env["res.company"].create({"name": "Autre OI"})
        network = self._make_network("OITK")
        network.company_id = company
        record = self._upload(
            [ipe_line(1, CodeOI="OITK")],
            "TEST_01_OITK_PM_IPEZMD_V31_20260901_00.csv",
            network,
        )
        record.dry_run = True
        record._apply()
        reader = self.people["read"]
        with self.assertRaises(AccessError):
            record.preview_ids.with_user(reader).read(["reference"])
        reader.company_ids = [Command.link(company.id)]
        self.assertTrue(
            record.with_user(reader)
            .with_context(allowed_company_ids=company.ids)
            .preview_ids
        )
