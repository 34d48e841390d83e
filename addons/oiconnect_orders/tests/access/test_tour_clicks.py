from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..appointment_common import (
    keep_one_street,
    make_calendar,
    make_commune,
    make_team,
)
from ..clock_common import ClockCase
from ..common import make_neighbours, make_routes

LEVELS = "oiconnect_base.group_access_manager,oiconnect_base.group_infra_read"


@tagged("post_install", "-at_install")
class TestTourClicks(ClockCase, HttpCase):
    """Everyday actions, in no more clicks than promised."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "tour_clics", LEVELS, lang="fr_FR", tz="Europe/Paris"
        )
        make_neighbours(cls.env, cls.operator)
        cls.commune = make_commune(cls.env)
        cls.team = make_team(
            cls.env,
            cls.network,
            name="Équipe du tour",
            calendar=make_calendar(cls.env, days=range(7)),
        )

    def _tour(self, name, screen="oiconnect_orders.access_order_action", **options):
        self.start_tour(
            f"/odoo/action-{screen}", name, login=self.user.login, **options
        )

    @needs_browser
    def test_at_the_telephone_visits_and_orders_are_seen_to(self):
        """A line is found, a visit moved, an order taken with its visit."""
        keep_one_street(self.network, self.building, self.commune)
        line = self._delivered(
            oc_reference="OCT-LIGNE",
            customer_contact1="0611223344",
            # The building beside that of the order by telephone
            building_identifier=self.other_building.identifier,
        )
        line.pto_id.reference = "OITO-PTO-CLICS"
        visit = self._visit()
        self._tour(
            "oiconnect_clicks_hotline",
            timeout=180,
        )
        visit.invalidate_recordset()
        self.assertEqual(visit.move_count, 1)
        order = self.orders.search([("network_id", "=", self.network.id)]) - line
        self.assertEqual(
            (order.state, order.connection_type, order.appointment_id.state),
            ("connecting", "oi", "confirmed"),
        )
        self.assertEqual(order.appointment_id.team_id, self.team)
        self.assertEqual(order.customer_name, "EXEMPLE")

    def _visit(self):
        """Return a visit that the operator has booked."""
        now = fields.Datetime.now()
        appointments = self.env["oiconnect.appointment"]
        offers = appointments._search_slots(
            self.network, self.commune, now, now + timedelta(days=5)
        )
        visit, _refusals = appointments._book(
            self.operator,
            self.network,
            self.commune,
            offers[0].reference,
            oc_reference="OCT-CLICS",
        )
        return visit

    @needs_browser
    def test_things_are_done_without_going_back_to_the_list(self):
        """Two clicks each, the first and the last too."""
        make_routes(self.env, self.made, drawer=5, fibres=3)
        now = fields.Datetime.now()
        orders = self.orders
        for rank in range(3):
            order = self._order(oc_reference=f"OCT-SUITE-{rank}")
            moment = now - timedelta(days=30 - rank)
            self._fire_at(moment, order, "connection_failed", "FINT04")
            orders |= order
        self._tour("oiconnect_clicks_work_list", "oiconnect_base.todo_action")
        self.assertEqual(set(orders.mapped("state")), {"connecting"})
