from datetime import timedelta
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_infra.models.map.kinds import KINDS
from odoo.addons.oiconnect_infra.tests.map_common import placed

from ..common import OrderCase

# Viewport around the PMs
HERE = (45.99, 5.19, 46.03, 5.24)


@tagged("post_install", "-at_install")
class TestMapPresence(OrderCase):
    """The network map shows the PMs where an operator is present, and how."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.map = cls.env["oiconnect.map"]
        cls.pm.write(placed(46.01, 5.2))
        cls.other_pm.write(placed(46.02, 5.21))
        cls.reader = new_test_user(
            cls.env,
            "presence_carte",
            "oiconnect_base.group_infra_read,oiconnect_base.group_pm_order_read",
        )
        cls.today = local_today()

    def _open(self, pm, operator, kind):
        return self.env["oiconnect.pm.service"].create(
            {
                "network_id": self.network.id,
                "pm_id": pm.id,
                "operator_id": operator.id,
                "reference": f"XPM-MORE-{operator.interop_code}",
                "kind": kind,
                "start_date": self.today,
            }
        )

    def _view(self, operators=None, user=None, zoom=14, kinds=("pm",), **filters):
        filters.setdefault("network_ids", self.network.ids)
        if operators:
            filters["operator_ids"] = operators.ids
        return self.map.with_user(user or self.reader)._view(HERE, zoom, kinds, filters)

    def _states(self, *args, **filters):
        """Return ``{PM: state}`` of the points of a view."""
        points = self._view(*args, **filters)["points"]["pm"]
        return {point[0]: point[3] for point in points}

    def test_a_pm_has_the_kind_of_the_service_of_the_operator(self):
        """Without an operator it has its own state."""
        pm, other = self.pm.id, self.other_pm.id
        self.assertEqual(self._states(), {pm: "deployed", other: "deployed"})
        found = self._states(self.operator)
        self.assertEqual(found, {pm: "loca", other: "absent"})
        found = self._states(self.rival)
        self.assertEqual(found, {pm: "cofi", other: "absent"})

    def test_of_several_operators_the_first_is_shown(self):
        both = self.rival | self.operator
        self.assertEqual(self._states(both)[self.pm.id], "cofi")

    def test_a_service_that_does_not_run_today_is_none(self):
        day = timedelta(days=1)
        for values in (
            {"start_date": self.today + day},
            {"end_date": self.today - day},
            {"active": False},
        ):
            with self.subTest(values), self.env.cr.savepoint() as point:
                self.service.write(values)
                self.assertEqual(self._states(self.operator)[self.pm.id], "absent")
                found = self._states(self.operator, presence=["absent"])
                self.assertEqual(len(found), 2)
                self.env.flush_all()
                point.rollback()
                self.env.invalidate_all()
        self.service.end_date = self.today
        self.assertEqual(self._states(self.operator)[self.pm.id], "loca")

    def test_a_service_that_ended_does_not_hide_the_next_one(self):
        self.service._end()
        self._open(self.pm, self.operator, "cofi")
        found = self._states(self.operator)
        self.assertEqual(found, {self.pm.id: "cofi", self.other_pm.id: "absent"})

    def test_pms_are_filtered_by_the_services_of_the_operator(self):
        self._open(self.other_pm, self.rival, "loca")
        pm, other = {self.pm.id}, {self.other_pm.id}
        for presence, matching in (
            (["cofi"], pm),
            (["loca"], other),
            (["cofi", "loca"], pm | other),
            (["absent"], set()),
            (["x') OR ('1'='1"], set()),
        ):
            with self.subTest(presence):
                found = self._view(self.rival, presence=presence)
                self.assertEqual({p[0] for p in found["points"]["pm"]}, matching)
                self.assertEqual(found["totals"], {"pm": len(matching)})
        found = self._states(self.operator, presence=["absent"])
        self.assertEqual(found, {self.other_pm.id: "absent"})

    def test_without_an_operator_nothing_is_filtered_out(self):
        self.assertEqual(len(self._states(presence=["loca"])), 2)

    def test_other_objects_and_other_filters_are_as_ever(self):
        self.building.write(placed(46.0102, 5.2002))
        kinds = ("pm", "building")
        found = self._view(self.operator, kinds=kinds, zoom=17, presence=["cofi"])
        self.assertEqual(found["totals"], {"pm": 0, "building": 1})
        self.assertEqual(found["points"]["building"][0][3], "deployed")
        found = self._states(self.operator, pm_ids=self.other_pm.ids)
        self.assertEqual(found, {self.other_pm.id: "absent"})

    def test_too_many_pms_are_counted_by_what_the_operator_has(self):
        with patch.object(KINDS["pm"], "limit", 1):
            found = self._view(self.operator, zoom=5)
        self.assertEqual(found["points"], {})
        [cluster] = found["clusters"]
        self.assertEqual(cluster[2:], [2, "pm", {"loca": 1, "absent": 1}])

    def test_all_pms_of_a_view_are_joined_at_once(self):
        self._view(self.operator)
        few = self._query_count(pms=2)
        self.env["oiconnect.pm"].create(
            [
                {
                    "reference": f"OITO-PM-M{rank}",
                    "network_id": self.network.id,
                    **placed(46.011 + rank / 1e4, 5.2),
                }
                for rank in range(20)
            ]
        )
        self.assertLessEqual(self._query_count(pms=22), few)

    def _query_count(self, pms):
        """Return the number of queries of a view with so many PMs."""
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self._view(self.operator)["totals"], {"pm": pms})
        return self.env.cr.sql_log_count - before

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_who_may_not_read_services_sees_nothing_of_them(self):
        user = new_test_user(
            self.env, "reseau_carte", "oiconnect_base.group_infra_read"
        )
        found = self._states(self.operator, user, presence=["loca"])
        self.assertEqual(found, {self.pm.id: "deployed", self.other_pm.id: "deployed"})
        service = self.map.with_user(user)
        self.assertNotIn("presence", service._settings()["states"])
        card = service._card("oiconnect.pm", self.pm.id)
        self.assertNotIn("OCT1", str(card["lines"]))

    def test_a_record_rule_of_the_administrator_is_respected(self):
        self.env["ir.rule"].create(
            {
                "name": "Co-financing only",
                "model_id": self.env["ir.model"]._get("oiconnect.pm.service").id,
                "domain_force": "[('kind', '=', 'cofi')]",
            }
        )
        self.assertEqual(self._states(self.operator)[self.pm.id], "absent")
        self.assertEqual(self._states(self.rival)[self.pm.id], "cofi")

    # ------------------------------------------------------------------
    # How it is drawn and described
    # ------------------------------------------------------------------

    def test_what_an_operator_has_looks_like_nothing_else(self):
        states = self.map.with_user(self.reader)._settings()["states"]["presence"]
        self.assertEqual([state[0] for state in states], ["cofi", "loca", "absent"])
        for column in (1, 2, 4):
            self.assertEqual(len({state[column] for state in states}), len(states))
        self.assertEqual({state[3] for state in states}, {"square"})

    def test_the_card_of_a_pm_names_its_operators(self):
        service = self.map.with_user(self.reader).with_context(lang="en_US")
        lines = service._card("oiconnect.pm", self.pm.id)["lines"]
        [text] = [text for label, text in lines if label == "Operators present"]
        self.assertIn(f"{self.operator.display_name} (Rental)", text)
        self.assertIn(f"{self.rival.display_name} (Co-financing)", text)
        lines = service._card("oiconnect.pm", self.other_pm.id)["lines"]
        self.assertNotIn("Operators present", dict(lines))
