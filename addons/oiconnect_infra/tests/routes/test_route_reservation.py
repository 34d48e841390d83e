from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import InfraCase


@tagged("post_install", "-at_install")
class TestRouteReservation(InfraCase):
    """Free, reserved, used, free again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.routes = cls.net.routes(cls.pbo, 3)
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001", pbo_id=cls.pbo.id)
        cls.Route = cls.env["oiconnect.route"]

    def reserve(self, *requests):
        """Reserve for OCAA; a request is ``(pbos, pto, …)``."""
        return self.Route._reserve_batch(
            [
                {
                    "pbo_ids": pbos.ids,
                    "operator_id": self.ocaa.id,
                    "pto_id": pto and pto.id,
                }
                for pbos, pto in requests
            ]
        )

    # ------------------------------------------------------------------
    # One route
    # ------------------------------------------------------------------

    def test_the_first_free_route_is_reserved_for_the_operator(self):
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        self.assertEqual(route, self.routes[0])
        self.assertEqual(route.state, "reserved")
        self.assertEqual(route.operator_id, self.ocaa)
        self.assertEqual(route.pto_id, self.pto)
        self.assertEqual(route.building_id, self.building)
        self.assertEqual((route.connector_number, route.connector_colour), (1, "ROUGE"))

    def test_without_pto_it_waits_on_the_first_connector(self):
        route = self.Route._reserve_free(self.pbo, self.ocaa)
        self.assertFalse(route.pto_id)
        self.assertEqual(route.connector_number, 1)

    def test_the_sequence_decides_and_broken_routes_are_left(self):
        self.routes[0].state = "out_of_service"
        self.routes[2].sequence = -1
        found = self.reserve((self.pbo, None), (self.pbo, None), (self.pbo, None))
        self.assertEqual(found, [self.routes[2].id, self.routes[1].id, False])

    def test_nothing_when_the_pbo_is_full(self):
        for _rank in range(3):
            self.assertTrue(self.Route._reserve_free(self.pbo, self.ocaa))
        self.assertFalse(self.Route._reserve_free(self.pbo, self.ocbb))

    def test_nothing_without_a_pbo(self):
        self.assertFalse(self.Route._reserve_free(self.env["oiconnect.pbo"], self.ocaa))

    def test_caches_see_the_reservation(self):
        self.assertEqual(self.pbo.capacity_free, 3)
        self.assertFalse(self.pto.route_ids)
        self.assertFalse(self.building.route_ids)
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        self.assertEqual(self.pbo.capacity_free, 2)
        self.assertEqual(self.pto.route_ids, route)
        self.assertEqual(self.building.route_ids, route)

    def test_pending_writes_are_seen(self):
        self.routes[:2].write({"state": "out_of_service"})
        route = self.Route._reserve_free(self.pbo, self.ocaa)
        self.assertEqual(route, self.routes[2])

    def test_the_history_tells_who_got_it(self):
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        self.assertEqual(
            self.changes(route)[1:],
            [
                ("write", "state", "free", "reserved"),
                ("write", "operator_id", None, "OCAA"),
                ("write", "pto_id", None, "ZZ-0000-0001"),
                ("write", "connector_number", "0", "1"),
            ],
        )
        self.assertEqual(route.change_ids[0].reference, route.name)

    # ------------------------------------------------------------------
    # PTOs
    # ------------------------------------------------------------------

    def wire(self, route, number, **vals):
        route.write({"pto_id": self.pto.id, "connector_number": number, **vals})

    def test_the_free_route_of_the_pto_is_preferred(self):
        self.wire(self.routes[2], 2)
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        self.assertEqual(route, self.routes[2])
        self.assertEqual(route.connector_number, 2)
        self.assertEqual(
            self.changes(route)[-2:],
            [
                ("write", "state", "free", "reserved"),
                ("write", "operator_id", None, "OCAA"),
            ],
        )

    def test_a_free_route_of_another_pto_is_never_given(self):
        for number, route in enumerate(self.routes, 1):
            self.wire(route, number)
        other = self.net.pto(self.building, "ZZ-0000-0002")
        self.assertEqual(
            self.reserve((self.pbo, other), (self.pbo, None)), [False, False]
        )

    def test_beside_another_operator_on_the_next_connector(self):
        self.wire(self.routes[0], 1, state="used", operator_id=self.ocbb.id)
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        self.assertEqual(route, self.routes[1])
        self.assertEqual((route.connector_number, route.connector_colour), (2, "BLEU"))

    def test_a_pto_without_connector_left_gets_nothing(self):
        self.pto.connector_count = 1
        self.wire(self.routes[0], 1, state="used", operator_id=self.ocbb.id)
        self.assertFalse(self.Route._reserve_free(self.pbo, self.ocaa, self.pto))
        self.assertEqual(self.routes[1:].mapped("state"), ["free", "free"])

    def test_a_wished_connector(self):
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto, 3)
        self.assertEqual((route.connector_number, route.connector_colour), (3, "VERT"))

    # ------------------------------------------------------------------
    # Many at once
    # ------------------------------------------------------------------

    def test_requests_of_a_batch_never_share_a_route(self):
        far = self.net.pbo(self.pm, "PBO-2")
        [far_route] = self.net.routes(far, 1)
        found = self.reserve(
            (far + self.pbo, None),
            (far + self.pbo, None),
            (self.pbo + far, None),
            (self.pbo, None),
            (self.pbo + far, None),
        )
        self.assertEqual(found, [far_route.id, *self.routes.ids, False])

    def test_results_are_in_the_order_of_the_requests(self):
        full = self.net.pbo(self.pm, "PBO-FULL")
        found = self.reserve((full, None), (self.pbo, self.pto), (full, None))
        self.assertEqual(found, [False, self.routes[0].id, False])

    def test_two_requests_for_one_pto(self):
        found = self.reserve((self.pbo, self.pto), (self.pbo, self.pto))
        self.assertEqual(found, self.routes[:2].ids)
        self.assertEqual(self.routes[:2].mapped("connector_number"), [1, 2])

    def test_no_request(self):
        self.assertEqual(self.Route._reserve_batch([]), [])

    def test_many_requests_cost_no_more_statements(self):
        """Five thousand reservations a second: the number of statements is fixed."""
        pbos = [self.net.pbo(self.pm, f"PBO-{rank}") for rank in range(5)]
        for pbo in pbos:
            self.net.routes(pbo, 12)
        ptos = [self.net.pto(self.building, f"ZZ-{rank:08}") for rank in range(44)]

        def cost(start, stop):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            found = self.reserve(
                *((pbos[rank % 5], ptos[rank]) for rank in range(start, stop))
            )
            self.assertTrue(all(found))
            self.assertEqual(len(set(found)), stop - start)
            return self.env.cr.sql_log_count - before

        self.assertEqual(cost(0, 4), cost(4, 44))

    # ------------------------------------------------------------------
    # Use and release
    # ------------------------------------------------------------------

    def test_a_reserved_route_is_used_then_free_again(self):
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        route._use()
        self.assertEqual(route.state, "used")
        route._use()
        route._release()
        self.assertEqual(route.state, "free")
        self.assertFalse(route.operator_id)
        self.assertFalse(route.pto_id)
        self.assertFalse(route.connector_number)
        self.assertEqual(self.Route._reserve_free(self.pbo, self.ocbb), route)

    def test_a_released_route_may_stay_on_its_pto(self):
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        route._release(keep_pto=True)
        self.assertEqual(route.state, "free")
        self.assertEqual((route.pto_id, route.connector_number), (self.pto, 1))
        other = self.net.pto(self.building, "ZZ-0000-0002")
        self.assertNotEqual(self.Route._reserve_free(self.pbo, self.ocbb, other), route)
        self.assertEqual(self.Route._reserve_free(self.pbo, self.ocbb, self.pto), route)

    def test_a_broken_route_stays_broken_when_released(self):
        route = self.Route._reserve_free(self.pbo, self.ocaa, self.pto)
        route.state = "out_of_service"
        route._release()
        self.assertEqual(route.state, "out_of_service")
        self.assertFalse(route.operator_id)

    def test_a_free_route_is_not_used(self):
        with self.assertRaisesRegex(UserError, "not reserved"):
            self.routes._use()

    def test_orders_need_no_right_on_the_infrastructure(self):
        """Who handles orders reserves fibres without a right to change the network."""
        user = new_test_user(self.env, "commandes", "oiconnect_base.group_access_user")
        routes = self.Route.with_user(user)
        route = routes._reserve_free(self.pbo, self.ocaa, self.pto)
        route._use()
        self.assertEqual(route.state, "used")
        self.assertEqual(route.sudo().change_ids[0].user_id, user)
        route._release()
        self.assertEqual(route.state, "free")
