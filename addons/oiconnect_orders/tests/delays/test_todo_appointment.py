from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests.common import tagged

from ..appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestTodoAppointment(AppointmentCase):
    """A request for a visit is answered in time, before the order comes."""

    def _todo(self, appointment, state="open"):
        return self.env["oiconnect.todo"].search(
            [
                ("res_model", "=", appointment._name),
                ("res_id", "=", appointment.id),
                ("state", "=", state),
            ]
        )

    def _figure(self):
        self.env.flush_all()
        [[ended, late]] = self.env["oiconnect.delay.count"]._read_group(
            [("operator_id", "=", self.operator.id), ("kind", "=", "appointment")],
            [],
            ["ended:sum", "late:sum"],
        )
        return ended, late

    def test_a_request_is_to_be_answered_within_our_delay(self):
        appointment = self._book()
        todo = self._todo(appointment)
        self.assertEqual((todo.kind, todo.name), ("appointment", appointment.reference))
        self.assertEqual(todo.operator_id, self.operator)
        # 9:00 in Paris and 4 hours of work: in the afternoon
        self.assertEqual(str(todo.due_date), "2026-11-23 13:00:00")
        self.assertEqual(todo.action_open_record()["res_id"], appointment.id)
        appointment._fire("confirm")
        self.assertFalse(self._todo(appointment))
        self.assertTrue(self._todo(appointment, "done"))
        self.assertEqual(self._figure(), (1, 0))

    def test_a_late_answer_is_counted_so(self):
        appointment = self._book()
        with freeze_time("2026-11-24 08:00:00"):
            self.assertEqual(self._todo(appointment).due_state, "late")
            appointment._fire("cancel")
        self.assertEqual(self._figure(), (1, 1))

    def test_a_proposal_of_ours_waits_for_the_operator(self):
        appointment = self._book()
        appointment._fire("propose")
        self.assertFalse(self._todo(appointment))
        appointment._fire("move")
        self.assertTrue(self._todo(appointment), "it asks for another slot")

    def test_without_a_delay_the_visit_itself_is_the_limit(self):
        self.env["oiconnect.delay"].search([("kind", "=", "appointment")]).unlink()
        appointment = self._book()
        self.assertEqual(self._todo(appointment).due_date, appointment.start)

    def test_the_report_of_a_visit_is_due_when_it_takes_place(self):
        order = self._oi_order()
        visit = order.appointment_id
        todo = self._todo(order)
        self.assertEqual((todo.kind, todo.due_date), ("report", visit.start))
        later = self._slots()[-1]
        self.assertFalse(visit._move(later.reference)[1])
        self.assertNotEqual(visit.start, todo.create_date)
        self.assertEqual(self._todo(order).due_date, visit.start)

    def test_a_night_sets_right_what_was_left_behind(self):
        lost, closed = (self._book(slot.reference) for slot in self._slots()[:2])
        self._todo(lost).sudo().unlink()
        self.env.cr.execute(
            "UPDATE oiconnect_appointment SET awaits = NULL WHERE id = %s", (closed.id,)
        )
        self.env.invalidate_all()
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *_args, **_kw: 60.0):
            self.env["oiconnect.appointment"]._reconcile()
        self.assertTrue(self._todo(lost))
        self.assertFalse(self._todo(closed))
