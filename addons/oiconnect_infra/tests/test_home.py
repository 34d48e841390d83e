from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models import home as home_module
from .common import InfraCase


@tagged("post_install", "-at_install")
class TestHeat(InfraCase):
    """The heat of the small map of PMs: their dwellings and their used routes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pms = cls.env["oiconnect.pm"].union(
            *(cls.net.pm(f"OICN-99001-8{rank:03}") for rank in range(6))
        )
        for pm, number in ((cls.pms[0], 3), (cls.pms[2], 2)):
            routes = cls.net.routes(cls.net.pbo(pm, f"PBO-8{pm.id}"), number + 1)
            routes[:number].write({"state": "used", "operator_id": cls.ocaa.id})
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE oiconnect_pm SET state = 'planned'")
        # Two that are near each other, one that is not; the last three do not count.
        places = (
            (46.00001, 100, "deployed"),
            (46.00002, 300, "deployed"),
            (47.0, 50, "deployed"),
            (46.0, 10, "planned"),
            (46.0, 0, "deployed"),
            (0, 70, "deployed"),
        )
        for pm, (latitude, dwellings, state) in zip(cls.pms, places, strict=True):
            cls._place(pm, latitude, latitude and 5.00001, dwellings, state)
        cls.reader = new_test_user(
            cls.env, "heat_reader", "oiconnect_base.group_infra_read"
        )
        cls.home = cls.env["oiconnect.home"].with_user(cls.reader)

    @classmethod
    def _place(cls, pm, *values):
        """Write the columns alone: what a PM becomes by itself is not looked at."""
        cls.env.cr.execute(
            "UPDATE oiconnect_pm SET latitude = %s, longitude = %s, "
            "dwelling_count = %s, state = %s WHERE id = %s",
            [*values, pm.id],
        )
        cls.env.invalidate_all()

    def _heat(self):
        return sorted(
            [round(latitude), round(longitude), dwellings, used]
            for latitude, longitude, dwellings, used in self.home.take_up_heat()
        )

    def test_pms_that_are_near_are_added_up(self):
        self.assertEqual(self._heat(), [[46, 5, 400, 3], [47, 5, 50, 2]])

    def test_a_single_pm_is_a_place(self):
        for pm in self.pms[1:]:
            self._place(pm, 0, 0, 0, "planned")
        self.assertEqual(self._heat(), [[46, 5, 100, 3]])

    def test_pms_of_others_are_not_shown(self):
        self.net.network.company_id = self.env["res.company"].create({"name": "Autre"})
        self.env.flush_all()
        self.assertEqual(self._heat(), [])

    def test_who_may_not_read_routes_gets_no_heat(self):
        user = new_test_user(
            self.env, "heat_stranger", "oiconnect_base.group_lexicon_read"
        )
        with self.assertRaises(AccessError):
            self.env["oiconnect.home"].with_user(user).take_up_heat()

    def test_where_points_are_many_those_that_are_named_stay(self):
        def drawn():
            found = self.home._take_up()
            return len(self.home._take_up_map(found)["places"])

        self.assertEqual(drawn(), 3)
        with patch.multiple(home_module, MAX_POINTS=1, NAMED=1):
            self.assertEqual(drawn(), 2)
