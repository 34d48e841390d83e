from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_interop.tests.common import ExchangeCase, make_file


@tagged("post_install", "-at_install")
class TestToy(ExchangeCase):
    """A model that only declares has the life and the files of every order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.toys = cls.env["oiconnect.toy"]
        cls.user = new_test_user(
            cls.env, "toys_user", "oiconnect_base.group_access_user"
        )

    def _send(self, flow, *rows):
        """Take in a file of ``flow``; return its exchange, processed."""
        header = list(rows[0])
        self.__class__.day += 1
        name = f"OITO_OCT1_{flow}_V10_20260314_{self.day:02d}.csv"
        return self._take(make_file(header, rows), name)

    def _order(self, *references):
        """Return the toys of an order file, and the exchange that brought it."""
        rows = [{"Reference": name, "Couleur": "rouge"} for name in references]
        exchange = self._send("TOY_ORDER", *rows)
        self.assertEqual(exchange.state, "in_done", exchange.message)
        return self.toys.search([("reference", "in", references)], order="id"), exchange

    def test_a_file_makes_toys_and_the_journal_tells_which(self):
        toys, exchange = self._order("T1", "T2")
        self.assertEqual(toys.mapped("colour"), ["rouge", "rouge"])
        self.assertEqual(toys.operator_id, self.operator)
        self.assertEqual(set(toys.step_ids.mapped("channel")), {"file"})
        self.assertEqual(exchange.line_ids.sorted("line").mapped("res_id"), toys.ids)
        self.assertEqual(
            exchange.line_ids.sorted("line").mapped("reference"), ["T1", "T2"]
        )
        self.assertEqual(toys[0]._origin_record(), exchange)

    def test_a_line_that_cannot_be_read_makes_no_toy(self):
        exchange = self._send("TOY_ORDER", {"Reference": "", "Couleur": "bleu"})
        self.assertEqual((exchange.state, exchange.refused_count), ("in_partial", 1))
        self.assertFalse(self.toys.search([]))

    def test_a_file_fires_events_on_the_toys_that_it_names(self):
        [toy, other], _exchange = self._order("T1", "T2")
        toy._fire("accept")
        exchange = self._send(
            "TOY_END", {"Reference": "T1"}, {"Reference": "T2"}, {"Reference": "T9"}
        )
        self.assertEqual((toy.state, other.state), ("ended", "new"))
        codes = exchange.line_ids.sorted("line").mapped("code")
        self.assertEqual(codes, [False, "TOY16", "TOY14"])

    def test_what_partners_hear_leaves_in_a_file_tied_to_the_one_it_reports_on(self):
        toys, exchange = self._order("T1", "T2")
        toys[0]._fire("accept")
        toys[1]._fire("refuse")
        [report] = self._drain()
        self.assertRegex(report.name, r"^OITO_OCT1_TOY_REPORT_V10_\d{8}_01\.csv$")
        self.assertEqual(
            self._rows(report),
            [
                {"Reference": "T1", "Etat": "accepted"},
                {"Reference": "T2", "Etat": "refused"},
            ],
        )
        self.assertEqual(exchange.report_ids, report)
        report._note_sent()
        self.env.flush_all()
        trace = self.env["oiconnect.exchange.trace"].browse(exchange.id)
        self.assertEqual((trace.flow_code, trace.line_count), ("TOY_ORDER", 2))
        self.assertGreaterEqual(trace.report_hours, 0)

    def test_the_sandbox_plays_the_file_and_leaves_nothing(self):
        _toys, exchange = self._order("T1")
        action = exchange.action_replay_in_sandbox()
        report = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(report.line_ids.mapped("reference"), ["T1"])
        self.assertEqual(self.toys.search_count([]), 1)

    def test_people_act_on_many_for_all_or_for_none(self):
        toys, _exchange = self._order("T1", "T2", "T3")
        self.assertEqual(toys[0].possible_events, ["accept", "refuse"])
        by_hand = toys.with_user(self.user)
        by_hand[:2].with_context(event="accept").action_fire()
        self.assertEqual(toys.mapped("state"), ["accepted", "accepted", "new"])
        with self.assertRaisesRegex(WorkflowError, "T3") as caught:
            by_hand.with_context(event="give").action_fire()
        self.assertEqual(caught.exception.code, "TOY16")
        self.assertEqual(toys[0].state, "accepted")
        with self.assertRaises(UserError):
            by_hand.with_context(event="refuse").action_fire()
        with self.assertRaises(AccessError):
            by_hand[0].write({"state": "given"})

    def test_what_follows_knows_where_the_event_comes_from(self):
        toys, _exchange = self._order("T1")
        toys._fire("accept", Origin("soap", group="call:7", version="V1.0"))
        event = toys.event_ids
        self.assertEqual((event.group_key, event.version), ("call:7", "V1.0"))
        self.assertEqual(event.channel, "file")
        self.assertEqual(toys.step_ids[0].channel, "soap")

    # ------------------------------------------------------------------
    # Delays, work list, story
    # ------------------------------------------------------------------

    def _at_work(self, moment, action):
        """Run a scheduled action at ``moment``."""
        crons = type(self.env["ir.cron"])
        with (
            freeze_time(moment),
            patch.object(crons, "_commit_progress", lambda *_args, **_kw: 60.0),
        ):
            action()

    def _delayed(self):
        """Return a toy ordered on a Monday, with a delay of two hours to answer."""
        self.env["oiconnect.delay"].create(
            {"kind": "toy_answer", "value": 2, "unit": "hours", "warning_hours": 1}
        )
        with freeze_time("2026-06-08 08:00:00"):
            return self._order("T1")[0]

    def test_a_delay_runs_from_the_creation_is_missed_and_ends(self):
        toy = self._delayed()
        self.assertEqual((toy.due_kind, toy.awaited), ("toy_answer", "us"))
        self.assertEqual(str(toy.due_date), "2026-06-08 10:00:00")
        misses = self.env["oiconnect.delay.miss"]
        self._at_work("2026-06-08 11:00:00", misses._cron_mark_late)
        self.assertTrue(toy.is_late)
        self.assertEqual((toy.miss_ids.res_name, toy.miss_ids.hours_late), ("T1", 1))
        with freeze_time("2026-06-08 12:00:00"):
            toy._fire("accept")
        self.assertEqual(str(toy.miss_ids.done_date), "2026-06-08 12:00:00")
        self.assertEqual((toy.due_kind, toy.awaited), ("toy_gift", "operator"))
        counts = self.env["oiconnect.delay.count"].search([("kind", "=", "toy_answer")])
        self.assertEqual((counts.ended, counts.late), (1, 1))

    def test_what_is_to_do_comes_to_the_work_list_and_leaves_it(self):
        toy = self._delayed()
        todo = toy.todo_ids
        self.assertEqual((todo.kind, todo.name), ("toy_answer", "T1"))
        self.assertEqual(todo.due_date, toy.due_date)
        toy.with_user(self.user).action_take_todo()
        self.assertEqual(toy.todo_user_id, self.user)
        todo.sudo().unlink()
        nightly = self.env["oiconnect.todo"]._cron_reconcile
        self._at_work("2026-06-09 00:00:00", nightly)
        self.assertEqual(toy.todo_ids.kind, "toy_answer", "what was lost comes back")
        toy._fire("accept")
        self.assertFalse(toy.todo_ids)
        self.assertFalse(toy.todo_kind)

    def test_a_message_that_cannot_leave_is_to_do(self):
        toy = self._delayed()
        toy._fire("accept")
        toy.event_ids.write({"state": "error", "error": "format"})
        self.env.cr.precommit.run()
        todo = self.env["oiconnect.todo"].search([("kind", "=", "message")])
        self.assertEqual(todo.name, "TOY_REPORT T1")

    def test_the_timeline_tells_the_whole_life(self):
        toy = self._delayed()
        misses = self.env["oiconnect.delay.miss"]
        self._at_work("2026-06-08 11:00:00", misses._cron_mark_late)
        step = {"control": "colour", "number": 1, "result": "failed", "code": "TOY16"}
        toy._note_decision("toy", "rejected", "Trop rouge", [step])
        toy._fire("refuse")
        kinds = {entry["kind"] for entry in toy.timeline}
        self.assertEqual(kinds, {"line", "step", "delay", "decision", "message"})
        self.assertTrue(all(entry["icon"] for entry in toy.timeline))
        for word in ("Trop rouge", "TOY16", "rouge"):
            self.assertIn(word, toy.decision_story)


@tagged("post_install", "-at_install")
class TestDoors(HttpCase):
    """An address of an addon is closed until the list of doors opens it."""

    def test_an_unlisted_public_address_is_closed(self):
        for login in (None, "admin"):
            self.authenticate(login, login)
            for path in ("/toy/public", "/toy/none"):
                with self.subTest(path, login=login):
                    self.assertEqual(self.url_open(path).status_code, 404)

    def test_one_for_people_is_as_odoo_has_it(self):
        self.authenticate(None, None)
        answer = self.url_open("/toy/people", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
        self.authenticate("admin", "admin")
        self.assertEqual(self.url_open("/toy/people").text, "who is logged in")
