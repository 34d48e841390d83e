from unittest.mock import patch

from psycopg2.errors import AdminShutdown, DiskFull, SerializationFailure

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests.common import tagged

from odoo.addons.oiconnect_import.bulk.errors import Cancelled
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.tests.common import trap_jobs

from .publication_common import MadeCase


class Boom(Exception):
    """An error that breaks the work in the middle."""


def coded(kind, code):
    """An error of the database, as the server tells it."""
    return type(kind.__name__, (kind,), {"pgcode": code})("the server is gone")


@tagged("post_install", "-at_install")
class TestPublicationRun(MadeCase):
    """The job of a run: all its files or none, stopped, started again."""

    # -- what is queued ---------------------------------------------------------------

    def test_each_format_in_use_has_its_file(self):
        made = self._publish("full")
        self.assertEqual(self._kinds(made), [("ipe", "V3.0"), ("ipe", "V3.1")])
        self.assertEqual(set(made.mapped("state")), {"waiting"})
        self.assertEqual(made.network_id, self.network)
        self.assertFalse(made.operator_id, "both formats are those of everybody")

    def test_the_delta_comes_first_of_what_is_made_together(self):
        self._publish("full", "histo", "delta")
        self._run()
        self.assertEqual(
            self.made,
            [
                [
                    ("delta_ipe", "V3.0"),
                    ("delta_ipe", "V3.1"),
                    ("ipe", "V3.0"),
                    ("ipe", "V3.1"),
                    ("histo_ipe", "V3.0"),
                    ("histo_ipe", "V3.1"),
                ]
            ],
        )

    def test_an_operator_with_its_own_format_has_its_own_file(self):
        shared = self._format("V3.1")
        own = shared.copy({"operator_id": self.operators[2].id})
        made = self._publish("full")
        self.assertEqual(made.format_id, self._format("V3.0") | shared | own)
        mine = made.filtered("operator_id")
        self.assertEqual(mine.operator_id, self.operators[2])
        self._run()
        self.assertEqual(mine.delivery_ids.operator_id, self.operators[2])
        [other] = made.filtered(lambda item: item.format_id == shared)
        self.assertEqual(other.delivery_ids.operator_id, self.operators[0])

    def _format(self, version):
        return self.env["oiconnect.flow.format"].search(
            [
                ("flow_id.code", "=", "IPE"),
                ("version", "=", version),
                ("operator_id", "=", False),
            ]
        )

    def test_a_requested_format_is_made_without_recipient(self):
        self.plan.operator_ids = self.operators[0]
        self.plan.format_ids = self._format("V3.0")
        made = self._publish("full")
        self.assertEqual(self._kinds(made), [("ipe", "V3.0"), ("ipe", "V3.1")])
        self._run()
        self.assertEqual(made.delivery_ids.operator_id, self.operators[0])

    def test_all_operators_get_the_files_when_none_is_named(self):
        self.plan.operator_ids = False
        self._publish("full")
        self._run()
        self.assertLessEqual(self.operators, self._found().delivery_ids.operator_id)

    def test_what_waits_is_not_made_twice(self):
        first = self._publish("full")
        self.assertFalse(self._publish("full"))
        more = self._publish("full", "delta")
        self.assertEqual(set(more.mapped("kind")), {"delta_ipe"})
        self._run(first)
        self.assertEqual(len(self._publish("full")), 2, "they wait no longer")

    def test_run_waits_in_its_own_queue_as_one_job(self):
        made = self.plan._publish(["full", "delta"])
        job = self.env["queue.job"].search(
            [("identity_key", "=", made[:1].run_key), ("model_name", "=", made._name)]
        )
        self.assertEqual(len(job), 1)
        self.assertEqual(len(set(made.mapped("run_key"))), 1)
        job = Job.load(self.env, job.uuid)
        self.assertEqual(job.channel, "root.oiconnect_publish")
        self.assertEqual(job.recordset.ids, sorted(made.ids))

    def test_nothing_is_queued_without_recipient_and_format(self):
        alone = self.env["oiconnect.publication.plan"].create(
            {"name": "Seul", "network_id": self.network.id, "family": "ipe"}
        )
        patched = patch.object(type(alone), "_formats", lambda plan: plan.format_ids)
        with patched, trap_jobs() as trap:
            self.assertFalse(alone._publish(["full"]))
            trap.assert_jobs_count(0)
            with self.assertRaisesRegex(UserError, "has no recipient"):
                alone._check_formats()

    # -- what is done -----------------------------------------------------------------

    def test_job_makes_and_sends(self):
        self._publish("full")
        self.assertEqual(self._run(), ["done", "done"])
        old, new = self._found()
        self.assertEqual(old.delivery_ids.operator_id, self.operators[1])
        self.assertEqual(
            new.delivery_ids.operator_id, self.operators - self.operators[1]
        )
        self.assertEqual(set((old | new).delivery_ids.mapped("state")), {"waiting"})
        self.assertTrue(old.start_date and old.end_date)
        self.assertEqual(old.progress, 100)

    def test_job_that_comes_back_does_nothing_twice(self):
        self._publish("full")
        self._run()
        self.env.flush_all()
        self._found()._run()
        self.assertEqual(len(self.made), 1)
        self.assertEqual(len(self._found().delivery_ids), 3)

    def test_what_the_rules_stop_is_not_sent(self):
        def stop_one(publications):
            self._make(publications[1:])
            publications[0].write({"state": "blocked", "message": "Règle GI01"})

        self._make_by(stop_one)
        self._publish("full")
        self.assertEqual(self._run(), ["blocked", "done"])
        blocked, done = self._found()
        self.assertFalse(blocked.delivery_ids)
        self.assertEqual(len(done.delivery_ids), 2)
        self.assertEqual(self._tasks().mapped("summary"), ["Règle GI01"])

    # -- what breaks ------------------------------------------------------------------

    def _break(self, error):
        """Let the work raise ``error`` once the files are made."""

        def make_and_break(publications):
            self._make(publications)
            raise error

        self._make_by(make_and_break)
        self._publish("full")

    def _nothing_is_left(self):
        found = self._found()
        self.assertFalse(found.filtered(lambda item: item.file or item.name))
        self.assertFalse(found.delivery_ids)

    def test_work_that_breaks_leaves_nothing_and_says_why(self):
        self._break(Boom("le disque est plein"))
        self._run_raising(Boom)
        self._nothing_is_left()
        self.assertEqual(set(self._found().mapped("state")), {"failed"})
        [message] = set(self._found().mapped("message"))
        self.assertIn("Rien n'a été publié", message)
        self.assertIn("le disque est plein", message)

    def test_sending_that_breaks_publishes_nothing(self):
        self._publish("full")
        with patch.object(
            type(self.env["oiconnect.exchange"]), "_publish", side_effect=Boom
        ):
            self._run_raising(Boom)
        self._nothing_is_left()
        self.assertEqual(set(self._found().mapped("state")), {"failed"})

    def test_connection_that_breaks_is_tried_again(self):
        for error in (
            coded(AdminShutdown, "57P01"),
            coded(SerializationFailure, "40001"),
        ):
            with self.subTest(error):
                self._break(error)
                retryable = self._run_raising(RetryableJobError)
                self.assertFalse(retryable.ignore_retry)
                self._nothing_is_left()
                self.assertEqual(set(self._found().mapped("state")), {"waiting"})
                self.assertFalse(self._tasks(), "it is not late yet")

    def test_full_disk_is_reported_and_not_tried_again(self):
        self._break(coded(DiskFull, "53100"))
        self._run_raising(DiskFull)
        self._nothing_is_left()
        self.assertEqual(set(self._found().mapped("state")), {"failed"})
        self.assertEqual(len(self._tasks()), 1)

    def test_run_that_broke_starts_again_as_a_whole(self):
        self._break(Boom("panne"))
        self._run_raising(Boom)
        self._make_by(self._make)
        with trap_jobs() as trap:
            self._found()[0].with_user(self.person).action_retry()
            trap.assert_jobs_count(1)
        self.assertEqual(self._run(), ["done", "done"])
        self.assertFalse(any(self._found().mapped("message")))

    def test_nothing_is_started_again_of_what_was_published(self):
        self._publish("full")
        self._run()
        with self.assertRaisesRegex(UserError, "left to publish"):
            self._found()[0].action_retry()

    def test_job_killed_while_running_is_done_again(self):
        """A killed process leaves the state, its transaction is undone."""
        self._publish("full")
        self._found().write({"state": "running"})
        self.assertEqual(self._run(), ["done", "done"])

    def test_wish_to_stop_that_a_killed_process_never_heard_is_heard(self):
        self._publish("full")
        self._found()._begin()
        self._found()[0].with_user(self.person).action_cancel()
        self.assertEqual(self._run(), ["cancelled", "cancelled"])
        self.assertIn("rien n'a été publié", self._found()[1].message)
        with trap_jobs():
            self._found()[0].action_retry()
        self.assertEqual(self._run(), ["done", "done"])

    def test_run_whose_job_is_lost_is_queued_again(self):
        made = self.plan._publish(["full"])
        with trap_jobs() as trap:
            self.publications._resume()
            trap.assert_jobs_count(0)
        self._job_of(made).unlink()
        made[0].state = "running"
        with trap_jobs() as trap:
            self.publications._resume()
            trap.assert_jobs_count(1, only=made._run)
            self.assertEqual(trap.enqueued_jobs[0].recordset, made.sorted("id"))

    def _job_of(self, made):
        return self.env["queue.job"].search([("identity_key", "=", made[:1].run_key)])

    # -- stop -------------------------------------------------------------------------

    def test_files_that_wait_are_stopped_together_at_once(self):
        self._publish("full")
        self._found()[0].with_user(self.person).action_cancel()
        self.assertEqual(self._run(), ["cancelled", "cancelled"])
        self.assertFalse(self.made)

    def test_files_being_made_stop_at_the_next_step(self):
        def ask_then_go_on(publications):
            publications[1].with_user(self.person).action_cancel()
            self._make(publications)
            publications.env.flush_all()
            publications._with_progress()._tell("write", 10)

        self._make_by(ask_then_go_on)
        self._publish("full")
        self.assertEqual(self._run(), ["cancelled", "cancelled"])
        self._nothing_is_left()
        self.assertIn("rien n'a été publié", self._found()[0].message)
        self.assertFalse(self._tasks(), "who stopped it knows")
        self._make_by(self._make)
        with trap_jobs():
            self._found()[0].action_retry()
        self.assertEqual(self._run(), ["done", "done"], "the wish is forgotten")

    def test_progress_is_reported_on_all_files_of_the_run(self):
        def tell(publications):
            publications._with_progress()._tell("draw", 120000)
            self._make(publications)
            publications.env.invalidate_all()
            for publication in publications.with_context(lang="en_US"):
                self.assertRegex(publication.progress_text, "^Drawing the lines: ")

        self._make_by(tell)
        self._publish("full")
        self._run()

    def test_work_requested_to_stop_stops_at_its_next_progress_report(self):
        made = self._publish("full")
        made._begin()
        made.progress_ids[:1].stop_asked = True
        self.env.flush_all()
        with self.assertRaises(Cancelled):
            made._with_progress()._tell("check")

    def test_progress_goes_from_file_to_file(self):
        made = self._publish("full")._with_progress()
        course = made.env.context["oiconnect_run_progress"]
        reports = []
        course.report = lambda *step: reports.append(step)
        for publication in made:
            for step, lines in (("draw", 0), ("check", 0), ("write", 5), ("write", 7)):
                publication._tell(step, lines)
            publication._count_written_file()
        self.assertEqual(
            reports,
            [
                ("draw", 0.0, 0),
                ("check", 0.2, 0),
                ("write", 0.25, 5),
                ("write", 0.25, 12),
                ("draw", 0.5, 0),
                ("check", 0.7, 0),
                ("write", 0.75, 5),
                ("write", 0.75, 12),
            ],
        )

    # -- one at a time ----------------------------------------------------------------

    def test_second_run_of_a_plan_waits(self):
        self._publish("full")
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                ["oiconnect.publication", self.plan.id],
            )
            error = self._run_raising(RetryableJobError)
        self.assertTrue(error.ignore_retry)
        self.assertFalse(self.made)
        self.assertEqual(self._run(), ["done", "done"])
