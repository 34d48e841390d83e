import logging
from contextlib import suppress

from psycopg2 import Error

from odoo.exceptions import UserError
from odoo.tests.common import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.oiconnect_base.log_redaction import (
    error_kind,
    redacted_error,
    redacted_traceback,
)
from odoo.addons.oiconnect_base.workflow import JOB

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestLogs(OrderCase):
    """Errors are logged without saying whose order it is."""

    def _break(self, statement):
        with self.assertLogs("odoo.sql_db", logging.ERROR) as logs:
            with self.assertRaises(Error) as broken, self.env.cr.savepoint(flush=False):
                self.env.cr.execute(statement)
        return "\n".join(logs.output), broken.exception

    def test_a_query_that_fails_is_logged_without_its_values(self):
        order = self._receive(self._line(customer_name="EXEMPLE"))
        self.env.flush_all()
        text, error = self._break(
            SQL(
                "UPDATE oiconnect_access_order SET customer_firstname = %s, "
                "state = 'ar_ko' WHERE id = %s",
                "CAMILLE",
                order.id,
            )
        )
        # PostgreSQL repeats the whole row.
        self.assertIn("EXEMPLE", str(error))
        for value in ("EXEMPLE", "CAMILLE", "0600000001"):
            self.assertNotIn(value, text)
        self.assertIn("query on oiconnect_access_order", text)
        self.assertIn(
            "CheckViolation (oiconnect_access_order_rejected_has_reason)", text
        )

    def test_messages_about_an_order_are_logged_no_more_than_the_order(self):
        for table, column in (
            ("oiconnect_workflow_step", "note"),
            ("oiconnect_decision", "note"),
            ("mail_message", "body"),
            ("mail_activity", "summary"),
            ("mail_tracking_value", "old_value_char"),
        ):
            with self.subTest(table):
                text, _error = self._break(
                    SQL(
                        "INSERT INTO %s (id, %s) VALUES (NULL, %s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        "EXEMPLE renonce",
                    )
                )
                self.assertNotIn("EXEMPLE", text)
                self.assertIn(f"query on {table}", text)

    def test_other_queries_are_logged_as_ever(self):
        text, _error = self._break(SQL("SELECT 'tellable' FROM no_such_table"))
        self.assertIn("tellable", text)

    def test_a_trace_says_where_not_what(self):
        try:
            raise ValueError("EXEMPLE CAMILLE")
        except ValueError as error:
            text = redacted_traceback(error)
        self.assertIn("test_customer_logs.py", text)
        self.assertIn("ValueError", text)
        self.assertNotIn("ValueError: EXEMPLE", text)

    def test_the_kind_of_an_error_names_the_rule(self):
        self.assertEqual(error_kind(KeyError("EXEMPLE")), "KeyError")

    def test_a_stored_error_shows_only_values_of_ours(self):
        for error, message in (
            (KeyError("EXEMPLE"), "KeyError"),
            (UserError("Ce domaine est archivé."), "Ce domaine est archivé."),
            (OSError(28, "No space left on device"), "No space left on device"),
        ):
            with self.subTest(message):
                self.assertIn(message, str(redacted_error(error)))
        self.assertNotIn("EXEMPLE", str(redacted_error(KeyError("EXEMPLE"))))

    def _fail_in_cron(self, statement):
        """Run a scheduled action that fails; return what the log says of it."""

        def broken(orders):
            orders.env.cr.execute(statement)

        self.patch(type(self.env["oiconnect.access.order"]), "_cron_study", broken)
        self.env.flush_all()
        self.registry_enter_test_mode()
        with (
            self.assertLogs("odoo.addons.base.models.ir_cron", logging.ERROR) as logs,
            mute_logger("odoo.sql_db"),
            suppress(Exception),
        ):
            self.env.ref("oiconnect_orders.cron_study").method_direct_trigger()
        return "\n".join(logs.output)

    def test_a_scheduled_action_that_fails_is_logged_without_its_rows(self):
        log = self._fail_in_cron(
            SQL(
                "INSERT INTO oiconnect_access_order (customer_name, comment) "
                "VALUES (%s, %s)",
                "EXEMPLE",
                "CAMILLE",
            )
        )
        self.assertIn("test_customer_logs.py", log)
        self.assertNotIn("EXEMPLE", log)
        self.assertNotIn("CAMILLE", log)

    def test_other_scheduled_actions_fail_as_ever(self):
        log = self._fail_in_cron(SQL("SELECT 'tellable' FROM no_such_table"))
        self.assertIn("no_such_table", log)

    def test_what_an_error_comes_from_is_looked_at_too(self):
        log, row = logging.getLogger("odoo.http"), "oiconnect_access_order: EXEMPLE"
        try:
            try:
                raise KeyError(row)
            except KeyError as error:
                raise ValueError("broken") from error
        except ValueError as error:
            with self.assertLogs(log, logging.ERROR) as logs:
                log.error("request", exc_info=error)
        output = "\n".join(logs.output)
        self.assertIn("RedactedError: KeyError", output)
        self.assertNotIn("EXEMPLE", output)

    def test_an_order_that_cannot_be_studied_is_not_named_after_its_customer(self):
        order = self._receive(self._line(customer_name="EXEMPLE"))

        def broken(orders, *args, **kwargs):
            raise ValueError(f"boom on {orders.customer_name}")

        self.patch(type(order), "_study", broken)
        with self.assertLogs("odoo.addons.oiconnect_orders", logging.ERROR) as logs:
            order._study_isolated(JOB)
        self.assertNotIn("boom on EXEMPLE", "\n".join(logs.output))
