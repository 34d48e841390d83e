from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields, sql_db
from odoo.exceptions import AccessError
from odoo.tests.common import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.accounts import account_poll
from ...transport import TransportError
from ..common import HEADER_V13, make_file
from .file_transfer_common import LookCase


@tagged("post_install", "-at_install")
class TestLook(LookCase):
    """A look at the operator's account: what is taken, where it ends, when next."""

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def test_the_next_look_is_soon_while_there_are_files(self):
        self._look(1)
        self.assertAlmostEqual(self._wait_of(self._planned()), 60, delta=2)
        self._drop()
        self._look(1)
        self.assertAlmostEqual(self._wait_of(self._planned()), 1, delta=2)
        self.endpoint.poll_seconds = 300
        self._look(1)
        self._planned()
        self._look(1)
        self.assertAlmostEqual(self._wait_of(self._planned()), 300, delta=2)
        self.assertEqual(len(self._taken()), 1)

    def test_a_file_is_taken_once_it_stood_still_for_the_time_that_is_set(self):
        """An upload that pauses is not taken half."""
        self.endpoint.write({"still_seconds": 30, "poll_seconds": 300})
        whole = make_file(HEADER_V13, [self._wire(), self._wire()])
        with freeze_time("2026-03-14 09:00:00") as clock:
            name = self._drop(whole[:400])
            for wait, content, planned in (
                (0, whole[:400], 30),
                (9, whole[:400], 21),
                (20, whole[:-20], 30),
                (29, whole[:-20], 1),
                (0, whole, 30),
            ):
                clock.tick(timedelta(seconds=wait))
                self.box.files[f"in/{name}"] = content
                self._look(1)
                self.assertFalse(self._taken())
                self.assertAlmostEqual(self._wait_of(self._planned()), planned, delta=1)
            clock.tick(timedelta(seconds=30))
            self._look(1)
        self.assertEqual(self._taken(), [name])
        self.assertEqual(self.endpoint.exchange_ids.size, len(whole))

    def test_files_that_cannot_be_taken_make_way_for_those_that_can(self):
        self.patch(account_poll, "FILES_PER_POLL", 2)
        stuck = [self._drop() for _n in range(3)]
        good = [self._drop() for _n in range(3)]
        rename = self.box.rename

        def refuse(source, target):
            if source.removeprefix("in/") in stuck:
                raise TransportError("failed", action="rename", path=source, detail="")
            rename(source, target)

        self.patch(self.box, "rename", refuse)
        self._look(5)
        self.assertEqual(sorted(self._taken()), sorted(good))
        self._planned()
        self._look(1)
        self.assertAlmostEqual(
            self._wait_of(self._planned()), 60, delta=2, msg="no hurry for them"
        )

    def test_a_look_at_ten_thousand_files_that_wait_takes_few_queries(self):
        self.endpoint.still_seconds = 3600
        content = make_file(HEADER_V13, [self._wire()])
        for rank in range(200):
            self.box.files[f"in/.oic-{rank:016x}-x.csv"] = content
        for rank in range(10_000):
            self.box.files[f"in/OITO_OCT1_{rank:05d}.csv"] = content
        self._look(1)
        begin = sql_db.sql_counter
        self._look(1)
        self.assertLess(sql_db.sql_counter - begin, 200)
        self.box.files.clear()
        self._look(1)
        self.assertFalse(self.endpoint.seen_files, "what is gone is forgotten")

    def test_an_archived_account_is_looked_at_no_more(self):
        self._drop()
        self.endpoint.active = False
        self._look()
        self.assertEqual((self.box.sessions, self._taken()), (0, []))
        self.assertFalse(self._planned())

    def test_after_a_failure_no_call_comes_before_its_time_unless_requested(self):
        self.box.down = ("open",)
        self._look(1)
        error = "Le serveur sftp.invalid ne répond pas : down."
        self.assertEqual(self.endpoint.last_error, error)
        self.assertFalse(self.endpoint.last_poll_date, "it was no look")
        self.box.down = ()
        self._planned()
        self._look(1)
        self.assertEqual((self.box.sessions, self.endpoint.last_error), (0, error))
        self.assertTrue(self._planned(), "it is tried later")
        user = new_test_user(
            self.env, "releve_util", "oiconnect_base.group_exchange_user"
        )
        self.endpoint.with_user(user).action_poll()
        self.assertAlmostEqual(self._wait_of(self._planned()), 0, delta=2)
        self._look(1)
        self.assertEqual((self.box.sessions, self.endpoint.failure_count), (1, 0))
        self.assertTrue(self.endpoint.last_poll_date)

    def test_an_account_that_another_worker_looks_at_is_left_alone(self):
        self.patch(
            self.env.registry["oiconnect.endpoint"], "_lock", lambda *args: False
        )
        self._look(1)
        self.assertEqual(self.box.sessions, 0)
        self.assertTrue(self._planned())

    # ------------------------------------------------------------------
    # What
    # ------------------------------------------------------------------

    def test_one_look_takes_so_many_files_the_oldest_first(self):
        self.patch(account_poll, "FILES_PER_POLL", 2)
        names = [self._drop() for _n in range(3)]
        self._look()
        self.assertEqual(self._taken(), names[:2])
        self._look(1)
        self.assertEqual(self._taken(), names)

    def test_files_still_being_written_are_left_alone(self):
        for name in (".cache.csv", "a.csv.tmp", "a.csv.FILEPART"):
            self._drop(name=name)
        self._look()
        self.assertFalse(self._taken())
        self.assertEqual(len(self.box.names("in")), 3)

    def test_each_file_ends_in_the_folder_of_its_end(self):
        self.endpoint.write({"archive_folder": "pris", "error_folder": "refus"})
        again = self._drop()
        self._look()
        self._end()
        good, bad = self._drop(), self._drop(b"%PDF-1.7")
        self._drop(name=again)
        # The third look finds files taken and not processed yet; an anomaly has its
        # end at once.
        self._look(3)
        waiting = self.box.names("in")
        self.assertEqual(len(waiting), 2)
        self.assertTrue(all(name.startswith(".oic-") for name in waiting))
        self._end()
        self.assertEqual(self.box.names("in"), [])
        self.assertEqual(self.box.names("pris"), [again, good])
        self.assertEqual(self.box.names("refus"), [bad, again], "an anomaly")

    def test_a_replay_does_not_replace_the_first_copy_in_its_folder(self):
        content = make_file(HEADER_V13, [self._wire()])
        name = self._drop(content)
        self._look()
        self._end()
        self._drop(content, name)
        self._look()
        self._end()
        replay = self.endpoint.exchange_ids.filtered("duplicate_of_id")
        self.assertEqual(replay.state, "in_done")
        self.assertIn("même contenu", replay.message)
        self.assertEqual((replay.size, replay._content()), (len(content), b""))
        self.assertEqual(
            self.box.names("in/archive"), [name, f"{replay.claim_token}-{name}"]
        )
        [first] = self.endpoint.exchange_ids - replay
        self.assertEqual(first.replay_count, 1)
        self.assertTrue(first.replay_date)

    def test_a_file_too_large_is_refused_and_answered_in_french(self):
        self.env["ir.config_parameter"].set_param(
            "oiconnect_interop.max_file_mb", "0.001"
        )
        large, small = self._drop(b"x" * 1049), self._drop(b"x" * 1048)
        self._look()
        found = {item.name: item for item in self.endpoint.exchange_ids}
        self.assertEqual(found[small].state, "in_received")
        self.assertEqual(found[large].state, "in_refused")
        self.assertIn("1049", found[large].message)
        self.assertIn("octets", found[large].message)
        [row] = self._rows(self._drain())
        self.assertEqual(row["MotifKoArCommandePrise"], "FIMP16")
        self._end()
        self._drop(b"x" * 1050, large)
        self._look()
        again = self.endpoint.exchange_ids.filtered("duplicate_of_id")
        self.assertEqual((again.name, again.state), (large, "in_refused"))
        own = [("group_key", "=", f"exchange:{again.id}")]
        [answer] = self.env["oiconnect.event"].search(own)
        self.assertEqual(answer.payload["reason_code"], "FIMP16", "answered each time")

    def test_a_hundred_megabytes_are_allowed_until_somebody_says_otherwise(self):
        self.env["ir.config_parameter"].search(
            [("key", "=", "oiconnect_interop.max_file_mb")]
        ).unlink()
        limit = self.env["oiconnect.exchange"]._size_limit()
        self.assertEqual(limit, 100 * 1024 * 1024)

    def test_a_file_that_breaks_us_is_reported_in_french_and_blocks_no_other(self):
        broken, good = self._drop(), self._drop()
        exchanges = self.env.registry["oiconnect.exchange"]
        take_in = exchanges._receive_file

        def explode(records, endpoint, name, *arguments):
            if name == broken:
                raise ZeroDivisionError("boom")
            return take_in(records, endpoint, name, *arguments)

        with (
            patch.object(exchanges, "_receive_file", explode),
            self.assertLogs("odoo.addons.oiconnect_interop", "ERROR"),
        ):
            self._look(2)
        self.assertEqual(self._taken(), [good])
        [task] = self.endpoint.activity_ids
        self.assertEqual(
            task.summary, f"{broken} n'a pas pu être pris : ZeroDivisionError"
        )
        self.assertEqual(task.user_id, self.endpoint.responsible_id)
        self._look()
        self.assertEqual(self._taken(), [good, broken], "it was claimed, not lost")

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    def test_trying_the_connection_makes_its_folders(self):
        endpoint = self.endpoint.with_context(lang="fr_FR")
        endpoint._note_failure("down")
        params = endpoint.action_test()["params"]
        self.assertEqual(
            (params["type"], params["message"], params["sticky"]),
            ("success", "La connexion fonctionne.", False),
        )
        self.assertEqual(
            self.box.folders, ["in", "in/archive", "in/error", "out", "publication"]
        )
        self.assertEqual((endpoint.failure_count, endpoint.last_error), (0, False))

    def test_trying_a_connection_that_fails_says_why(self):
        self.endpoint._note_failure("before")
        for action in ("open", "create"):
            self.box.down = (action,)
            endpoint = self.endpoint.with_context(lang="fr_FR")
            params = endpoint.action_test()["params"]
            self.assertEqual((params["type"], params["sticky"]), ("danger", True))
            self.assertIn("sftp.invalid ne répond pas", params["message"])
        self.assertEqual(self.endpoint.last_error, "before")

    def test_only_administrators_try_a_connection(self):
        user = new_test_user(
            self.env, "essai_util", "oiconnect_base.group_exchange_user"
        )
        with self.assertRaises(AccessError):
            self.endpoint.with_user(user).action_test()
        self.assertFalse(self.box.sessions)

    @mute_logger("odoo.sql_db")
    def test_settings_that_cannot_work_are_refused(self):
        for vals in (
            {"port": 0},
            {"port": 65536},
            {"poll_seconds": 0},
            {"timeout_seconds": 0},
            {"still_seconds": -1},
            {"day_files": -1},
            {"day_megabytes": -1},
        ):
            with self.subTest(vals), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self.endpoint.write(vals)
        self.endpoint.write({"port": 65535, "poll_seconds": 1, "timeout_seconds": 1})
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.endpoint.copy()
        self.endpoint.active = False
        self.endpoint.flush_recordset()
        self.assertTrue(self.endpoint.copy({"active": True}))

    def test_failures_are_shown_in_the_language_of_the_person_in_charge(self):
        self.endpoint.responsible_id.lang = "en_US"
        self.box.down = ("open",)
        self._look(1)
        self.assertEqual(
            self.endpoint.last_error, "The server sftp.invalid does not answer: down."
        )
        self.assertGreater(self.endpoint.next_try_date, fields.Datetime.now())
