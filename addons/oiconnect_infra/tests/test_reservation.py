from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..reservation import Request, Sockets, share, wanted


def request(pbo_ids=(1,), pto_id=None, connector_number=None):
    return Request.from_values(
        {
            "pbo_ids": pbo_ids,
            "operator_id": 7,
            "pto_id": pto_id,
            "connector_number": connector_number,
        }
    )


class TestReservation(BaseCase):
    """Who gets which route, without a database."""

    def test_a_request_without_socket_is_on_the_first_connector(self):
        asked = request()
        self.assertTrue(Sockets({}, []).give_connector(asked))
        self.assertEqual(asked.connector_number, 1)

    def test_requests_on_one_socket_take_the_next_connectors(self):
        sockets = Sockets({5: 4}, [(90, 5, 2, False)])
        asked = [request(pto_id=5) for _rank in range(4)]
        given = [sockets.give_connector(one) for one in asked]
        self.assertEqual(given, [True, True, True, False])
        self.assertEqual([one.connector_number for one in asked[:3]], [1, 3, 4])

    def test_a_wished_connector_is_kept_when_it_is_left(self):
        sockets = Sockets({5: 4}, [])
        first, second = request((1,), 5, 3), request((1,), 5, 3)
        sockets.give_connector(first)
        sockets.give_connector(second)
        self.assertEqual((first.connector_number, second.connector_number), (3, 1))

    def test_a_single_socket_holds_one_route(self):
        sockets = Sockets({5: 1}, [(90, 5, 1, False)])
        self.assertFalse(sockets.give_connector(request(pto_id=5)))

    def test_wired_free_routes_are_given_lowest_connector_first(self):
        sockets = Sockets({5: 4}, [(91, 5, 2, True), (90, 5, 1, True)])
        first, second, third = (request(pto_id=5) for _rank in range(3))
        self.assertTrue(sockets.give_wired(first))
        self.assertTrue(sockets.give_wired(second))
        self.assertFalse(sockets.give_wired(third))
        self.assertEqual((first.route_id, second.route_id), (90, 91))
        self.assertEqual((first.connector_number, second.connector_number), (1, 2))

    def test_a_wired_route_on_the_wished_connector(self):
        sockets = Sockets({5: 4}, [(90, 5, 1, True), (91, 5, 2, True)])
        asked = request(pto_id=5, connector_number=2)
        sockets.give_wired(asked)
        self.assertEqual(asked.route_id, 91)

    def test_demand_by_pbo(self):
        asked = [request((1, 2)), request((1,)), request((2, 1)), request(())]
        self.assertEqual(wanted(asked), {1: 3, 2: 2})

    def test_first_asked_first_served(self):
        asked = [request((1,)), request((2,)), request((1,)), request(())]
        served = share(asked, {1: [40], 2: []})
        self.assertEqual(served, [asked[0]])
        self.assertEqual([one.route_id for one in asked], [40, None, None, None])

    def test_a_second_choice_comes_before_a_later_first_choice(self):
        asked = [request((1, 2)), request((1, 2)), request((2,))]
        share(asked, {1: [40], 2: [50]})
        self.assertEqual([one.route_id for one in asked], [40, 50, None])

    @given(
        st.lists(st.lists(st.integers(1, 4), max_size=3, unique=True), max_size=12),
        st.dictionaries(st.integers(1, 4), st.integers(0, 4)),
    )
    @settings(max_examples=200, deadline=None)
    def test_any_batch_is_shared_as_if_each_came_alone(self, choices, capacities):
        """No route is given twice, none is refused while one was left."""
        stock = {
            pbo: [pbo * 100 + rank for rank in range(number)]
            for pbo, number in capacities.items()
        }
        asked = [request(tuple(pbos)) for pbos in choices]
        left = {pbo: list(routes) for pbo, routes in stock.items()}
        expected = []
        for pbos in choices:
            pbo = next((pbo for pbo in pbos if left.get(pbo)), None)
            expected.append(left[pbo].pop(0) if pbo else None)
        share(asked, stock)
        given_ids = [one.route_id for one in asked]
        self.assertEqual(given_ids, expected)
        taken = [one for one in given_ids if one]
        self.assertEqual(len(taken), len(set(taken)))
