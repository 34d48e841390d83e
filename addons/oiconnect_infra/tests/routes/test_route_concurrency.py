# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

from functools import partial

from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.two_transactions import WAIT

from ..common import Network, wire_new
from ..network_race import NetworkRaceCase


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestRouteConcurrency(NetworkRaceCase):
    """Two transactions that really run at the same time, on real cursors."""

    tables = (
        "oiconnect_route",
        "oiconnect_pto",
        "oiconnect_pbo_fibre",
        "oiconnect_pm_position",
        "oiconnect_pm_module",
        "oiconnect_pbo_cable",
        "oiconnect_building",
        "oiconnect_pbo",
        "oiconnect_pm",
    )

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self._env(cr)["res.lang"]._activate_and_install_lang("fr_FR")
            net = Network(self._env(cr), "T97")
            pm = net.pm()
            self.network_id = net.network.id
            self.pbo_id = net.pbo(pm, "PBO-99-001-001-0001").id
            self.route_ids = net.routes(
                net.env["oiconnect.pbo"].browse(self.pbo_id), 2
            ).ids
            self.pto_id = net.pto(net.building("IMB/99001/X/0001"), "ZZ-0000-0001").id
            self.ocaa_id = net.operator("OCAA").id
            self.ocbb_id = net.operator("OCBB").id
            self.operator_ids = (self.ocaa_id, self.ocbb_id)
        self.addCleanup(self._clean)
        self._open_cursor()

    # ------------------------------------------------------------------

    def _reserve(self, cr, operator_id, pto_id=None, number=1):
        env = self._env(cr)
        request = {
            "pbo_ids": [self.pbo_id],
            "operator_id": operator_id,
            "pto_id": pto_id,
        }
        return env["oiconnect.route"]._reserve_batch([request] * number)

    def _open_pto(self, cr, operator_id, reference):
        """An order on a dwelling without PTO: a route, then the new PTO."""
        net = self._env(cr)
        request = {
            "pbo_ids": [self.pbo_id],
            "operator_id": operator_id,
            "new_pto": True,
        }
        [route_id] = net["oiconnect.route"]._reserve_batch([request])
        known = net["oiconnect.pto"].browse(self.pto_id)
        if route_id:
            route = net["oiconnect.route"].browse(route_id)
            wire_new(route, known.copy({"reference": reference}))
        return [route_id]

    def _set_network(self, **values):
        with self.registry.cursor() as cr:
            self._env(cr)["oiconnect.network"].browse(self.network_id).write(values)

    def _start(self, operator_id, **options):
        """Reserve in a second transaction, as a request of a user does it."""
        return self._start_rival(
            partial(self._reserve, operator_id=operator_id, **options)
        )

    def _holders(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT id, operator_id FROM oiconnect_route WHERE id = ANY(%s)",
                [self.route_ids],
            )
            return dict(cr.fetchall())

    # ------------------------------------------------------------------

    def test_a_route_that_another_holds_is_passed_over(self):
        first = self._reserve(self.cr, self.ocaa_id)
        rival = self._start(self.ocbb_id)
        rival.join(WAIT)
        self.cr.commit()
        self.assertEqual(rival.tries, 1)
        self.assertEqual([*first, *rival.found], self.route_ids)
        self.assertEqual(set(self._holders().values()), {self.ocaa_id, self.ocbb_id})

    def test_one_last_free_route_goes_to_exactly_one(self):
        self._reserve(self.cr, self.ocaa_id)
        self.cr.commit()
        [last] = self._reserve(self.cr, self.ocaa_id)
        rival = self._start(self.ocbb_id)
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        self.assertEqual(rival.tries, 2)
        self.assertEqual(rival.found, [False])
        self.assertEqual(self._holders()[last], self.ocaa_id)

    def _choose(self, cr, operator_id, route_id):
        """Give a route to an operator on its form."""
        env = self._env(cr)
        values = {"state": "reserved", "operator_id": operator_id}
        arguments = [[route_id], values, {"id": {}}]
        french = {"context": {"lang": "fr_FR"}}
        call_kw(env["oiconnect.route"], "web_save", arguments, french)
        env.flush_all()

    def test_the_second_user_who_chooses_a_route_by_hand_sees_who_has_it(self):
        last = self.route_ids[1]
        self._choose(self.cr, self.ocaa_id, last)
        rival = self._start_rival(
            partial(self._choose, operator_id=self.ocbb_id, route_id=last)
        )
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        self.assertIn("OCAA", str(rival.error))
        self.assertIn("est détenue par", str(rival.error))
        self.assertEqual(self._holders()[last], self.ocaa_id)

    def test_a_rollback_frees_the_last_route_for_the_one_who_waits(self):
        self._reserve(self.cr, self.ocaa_id)
        self.cr.commit()
        [last] = self._reserve(self.cr, self.ocaa_id)
        rival = self._start(self.ocbb_id)
        self._wait_until_blocked(rival)
        self.cr.rollback()
        rival.join(WAIT)
        self.assertEqual(rival.tries, 1)
        self.assertEqual(rival.found, [last])
        self.assertEqual(self._holders()[last], self.ocbb_id)

    def test_one_pto_requested_twice_gets_two_connectors(self):
        self._reserve(self.cr, self.ocaa_id, self.pto_id)
        rival = self._start(self.ocbb_id, pto_id=self.pto_id)
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        self.assertEqual(rival.tries, 2)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT connector_number FROM oiconnect_route WHERE pto_id = %s",
                [self.pto_id],
            )
            self.assertEqual(sorted(cr.fetchall()), [(1,), (2,)])

    def test_one_multi_fibre_pto_requested_twice_is_wired_once(self):
        """The second waits, then finds the fibre that the first had wired."""
        self._set_network(socket_fibres="2")
        self._reserve(self.cr, self.ocaa_id, self.pto_id)
        rival = self._start(self.ocbb_id, pto_id=self.pto_id)
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        self.assertEqual(rival.tries, 2)
        self.assertEqual(self._wiring(self.pto_id), {1: self.ocaa_id, 2: self.ocbb_id})

    def test_two_new_ptos_never_share_their_other_fibres(self):
        """Two fibres are enough for one of the two PTOs of two."""
        self._set_network(socket_fibres="2", scarce_fibres="refuse")
        [first] = self._open_pto(self.cr, self.ocaa_id, "ZZ-0000-0002")
        rival = self._start_rival(
            partial(self._open_pto, operator_id=self.ocbb_id, reference="ZZ-0000-0003")
        )
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        self.assertEqual(rival.found, [False])
        holders = self._holders()
        self.assertEqual(holders.pop(first), self.ocaa_id)
        self.assertEqual(list(holders.values()), [None])

    def test_a_rollback_gives_the_whole_pto_to_the_one_who_waits(self):
        self._set_network(socket_fibres="2", scarce_fibres="refuse")
        self._open_pto(self.cr, self.ocaa_id, "ZZ-0000-0002")
        rival = self._start_rival(
            partial(self._open_pto, operator_id=self.ocbb_id, reference="ZZ-0000-0003")
        )
        self._wait_until_blocked(rival)
        self.cr.rollback()
        rival.join(WAIT)
        self.assertTrue(rival.found[0])
        self.assertEqual(self._holders()[rival.found[0]], self.ocbb_id)

    def _wiring(self, pto_id):
        """Return ``{connector: holder id}`` of the PTO once all is committed."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT connector_number, operator_id FROM oiconnect_route"
                " WHERE pto_id = %s",
                [pto_id],
            )
            return dict(cr.fetchall())

    def test_many_at_once_share_what_there_is(self):
        rivals = [
            self._start(operator) for operator in (self.ocaa_id, self.ocbb_id) * 3
        ]
        for rival in rivals:
            rival.join(WAIT)
        found = [route_id for rival in rivals for route_id in rival.found]
        self.assertEqual(found.count(False), 4)
        self.assertEqual(
            {route_id for route_id in found if route_id}, set(self.route_ids)
        )
        self.assertNotIn(None, self._holders().values())
        self.assertEqual(self._capacity(), ("full", 2, 0))

    def _capacity(self):
        """Return the capacity of the PBO once all is committed."""
        with self.registry.cursor() as cr:
            pbo = self._env(cr)["oiconnect.pbo"].browse(self.pbo_id)
            return pbo.saturation, pbo.capacity_reserved, pbo.capacity_free
