# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

import threading
import time
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

from .common import Network

WAIT = 20
_BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE pid = %s AND wait_event_type = 'Lock'
"""
_TABLES = (
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


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestRouteConcurrency(BaseCase):
    """Two transactions that really run at the same time, on real cursors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            net = Network(api.Environment(cr, SUPERUSER_ID, {}), "T97")
            pm = net.pm()
            self.network_id = net.network.id
            self.pbo_id = net.pbo(pm, "PBO-99-001-001-0001").id
            self.route_ids = net.routes(
                net.env["oiconnect.pbo"].browse(self.pbo_id), 2
            ).ids
            self.pto_id = net.pto(net.building("IMB/99001/X/0001"), "ZZ-0000-0001").id
            self.ocaa_id = net.operator("OCAA").id
            self.ocbb_id = net.operator("OCBB").id
        self.addCleanup(self._clean)
        self.cr = self.registry.cursor()
        self.addCleanup(self.cr.close)

    def _clean(self):
        with self.registry.cursor() as cr:
            for table in _TABLES:
                self._delete(cr, table, "network_id")
            cr.execute("ALTER TABLE oiconnect_change DISABLE TRIGGER append_only")
            self._delete(cr, "oiconnect_change", "network_id")
            cr.execute("ALTER TABLE oiconnect_change ENABLE TRIGGER append_only")
            self._delete(cr, "oiconnect_network", "id")
            env = api.Environment(cr, SUPERUSER_ID, {})
            operators = env["oiconnect.operator"].browse([self.ocaa_id, self.ocbb_id])
            partners = operators.partner_id
            operators.unlink()
            partners.unlink()

    def _delete(self, cr, table, column):
        cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = %s",
                SQL.identifier(table),
                SQL.identifier(column),
                self.network_id,
            )
        )

    # ------------------------------------------------------------------

    def _reserve(self, cr, operator_id, pto_id=None, number=1):
        env = api.Environment(cr, SUPERUSER_ID, {})
        request = {
            "pbo_ids": [self.pbo_id],
            "operator_id": operator_id,
            "pto_id": pto_id,
        }
        return env["oiconnect.route"]._reserve_batch([request] * number)

    def _start(self, operator_id, **options):
        """Reserve in a second transaction, as a request of a user does it."""
        rival = Rival(self, operator_id, options)
        self.addCleanup(rival.join, WAIT)
        rival.start()
        return rival

    def _wait_until_blocked(self, rival):
        deadline = time.monotonic() + WAIT
        with self.registry.cursor() as cr:
            while time.monotonic() < deadline:
                cr.execute(_BLOCKED, [rival.pid])
                if rival.pid and cr.fetchone()[0]:
                    return
                cr.rollback()
                time.sleep(0.01)
        self.fail("the second transaction does not wait for the first")

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

    def test_one_socket_asked_twice_gets_two_connectors(self):
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


class Rival(threading.Thread):
    """A second user, with his own cursor, whose request is tried again as usual."""

    def __init__(self, case, operator_id, options):
        super().__init__(daemon=True)
        self.case = case
        self.operator_id = operator_id
        self.options = options
        self.tries = 0
        self.found = None
        self.pid = None

    def run(self):
        with (
            mute_logger("odoo.sql_db", "odoo.service.model"),
            patch("odoo.service.model.random.uniform", return_value=0.01),
            self.case.registry.cursor() as cr,
        ):
            cr.execute("SELECT pg_backend_pid()")
            [self.pid] = cr.fetchone()
            cr.rollback()
            retrying(partial(self._try, cr), api.Environment(cr, SUPERUSER_ID, {}))

    def _try(self, cr):
        self.tries += 1
        self.found = self.case._reserve(cr, self.operator_id, **self.options)
