import errno
from unittest.mock import patch

from odoo.tests.common import freeze_time, new_test_user, tagged

from ...models.accounts import account_poll, retry_mixin
from ...transport import TransportError
from .file_transfer_common import LookCase


@tagged("post_install", "-at_install")
class TestLookClaim(LookCase):
    """Files that are ours, and those that cannot be taken."""

    def _tasks(self):
        return self.endpoint.activity_ids.mapped("summary")

    def _close_tasks(self):
        self.endpoint.activity_ids.unlink()

    def _refuse_rename(self):
        def refuse(source, target):
            raise TransportError("failed", action="rename", path=source, detail="no")

        return patch.object(self.box, "rename", refuse)

    # ------------------------------------------------------------------
    # Ours, or named as ours
    # ------------------------------------------------------------------

    def test_a_file_named_as_ours_is_left_and_reported_once(self):
        name = ".oic-0123456789abcdef-x.csv"
        self._drop(name=name)
        self._look(3)
        self.assertFalse(self._taken())
        self.assertEqual(self.box.names("in"), [name])
        [task] = self._tasks()
        self.assertIn(name, task)
        self._close_tasks()
        self._look()
        self.assertFalse(self._tasks(), "it was reported already")

    def test_the_name_of_a_file_that_we_took_opens_no_other_way(self):
        """The token of a file of ours is seen by who reads the folder."""
        self._drop()
        self._look()
        [claimed] = self.box.names("in")
        token = claimed.split("-")[1]
        self._drop(name=f".oic-{token}-other.csv")
        self._look(3)
        self.assertEqual(len(self._taken()), 1)
        self.assertIn(f".oic-{token}-other.csv", self.box.names("in"))

    def test_a_claimed_file_that_was_not_stored_counts_as_one_that_waits(self):
        """A crash after the rename: it is found again, still and within the limit."""
        self.patch(account_poll, "FILES_PER_POLL", 2)
        names = [self._drop() for _n in range(3)]
        claims = self.endpoint._prepare_claims(self.box.list("in"), {})
        for name in names:
            self.box.rename(f"in/{name}", claims[name].path)
        self.endpoint.still_seconds = 3600
        self._look(3)
        self.assertFalse(self._taken())
        self.endpoint.still_seconds = 0
        self._look(1)
        self.assertEqual(self._taken(), names[:2])
        self._look(1)
        self.assertEqual(self._taken(), names)
        self.assertFalse(self._tasks())

    def test_a_crash_before_the_rename_leaves_the_file_as_it_was(self):
        name = self._drop()
        self.endpoint._prepare_claims(self.box.list("in"), {})
        self._look()
        self.assertEqual(self._taken(), [name])
        self.assertEqual(len(self.env["oiconnect.claim"].search([])), 1)

    def test_a_crash_before_a_file_was_put_away_leaves_it_to_be_put_away(self):
        name = self._drop()
        self._look()
        claim = self.env["oiconnect.claim"].search([])
        claim.put_path = f"in/archive/{name}"
        claim.check_date = "2026-01-01"
        self._end()
        self.assertEqual(self.box.names("in/archive"), [name])

    def test_a_name_of_255_bytes_is_taken_and_refused_as_any_other(self):
        name = "é" * 125 + "x.csv"
        self._drop(name=name)
        self._look()
        self._end()
        self.assertEqual(self._taken(), [name])
        self.assertEqual(self.box.names("in/error"), [name])

    def test_an_account_that_is_removed_leaves_no_claims(self):
        account = self.endpoint.copy({"active": False})
        self._drop()
        account._prepare_claims(self.box.list("in"), {})
        account.unlink()
        self.assertFalse(self.env["oiconnect.claim"].search([]))

    # ------------------------------------------------------------------
    # Tries
    # ------------------------------------------------------------------

    def test_a_file_that_cannot_be_taken_is_given_up_and_left_to_a_person(self):
        name = self._drop()
        with freeze_time("2026-03-14 09:00:00") as clock, self._refuse_rename():
            self._look(1 + account_poll.TRIES_AT_ONCE)
            self.assertEqual(self._failures(), account_poll.TRIES_AT_ONCE)
            self._look(3)
            self.assertEqual(self._failures(), account_poll.TRIES_AT_ONCE)
            [task] = self._tasks()
            self._close_tasks()
            for _n in range(30):
                clock.tick(account_poll.SECONDS_BETWEEN)
                self._look(1)
            self.assertEqual(self._failures(), account_poll.TRIES)
            [task] = self._tasks()
            self.assertIn(f"{name} n'a pas pu être pris en 24 essais", task)
            self._close_tasks()
            self._look(2)
            self.assertFalse(self._tasks())
        user = new_test_user(
            self.env, "releve_util", "oiconnect_base.group_exchange_user"
        )
        self.endpoint.with_user(user).action_poll()
        self._look(1)
        self.assertEqual(self._taken(), [name])

    def test_a_disk_that_was_full_for_seconds_costs_a_minute(self):
        """Five looks at a full disk had the file wait for an hour."""
        name = self._drop()
        full = OSError(errno.ENOSPC, "No space left on device")
        with freeze_time("2026-03-14 09:00:00") as clock:
            with patch.object(type(self.endpoint), "_take", side_effect=full):
                self._look(20)
                self.assertEqual(self._failures(), 0)
                [task] = self._tasks()
                self.assertIn("OSError", task)
                self.assertFalse(self._taken())
            self._look(1)
            self.assertFalse(self._taken(), "a minute is waited for")
            clock.tick(account_poll.SECONDS_AFTER_OURS)
            self._look(1)
            self.assertEqual(self._taken(), [name])

    def test_faults_of_ours_use_up_no_try_of_a_file(self):
        name = self._drop()
        with freeze_time("2026-03-14 09:00:00") as clock:
            with patch.object(type(self.endpoint), "_take", side_effect=MemoryError):
                for _n in range(2 * account_poll.TRIES):
                    self._look(1)
                    clock.tick(account_poll.SECONDS_AFTER_OURS)
            self._look(1)
        self.assertEqual(self._taken(), [name])

    def test_thousands_of_files_that_cannot_be_taken_leave_a_few_tasks(self):
        self.patch(retry_mixin, "MAX_TASKS", 3)
        for _n in range(6):
            self._drop()
            self._drop(name=f".oic-{_n}")
        with self._refuse_rename():
            self._look(3)
        self.assertEqual(len(self._tasks()), retry_mixin.MAX_TASKS)

    def _failures(self):
        [file] = self.endpoint.seen_files.values()
        return account_poll.Seen(*file).failures

    def test_a_file_that_cannot_be_renamed_is_claimed_under_one_name(self):
        self._drop()
        with self._refuse_rename():
            self._look(4)
        self.assertEqual(len(self.env["oiconnect.claim"].search([])), 1)
        self._look(1)
        self.assertEqual(len(self._taken()), 1)

    def test_a_clock_that_is_set_back_keeps_no_file_waiting(self):
        self.endpoint.still_seconds = 30
        self._drop()
        with freeze_time("2026-03-14 11:00:00"):
            self._look(1)
        with freeze_time("2026-03-14 09:00:00") as clock:
            self._look(1)
            clock.tick(30)
            self._look(1)
        self.assertEqual(len(self._taken()), 1)
