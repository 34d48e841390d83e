from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.oiconnect_base.models.work_list.retry import (
    MAX_FAILURES,
    RETENTION_DAYS,
)
from odoo.addons.oiconnect_base.models.work_list.todo import FAILED

from ..clock_common import MONDAY, ClockCase

LATE = "2026-08-07 20:00:00"


@tagged("post_install", "-at_install")
class TestRetry(ClockCase):
    """A record that a scheduled action always fails on is for a person, tried no more.

    That of missed delays, for all.
    """

    def setUp(self):
        super().setUp()
        self.order = self._at(MONDAY, self._order)
        self.retries = self.env["oiconnect.retry"]

    @mute_logger("odoo.addons.oiconnect_base.isolated_work")
    def _fail(self, runs):
        """Let the action fail on the order; return how often it tried."""
        fault = ValueError("12 rue du Lavoir")
        order = type(self.order)
        with patch.object(order, "_mark_late", side_effect=fault) as tried:
            for _run in range(runs):
                self._pass(LATE)
        return tried.call_count

    def _task(self):
        return self._todos_of(self.order).filtered(lambda todo: todo.kind == FAILED)

    def _counted(self):
        return self.retries.search([("res_id", "=", self.order.id)])

    def test_after_some_runs_a_person_has_one_task(self):
        self.assertEqual(self._fail(MAX_FAILURES - 1), MAX_FAILURES - 1)
        self.assertFalse(self._task())
        self.assertEqual(self._fail(3), 1, "then no more")
        task = self._task()
        self.assertIn(self.order.display_name, task.detail)
        self.assertIn("ValueError", task.detail)
        self.assertNotIn("Lavoir", task.detail, "as in logs")
        self.assertEqual(self._counted().failures, MAX_FAILURES)

    def test_one_run_that_goes_well_and_all_is_forgotten(self):
        self._fail(MAX_FAILURES - 1)
        self._pass(LATE)
        self.assertTrue(self.order.is_late)
        self.assertFalse(self._counted())

    def test_the_task_is_closed_and_it_is_tried_again(self):
        self._fail(MAX_FAILURES)
        task, group = self._task(), "oiconnect_base.group_access_"
        reader = new_test_user(self.env, "retry_reader", f"{group}read")
        with self.assertRaises(AccessError):
            task.with_user(reader).action_retry()
        with self.assertRaises(AccessError):
            self._counted().with_user(reader).read(["reason"])
        with self.assertRaises(UserError):
            self.todos.browse().action_retry()
        task.with_user(
            new_test_user(self.env, "retry_user", f"{group}user")
        ).action_retry()
        self.assertEqual(task.state, "done")
        self.assertEqual(self._fail(MAX_FAILURES + 1), MAX_FAILURES, "a new end")
        self.assertEqual(len(self._task()), 1)

    def test_the_record_changes_and_it_is_tried_again(self):
        self._fail(MAX_FAILURES)
        self._counted().date -= timedelta(seconds=1)
        self._pass(LATE)
        self.assertTrue(self.order.is_late)
        self.assertFalse(self._counted() or self._task())

    def test_what_no_run_looks_at_is_forgotten(self):
        self._fail(MAX_FAILURES)
        self._counted().date -= timedelta(days=RETENTION_DAYS + 1)
        self.env.flush_all()
        self.retries._gc_forgotten()
        self.assertTrue(self._counted(), "a user has it to do")
        self._task().action_retry()
        self.retries._gc_forgotten()
        self.assertFalse(self._counted())

    def test_what_is_to_mark_is_read_by_due_date(self):
        queries = []
        search = type(self.order)._search

        def _search(records, domain, **options):
            query = search(records, domain, **options)
            if options.get("order") == "due_date, id":
                queries.append(query.select())
            return query

        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        with patch.object(type(self.order), "_search", _search):
            self._pass(LATE)
        self.assertEqual(len(queries), 2, "the order, then nothing")
        for query in queries:
            plan = str(self.env.execute_query(SQL("EXPLAIN %s", query)))
            self.assertIn("oiconnect_access_order_to_mark_idx", plan)
            self.assertNotIn("Sort", plan)
