from odoo.exceptions import UserError, ValidationError
from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW
from odoo.addons.oiconnect_orders.tests.appointment_common import make_team
from odoo.addons.oiconnect_orders.tests.common import make_network

from ..common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketVisit(TicketCase):
    """A task at an appointment is planned, moved and ended with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repairers = make_team(
            cls.env,
            cls.network,
            name="Équipe SAV",
            for_production=False,
            for_repair=True,
        )
        cls.building.commune_id = cls.commune
        cls.user = new_test_user(
            cls.env, "hotline_visites", "oiconnect_base.group_ticket_user"
        )

    def _visited(self):
        """Return a task at an appointment that the hotline booked."""
        ticket = self._open()
        task = self._task(ticket, kind="appointment").with_user(self.user)
        action = task.action_book()
        choice = self.env["oiconnect.appointment.choice"].browse(action["res_id"])
        choice.with_user(self.user).slot_ids[:1].action_take()
        return task.sudo()

    def test_the_hotline_books_a_visit_of_the_repairers(self):
        task = self._visited()
        visit = task.appointment_id
        self.assertEqual((visit.kind, visit.team_id), ("repair", self.repairers))
        self.assertEqual((visit.state, task.state), ("confirmed", "planned"))
        self.assertEqual(
            (task.planned_date, task.team_id), (visit.start, visit.team_id)
        )
        self.assertEqual(task.ticket_id.planned_date, visit.start)
        self.assertEqual(task.ticket_id.next_step, "report")
        payload = self._last_payload(task.ticket_id)
        self.assertEqual(payload["resolution_action"], "INTERVENTION AVEC RDV")
        self.assertEqual(payload["resolution_state"], "ACTION PLANIFIEE")
        self.assertEqual(payload["appointment_reference"], visit.reference)

    def test_the_visit_that_the_operator_booked_is_used(self):
        visit = self._book(self._slots(kind="repair")[0].reference, kind="repair")
        self.assertTrue(visit.expiry_date)
        ticket = self._open(appointment_reference=visit.reference)
        task = ticket.task_ids
        self.assertEqual((visit.ticket_task_id, visit.state), (task, "confirmed"))
        self.assertEqual((task.kind, task.planned_date), ("appointment", visit.start))
        self.assertFalse(visit.expiry_date)
        self.assertEqual(ticket.state, "in_progress")

    def test_a_visit_serves_one_ticket(self):
        visit = self._visited().appointment_id
        line = self._delivered()
        _ticket, refusals = self._try_open(line, appointment_reference=visit.reference)
        self.assertEqual([refusal.code for refusal in refusals], ["101"])

    def test_a_visit_of_a_ticket_does_not_expire(self):
        visit = self._visited().appointment_id
        self.assertFalse(visit.expiry_date)
        self.assertFalse(visit._ready_for("expire"))

    def test_a_visit_that_is_moved_moves_its_task(self):
        task = self._visited()
        slots = self._slots(kind="repair", appointment=task.appointment_id)
        task.appointment_id._change_slot("move", slots[3].reference, None)
        self.assertEqual(task.planned_date, slots[3].start)

    def test_the_end_of_a_task_ends_its_visit(self):
        for event, values, state in (
            ("do", {}, "done"),
            ("repeat", {}, "done"),
            ("repeat", {"customer_absent": True}, "customer_absent"),
            ("cancel", {}, "cancelled"),
        ):
            with self.subTest(event, values=values):
                savepoint = self.env.cr.savepoint()
                task = self._visited()
                task._fire(event, **values)
                self.assertEqual(task.appointment_id.state, state)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_a_cancelled_ticket_gives_its_slot_back(self):
        task = self._visited()
        ticket = task.ticket_id
        ticket._fire("request_cancel")
        ticket._fire("agree_cancel")
        self.assertEqual(task.appointment_id.state, "cancelled")

    def test_a_visit_of_a_closed_ticket_serves_nothing(self):
        visit = self._visited().appointment_id
        self.assertFalse(visit.needless_reason)
        closed = {"state": "closed", "closure_code_id": self._code("RET01").id}
        visit.ticket_id.with_context(workflow=_WORKFLOW).write(closed)
        visit.invalidate_recordset()
        self.assertEqual(visit.needless_reason, "ticket")
        found = visit.search([("needless_reason", "in", ["ticket"])])
        self.assertIn(visit, found)
        self.assertNotIn(visit, visit.search([("needless_reason", "=", False)]))

    def test_no_slot_for_a_task_that_is_over(self):
        task = self._visited()
        task._fire("do")
        with self.assertRaises(UserError):
            task.action_book()

    def test_a_date_given_up_is_to_plan_again(self):
        task = self._task(self._open(), new_date="2026-11-24 09:00:00")
        task.with_user(self.user).with_context(event="unplan").action_fire()
        self.assertEqual((task.state, task.planned_date), ("to_plan", False))
        self.assertEqual(task.ticket_id.next_step, "plan")

    def test_a_loss_is_a_number_of_decibels(self):
        task = self._task(self._open())
        with self.assertRaises(ValidationError):
            task.loss = -3

    # ------------------------------------------------------------------
    # Booked, called off and moved elsewhere than on the ticket
    # ------------------------------------------------------------------

    def _repair_visit(self):
        return self._book(self._slots(kind="repair")[0].reference, kind="repair")

    def test_the_visit_that_is_booked_after_the_ticket_is_used(self):
        ticket = self._open()
        task = self._task(ticket, kind="appointment")
        ticket._fire("freeze", reason="appointment")
        visit = self._repair_visit()
        line = {"appointment_reference": visit.reference}
        self.assertFalse(self._ask(ticket, **line))
        self.assertEqual(visit.ticket_task_id, task)
        self.assertEqual((task.state, task.planned_date), ("planned", visit.start))
        self.assertEqual(ticket.state, "in_progress", "what it waited for is there")
        self.assertEqual(self._ask(ticket, **line), ["6"])

    def test_another_visit_comes_in_the_place_of_the_first(self):
        first = self._repair_visit()
        ticket = self._open(appointment_reference=first.reference)
        second = self._repair_visit()
        self.assertFalse(self._ask(ticket, appointment_reference=second.reference))
        self.assertEqual((first.state, second.state), ("cancelled", "confirmed"))
        self.assertEqual(ticket.task_ids.planned_date, second.start)
        found = self._ask(ticket, appointment_reference=first.reference)
        self.assertEqual(found, ["6"], "it comes out of order")

    def test_a_visit_that_cannot_be_used_is_refused(self):
        ticket = self._open()
        self.assertEqual(self._ask(ticket, appointment_reference="INCONNU"), ["101"])
        self._done(ticket)
        self._resolve(ticket)
        visit = self._repair_visit()
        found = self._ask(ticket, appointment_reference=visit.reference)
        self.assertEqual(found, ["13"])
        self.assertFalse(visit.ticket_task_id)

    def test_a_visit_on_another_network_is_not_used(self):
        """An operator has visits on several networks, and names the wrong one."""
        visit = self._repair_visit()
        visit.network_id = make_network(self.env, "OITS")["network"]
        _none, refusals = self._try_open(appointment_reference=visit.reference)
        self.assertEqual([refusal.code for refusal in refusals], ["101"])
        found = self._ask(self._open(), appointment_reference=visit.reference)
        self.assertEqual(found, ["101"])
        self.assertFalse(visit.ticket_task_id)

    def test_a_visit_that_does_not_take_place_leaves_its_task_to_plan(self):
        for event in ("cancel", "miss"):
            with self.subTest(event):
                savepoint = self.env.cr.savepoint()
                task = self._visited()
                task.appointment_id._fire(event)
                self.assertEqual((task.state, task.planned_date), ("to_plan", False))
                self.assertEqual(task.ticket_id.next_step, "plan")
                payload = self._last_payload(task.ticket_id)
                self.assertEqual(payload["resolution_state"], "ACTION PREVUE")
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_a_missed_visit_that_is_moved_plans_its_task_again(self):
        task = self._visited()
        visit = task.appointment_id
        visit._fire("miss")
        slot = self._slots(kind="repair", appointment=visit)[3]
        visit._change_slot("move", slot.reference, None)
        self.assertEqual((task.state, task.planned_date), ("planned", slot.start))

    def test_the_visit_of_a_task_that_is_over_is_not_moved(self):
        task = self._visited()
        visit = task.appointment_id
        task._fire("repeat", customer_absent=True)
        slot = self._slots(kind="repair", appointment=visit)[3]
        _visit, refusals = visit._change_slot("move", slot.reference, None)
        self.assertEqual([refusal.code for refusal in refusals], ["FRDV04"])
        self.assertEqual(visit.state, "customer_absent")

    def test_a_booked_visit_says_when(self):
        task = self._visited().with_user(self.user)
        self.assertNotIn("unplan", task.possible_events)
        with self.assertRaises(UserError):
            task.write({"new_date": "2026-12-01 09:00:00"})
        with self.assertRaises(UserError):
            task.with_context(event="unplan").action_fire()
