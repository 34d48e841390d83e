# pylint: disable=invalid-commit
# Transactions see each other only by what they commit.

import threading
import time
from datetime import timedelta
from functools import partial

from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.two_transactions import Rival
from odoo.addons.oiconnect_infra.tests.network_race import NetworkRaceCase

from ..appointment_common import make_calendar, make_team
from ..common import make_operator

RIVALS = 50
CAPACITY = 3
# Longest that all of them together may take
LIMIT = 120


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestAppointmentRace(NetworkRaceCase):
    """Fifty operators at the same moment: no slot is sold twice, no one hangs."""

    tables = (
        "oiconnect_todo",
        "oiconnect_delay_count",
        "oiconnect_delay_miss",
        "oiconnect_appointment",
        "oiconnect_appointment_team",
    )

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self._make(self._env(cr))
        self.addCleanup(self._clean)

    def _make(self, env):
        network = env["oiconnect.network"].create(
            {"name": "Course", "oi_code": "OIRA", "code": "OIRA", "pto_prefix": "ZR"}
        )
        calendar = make_calendar(env, hours=((8, 18),), days=range(7))
        team = make_team(env, network, calendar=calendar, capacity=CAPACITY)
        self.network_id = network.id
        self.team_id = team.id
        self.commune_id = env["oiconnect.commune"].search([], limit=1).id
        self.operator_ids = make_operator(env, "OCRA").ids

    def _erase_network(self, cr):
        team = self._env(cr)["oiconnect.appointment.team"].browse(self.team_id)
        resource, calendar = team.resource_id, team.calendar_id
        cr.execute(
            """
            DELETE FROM oiconnect_workflow_step step USING oiconnect_appointment gone
            WHERE step.res_model = 'oiconnect.appointment' AND step.res_id = gone.id
                AND gone.network_id = %s
            """,
            [self.network_id],
        )
        result = super()._erase_network(cr)
        self._delete(cr, "resource_resource", "id", resource.id)
        self._delete(cr, "resource_calendar", "id", calendar.id)
        return result

    def _slots(self, env):
        now = Datetime.now()
        return env["oiconnect.appointment"]._search_slots(
            env["oiconnect.network"].browse(self.network_id),
            env["oiconnect.commune"].browse(self.commune_id),
            now,
            now + timedelta(days=5),
        )

    def _book(self, cr, slot, fall_back=False):
        """Book, or the next slot when another booking was faster."""
        env = self._env(cr)
        appointments = env["oiconnect.appointment"]
        places = (
            env["oiconnect.operator"].browse(self.operator_ids),
            env["oiconnect.network"].browse(self.network_id),
            env["oiconnect.commune"].browse(self.commune_id),
        )
        booked, refusals = appointments._book(*places, slot)
        if refusals and fall_back:
            others = [offer.reference for offer in self._slots(env)]
            booked, refusals = appointments._book(*places, others[-1])
        return refusals[0].code if refusals else booked.start

    def _race(self, works):
        barrier = threading.Barrier(len(works))

        def together(cr, work):
            # All have looked before any of them books
            self._slots(self._env(cr))
            barrier.wait(LIMIT)
            return work(cr)

        rivals = [Rival(self.registry, partial(together, work=work)) for work in works]
        end = time.monotonic() + LIMIT
        for rival in rivals:
            rival.start()
        for rival in rivals:
            rival.join(max(0, end - time.monotonic()))
        self.assertFalse([rival for rival in rivals if rival.is_alive()])
        return [rival.error or rival.found for rival in rivals]

    def _committed(self):
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT start, seat FROM oiconnect_appointment
                WHERE network_id = %s AND state IN ('created', 'postponed', 'confirmed')
                """,
                [self.network_id],
            )
            return cr.fetchall()

    def _references(self):
        with self.registry.cursor() as cr:
            return [offer.reference for offer in self._slots(self._env(cr))]

    def test_fifty_book_one_slot(self):
        slot = self._references()[0]
        found = self._race([partial(self._book, slot=slot)] * RIVALS)
        self.assertEqual(found.count("FRDV02"), RIVALS - CAPACITY, found)
        booked = self._committed()
        self.assertEqual(sorted(seat for _start, seat in booked), [1, 2, 3])
        self.assertEqual(len({start for start, _seat in booked}), 1)
        self.assertNotIn(slot, self._references())

    def test_fifty_book_the_slots_of_a_day(self):
        slots = self._references()[:10]
        works = [partial(self._book, slot=slots[n % 10]) for n in range(RIVALS)]
        found = self._race(works)
        self.assertEqual(found.count("FRDV02"), RIVALS - 10 * CAPACITY, found)
        booked = self._committed()
        self.assertEqual(len(booked), 10 * CAPACITY)
        self.assertEqual(len(set(booked)), 10 * CAPACITY)

    def _move(self, cr, appointment_id, slot):
        appointment = self._env(cr)["oiconnect.appointment"].browse(appointment_id)
        _appointment, refusals = appointment._move(slot)
        return refusals[0].code if refusals else appointment.start

    def test_many_move_to_one_slot(self):
        slots = self._references()
        starts = self._race([partial(self._book, slot=slot) for slot in slots[1:13]])
        self.assertEqual(len(set(starts)), 12)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT id FROM oiconnect_appointment WHERE network_id = %s",
                [self.network_id],
            )
            ids = [row[0] for row in cr.fetchall()]
        moves = [partial(self._move, appointment_id=n, slot=slots[0]) for n in ids]
        found = self._race(moves)
        self.assertEqual(found.count("FRDV02"), 12 - CAPACITY, found)
        booked = self._committed()
        self.assertEqual((len(booked), len(set(booked))), (12, 12))
        self.assertEqual(len({start for start, _seat in booked}), 12 - CAPACITY + 1)
