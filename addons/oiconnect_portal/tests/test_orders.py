from odoo.tests import tagged

from odoo.addons.oiconnect_orders.tests.appointment_common import keep_one_street
from odoo.addons.oiconnect_orders.tests.common import make_routes

from .space_common import SpaceCase

CUSTOMER = {
    "customer_name": "NOUVELLE",
    "customer_firstname": "Camille",
    "customer_contact1": "0600000001",
}


@tagged("post_install", "-at_install")
class TestOrders(SpaceCase):
    """An operator without files or a system orders accesses in its space."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_routes(cls.env, cls.made, drawer=5, fibres=3)
        keep_one_street(cls.network, cls.building, cls.commune)

    def _order(self, building=None, **values):
        building = building or self.building
        given = {"key": "PORTAIL-1", "who": "stoc", **CUSTOMER, **values}
        return self._post(f"/acces/nouveau?building={building.id}", **given)

    def _ordered(self):
        mine = [
            ("operator_id", "=", self.operator.id),
            ("customer_name", "=", "NOUVELLE"),
        ]
        return self.orders.search(mine)

    def test_a_building_is_found_by_its_address_and_ordered_in(self):
        self._log_in()
        self.assertIn("Commander un accès", self._get("/acces"))
        words = "exempleville lilas"
        self.assertIn(
            self.building.identifier, self._get(f"/acces/nouveau?place={words}")
        )
        self.assertIn(
            "Aucun immeuble", self._get("/acces/nouveau?place=rue+de+nulle+part")
        )
        page = self._order(reference="OCT-ESPACE-1")
        self.assertIn("OCT-ESPACE-1", page)
        order = self._ordered()
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.customer_firstname, "Camille")
        self.assertEqual(order.operator_id, self.operator)

    def test_a_form_that_is_sent_twice_orders_once(self):
        self._log_in()
        for _time in range(2):
            self.assertIn("PORTAIL-1", self._order())
        self.assertEqual(len(self._ordered()), 1)

    def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_ordered(self):
        self._log_in()
        page = self._order(customer_name="", customer_contact1="")
        self.assertIn("Nom", page)
        self.assertIn("PORTAIL-1", page, "what was typed stays")
        self.assertIn("ZZ-INCONNUE", self._order(socket="1", pto="ZZ-INCONNUE"))
        self.assertFalse(self._ordered())

    def test_a_line_in_service_is_taken_over_once_that_is_ticked(self):
        taken = self.theirs["acces"]
        self._log_in()
        given = {"socket": "1", "pto": taken.pto_id.reference}
        page = self._order(**given)
        self.assertIn("en service", page)
        self.assertNotIn(taken.oc_reference, page, "whose it is stays unsaid")
        self.assertNotIn(self.rival.name, page)
        self.assertFalse(self._ordered())
        self._order(agreed="1", **given)
        self.assertEqual(self._ordered().state, "connecting")

    def test_where_we_connect_an_order_rests_on_a_visit_that_was_booked(self):
        self._log_in()
        place = f"/acces/nouveau?building={self.building.id}"
        self.assertNotIn("VISITE-1", self._get(place))
        self.assertIn("FIMP15", self._order(who="oi"), "no visit is booked")
        visit = self._space()._book(
            self.network, self.commune, "production", self._slots()[0], "VISITE-1"
        )
        self.assertIn("VISITE-1", self._get(place))
        self._order(who="oi", appointment_reference=visit.reference)
        self.assertEqual(visit.sudo().order_id, self._ordered())
        self.assertNotIn("VISITE-1", self._get(place), "it serves once")

    def test_buildings_of_other_networks_are_unknown(self):
        self._log_in()
        self._get("/acces/nouveau?building=99999999", status=404)
        self._get("/acces/nouveau?building=x", status=404)

    def test_eligibility_is_tested_by_a_plain_address(self):
        self._log_in()
        words = "exempleville lilas"
        page = self._get(f"/eligibilite?place={words}")
        self.assertIn(self.building.identifier, page)
        self.assertIn(
            "Commander un accès ici",
            self._get(f"/eligibilite?identifier={self.building.identifier}"),
        )
        self.assertIn("Aucun immeuble", self._get("/eligibilite?place=nulle+part"))

    def test_an_order_is_cancelled_put_in_service_and_terminated(self):
        self._log_in()
        self._order()
        order = self._ordered()
        place = f"/acces/{order.id}"
        self.assertIn("Annuler la commande", self._get(place))
        self.assertIn(
            "C'est fait", self._post(f"{place}/annuler").replace("&#39;", "'")
        )
        self.assertEqual(order.state, "cancelled")
        # Every button twice: the second says why not, and changes nothing.
        self._post(f"{place}/annuler")
        self.assertEqual(order.state, "cancelled")
        own = self.own["acces"]
        self._post(f"/acces/{own.id}/activer")
        self.assertEqual(own.state, "in_service")
        self._post(f"/acces/{own.id}/resilier")
        self.assertEqual(own.state, "terminated")

    def test_the_order_of_another_is_unknown(self):
        self._log_in()
        theirs = self.theirs["acces"]
        for ask in ("annuler", "resilier", "activer"):
            self._post(f"/acces/{theirs.id}/{ask}", status=404)
        self.assertEqual(theirs.state, "delivered")
