from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ...strategies import STRATEGIES
from ..common import InfraCase, wire_new


class ChoiceCase(InfraCase):
    """A building of two PBOs; what each test sets on the network decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = cls.net.network
        cls.far = cls.net.pbo(cls.pm, "PBO-99-001-001-0002")
        cls.routes = cls.net.routes(cls.pbo, 4)
        cls.far_routes = cls.net.routes(cls.far, 6)
        cls.Route = cls.env["oiconnect.route"]

    def reserve(self, number=1, operator=None, pbos=None, **values):
        """Reserve ``number`` routes; keep why in ``explained``."""
        requests = [
            {
                "pbo_ids": (pbos or self.pbo).ids,
                "operator_id": (operator or self.ocaa).id,
                **values,
            }
            for _rank in range(number)
        ]
        route_ids = self.Route._reserve_batch(requests)
        self.explained = [request["explain"] for request in requests]
        return self.Route.browse(filter(None, route_ids))

    def make_pto(self, reference="ZZ-0000-0001", **values):
        return self.net.pto(self.building, reference, pbo_id=self.pbo.id, **values)


@tagged("post_install", "-at_install")
class TestStrategies(ChoiceCase):
    """A network chooses how its routes are chosen."""

    def test_by_sequence_the_first_pbo_is_used_up_first(self):
        given = self.reserve(5, pbos=self.pbo + self.far)
        self.assertEqual(given, self.routes + self.far_routes[0])
        self.assertEqual(
            self.explained[0],
            {"strategy": "sequence", "pbo_id": self.pbo.id, "free": 4},
        )
        self.assertEqual(self.explained[4]["pbo_id"], self.far.id)

    def test_the_pbo_with_the_most_free_routes(self):
        self.network.route_choice = "least_filled"
        given = self.reserve(4, pbos=self.pbo + self.far)
        pbos = [route.pbo_id for route in given]
        self.assertEqual(pbos, [self.far, self.far, self.pbo, self.far])
        self.assertEqual(self.explained[0]["free"], 6)

    def test_positions_are_filled_in_their_order(self):
        self.network.route_choice = "position"
        for sequence, route in enumerate(reversed(self.routes)):
            route.position_id.sequence = sequence
        self.assertEqual(self.reserve(2), self.routes[3] + self.routes[2])

    def test_positions_without_an_order_follow_their_names(self):
        self.network.route_choice = "position"
        names = ("P10", "P2", "P1", "P9")
        for route, name in zip(self.routes, names, strict=True):
            route.position_id.name = f"x{name}"
            route.position_id.sequence = 10
        given = self.reserve(4)
        self.assertEqual(given.mapped("position_name"), ["xP1", "xP2", "xP9", "xP10"])

    def test_positions_of_one_operator_stay_together(self):
        """OCAA is at drawer B, OCBB nowhere: OCAA goes to B, OCBB to drawer A."""
        self.network.route_choice = "position"
        drawer = self.net.module(self.pm, "TIROIR ZZ")
        self.routes[2:].position_id.write({"module_id": drawer.id})
        self.routes[3].write({"state": "used", "operator_id": self.ocaa.id})
        self.assertEqual(self.reserve(), self.routes[2])
        self.assertEqual(self.reserve(operator=self.ocbb), self.routes[0])

    def test_networks_that_choose_otherwise_are_served_in_one_batch(self):
        other = type(self.net)(self.env, "T98")
        pbo = other.pbo(other.pm(), "PBO-OTHER")
        [_first, second] = other.routes(pbo, 2)
        other.network.route_choice = "position"
        second.position_id.sequence = -1
        requests = [
            {"pbo_ids": pbos.ids, "operator_id": self.ocaa.id}
            for pbos in (self.pbo, pbo)
        ]
        self.assertEqual(
            self.Route._reserve_batch(requests), [self.routes[0].id, second.id]
        )
        self.assertEqual(
            [request["explain"]["strategy"] for request in requests],
            ["sequence", "position"],
        )

    def test_free_routes_are_found_by_index(self):
        """Whatever the strategy, of a large network the PBO's routes alone are read."""
        for rank in range(20):
            self.net.routes(self.net.pbo(self.pm, f"PBO-PLAN-{rank}"), 12)
        self.env.flush_all()
        self.env.cr.execute("ANALYZE oiconnect_route")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for name, strategy in STRATEGIES.items():
            with self.subTest(name):
                query = self.Route._free_query(
                    strategy.order, {(self.pbo.id, self.ocaa.id): 2}, wait=False
                )
                self.env.cr.execute("EXPLAIN " + query.code, query.params)
                plan = "\n".join(line for (line,) in self.env.cr.fetchall())
                self.assertRegex(plan, "oiconnect_route__?(free|pbo_state)_idx")


@tagged("post_install", "-at_install")
class TestDedicated(ChoiceCase):
    """Fibres that one operator alone may have (choice D at the PM)."""

    def test_a_dedicated_position_is_for_its_operator_first(self):
        self.routes[2].position_id.dedicated_operator_id = self.ocaa
        self.assertEqual(self.routes[2].dedicated_operator_id, self.ocaa)
        self.assertEqual(self.reserve(2), self.routes[2] + self.routes[0])

    def test_a_dedicated_module_is_refused_to_others(self):
        module = self.routes.module_id
        module.dedicated_operator_id = self.ocbb
        self.assertFalse(self.reserve())
        self.assertEqual(self.explained[0]["reason"], "saturated")
        self.assertEqual(self.reserve(5, operator=self.ocbb), self.routes)

    def test_a_position_is_more_precise_than_its_module(self):
        self.routes.module_id.dedicated_operator_id = self.ocbb
        self.routes[1].position_id.dedicated_operator_id = self.ocaa
        self.assertEqual(self.reserve(2), self.routes[1])

    def test_a_route_dedicated_to_another_operator_cannot_be_taken_by_hand(self):
        self.routes[0].position_id.dedicated_operator_id = self.ocbb
        with self.assertRaisesRegex(UserError, "is dedicated to"):
            self.routes[0].write({"state": "used", "operator_id": self.ocaa.id})
        self.routes[0].write({"state": "used", "operator_id": self.ocbb.id})

    def test_who_holds_a_route_keeps_it_when_its_drawer_is_dedicated(self):
        self.routes[0].write({"state": "used", "operator_id": self.ocaa.id})
        self.routes.module_id.dedicated_operator_id = self.ocbb
        self.routes[0].write({"operator_id": self.ocaa.id})
        self.assertEqual(self.routes[0].operator_id, self.ocaa)

    def test_a_free_route_of_the_pto_dedicated_to_another_is_not_given(self):
        pto = self.make_pto()
        self.routes[0].write({"pto_id": pto.id, "connector_number": 1})
        self.routes[0].position_id.dedicated_operator_id = self.ocbb
        given = self.reserve(pto_id=pto.id)
        self.assertEqual((given, given.connector_number), (self.routes[1], 2))
        self.assertEqual(
            self.reserve(operator=self.ocbb, pto_id=pto.id), self.routes[0]
        )

    def test_the_history_tells_to_whom_a_drawer_was_dedicated(self):
        module = self.routes.module_id
        module.dedicated_operator_id = self.ocbb
        self.assertIn(
            ("write", "dedicated_operator_id", None, "OCBB"), self.changes(module)
        )

    def test_it_is_set_on_the_forms(self):
        user = new_test_user(self.env, "reseau.d", "oiconnect_base.group_infra_manager")
        with Form(self.routes.module_id.with_user(user)) as form:
            form.dedicated_operator_id = self.ocaa
        with Form(self.routes[0].position_id.with_user(user)) as form:
            form.dedicated_operator_id = self.ocbb
        self.assertEqual(self.routes[0].dedicated_operator_id, self.ocbb)
        self.assertEqual(self.routes[1].dedicated_operator_id, self.ocaa)


@tagged("post_install", "-at_install")
class TestFibresPerSocket(ChoiceCase):
    """Mono, bi and quadri-fibre: what is wired to a new PTO."""

    def new_pto(self, operator=None, reference="ZZ-0000-0001"):
        """An order on a dwelling without PTO: a route, then the PTO."""
        route = self.reserve(operator=operator, new_pto=True)
        pto = self.make_pto(reference)
        if route:
            wire_new(route, pto)
        return route, pto

    def wiring(self, pto):
        pto.invalidate_recordset()
        routes = pto.route_ids.sorted("connector_number")
        return [(r.connector_number, r.connector_colour, r.state) for r in routes]

    def test_mono_one_route_and_no_other(self):
        route, pto = self.new_pto()
        self.assertEqual(pto.route_ids, route)
        self.assertEqual(self.wiring(pto), [(1, "ROUGE", "reserved")])

    def test_bi_the_second_is_wired_and_free(self):
        self.network.socket_fibres = "2"
        _route, pto = self.new_pto()
        self.assertEqual(
            self.wiring(pto), [(1, "ROUGE", "reserved"), (2, "BLEU", "free")]
        )

    def test_quadri_each_later_operator_has_its_own(self):
        self.network.socket_fibres = "4"
        route, pto = self.new_pto()
        self.assertEqual(pto.route_ids, self.routes)
        self.assertEqual(
            self.wiring(pto),
            [
                (1, "ROUGE", "reserved"),
                (2, "BLEU", "free"),
                (3, "VERT", "free"),
                (4, "JAUNE", "free"),
            ],
        )
        second = self.reserve(operator=self.ocbb, pto_id=pto.id)
        self.assertNotEqual(second, route)
        self.assertEqual((second.pto_id, second.connector_number), (pto, 2))
        self.assertTrue(self.explained[0]["wired"])

    def test_a_wired_free_route_is_given_to_no_other_pto(self):
        self.network.socket_fibres = "4"
        self.new_pto()
        self.assertFalse(self.reserve(operator=self.ocbb))

    def test_the_history_tells_what_was_wired(self):
        self.network.socket_fibres = "2"
        self.new_pto()
        self.assertEqual(
            self.changes(self.routes[1])[1:],
            [
                ("write", "pto_id", None, "ZZ-0000-0001"),
                ("write", "connector_number", "0", "2"),
            ],
        )

    def test_with_fewer_free_fibres_the_pto_has_what_there_is(self):
        self.network.socket_fibres = "4"
        self.routes[2:].write({"state": "out_of_service"})
        _route, pto = self.new_pto()
        self.assertEqual(len(pto.route_ids), 2)

    def test_with_fewer_free_fibres_the_network_may_refuse(self):
        self.network.write({"socket_fibres": "4", "scarce_fibres": "refuse"})
        self.routes[3].state = "out_of_service"
        route, pto = self.new_pto()
        self.assertFalse(route)
        self.assertFalse(pto.route_ids)
        self.assertEqual(
            self.explained[0],
            {"strategy": "sequence", "reason": "saturated", "free": 3, "needed": 4},
        )

    def test_a_network_that_refuses_still_serves_the_ptos_there_are(self):
        self.network.write({"socket_fibres": "4", "scarce_fibres": "refuse"})
        _route, pto = self.new_pto()
        self.assertTrue(self.reserve(operator=self.ocbb, pto_id=pto.id))

    def test_two_new_ptos_in_one_batch_where_all_must_be_had(self):
        """Six fibres are not twice four: the second goes to the other PBO, or none."""
        self.network.write({"socket_fibres": "4", "scarce_fibres": "refuse"})
        given = self.reserve(2, pbos=self.far, new_pto=True)
        self.assertEqual(given, self.far_routes[0])
        pto = self.make_pto()
        wire_new(given, pto)
        self.assertEqual(pto.route_ids, self.far_routes[:4])

    def test_routes_dedicated_to_others_are_not_wired_to_a_pto(self):
        self.network.socket_fibres = "4"
        self.routes[1].position_id.dedicated_operator_id = self.ocbb
        _route, pto = self.new_pto()
        self.assertEqual(pto.route_ids, self.routes - self.routes[1])

    def test_a_pto_to_build_that_is_known_is_wired_whole(self):
        self.network.socket_fibres = "4"
        pto = self.make_pto(connector_count=2)
        self.reserve(pto_id=pto.id)
        self.assertEqual(
            self.wiring(pto), [(1, "ROUGE", "reserved"), (2, "BLEU", "free")]
        )

    def test_a_pto_with_a_route_is_not_wired_further(self):
        """It was laid with one fibre: no other comes by itself."""
        pto = self.make_pto(state="existing")
        self.routes[0].write(
            {
                "pto_id": pto.id,
                "connector_number": 1,
                "state": "used",
                "operator_id": self.ocbb.id,
            }
        )
        self.network.socket_fibres = "4"
        self.reserve(pto_id=pto.id)
        self.assertEqual(len(self.wiring(pto)), 2)

    def test_a_pto_never_laid_gives_all_its_fibres_back(self):
        self.network.socket_fibres = "4"
        route, pto = self.new_pto()
        route._release()
        self.assertFalse(pto.route_ids)
        self.assertEqual(set(self.routes.mapped("state")), {"free"})
        self.assertEqual(len(self.reserve(4)), 4)

    def test_a_pto_that_another_holds_keeps_its_fibres(self):
        self.network.socket_fibres = "4"
        route, pto = self.new_pto()
        self.reserve(operator=self.ocbb, pto_id=pto.id)
        route._release()
        self.assertEqual(pto.route_ids, self.routes - route)

    def test_a_laid_pto_keeps_its_fibres(self):
        self.network.socket_fibres = "4"
        route, pto = self.new_pto()
        pto.state = "existing"
        route._release(keep_pto=True)
        self.assertEqual(len(pto.route_ids), 4)

    def test_many_ptos_cost_no_more_statements(self):
        self.network.socket_fibres = "2"
        pbos = [self.net.pbo(self.pm, f"PBO-N{rank}") for rank in range(4)]
        for pbo in pbos:
            self.net.routes(pbo, 12)

        def cost(start, stop):
            requests = [
                {
                    "pbo_ids": pbos[rank % 4].ids,
                    "operator_id": self.ocaa.id,
                    "new_pto": True,
                }
                for rank in range(start, stop)
            ]
            ptos = self.env["oiconnect.pto"].concat(
                *(self.make_pto(f"ZZ-N{rank:06}") for rank in range(start, stop))
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            wire_new(self.Route.browse(self.Route._reserve_batch(requests)), ptos)
            after = self.env.cr.sql_log_count
            ptos.invalidate_recordset()
            self.assertEqual(len(ptos.route_ids), 2 * len(ptos))
            return after - before

        self.assertEqual(cost(0, 4), cost(4, 20))
