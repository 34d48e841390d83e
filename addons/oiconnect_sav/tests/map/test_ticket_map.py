from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged

from ...models.map.map_view import KINDS
from ..common import TicketCase

# Viewport around the made-up commune
HERE = (45.99, 5.19, 46.03, 5.24)
PM, PBO, BUILDING = (46.01, 5.2), (46.0101, 5.2001), (46.0102, 5.2002)


def placed(place):
    """Return the values of an object at a place in degrees."""
    latitude, longitude = place
    return {"projection": "WGS84", "x": longitude, "y": latitude}


@tagged("post_install", "-at_install")
class TestTicketMap(TicketCase):
    """The network map shows where tickets and incidents are open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.map = cls.env["oiconnect.map"]
        cls.user = new_test_user(
            cls.env, "hotline_carte", "oiconnect_base.group_ticket_read"
        )
        cls.pm.write(placed(PM))

    def _view(self, zoom=17, user=None, kinds=KINDS, **filters):
        filters.setdefault("network_ids", self.network.ids)
        service = self.map.with_user(user or self.user)
        return service._view(HERE, zoom, kinds, filters)

    def _incident(self, point="pm", **values):
        return self.env["oiconnect.incident"].create(
            {"name": "Coupure", "point": point, "network_id": self.network.id, **values}
        )

    def test_a_ticket_is_at_its_building_else_at_its_pbo_else_at_its_pm(self):
        ticket = self._open()
        point = [ticket.id, *PM, "open", ticket.reference]
        self.assertEqual(self._view()["points"]["ticket"], [point])
        ticket.pbo_id.write(placed(PBO))
        point[1:3] = PBO
        self.assertEqual(self._view()["points"]["ticket"], [point])
        ticket.building_id.write(placed(BUILDING))
        point[1:3] = BUILDING
        self.assertEqual(self._view()["points"]["ticket"], [point])

    def test_a_ticket_without_a_place_is_not_on_the_map(self):
        self.pm.write({"x": False, "y": False})
        self._open()
        self.assertEqual(self._view()["totals"], {"ticket": 0, "incident": 0})

    def test_what_is_over_leaves_the_map(self):
        ticket, incident = self._open(), self._incident(pm_id=self.pm.id)
        self.assertEqual(self._view()["totals"], {"ticket": 1, "incident": 1})
        ticket._fire(
            "close", closure_code=self._code("ERR03"), comment="Précisez le local"
        )
        incident.action_close()
        self.assertEqual(self._view()["totals"], {"ticket": 0, "incident": 0})

    def test_an_incident_is_at_what_it_cuts(self):
        route = self.order.route_ids
        of_pm = (
            self._incident(pm_id=self.pm.id)
            | self._incident("module", module_id=route.module_id.id)
            | self._incident("cable", cable_id=route.cable_id.id)
        )
        route.pbo_id.write(placed(PBO))
        of_pbo = self._incident("pbo", pbo_id=route.pbo_id.id)
        points = self._view()["points"]["incident"]
        found = {point[0]: tuple(point[1:3]) for point in points}
        self.assertEqual(found, dict.fromkeys(of_pm.ids, PM) | {of_pbo.id: PBO})

    def test_too_many_tickets_are_counted_by_state(self):
        self._open()
        self._open(self._delivered())._fire("start")
        with patch.object(KINDS["ticket"], "limit", 1):
            found = self._view(zoom=5)
        self.assertEqual(found["points"], {"incident": []})
        [cluster] = found["clusters"]
        self.assertEqual(cluster[2:], [2, "ticket", {"open": 1, "in_progress": 1}])

    def test_filters_of_the_network_are_those_of_tickets_too(self):
        self._open()
        cable = self.order.route_ids.cable_id
        self._incident("cable", cable_id=cable.id)
        both = {"ticket": 1, "incident": 1}
        none = {"ticket": 0, "incident": 0}
        self.assertEqual(self._view(pm_ids=self.pm.ids)["totals"], both)
        self.assertEqual(self._view(pm_ids=self.other_pm.ids)["totals"], none)
        commune = self.elsewhere
        self.assertEqual(self._view(commune_ids=commune.ids)["totals"], none)
        self.pm.commune_id = commune
        self.order.building_id.commune_id = commune
        self.assertEqual(self._view(commune_ids=commune.ids)["totals"], both)

    def test_only_who_may_read_tickets_sees_them(self):
        ticket = self._open()
        orderer = new_test_user(
            self.env, "commandes_carte", "oiconnect_base.group_access_user"
        )
        settings = self.map.with_user(self.user)._settings()["states"]
        self.assertLessEqual(set(KINDS), set(settings))
        settings = self.map.with_user(orderer)._settings()["states"]
        self.assertFalse(set(KINDS) & set(settings))
        self.assertEqual(self._view(user=orderer)["totals"], {})
        with self.assertRaises(AccessError):
            self.map.with_user(orderer)._card("oiconnect.ticket", ticket.id)

    def test_another_company_sees_no_ticket(self):
        self._open()
        company = self.env["res.company"].create({"name": "Autre OI"})
        stranger = new_test_user(
            self.env,
            "autre_oi_carte",
            "oiconnect_base.group_ticket_read",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        found = self._view(user=stranger, network_ids=[])
        self.assertEqual(found["totals"], {"ticket": 0, "incident": 0})

    def test_no_two_states_of_a_ticket_look_alike(self):
        states = self.map.with_user(self.user)._settings()["states"]["ticket"]
        self.assertNotIn("closed", [state[0] for state in states])
        for column in (2, 4):
            looks = [state[column] for state in states]
            self.assertEqual(len(set(looks)), len(states))

    def test_the_card_leads_to_the_ticket_and_names_no_customer(self):
        ticket = self._open()
        card = self.map.with_user(self.user)._card("oiconnect.ticket", ticket.id)
        self.assertEqual((card["model"], card["id"]), (ticket._name, ticket.id))
        self.assertEqual(card["title"], ticket.reference)
        texts = {text for _label, text in card["lines"]}
        self.assertIn(self.operator.display_name, texts)
        self.assertNotIn("EXEMPLE", str(card["lines"]))

    def test_the_card_of_an_incident_counts_its_tickets(self):
        ticket, incident = self._open(), self._incident(pm_id=self.pm.id)
        incident._join(ticket)
        card = self.map.with_user(self.user)._card("oiconnect.incident", incident.id)
        self.assertIn("1", [text for _label, text in card["lines"]])
        self.assertEqual(card["state"], "open")
