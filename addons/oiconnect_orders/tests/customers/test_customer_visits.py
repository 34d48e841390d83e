# pylint: disable=translation-required
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests.common import tagged

from ...personal import MASK
from ..appointment_common import NOW, AppointmentCase
from .test_customer_erased import CUSTOMER


@tagged("post_install", "-at_install")
class TestCustomerVisits(AppointmentCase):
    """A visit forgets its customer with its order, or in time when it has none."""

    def _visit(self, **values):
        visit = self._book()
        visit.write({"comment": "Sonner chez EXEMPLE", "address": "2e gauche"})
        return visit

    def _ordered(self):
        visit = self._visit()
        visit._fire("confirm")
        order = self._order(
            **CUSTOMER,
            connection_type="OI",
            appointment_reference=visit.reference,
        )
        self.assertEqual(visit.order_id, order)
        return visit, order

    def _run(self, days):
        self.env.flush_all()
        cron = self.env.ref("oiconnect_orders.cron_erase_customers")
        with freeze_time(NOW + timedelta(days=days)), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_visit_is_forgotten_with_its_order(self):
        visit, order = self._ordered()
        order._fire("cancel", note="Mme EXEMPLE renonce")
        visit.message_post(body="Rappeler au 0600000001")
        self._run(days=300)
        self.assertTrue(visit.comment)
        self._run(days=400)
        self.assertFalse(visit.comment or visit.address)
        self.assertIn(MASK, visit.message_ids[0].body)
        self.assertEqual((visit.state, visit.order_id), ("cancelled", order))
        self.assertTrue(visit.start and visit.reference and visit.team_id)

    def test_a_visit_that_no_order_rests_on_is_forgotten_in_time(self):
        visit = self._visit()
        self._run(days=364)
        self.assertTrue(visit.comment)
        self._run(days=380)
        self.assertFalse(visit.comment or visit.address)

    def test_the_visit_of_an_order_in_progress_is_retained(self):
        visit, _order = self._ordered()
        self._run(days=500)
        self.assertEqual(visit.comment, "Sonner chez EXEMPLE")
