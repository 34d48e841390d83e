from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ...planning import Slot, moment
from ...protocol_time import local_now
from ..appointment_common import (
    make_calendar,
    make_commune,
    make_team,
)
from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestTourAppointment(OrderCase, HttpCase):
    """A user with the right on access orders answers requests, in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.commune = make_commune(cls.env)
        week = make_calendar(cls.env, days=range(7))
        cls.team = make_team(cls.env, cls.network, name="Équipe du tour", calendar=week)
        cls.user = new_test_user(
            cls.env,
            "tour_rdv",
            "oiconnect_base.group_access_user",
            password="tour_rdv",
            lang="fr_FR",
            tz="Europe/Paris",
        )

    def _book(self, rank, **values):
        now = fields.Datetime.now()
        appointments = self.env["oiconnect.appointment"]
        offers = appointments._search_slots(
            self.network, self.commune, now, now + timedelta(days=5)
        )
        booked, refusals = appointments._book(
            self.operator, self.network, self.commune, offers[rank].reference, **values
        )
        self.assertFalse(refusals)
        return booked

    def _confirm(self, visit, day):
        visit._fire("confirm")
        start = moment(day, 12, "Europe/Paris")
        visit._reserve_slot(self.team, Slot(start, start + timedelta(hours=2), 1))

    @needs_browser
    def test_validate_and_move_a_request(self):
        first = self._book(0, oc_reference="OCT-VALIDER")
        second = self._book(1, oc_reference="OCT-DEPLACER")
        start = second.start
        # The calendar opens on this week, in which the others may not be any more: that
        # of the browser, which is in UTC here.
        self._confirm(self._book(2), fields.Date.today())
        self.start_tour(
            "/odoo/action-oiconnect_orders.appointment_request_action",
            "oiconnect_appointment",
            login=self.user.login,
        )
        booked = first | second
        self.assertEqual(set(booked.mapped("state")), {"confirmed"})
        self.assertGreater(second.start, start + timedelta(days=5))
        self.assertEqual(second.move_count, 1)
        steps = second.step_ids[:2]
        self.assertEqual(steps.mapped("event"), ["confirm", "move"])
        self.assertEqual(set(steps.mapped("user_id")), {self.user})
        self.assertEqual(set(steps.mapped("channel")), {"ui"})

    @needs_browser
    def test_move_the_visit_of_an_absent_customer(self):
        missed = self._book(0, building_id=self.other_building.id)
        absent = self._absent(missed)
        self.env.flush_all()
        self.start_tour(
            "/odoo/action-oiconnect_orders.access_order_action",
            "oiconnect_order_visits",
            login=self.user.login,
        )
        self.assertEqual((absent.state, missed.state), ("connecting", "confirmed"))

    def _absent(self, visit):
        """Return an order whose customer was not there for its visit."""
        order = self._order(
            oc_reference="OCT-ABSENT",
            building_identifier=self.other_building.identifier,
            connection_type="OI",
            appointment_reference=visit.reference,
        )
        reason = self.env["oiconnect.reason"]._of("FCLI07")
        reason.customer_absent = True
        order.reason_id = reason
        order._fire("connection_failed")
        return order

    @needs_browser
    def test_see_the_visits_of_the_day(self):
        self.building.write({"latitude": 45.95, "longitude": 5.32})
        visit = self._book(0, building_id=self.building.id)
        visit.address = "12 RUE DES ESSAIS"
        self._confirm(visit, local_now().date())
        self.start_tour(
            "/odoo/action-oiconnect_orders.appointment_day_action",
            "oiconnect_day_map",
            login=self.user.login,
        )
