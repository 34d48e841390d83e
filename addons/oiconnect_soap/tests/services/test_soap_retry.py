from datetime import timedelta

from odoo import fields
from odoo.tests.common import freeze_time, tagged

from odoo.addons.oiconnect_interop.transport.http_client import CallError

from ...models.services.soap_suspect import TRIES
from ...soap.services import sav
from .partner import PASSWORD, NotificationCase, wait_of

NOON = fields.Datetime.to_datetime("2026-03-14 12:00:00")
DOWN = CallError("unreachable", "Connection refused")


@tagged("post_install", "-at_install")
class TestSoapRetry(NotificationCase):
    """A server that does not answer is tried for ever; one that refuses us, no more."""

    def _fail(self, now, error=DOWN):
        """Let the server fail once at ``now``; return the wait in seconds."""
        self.partner.steps.append(error)
        with freeze_time(now):
            self._notify()
            return wait_of(self._planned())

    # ------------------------------------------------------------------
    # Back-off
    # ------------------------------------------------------------------

    def test_waits_double_from_half_a_minute_to_an_hour_and_never_end(self):
        ticket = self._started()
        self._planned()
        now, waits = NOON, []
        for _n in range(12):
            waits.append(self._fail(now))
            now += timedelta(seconds=waits[-1])
        self.assertEqual(
            waits[:8], [30, 60, 120, 240, 480, 960, 1920, 3600], "then once an hour"
        )
        self.assertEqual(set(waits[8:]), {3600})
        self.assertEqual(self._states(ticket), ["pending"])
        with freeze_time(now):
            self._notify()
        self.assertEqual(self._states(ticket), ["done"])
        self.assertEqual(
            (self.account.failure_count, self.account.last_error), (0, False)
        )

    def test_nothing_is_sent_before_the_next_try(self):
        self._started()
        self._fail(NOON)
        with freeze_time(NOON + timedelta(seconds=20)):
            self._notify()
            self.assertAlmostEqual(wait_of(self._planned()), 10, delta=1)
        self.assertEqual(len(self.partner.calls), 1)

    def test_the_person_in_charge_is_notified_at_once_then_once_a_day(self):
        self._started()
        self._fail(NOON)
        [task] = self._tasks()
        self.assertEqual(task.user_id, self.env.ref("base.user_admin"))
        self.assertIn("Connection refused", task.summary)
        task.unlink()
        self._fail(NOON + timedelta(hours=23))
        self.assertFalse(self._tasks())
        self._fail(NOON + timedelta(hours=25))
        self.assertEqual(len(self._tasks()), 1)
        self._fail(NOON + timedelta(hours=27))
        self.assertEqual(len(self._tasks()), 1, "one while it is open")

    def test_the_task_is_over_when_the_server_answers_again(self):
        self._started()
        self._fail(NOON)
        self.assertTrue(self._tasks())
        with freeze_time(NOON + timedelta(hours=1)):
            self._notify()
        self.assertFalse(self._tasks())

    def test_without_a_password_the_account_waits_as_if_its_server_were_down(self):
        ticket = self._started()
        self.account.action_clear_secrets()
        self._notify()
        self.assertFalse(self.partner.calls)
        self.assertEqual(self._states(ticket), ["pending"])
        self.assertEqual(self.account.failure_count, 1)
        self.assertIn("password", self.account.last_error)
        self.account.remote_password = PASSWORD
        self._notify()
        self.assertEqual(self._states(ticket), ["done"])

    # ------------------------------------------------------------------
    # One message
    # ------------------------------------------------------------------

    def _answered(self, *steps):
        """Let the server answer one try each, as if their time had come."""
        for step in steps:
            self.partner.steps.append(step)
            self.account.next_try_date = False
            self._notify()

    def test_a_message_at_which_the_server_fails_keeps_no_other_ticket(self):
        ill, well = self._started(), self._started(order=self._other_line())
        ill._fire("freeze", reason="answer")
        self._answered(*[10] * TRIES)
        self.assertEqual(set(self.partner.versions), {ill.event_ids.sorted("id")[0].id})
        # The other ticket is heard of; the suspect fails once more, alone.
        self.partner.steps.append(0)
        self._answered(-10)
        self.assertEqual(self._states(well), ["done"])
        self.assertEqual(self._states(ill), ["error", "pending"])
        self.assertEqual(
            (self.account.failure_count, self.account.last_error), (0, False)
        )
        self.assertEqual(ill.untold_count, 1)
        self._notify()
        self.assertEqual(self._states(ill), ["error", "done"])

    def test_a_message_that_breaks_the_server_keeps_no_other_ticket(self):
        """Many servers tell by a page of their own that they failed at a message."""
        ill, well = self._started(), self._started(order=self._other_line())
        page, broken = b"<html>Erreur 500</html>", CallError("broken")
        self._answered(broken, *[page] * (TRIES - 1))
        self.partner.steps.append(0)
        self._answered(page)
        self.assertEqual(self._states(well), ["done"])
        self.assertEqual(self._states(ill), ["error"])

    def test_a_server_that_is_down_makes_no_message_suspect(self):
        ticket, other = self._started(), self._started(order=self._other_line())
        self._answered(*[DOWN] * (TRIES + 1))
        self.assertFalse(self.account.suspect_event_id)
        self.assertEqual(set(self.partner.versions), {ticket.event_ids.id})
        self.assertEqual(self._states(other), ["pending"])

    def test_a_server_that_fails_at_all_tickets_loses_none_of_them(self):
        tickets = self._started(), self._started(order=self._other_line())
        self._answered(*[10] * (3 * TRIES))
        for ticket in tickets:
            self.assertEqual(self._states(ticket), ["pending"])
        self.account.next_try_date = False
        self._notify()
        for ticket in tickets:
            self.assertEqual(self._states(ticket), ["done"])
        self.assertFalse(self.account.suspect_event_id)

    # ------------------------------------------------------------------
    # Stop
    # ------------------------------------------------------------------

    def test_an_account_that_is_refused_stops_until_somebody_mends_it(self):
        ticket = self._started()
        for code in (12, 15, 16):
            with self.subTest(code=code):
                ticket._fire("progress")
                self.partner.steps.append(-code)
                self._planned()
                self._notify()
                self.assertEqual(self.account.stopped_code, str(code))
                self.assertFalse(self._planned(), "nothing is tried any more")
                self.assertEqual(len(self._tasks()), 1)
                calls = len(self.partner.calls)
                self._notify()
                self.assertEqual(len(self.partner.calls), calls)
                self.account.remote_password = "un autre"
                self.assertFalse(self.account.stopped_code)
                self.assertTrue(self._planned(), "at once")
                self._tasks().unlink()
                self._notify()
                self.assertEqual(set(self._states(ticket)), {"done"})

    def test_an_account_that_is_stopped_goes_on_when_its_test_works(self):
        ticket = self._started()
        self.partner.steps.append(16)
        self._notify()
        self.partner.steps.append(-16)
        shown = self.account.action_test_connection()["params"]
        self.env.invalidate_all()
        self.assertEqual(shown["type"], "danger")
        self.assertIn("16", shown["message"])
        self.assertEqual(self.account.stopped_code, "16")
        shown = self.account.action_test_connection()["params"]
        self.env.invalidate_all()
        self.assertEqual(shown["type"], "success")
        self.assertFalse(self.account.stopped_code)
        self.assertFalse(self._tasks())
        self.assertTrue(self._planned())
        self._notify()
        self.assertEqual(self._states(ticket), ["done"])

    # ------------------------------------------------------------------
    # Test of the connection
    # ------------------------------------------------------------------

    def test_a_test_asks_what_concerns_no_ticket(self):
        self.account.action_test_connection()
        [call] = self.partner.calls
        self.assertEqual(
            call.operation, sav.SERVICE.operation("getSupportedOptionalOperations")
        )
        self.assertEqual(self._calls().operation, call.operation.name)
        self.assertFalse(self._calls().is_failed)

    def test_a_test_says_what_happens(self):
        for step, kind, word in (
            (0, "success", "works"),
            (DOWN, "danger", "Connection refused"),
            (CallError("untrusted", "self-signed"), "danger", "certificate"),
            (b"Bonjour", "danger", "SOAP"),
            (-12, "danger", "12"),
            (-14, "danger", "14"),
            # It let us in, and does not know an operation that is optional.
            (-22, "warning", "22"),
        ):
            with self.subTest(step=step):
                self.partner.steps.append(step)
                shown = self.account.action_test_connection()["params"]
                self.assertEqual(shown["type"], kind)
                self.assertIn(word, shown["message"])
        self.account.action_clear_secrets()
        calls = len(self.partner.calls)
        shown = self.account.action_test_connection()["params"]
        self.assertEqual((shown["type"], len(self.partner.calls)), ("danger", calls))
