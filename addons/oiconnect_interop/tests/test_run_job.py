import logging
from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError

from odoo.exceptions import UserError
from odoo.tests.common import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.oiconnect_import.controllers.run_job import RedactedJobs
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job

from .common import ExchangeCase

LOGGER = "odoo.addons.queue_job.controllers.main"


class Met(OperationalError):
    """Another transaction was met: PostgreSQL could not serialize them."""

    pgcode = "40001"


@tagged("post_install", "-at_install")
class TestRunJob(ExchangeCase):
    """A job that fails keeps where and why, and nothing of end customers."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()

    def _break(self, broken):
        """Run the job of a file; return what is stored and logged of its failure."""
        self.job = self._job_of(broken)
        with (
            self.assertLogs(LOGGER, logging.DEBUG) as logs,
            mute_logger("odoo.sql_db"),
        ):
            self._run(Job.load(self.env, self.job.uuid))
        self.job.invalidate_recordset()
        self.log = "\n".join(logs.output)
        texts = (self.job.exc_info, self.job.exc_message, self.job.result, self.log)
        return "\n".join(filter(None, texts))

    def _job_of(self, broken):
        """Return the job of a file, where ``broken`` stands for the reading of it."""
        exchange = self._take([self._wire()], settle=False)
        self.patch(type(exchange), "_open_file", broken)
        self.env.flush_all()
        key = f"oiconnect-process-{exchange.id}"
        return self.env["queue.job"].search([("identity_key", "=", key)])

    def _run(self, job):
        # ``assertRaises`` would undo what the job wrote about its failure.
        try:
            RedactedJobs._runjob(self.env, job)
        except Exception as error:
            self.assertFalse(error.__cause__)
            self.assertTrue(error.__suppress_context__)

    def assertNotDisclosed(self, output, *expected):
        self.assertEqual(self.job.state, "failed")
        for text in expected:
            self.assertIn(text, self.job.exc_info)
            self.assertIn(text, self.log)
        for secret in ("EXEMPLE", "CAMILLE", "0600000001"):
            self.assertNotIn(secret, output)

    def test_a_row_that_the_database_refuses_is_not_shown(self):
        def broken(exchange):
            # PostgreSQL repeats the whole row.
            exchange.env.cr.execute(
                SQL(
                    "INSERT INTO oiconnect_access_order (customer_name, "
                    "customer_firstname, customer_contact1) VALUES (%s, %s, %s)",
                    *("EXEMPLE", "CAMILLE", "0600000001"),
                )
            )

        output = self._break(broken)
        self.assertNotDisclosed(output, "NotNullViolation", "test_run_job.py", "broken")
        self.assertEqual(self.job.exc_message, "NotNullViolation")

    def test_the_cause_of_an_error_is_not_shown_either(self):
        name, contact = "EXEMPLE CAMILLE", "0600000001"

        def broken(exchange):
            try:
                int(name)
            except ValueError as error:
                raise KeyError(contact) from error

        self.assertNotDisclosed(self._break(broken), "KeyError")

    def test_values_written_at_the_end_of_the_job_are_not_shown(self):
        order = self._orders_of(self._take([self._wire(ReferencePm="")]))

        def broken(exchange):
            late = exchange.env["oiconnect.access.order"].browse(order.id)
            late.write({"customer_firstname": "CAMILLE", "reason_id": False})

        self.assertNotDisclosed(self._break(broken), "CheckViolation")

    def test_what_we_say_to_users_stays_without_its_cause(self):
        name, message = "CAMILLE", "Le flux CMD_ACCES n'a pas de format."

        def broken(exchange):
            try:
                int(name)
            except ValueError as error:
                raise UserError(message) from error

        self.assertNotDisclosed(self._break(broken), message)

    def test_a_job_that_the_database_left_is_put_back_and_uses_up_no_try(self):
        def broken(exchange):
            raise InterfaceError("connection already closed")

        job = Job.load(self.env, self._job_of(broken).uuid)
        for _n in range(3):
            with self.assertRaises(RetryableJobError) as raised:
                RedactedJobs._try_perform_job(self.env, job)
            self.assertEqual(raised.exception.seconds, 60)
            self.assertIn("InterfaceError", str(raised.exception))
            self.assertEqual(job.retry, 0)

    def test_what_is_tried_again_goes_to_the_queue_as_it_is(self):
        for error in (Met(), RetryableJobError("occupé", seconds=2)):
            with self.subTest(repr(error)):

                def broken(exchange, error=error):
                    raise error

                job = Job.load(self.env, self._job_of(broken).uuid)
                with self.assertRaises(type(error)) as raised:
                    RedactedJobs._try_perform_job(self.env, job)
                self.assertIs(raised.exception, error)


@tagged("post_install", "-at_install")
class TestRunner(HttpCase):
    def test_the_runner_of_jobs_redacts_errors(self):
        found = []

        def spy(cls, env, uuid):
            found.append(cls)

        with patch.object(RedactedJobs, "_acquire_job", classmethod(spy)):
            self.url_open(f"/queue_job/runjob?db={self.env.cr.dbname}&job_uuid=none")
        [runner] = found
        self.assertTrue(issubclass(runner, RedactedJobs))
