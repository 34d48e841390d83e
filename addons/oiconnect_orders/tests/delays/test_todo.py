from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.workflow import JOB

from ..clock_common import MONDAY, ClockCase


@tagged("post_install", "-at_install")
class TestTodo(ClockCase):
    """Work that needs a person comes to the work list and leaves it by itself."""

    def assertTodo(self, order, kind, due=None):
        todos = self._todos_of(order)
        self.assertEqual(todos.mapped("kind"), [kind] if kind else [])
        self.assertEqual(order.todo_kind or None, kind)
        if due:
            self.assertEqual(str(todos.due_date), due)
        return todos

    def _failed(self, reason="FINT04", **values):
        order = self._at(MONDAY, self._order, **values)
        self._fire_at("2026-06-18 08:00:00", order, "connection_failed", reason)
        return order

    def test_an_order_that_goes_by_itself_has_no_todo(self):
        order = self._at(MONDAY, self._order)
        self._fire_at("2026-06-20 10:00:00", order, "connected")
        self._fire_at("2026-06-21 10:00:00", order, "activate")
        self.assertFalse(self._todos_of(order) | self._todos_of(order, "done"))

    def test_a_proposed_rejection_waits_for_a_decision(self):
        order = self._at(MONDAY, self._receive, self._line())
        reason = self.env["oiconnect.reason"]._of("FADR01")
        order.proposed_reason_id = reason
        todo = self.assertTodo(order, "decide", "2026-06-10 08:00:00")
        self.assertEqual(todo.detail, reason.display_name)
        self.assertEqual(todo.name, order.oc_reference)
        self.assertEqual(
            (todo.operator_id, todo.network_id), (self.operator, self.network)
        )
        order.reason_id = reason
        self._fire_at("2026-06-09 08:00:00", order, "reject")
        self.assertTodo(order, None)
        [done] = self._todos_of(order, "done")
        self.assertEqual(str(done.done_date), "2026-06-09 08:00:00")

    def test_a_study_that_broke_waits_for_a_person_alone(self):
        orders = self._receive(self._line(), self._line())
        bad = orders[0]
        model = type(orders)
        answer = model._answer

        def broken(self, places, refused, origin):
            if bad in places:
                raise ValueError("boom")
            return answer(self, places, refused, origin)

        with patch.object(model, "_answer", broken), mute_logger(model.__module__):
            orders._study_isolated(JOB)
        self.assertTodo(bad, "study")
        self.assertTodo(orders[1], None)
        bad._study_isolated(JOB)
        self.assertEqual(bad.state, "connecting")
        self.assertTodo(bad, None)

    def test_a_report_of_ours_that_is_late_calls(self):
        order = self._at(MONDAY, self._receive, self._line())
        self.assertTodo(order, None)
        self._pass("2026-06-10 09:00:00")
        self.assertTodo(order, "late", "2026-06-10 08:00:00")
        self._at("2026-06-10 10:00:00", order._study)
        self.assertTodo(order, None)

    def test_a_failed_connection_is_to_be_resumed(self):
        order = self._failed()
        todo = self.assertTodo(order, "resume", "2026-06-25 08:00:00")
        self.assertEqual(todo.detail, order.reason_id.display_name)
        self._fire_at("2026-06-19 08:00:00", order, "resume")
        self.assertTodo(order, None)

    def test_a_discharge_number_asks_for_a_new_route(self):
        order = self._at(MONDAY, self._order)
        order.discharge_number = "HL-20260618-1"
        self._fire_at("2026-06-18 08:00:00", order, "connection_failed", "FINT04")
        todo = self.assertTodo(order, "reprovision")
        self.assertEqual(todo.detail, "HL-20260618-1")
        self._fire_at("2026-06-19 08:00:00", order, "abandon")
        self.assertTodo(order, None)

    def test_a_connection_of_ours_is_planned_then_reported(self):
        unplanned = self._ours()
        self.assertTodo(unplanned, "plan", "2026-07-06 08:00:00")
        planned = self._ours(install_date="2026-06-15T09:00:00")
        self.assertTodo(planned, "report", "2026-06-15 07:00:00")
        self._fire_at("2026-06-15 10:00:00", planned, "connected")
        self.assertTodo(planned, None)

    def test_late_partners_are_to_be_chased(self):
        order = self._at(MONDAY, self._order)
        self._pass("2026-08-08 08:00:00")
        self.assertTodo(order, "chase_connection", "2026-08-07 08:00:00")
        self._fire_at("2026-08-09 08:00:00", order, "connected")
        self.assertTodo(order, None)
        self._pass("2026-09-09 08:00:00")
        self.assertTodo(order, "chase_service", "2026-09-08 08:00:00")
        self._fire_at("2026-09-10 08:00:00", order, "terminate")
        self.assertTodo(order, None)

    def test_messages_that_cannot_be_written_are_one_thing_to_do(self):
        orders = self._receive(self._line(), self._line())
        events = orders.event_ids
        events.write({"state": "error", "error": "Format inconnu"})
        self.env.cr.precommit.run()
        domain = [("res_model", "=", "oiconnect.event"), ("state", "=", "open")]
        todo = self.todos.search(domain)
        self.assertEqual((todo.kind, todo.detail), ("message", False))
        self.assertEqual(todo.name, "AR_CMD × 2")
        self.assertEqual(todo.action_open_record()["res_id"], min(events.ids))
        events.sorted("id")[0].state = "pending"
        self.env.cr.precommit.run()
        todo = self.todos.search(domain)
        self.assertEqual(todo.name, f"AR_CMD {orders[1].oc_reference}")
        events.write({"state": "skipped"})
        self.env.cr.precommit.run()
        self.assertFalse(self.todos.search(domain))

    def test_what_is_late_comes_first(self):
        late = self._failed()
        soon = self._at("2026-06-16 08:00:00", self._order)
        self._fire_at("2026-06-19 08:00:00", soon, "connection_failed", "FINT04")
        with self.at("2026-06-25 09:00:00"):
            mine = self.todos.search(
                [("network_id", "=", self.network.id), ("state", "=", "open")]
            )
            self.assertEqual(mine.mapped("res_id"), [late.id, soon.id])
            self.assertEqual(mine.mapped("due_state"), ["late", "soon"])
            for words, found in (
                ([("due_date", "<", "now")], mine[:1]),
                ([("warning_date", "<=", "now"), ("due_date", ">=", "now")], mine[1:]),
            ):
                self.assertEqual(mine.filtered_domain(words), found)

    def test_a_night_sets_right_what_was_left_behind(self):
        place = {"building_identifier": self.other_building.identifier}
        lost, closed, moved = self._failed(), self._failed(), self._failed(**place)
        self._todos_of(lost).sudo().unlink()
        closed.write({"todo_kind": "late"})
        moved.write({"due_date": "2026-06-30 08:00:00"})
        self._night()
        self.assertTodo(lost, "resume")
        self.assertTodo(closed, "resume")
        self.assertTodo(moved, "resume", "2026-06-30 08:00:00")

    def test_no_query_where_nothing_changes(self):
        orders = self._receive(*[self._line() for _n in range(20)])
        self.env.flush_all()
        with self.assertQueryCount(0):
            orders._sync_todos()

    def test_the_form_of_an_order_shows_what_is_to_do(self):
        order = self._failed()
        reader = new_test_user(
            self.env, "todo_form", "oiconnect_base.group_access_read"
        )
        self.assertEqual(order.with_user(reader).todo_ids.kind, "resume")
        self.assertFalse(order.todo_user_id)
        with self.assertRaises(AccessError):
            order.with_user(reader).action_take_todo()
        order.action_take_todo()
        self.assertEqual(order.todo_user_id, self.env.user)
        self._fire_at("2026-06-19 08:00:00", order, "resume")
        self.assertFalse(order.with_user(reader).todo_ids)


@tagged("post_install", "-at_install")
class TestTodoByHand(ClockCase):
    """People take what they do; what is to do they do not change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        level = "oiconnect_base.group_access_"
        cls.anna = new_test_user(cls.env, "todo_anna", f"{level}user", name="Anna")
        cls.bruno = new_test_user(cls.env, "todo_bruno", f"{level}user", name="Bruno")
        cls.reader = new_test_user(cls.env, "todo_lect", f"{level}read")

    def setUp(self):
        super().setUp()
        order = self._at(MONDAY, self._order) | self._at(MONDAY, self._order)
        self._fire_at("2026-06-18 08:00:00", order, "connection_failed", "FINT04")
        self.order = order[0]
        self.both = self._todos_of(order[0]) | self._todos_of(order[1])
        self.todo = self.both[0]

    def test_one_takes_and_gives_back(self):
        self.todo.with_user(self.anna).action_take()
        self.assertEqual(self.todo.user_id, self.anna)
        self.todo.with_user(self.anna).action_release()
        self.assertFalse(self.todo.user_id)

    def test_what_a_colleague_does_stays_his(self):
        self.todo.user_id = self.bruno
        french = self.both.with_user(self.anna).with_context(lang="fr_FR")
        french.action_take()
        self.assertEqual(self.both.mapped("user_id"), self.bruno | self.anna)
        with self.assertRaisesRegex(UserError, "Bruno"):
            french[0].action_take()
        self.assertEqual(self.todo.user_id, self.bruno)

    def test_many_are_given_to_one(self):
        self.both.with_user(self.anna).user_id = self.bruno
        self.assertEqual(self.both.user_id, self.bruno)

    def test_only_who_does_it_is_for_people_to_change(self):
        for vals in ({"state": "done"}, {"due_date": MONDAY}, {"kind": "late"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                self.todo.with_user(self.anna).write(vals)
        todo = self.todo.with_user(self.anna)
        for act in (
            todo.unlink,
            lambda: todo.create([{"kind": "late"}]),
            self.todo.with_user(self.reader).action_take,
        ):
            with self.assertRaises(AccessError):
                act()

    def test_who_may_take_it_has_the_right(self):
        people = self.env["res.users"].search(
            self.todos.fields_get(["user_id"])["user_id"]["domain"]
        )
        self.assertLessEqual(self.anna | self.bruno, people)
        self.assertNotIn(self.reader, people)

    def test_the_work_list_of_another_company_is_hidden(self):
        self.assertIn(self.todo, self.todos.with_user(self.reader).search([]))
        self.network.company_id = self.env["res.company"].create({"name": "Autre OI"})
        self.env.flush_all()
        self.assertNotIn(self.todo, self.todos.with_user(self.reader).search([]))
        outsider = new_test_user(self.env, "todo_sans", "oiconnect_base.group_user")
        with self.assertRaises(AccessError):
            self.todos.with_user(outsider).search([])

    def test_it_opens_what_it_is_about(self):
        action = self.todo.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            (
                self.order._name,
                self.order.id,
            ),
        )
