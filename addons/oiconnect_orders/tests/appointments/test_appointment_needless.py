from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.oiconnect_base.time_zone import local_day

from ..appointment_common import NOW, AppointmentCase

UNKNOWN = "OITO-ERDV-9999999999"


@tagged("post_install", "-at_install")
class TestAppointmentNeedless(AppointmentCase):
    """A visit that serves nothing any more is seen, and called off unless held."""

    def _visit(self, reference="VISITE-1"):
        """Return a confirmed visit, which only its operator's reference tells of."""
        visit = self._book(oc_reference=reference)
        visit._fire("confirm")
        visit.expiry_date = False
        return visit

    def _rejected(self, reference="VISITE-1"):
        order = self._oi_order(oc_reference=reference, appointment_reference=UNKNOWN)
        self.assertEqual(order.state, "cr_ko")
        return order

    def _needless(self):
        return self.appointments.search([("needless_reason", "!=", False)])

    def test_it_says_what_became_of_its_order(self):
        visit = self._visit()
        self.assertFalse(visit.needless_reason)
        self.assertNotIn(visit, self._needless())
        order = self._receive(self._line(oc_reference="VISITE-1"))
        order._study()
        self.assertFalse(visit.needless_reason)
        for event, reason in (("connected", "served"), ("terminate", "ended")):
            order._fire(event)
            visit.invalidate_recordset()
            with self.subTest(event):
                self.assertEqual(visit.needless_reason, reason)
                named = self.appointments.search([("needless_reason", "=", reason)])
                self.assertIn(visit, named)
        self.assertIn(visit, self._needless())
        [shown] = [
            line
            for line in self.appointments.day_map(local_day(visit.start))["visits"]
            if line["id"] == visit.id
        ]
        self.assertEqual(shown["state"], "needless")

    def test_after_a_rejection_it_is_called_off_by_itself(self):
        visit, held = self._visit(), self._visit("VISITE-2")
        served = self._visit("VISITE-3")
        self._rejected()
        self._rejected("VISITE-2")
        self._receive(self._line(oc_reference="VISITE-3"))._study()
        visits = visit | held | served
        self._run_expiry()
        self.assertEqual(visit.needless_date, NOW)
        self.assertFalse(served.needless_date)
        held.action_hold()
        self.assertFalse(held.needless_reason)
        with freeze_time(NOW + timedelta(hours=23)):
            self._run_expiry()
        self.assertEqual(set(visits.mapped("state")), {"confirmed"})
        with freeze_time(NOW + timedelta(hours=25)):
            self._run_expiry()
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(set((held | served).mapped("state")), {"confirmed"})

    def test_ordered_again_it_serves_again(self):
        visit = self._visit()
        self._rejected()
        self._run_expiry()
        self.assertTrue(visit.needless_date)
        again = self._oi_order(visit, oc_reference="VISITE-1-BIS")
        self.assertEqual(visit.order_id, again)
        self.assertFalse(visit.needless_reason)
        with freeze_time(NOW + timedelta(hours=25)):
            self._run_expiry()
        self.assertEqual(visit.state, "confirmed")
        self.assertFalse(visit.needless_date)
