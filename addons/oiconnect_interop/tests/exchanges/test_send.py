from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged

from ..accounts.file_transfer_common import FileTransferCase

GROUP = "oiconnect_base.group_exchange_"


@tagged("post_install", "-at_install")
class TestSend(FileTransferCase):
    """Our files reach the operator's account one by one, in order, once each."""

    def _answers(self, count=1):
        """Return acknowledgements that wait to be sent, oldest first."""
        made = self.env["oiconnect.exchange"]
        for _n in range(count):
            self._take([self._wire()])
            made |= self._drain()
        self._planned("send")
        return made

    # ------------------------------------------------------------------
    # One after the other
    # ------------------------------------------------------------------

    def test_the_oldest_file_leaves_first_and_the_next_is_planned(self):
        first, second = self._answers(2)
        self._send()
        self.assertEqual(self.box.written, [first.name])
        self.assertEqual((first.state, second.state), ("out_sent", "out_ready"))
        self.assertTrue(self._planned("send"))
        self._send()
        self.assertEqual(self.box.written, [first.name, second.name])
        self.assertFalse(self._planned("send"), "nothing is left")

    def test_what_arrives_is_the_file_as_it_was_made(self):
        receipt = self._answers()
        receipt.message = "essai précédent"
        self._send()
        self.assertEqual(self.box.files[f"out/{receipt.name}"], receipt._content())
        self.assertEqual((receipt.attempt_count, receipt.message), (1, False))
        self.assertTrue(receipt.sent_date)

    def test_no_call_with_nothing_to_send(self):
        self._send()
        self.assertFalse(self.box.sessions)

    def test_an_account_that_another_worker_uses_is_left_for_a_moment(self):
        receipt = self._answers()
        self.patch(
            self.env.registry["oiconnect.endpoint"], "_lock", lambda *args: False
        )
        self._send()
        self.assertEqual((receipt.state, self.box.sessions), ("out_ready", 0))
        self.assertAlmostEqual(self._wait_of(self._planned("send")), 5, delta=2)

    def test_the_files_of_another_account_stay_where_they_are(self):
        receipt = self._answers()
        other = self.endpoint.copy({"operator_id": self.rival.id})
        self._send(other)
        self.assertEqual((receipt.state, self.box.written), ("out_ready", []))

    # ------------------------------------------------------------------
    # Failures
    # ------------------------------------------------------------------

    def test_a_file_that_cannot_leave_waits_and_says_why_in_french(self):
        receipt = self._answers()
        self.box.down = ("write",)
        for attempt, wait in ((1, 30), (2, 60)):
            self._send()
            self.assertEqual(
                (receipt.state, receipt.attempt_count), ("out_ready", attempt)
            )
            self.assertAlmostEqual(self._wait_of(self._planned("send")), wait, delta=2)
        text = "Le serveur sftp.invalid ne répond pas : down."
        self.assertEqual((receipt.message, self.endpoint.last_error), (text, text))
        self.box.down = ()
        self._send()
        self.assertEqual((receipt.state, receipt.attempt_count), ("out_sent", 3))
        self.assertFalse(receipt.message)
        self.assertEqual(
            (self.endpoint.failure_count, self.endpoint.last_error), (0, False)
        )

    def test_a_file_that_arrived_before_the_failure_is_not_written_twice(self):
        for attempts, present, written in (
            (1, "whole", False),
            (1, "half", True),
            (1, None, True),
            # Without a failure of ours, a file of that name is not ours.
            (0, "whole", True),
        ):
            with self.subTest(attempts=attempts, present=present):
                receipt = self._answers()
                receipt.attempt_count = attempts
                content = receipt._content()
                if present:
                    half = len(content) // 2
                    self.box.files[f"out/{receipt.name}"] = (
                        content if present == "whole" else content[:half]
                    )
                self._send()
                self.assertEqual(receipt.name in self.box.written, written)
                self.assertEqual(receipt.state, "out_sent")
                self.assertEqual(self.box.files[f"out/{receipt.name}"], content)

    # ------------------------------------------------------------------
    # Again
    # ------------------------------------------------------------------

    def test_a_user_of_exchanges_sends_a_file_again_a_reader_does_not(self):
        receipt = self._answers()
        self._send()
        reader, user = (
            new_test_user(self.env, f"envoi_{level}", GROUP + level)
            for level in ("read", "user")
        )
        with self.assertRaises(AccessError):
            receipt.with_user(reader).action_send_again()
        self.assertEqual(receipt.state, "out_sent")
        receipt.with_user(user).action_send_again()
        self.assertEqual((receipt.state, receipt.attempt_count), ("out_ready", 0))
        self.assertTrue(self._planned("send"))
        self._send()
        self.assertEqual(self.box.written, [receipt.name] * 2)

    def test_a_file_that_never_left_keeps_its_attempts(self):
        receipt = self._answers()
        receipt.attempt_count = 2
        receipt.action_send_again()
        self.assertEqual((receipt.state, receipt.attempt_count), ("out_ready", 2))

    def test_the_file_of_an_operator_is_not_ours_to_send(self):
        exchange = self._take([self._wire()])
        french = exchange.with_context(lang="fr_FR")
        with self.assertRaisesRegex(UserError, "fichier"):
            (french | self._drain()).action_send_again()
        self.assertEqual(exchange.state, "in_done")

    def test_what_waits_for_five_minutes_is_planned_again(self):
        self._take([self._wire()])
        receipt = self._drain()
        exchanges = {
            "in_received": self._take([self._wire()], settle=False),
            "in_processing": self._take([self._wire()], settle=False),
            "in_done": self._take([self._wire()]),
        }
        exchanges["in_processing"]._open_file()
        for minutes, planned in ((4, False), (6, True)):
            self._forget(receipt, *exchanges.values())
            self._age(minutes, receipt, *exchanges.values())
            self.env["oiconnect.exchange"]._cron_resume()
            with self.subTest(minutes):
                self.assertEqual(bool(self._planned("send")), planned)
                for state, exchange in exchanges.items():
                    job = self._planned("process", exchange)
                    self.assertEqual(bool(job), planned and state != "in_done", state)

    def _forget(self, receipt, *exchanges):
        self._planned("send")
        for exchange in exchanges:
            self._planned("process", exchange)

    def _age(self, minutes, *exchanges):
        """Write that nothing happened to ``exchanges`` for ``minutes``."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET write_date = %s WHERE id IN %s",
            [
                fields.Datetime.now() - timedelta(minutes=minutes),
                tuple(exchange.id for exchange in exchanges),
            ],
        )
        self.env.invalidate_all()
