# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.oiconnect_base.tests.two_transactions import WAIT

from ...geo.grid import LEVELS
from ..common import Network
from ..map_common import counted, placed, true_cells
from ..network_race import NetworkRaceCase


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestMapConcurrency(NetworkRaceCase):
    """Users never wait for the numbers of the map, nor fail by them."""

    tables = ("oiconnect_building",)

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            net = Network(self._env(cr), "T96")
            self.network_id = net.network.id
            self.ids = [
                net.building(f"IMB/99001/C/{rank}", **placed(46.01, 5.2)).id
                for rank in range(4)
            ]
        self.addCleanup(self._clean)
        self._open_cursor()

    def _clean(self):
        self.cr.rollback()
        with self.registry.cursor() as cr:
            self._erase_network(cr)
            self._env(cr)["oiconnect.map.delta"]._compact()

    def _move(self, cr, rank, place):
        building = self._env(cr)["oiconnect.building"].browse(self.ids[rank])
        building.write(placed(*place))
        building.flush_recordset()

    def _compact(self, cr):
        return self._env(cr)["oiconnect.map.delta"]._compact()

    def assertTrueFor(self, cr):
        env = self._env(cr)
        for level in LEVELS:
            self.assertEqual(
                counted(env, "building", level, [self.network_id]),
                true_cells(env, "building", level, [self.network_id]),
            )

    def assertTrueForAll(self):
        with self.registry.cursor() as cr:
            self.assertTrueFor(cr)

    def test_two_users_change_buildings_of_one_cell_at_the_same_time(self):
        self._move(self.cr, 0, (46.5, 5.5))
        rival = self._start_rival(lambda cr: self._move(cr, 1, (46.5, 5.5)))
        rival.join(WAIT)
        # The second did not wait for the first, which is not over.
        self.assertFalse(rival.is_alive())
        self.assertEqual(rival.tries, 1)
        self.assertTrueFor(self.cr)
        self.cr.commit()
        self.assertTrueForAll()

    def test_compaction_while_a_user_is_at_work(self):
        self._move(self.cr, 0, (46.5, 5.5))
        rival = self._start_rival(self._compact)
        rival.join(WAIT)
        self.assertTrue(rival.found)
        self.assertEqual(rival.tries, 1)
        # The user's own view is the old one and his own change: exact too.
        self.assertTrueFor(self.cr)
        self._move(self.cr, 2, (46.6, 5.6))
        self.cr.commit()
        self.assertTrueForAll()

    def test_a_user_works_while_compaction_is_at_it(self):
        self.assertTrue(self._compact(self.cr))
        rival = self._start_rival(lambda cr: self._move(cr, 3, (46.7, 5.7)))
        rival.join(WAIT)
        self.assertFalse(rival.is_alive())
        self.assertEqual(rival.tries, 1)
        self.cr.commit()
        self.assertTrueForAll()

    def test_one_compaction_at_a_time(self):
        self.assertTrue(self._compact(self.cr))
        rival = self._start_rival(self._compact)
        rival.join(WAIT)
        self.assertFalse(rival.found)
        self.cr.commit()
        self.assertTrueForAll()

    def test_what_is_rolled_back_was_never_counted(self):
        self._move(self.cr, 0, (46.5, 5.5))
        self.cr.execute(
            SQL("DELETE FROM oiconnect_building WHERE id = %s", self.ids[1])
        )
        self.assertTrueFor(self.cr)
        self.cr.rollback()
        self.assertTrueForAll()
