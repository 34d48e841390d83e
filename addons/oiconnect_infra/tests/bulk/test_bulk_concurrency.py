# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

from functools import partial

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.oiconnect_base.tests.two_transactions import WAIT

from ..network_race import NetworkRaceCase
from ..wiring import Wiring


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestBulkConcurrency(NetworkRaceCase):
    """Two users of a tool at the same time: one wins, the other sees an error."""

    tables = (
        "oiconnect_splice",
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
            env = self._env(cr)
            env["res.lang"]._activate_and_install_lang("fr_FR")
            self._make(Wiring(env, "T94"))
        self.addCleanup(self._clean)
        self._open_cursor()

    def _make(self, net):
        self.network_id = net.network.id
        self.building_id = net.building("IMB/99001/X/0094", dwelling_count=4).id
        self.module_id = net.drawer.id
        self.empty_id = net.cable(net.at, "CB-VIDE").id
        upper = net.strand_cable("CB-A", 4)
        lower = net.strand_cable("CB-B", 4, net.box)
        self.cable_id = lower.cable_id.id
        self.operator_id = net.operator("OCAA").id
        self.operator_ids = (self.operator_id,)
        self.splice_id = net.splice(upper[:1], lower[:1]).id
        position = net.position("P9", upper[0])
        self.route_id = net.route(position, lower[0], name="R9").id

    def _french(self, cr):
        return self._env(cr)(context={"lang": "fr_FR"})

    def _apply(self, cr, tool, **values):
        self._french(cr)[f"oiconnect.{tool}"].create(values).action_apply()
        cr.flush()

    def _race(self, first, second):
        """Do ``first``, then ``second`` before it is committed."""
        first(self.cr)
        rival = self._start_rival(second, lang="fr_FR")
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        return rival

    def _number(self, table, column, value):
        with self.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT count(*) FROM %s WHERE %s = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    value,
                )
            )
            return cr.fetchone()[0]

    # ------------------------------------------------------------------

    def test_the_dwellings_of_a_building_get_one_pto_each(self):
        work = partial(self._apply, tool="pto.generation", building_id=self.building_id)
        rival = self._race(work, work)
        self.assertIn("IMB/99001/X/0094", str(rival.error))
        self.assertIn("ont une prise", str(rival.error))
        self.assertEqual(
            self._number("oiconnect_pto", "building_id", self.building_id), 4
        )

    def test_a_cable_gets_its_fibres_once(self):
        work = partial(
            self._apply,
            tool="cable.fibres",
            cable_id=self.empty_id,
            tube_count=2,
            fibres_per_tube=12,
        )
        rival = self._race(work, work)
        self.assertIn("Cette fibre de ce tube est déjà dans le câble", str(rival.error))
        self.assertEqual(
            self._number("oiconnect_pbo_fibre", "cable_id", self.empty_id), 24
        )

    def test_a_module_gets_its_positions_once(self):
        work = partial(
            self._apply, tool="module.positions", module_id=self.module_id, count=8
        )
        rival = self._race(work, work)
        self.assertIn("Cette position est déjà dans le module", str(rival.error))
        self.assertEqual(
            self._number("oiconnect_pm_position", "module_id", self.module_id), 9
        )

    def _put_positions(self, cr):
        self._apply(
            cr,
            "module.positions",
            module_id=self.module_id,
            count=2,
            cable_id=self.cable_id,
            first_fibre=3,
        )

    def _delete_fibres(self, cr):
        self._apply(
            cr,
            "bulk.range",
            cable_id=self.cable_id,
            operation="delete",
            first=3,
            last=4,
        )

    def test_fibres_that_are_being_put_on_positions_are_not_deleted(self):
        rival = self._race(self._put_positions, self._delete_fibres)
        self.assertIn("CB-B / ROUGE / 3", str(rival.error))
        self.assertEqual(
            self._number("oiconnect_pbo_fibre", "cable_id", self.cable_id), 4
        )

    def test_no_position_is_put_on_fibres_that_are_being_deleted(self):
        rival = self._race(self._delete_fibres, self._put_positions)
        self.assertIn("CB-B", str(rival.error))
        self.assertEqual(
            self._number("oiconnect_pm_position", "module_id", self.module_id), 1
        )

    # ------------------------------------------------------------------

    def _opened(self):
        """Open the dialogue that undoes the splice; return what presses its button."""
        with self.registry.cursor() as cr:
            wizard = self._env(cr)["oiconnect.splice.undo"].create(
                {"splice_ids": [(6, 0, [self.splice_id])]}
            )
        return partial(self._undo, wizard_id=wizard.id)

    def _undo(self, cr, wizard_id):
        self._french(cr)["oiconnect.splice.undo"].browse(wizard_id).action_undo()
        cr.flush()

    def _give(self, cr):
        route = self._env(cr)["oiconnect.route"].browse(self.route_id)
        route.write({"state": "reserved", "operator_id": self.operator_id})
        cr.flush()

    def test_a_splice_is_not_undone_under_a_route_that_is_being_given(self):
        rival = self._race(self._give, self._opened())
        self.assertIn("R9", str(rival.error))
        self.assertIn("réservées", str(rival.error))
        self.assertEqual(self._number("oiconnect_splice", "id", self.splice_id), 1)

    def test_the_second_user_who_undoes_a_splice_sees_that_it_is_done(self):
        first, second = self._opened(), self._opened()
        rival = self._race(first, second)
        self.assertIn("déjà défaites", str(rival.error))
        self.assertEqual(self._number("oiconnect_splice", "id", self.splice_id), 0)
