from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tools import mute_logger

from odoo.addons.oiconnect_import.bulk import merge, work
from odoo.addons.oiconnect_import.bulk.errors import Cancelled
from odoo.addons.oiconnect_import.models.runs.progress import Reporter
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.tests.common import trap_jobs

from ...bulk import ipe
from .import_common import ImportCase, ipe_file, ipe_line


class Boom(Exception):
    """An error that breaks the work in the middle."""


class TestImportRun(ImportCase):
    """The job: all or nothing, reported as it goes, stopped, started again."""

    def setUp(self):
        super().setUp()
        # Transactions of the job become savepoints of the test.
        self.registry_enter_test_mode()

    def _queued(self, lines=None):
        record = self._upload(lines or [ipe_line(1), ipe_line(2)])
        with trap_jobs():
            record.action_start()
        self.env.flush_all()
        return record

    def _run(self, record):
        record._run()
        self.env.invalidate_all()
        return record.state

    def _run_raising(self, record, expected):
        """Run a job that must raise; ``assertRaises`` would undo what it wrote."""
        try:
            record._run()
        except expected as error:
            return error
        finally:
            self.env.invalidate_all()
        return self.fail("the job raised nothing")

    # -- queue ------------------------------------------------------------------------

    def test_import_waits_in_the_queue(self):
        record = self._upload([ipe_line(1)])
        with trap_jobs() as trap:
            record.action_start()
            trap.assert_jobs_count(1, only=record._run)
            job = trap.enqueued_jobs[0]
        self.assertEqual(job.identity_key, f"oiconnect-import-{record.id}")
        self.assertEqual(record.state, "queued")
        self.assertFalse(self._building())

    def test_job_has_its_own_channel(self):
        record = self._upload([ipe_line(1)])
        record.action_start()
        job = Job.load(self.env, self._job(record).uuid)
        self.assertEqual(job.channel, "root.oiconnect_import")

    def test_starting_twice_queues_one_job(self):
        record = self._upload([ipe_line(1)])
        record.action_start()
        with self.assertRaisesRegex(UserError, "is being imported"):
            record.action_start()
        self.assertEqual(len(self._job(record)), 1)

    def _job(self, record):
        return self.env["queue.job"].search(
            [("identity_key", "=", record._job_identity_key())]
        )

    def test_job_imports(self):
        record = self._queued([ipe_line(1), ipe_line(2, TypeZone="9")])
        self.assertEqual(self._run(record), "done_errors")
        self.assertEqual((record.line_count, record.error_line_count), (2, 1))
        self.assertEqual((record.error_count, record.warning_count), (1, 0))
        self.assertTrue(record.start_date and record.end_date)
        self.assertEqual(record.progress, 100)
        self.assertTrue(self._building(1))

    def test_job_that_comes_back_does_nothing_twice(self):
        record = self._queued()
        self._run(record)
        with patch.object(ipe.IpeImport, "run", side_effect=Boom):
            self.assertEqual(self._run(record), "done")

    # -- what breaks ------------------------------------------------------------------

    def _break(self, record, owner, method):
        """Run with an error after ``method``; return what was left of the work."""
        original = getattr(owner, method)

        def broken(*args, **kwargs):
            original(*args, **kwargs)
            raise Boom("le disque est plein")

        with patch.object(owner, method, broken):
            self._run_raising(record, Boom)
        return self._building(1) | self._building(2)

    def test_nothing_is_left_wherever_the_work_breaks(self):
        for owner, method in (
            (work.Stage, "load"),
            (work, "check_format"),
            (work.RuleCheck, "run"),
            (ipe.IpeImport, "_merge_pms"),
            (merge.Merge, "_write"),
            (ipe.IpeImport, "_merge_buildings"),
            (type(self.imports), "_keep_results"),
        ):
            with self.subTest(after=method):
                record = self._queued([ipe_line(1), ipe_line(2, TypeZone="9")])
                self.assertFalse(self._break(record, owner, method))
                self.assertFalse(self._pm())
                self.assertFalse(record.error_ids)
                self.assertFalse(record.count_ids)
                self.assertEqual(record.state, "failed")
                self.assertIn("le disque est plein", record.message)

    def test_import_that_broke_starts_again(self):
        record = self._queued()
        self._break(record, merge.Merge, "_write")
        with trap_jobs() as trap:
            record.action_start()
            trap.assert_jobs_count(1)
        self.env.flush_all()
        self.assertEqual(self._run(record), "done")
        self.assertFalse(record.message)
        self.assertEqual(self._counts(record)["building"], (2, 0, 0))

    def test_job_killed_while_running_is_done_again(self):
        """A killed process leaves the state, its transaction is undone."""
        record = self._queued()
        record.sudo().state = "running"
        self.env.flush_all()
        self.assertEqual(self._run(record), "done")

    def test_import_whose_job_is_lost_can_be_started(self):
        record = self._queued()
        record.sudo().state = "running"
        with trap_jobs() as trap:
            record.action_start()
            trap.assert_jobs_count(1)

    def test_conflict_with_another_transaction_is_tried_again(self):
        record = self._queued()
        error = type("Conflict", (SerializationFailure,), {"pgcode": "40001"})
        with patch.object(ipe.IpeImport, "run", side_effect=error):
            self._run_raising(record, SerializationFailure)
        self.assertEqual(record.state, "queued")
        self.assertEqual(self._run(record), "done")

    def test_file_broken_far_from_its_beginning_fails_with_its_reason(self):
        content = ipe_file([ipe_line(rank) for rank in range(1, 7001)])
        record = self._queued(content + b"IMB/\0;\r\n")
        self.assertEqual(record.problem, False)
        self.assertEqual(self._run(record), "failed")
        self.assertIn("Line 7002 holds NUL bytes", record.message)
        self.assertFalse(self._building(1))

    # -- stop -------------------------------------------------------------------------

    def test_waiting_import_is_cancelled_at_once(self):
        record = self._queued()
        record.action_cancel()
        self.env.flush_all()
        self.assertEqual(self._run(record), "cancelled")
        self.assertFalse(self._building())

    def test_running_import_stops_at_the_next_step(self):
        record = self._queued()
        original = ipe.IpeImport._check

        def ask_then_check(work):
            work.record.action_cancel()
            work.env.flush_all()
            return original(work)

        with patch.object(ipe.IpeImport, "_check", ask_then_check):
            record._run()
        self.env.invalidate_all()
        self.assertEqual(record.state, "cancelled")
        self.assertIn("nothing was applied", record.message)
        self.assertFalse(self._building())
        with trap_jobs():
            record.action_start()
        self.env.flush_all()
        self.assertEqual(self._run(record), "done", "the wish to stop is forgotten")

    def test_progress_is_reported_at_most_once_a_second(self):
        record = self._queued()
        self.env["oiconnect.import.progress"]._begin(record)
        self.env.flush_all()
        reporter = Reporter(record.progress_ids)
        reporter("read", 0.5, 1000)
        reporter("read", 0.9, 2000)
        self.env.invalidate_all()
        progress = record.progress_ids
        self.assertEqual((progress.step, progress.lines), ("read", 1000))
        self.assertAlmostEqual(record.progress, 12.5)
        reporter.last -= 2
        reporter("read", 1, 3000)
        self.env.invalidate_all()
        self.assertEqual(progress.lines, 3000)
        text = record.with_context(lang="en_US").progress_text
        self.assertRegex(text, r"line 3\D000")
        record._ask_to_stop()
        self.env.flush_all()
        with self.assertRaises(Cancelled):
            reporter("check", 0, 0)

    # -- one at a time ----------------------------------------------------------------

    def test_second_import_of_a_network_waits(self):
        record = self._queued()
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                ["oiconnect.import", self.network.id],
            )
            error = self._run_raising(record, RetryableJobError)
        self.assertTrue(error.ignore_retry)
        self.assertEqual(record.state, "queued")
        self.assertEqual(self._run(record), "done")

    @mute_logger("odoo.sql_db")
    def test_import_of_another_network_does_not_wait(self):
        record = self._queued()
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                ["oiconnect.import", self.network.id + 1],
            )
            self.assertEqual(self._run(record), "done")

    # -- again ------------------------------------------------------------------------

    def test_running_again_overwrites_what_was_changed_since(self):
        record = self._queued()
        self._run(record)
        building = self._building(1)
        record.sudo().applied_date = "2026-01-01 00:00:00"
        building.dwelling_count = 12
        wizard = self.env["oiconnect.import.confirm"].create({"import_id": record.id})
        self.assertEqual(wizard.changed_count, 1)
        wizard.confirmation = "autre"
        with self.assertRaisesRegex(UserError, record.file_name):
            wizard.action_confirm()
        wizard.confirmation = record.file_name
        with trap_jobs() as trap:
            wizard.action_confirm()
            trap.assert_jobs_count(1)
        self.env.flush_all()
        self.assertEqual(self._run(record), "done")
        self.assertEqual(building.dwelling_count, 1)
        self.assertEqual(self._counts(record)["building"], (0, 1, 1))

    def test_done_import_is_run_again_by_its_confirmation_only(self):
        record = self._queued()
        with self.assertRaisesRegex(UserError, "not imported yet"):
            record.action_run_again()
        self._run(record)
        with self.assertRaisesRegex(UserError, "Run again"):
            record.action_start()
        self.assertEqual(
            record.action_run_again()["res_model"], "oiconnect.import.confirm"
        )
        record.action_cancel()
        self.assertEqual(record.state, "done")
