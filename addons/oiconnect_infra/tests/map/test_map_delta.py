from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.map.map_cell import COUNTED
from ..map_common import MapCase, placed

STATES = ("target", "deploying", "deployed", "abandoned")
# Places on both sides of borders, of the equator and of Greenwich, and nowhere
places = st.one_of(
    st.tuples(
        st.sampled_from((45.9999999, 46.0, 46.0009765625, -21.1, 0.0)),
        st.sampled_from((5.2, 5.203125, 5.2031249999, -0.0001, 55.5)),
    ),
    st.tuples(st.floats(45.9, 46.1), st.floats(5.1, 5.3)),
)
ranks = st.integers(0, 30)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("create"), places, st.sampled_from(STATES)),
        st.tuples(st.just("move"), ranks, places),
        st.tuples(st.just("state"), ranks, st.sampled_from(STATES)),
        st.tuples(st.just("delete"), ranks),
        st.tuples(st.just("sql"), st.sampled_from(STATES)),
        st.tuples(st.just("compact")),
    ),
    max_size=15,
)


@tagged("post_install", "-at_install")
class TestMapDelta(MapCase):
    """The cells of the map hold the truth at any moment, whatever writes."""

    @given(steps)
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    def test_any_changes_keep_the_cells_true(self, steps):
        self.numbers = count()
        with self.env.cr.savepoint() as point:
            for step in steps:
                self._do(*step)
                self.assertGridIsTrue()
            point.rollback()
            self.env.invalidate_all()

    def _do(self, what, *values):
        getattr(self, f"_do_{what}")(*values)

    def _chosen(self, rank):
        found = self.env["oiconnect.building"].search(
            [("network_id", "in", self.networks)], order="id"
        )
        return found[rank % len(found)] if found else found

    def _do_create(self, place, state):
        identifier = f"IMB/T/{next(self.numbers)}"
        self.net.building(identifier, state=state, **placed(*place))

    def _do_move(self, rank, place):
        self._chosen(rank).write(placed(*place))

    def _do_state(self, rank, state):
        self._chosen(rank).write({"state": state})

    def _do_delete(self, rank):
        self._chosen(rank).unlink()

    def _do_sql(self, state):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE oiconnect_building
                      SET state = %s, longitude = longitude + 0.001
                    WHERE network_id = ANY(%s) AND id %% 2 = 0""",
                state,
                self.networks,
            )
        )
        self.env.invalidate_all()

    def _do_compact(self):
        self.env.flush_all()
        self.assertTrue(self.delta._compact())

    # ------------------------------------------------------------------

    def deltas(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT count(*) FROM oiconnect_map_delta")
        return self.env.cr.fetchone()[0]

    def test_a_change_that_the_map_does_not_show_appends_nothing(self):
        buildings = self.buildings([(46.01, 5.2), (46.02, 5.21)])
        before = self.deltas()
        buildings.write({"dwelling_count": 12, "building_name": "B"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE oiconnect_building SET state = state")
        self.assertEqual(self.deltas(), before)

    def test_many_rows_of_a_cell_append_one_line(self):
        self.env.flush_all()
        before = self.deltas()
        self.buildings([(46.0101, 5.2001 + rank * 1e-6) for rank in range(50)])
        self.assertEqual(self.deltas(), before + 1)
        self.assertGridIsTrue()

    def test_compaction_leaves_no_empty_cell_and_no_delta(self):
        building = self.buildings([(46.01, 5.2)])
        self.env.flush_all()
        self.delta._compact()
        self.assertEqual(self.deltas(), 0)
        building.unlink()
        self.env.flush_all()
        self.delta._compact()
        self.assertEqual(self.deltas(), 0)
        self.env.cr.execute(
            SQL(
                "SELECT count(*) FROM oiconnect_map_cell WHERE network_id = ANY(%s)",
                self.networks,
            )
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_a_new_count_finds_what_the_triggers_counted(self):
        self.buildings([(46.01, 5.2), (46.5, 5.7)], state="deployed")
        self.pbo.write(placed(46.01, 5.2))
        self.env.flush_all()
        self.box()
        for kind in COUNTED:
            self.delta._rebuild(kind)
            self.assertGridIsTrue(kind)

    def box(self):
        values = {"reference": "BPE-1", "network_id": self.net.network.id}
        values |= {"state": "deployed", **placed(46.01, 5.2)}
        return self.env["oiconnect.splice.box"].create(values)

    def test_other_kinds_are_counted_too(self):
        for kind, placed_one in {"pbo": self.pbo, "splice_box": self.box()}.items():
            placed_one.write(placed(46.01, 5.2))
            self.assertGridIsTrue(kind)
            placed_one.write(placed(46.9, 5.9))
            self.assertGridIsTrue(kind)
            placed_one.unlink()
            self.assertGridIsTrue(kind)

    def test_a_big_import_wakes_what_adds_up(self):
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search([])
        self.delta._after_bulk()
        woken = (triggers.search([]) - before).cron_id
        self.assertIn(self.env.ref("oiconnect_infra.cron_map_compact"), woken)
