from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...reservation import (
    PboSettings,
    PtoConnectors,
    Request,
    Stock,
    fill,
    share,
    wanted,
)
from ...strategies import STRATEGIES

OCAA, OCBB = 7, 8


def request(
    pbo_ids=(1,), pto_id=None, connector_number=None, operator=OCAA, new_pto=False
):
    return Request.from_values(
        {
            "pbo_ids": pbo_ids,
            "operator_id": operator,
            "pto_id": pto_id,
            "connector_number": connector_number,
            "new_pto": new_pto,
        }
    )


def stock(by_pbo, operators=(OCAA, OCBB), dedicated=None):
    """Return a stock of ``{pbo id: [route ids]}``; ``dedicated``: ``{route: OC}``."""
    dedicated = dedicated or {}
    rows = [
        (pbo_id, operator, route_id, route_id in dedicated)
        for pbo_id, route_ids in by_pbo.items()
        for operator in operators
        for route_id in sorted(route_ids, key=lambda r: r not in dedicated)
        if dedicated.get(route_id) in (None, operator)
    ]
    made = Stock({pbo_id: len(ids) for pbo_id, ids in by_pbo.items()})
    made.see(rows)
    return made


class TestSockets(BaseCase):
    """Connectors of PTOs, without a database."""

    def test_a_request_without_pto_is_on_the_first_connector(self):
        requested = request()
        self.assertTrue(PtoConnectors({}, []).give_connector(requested))
        self.assertEqual(requested.connector_number, 1)

    def test_requests_on_one_pto_take_the_next_connectors(self):
        ptos = PtoConnectors({5: 4}, [(90, 5, 2, False, None)])
        requested = [request(pto_id=5) for _rank in range(4)]
        given = [ptos.give_connector(one) for one in requested]
        self.assertEqual(given, [True, True, True, False])
        self.assertEqual([one.connector_number for one in requested[:3]], [1, 3, 4])
        self.assertEqual(requested[3].explain["reason"], "no_connector")

    def test_a_wished_connector_is_given_when_it_is_free(self):
        ptos = PtoConnectors({5: 4}, [])
        first, second = request((1,), 5, 3), request((1,), 5, 3)
        ptos.give_connector(first)
        ptos.give_connector(second)
        self.assertEqual((first.connector_number, second.connector_number), (3, 1))

    def test_a_single_pto_holds_one_route(self):
        ptos = PtoConnectors({5: 1}, [(90, 5, 1, False, None)])
        self.assertFalse(ptos.give_connector(request(pto_id=5)))

    def test_wired_free_routes_are_given_lowest_connector_first(self):
        ptos = PtoConnectors({5: 4}, [(91, 5, 2, True, None), (90, 5, 1, True, None)])
        first, second, third = (request(pto_id=5) for _rank in range(3))
        self.assertTrue(ptos.give_wired(first))
        self.assertTrue(ptos.give_wired(second))
        self.assertFalse(ptos.give_wired(third))
        self.assertEqual((first.route_id, second.route_id), (90, 91))
        self.assertEqual((first.connector_number, second.connector_number), (1, 2))
        self.assertEqual(first.explain["free"], 2)

    def test_a_wired_route_on_the_wished_connector(self):
        ptos = PtoConnectors({5: 4}, [(90, 5, 1, True, None), (91, 5, 2, True, None)])
        requested = request(pto_id=5, connector_number=2)
        ptos.give_wired(requested)
        self.assertEqual(requested.route_id, 91)

    def test_a_wired_route_dedicated_to_the_operator_comes_first(self):
        ptos = PtoConnectors({5: 4}, [(90, 5, 1, True, None), (91, 5, 2, True, OCAA)])
        requested = request(pto_id=5)
        ptos.give_wired(requested)
        self.assertEqual(requested.route_id, 91)

    def test_a_wired_route_dedicated_to_another_is_never_given(self):
        ptos = PtoConnectors({5: 4}, [(90, 5, 1, True, OCBB)])
        self.assertFalse(ptos.give_wired(request(pto_id=5)))
        self.assertFalse(ptos.give_wired(request(pto_id=5, connector_number=1)))
        self.assertTrue(ptos.give_wired(request(pto_id=5, operator=OCBB)))

    def test_the_other_fibres_of_new_ptos_take_what_the_pbos_have(self):
        """Socket 5 has its own; of the three fibres of PBO 1, PTO 6 gets none."""
        ptos = PtoConnectors({5: 4, 6: 4}, [(90, 5, 1, False, None)])
        wiring = fill(ptos, {5: (1, 4), 6: (1, 2)}, {1: [91, 92, 93]})
        self.assertEqual(wiring, [(91, 5, 2), (92, 5, 3), (93, 5, 4)])

    def test_a_pto_of_few_connectors_gets_no_more(self):
        ptos = PtoConnectors({5: 2}, [(90, 5, 1, False, None)])
        self.assertEqual(fill(ptos, {5: (1, 4)}, {1: [91, 92]}), [(91, 5, 2)])

    @given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 6), st.integers(1, 4))
    @settings(max_examples=200, deadline=None)
    def test_any_pto_is_filled_without_doubles(self, size, fibres, free, holders):
        """No connector and no route twice, none beyond what the network lays."""
        held = [(rank, 5, rank, False, None) for rank in range(1, min(holders, size))]
        ptos = PtoConnectors({5: size}, held)
        routes = list(range(100, 100 + free))
        wiring = fill(ptos, {5: (1, fibres)}, {1: list(routes)})
        numbers = [row[2] for row in held] + [number for _r, _p, number in wiring]
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertLessEqual(max(numbers, default=1), max(size, 1))
        self.assertEqual([route for route, _p, _n in wiring], routes[: len(wiring)])
        lacking = max(min(size, fibres) - len(held), 0)
        self.assertEqual(len(wiring), min(lacking, free))


class TestShare(BaseCase):
    """Assignment of the routes of PBOs, without a database."""

    def test_demand_by_pbo_and_operator(self):
        requested = [
            request((1, 2)),
            request((1,), operator=OCBB),
            request((2, 1)),
            request(()),
        ]
        self.assertEqual(wanted(requested), {(1, OCAA): 3, (2, OCAA): 2, (1, OCBB): 3})

    def test_all_is_looked_at_where_one_needs_several_routes(self):
        several = request((1,))
        several.needed = 4
        self.assertEqual(
            wanted([several, request((1, 2))]), {(1, OCAA): None, (2, OCAA): 1}
        )

    def test_first_come_first_served(self):
        requested = [request((1,)), request((2,)), request((1,)), request(())]
        served = share(requested, stock({1: [40], 2: []}))
        self.assertEqual(served, [requested[0]])
        self.assertEqual([one.route_id for one in requested], [40, None, None, None])

    def test_a_second_choice_comes_before_a_later_first_choice(self):
        requested = [request((1, 2)), request((1, 2)), request((2,))]
        share(requested, stock({1: [40], 2: [50]}))
        self.assertEqual([one.route_id for one in requested], [40, 50, None])

    def test_two_operators_share_what_is_dedicated_to_none(self):
        """41 is for OCBB: OCAA takes the others, and never that one."""
        requested = [
            request(operator=OCAA),
            request(operator=OCBB),
            request(operator=OCAA),
            request(operator=OCAA),
        ]
        share(requested, stock({1: [40, 41, 42]}, dedicated={41: OCBB}))
        self.assertEqual([one.route_id for one in requested], [40, 41, 42, None])

    def test_the_pbo_with_the_most_free_routes_comes_first(self):
        requested = [request((1, 2)) for _rank in range(4)]
        for one in requested:
            one.spread = True
        share(requested, stock({1: [40], 2: [50, 51, 52]}))
        self.assertEqual([one.route_id for one in requested], [50, 51, 40, 52])

    def test_a_quadri_pto_keeps_three_routes_aside(self):
        first, second = request((1,)), request((1, 2))
        first.needed = second.needed = 4
        share([first, second], stock({1: range(40, 46), 2: range(50, 54)}))
        self.assertEqual((first.route_id, second.route_id), (40, 50))

    def test_a_reserved_stock_stays_so_when_more_is_seen(self):
        first, second = request((1,)), request((1,))
        first.needed = second.needed = 2
        shared = stock({1: [40, 41, 42]})
        share([first, second], shared)
        shared.see([(1, OCAA, 41, False), (1, OCAA, 42, False)])
        self.assertFalse(share([second], shared))

    def test_too_few_routes_for_a_quadri_pto(self):
        requested = request((1, 2))
        requested.needed = 4
        self.assertFalse(share([requested], stock({1: [40, 41, 42], 2: [50]})))
        self.assertEqual(
            requested.explain,
            {"strategy": "sequence", "reason": "saturated", "free": 4, "needed": 4},
        )

    def test_reserved_routes_are_not_those_dedicated_to_the_operator(self):
        requested = request((1,))
        requested.needed = 2
        routes = {40: OCAA, 41: OCAA}
        self.assertFalse(share([requested], stock({1: [40, 41]}, dedicated=routes)))
        self.assertTrue(share([requested], stock({1: [40, 41, 42]}, dedicated=routes)))

    def test_a_request_tells_why(self):
        requested = [request((1, 2)), request(())]
        share(requested, stock({1: [40, 41], 2: [50]}))
        self.assertEqual(
            [one.explain for one in requested],
            [
                {"strategy": "sequence", "pbo_id": 1, "free": 2},
                {"strategy": "sequence", "reason": "no_pbo", "free": 0, "needed": 1},
            ],
        )

    def test_a_request_follows_the_network_of_its_pbos(self):
        quadri = PboSettings("least_filled", 4, True, 12)
        requested = [request((1,), new_pto=True), request((1,)), request(())]
        for one in requested:
            one.follow({1: quadri}, STRATEGIES)
        self.assertEqual([one.needed for one in requested], [4, 1, 1])
        self.assertEqual([one.spread for one in requested], [True, True, False])
        self.assertEqual(requested[0].strategy, "least_filled")

    @given(
        st.lists(
            st.tuples(
                st.lists(st.integers(1, 4), max_size=3, unique=True),
                st.sampled_from((OCAA, OCBB)),
                st.integers(1, 3),
                st.booleans(),
            ),
            max_size=12,
        ),
        st.dictionaries(st.integers(1, 4), st.integers(0, 5)),
        st.dictionaries(
            st.sampled_from([pbo * 100 + n for pbo in (1, 2, 3, 4) for n in range(5)]),
            st.sampled_from((OCAA, OCBB)),
        ),
    )
    @settings(max_examples=300, deadline=None)
    def test_any_batch(self, choices, capacities, dedicated):
        """Never a route twice, never another's; none refused while one was left."""
        routes = {
            pbo: [pbo * 100 + rank for rank in range(number)]
            for pbo, number in capacities.items()
        }
        requested = []
        for pbos, operator, needed, spread in choices:
            one = request(tuple(pbos), operator=operator)
            one.needed, one.spread = needed, spread
            requested.append(one)
        shared = stock(routes, dedicated=dedicated)
        share(requested, shared)
        taken = [one.route_id for one in requested if one.route_id]
        self.assertEqual(len(taken), len(set(taken)))
        for one in requested:
            self.assertIn(dedicated.get(one.route_id), (None, one.operator_id))
            self.assertIn((one.route_id or 0) // 100, (0, *one.pbo_ids))
            if not one.route_id:
                # Who got nothing gets nothing from what is left at the end either.
                self.assertFalse(shared.take(one))

    @given(
        st.lists(st.lists(st.integers(1, 4), max_size=3, unique=True), max_size=12),
        st.dictionaries(st.integers(1, 4), st.integers(0, 4)),
    )
    @settings(max_examples=200, deadline=None)
    def test_any_batch_is_shared_as_if_each_came_alone(self, choices, capacities):
        routes = {
            pbo: [pbo * 100 + rank for rank in range(number)]
            for pbo, number in capacities.items()
        }
        requested = [request(tuple(pbos)) for pbos in choices]
        left = {pbo: list(ids) for pbo, ids in routes.items()}
        expected = []
        for pbos in choices:
            pbo = next((pbo for pbo in pbos if left.get(pbo)), None)
            expected.append(left[pbo].pop(0) if pbo else None)
        share(requested, stock(routes))
        self.assertEqual([one.route_id for one in requested], expected)
