from odoo.tests import new_test_user, tagged

from .common import OrderCase


@tagged("post_install", "-at_install")
class TestQuickSearch(OrderCase):
    """References of orders and services lead to them as those of the network do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.orders.create(
            {
                "operator_id": cls.operator.id,
                "network_id": cls.network.id,
                "oc_reference": "CMD_2026/000-417",
                "connection_type": "oc",
                "building_id": cls.building.id,
            }
        )
        cls.order.sudo().service_reference = "OITOP0000000000000417"
        cls.clerk = new_test_user(cls.env, "clerk", "oiconnect_base.group_access_read")

    def find(self, text, user=None):
        self.env.flush_all()
        search = self.env["oiconnect.quick.search"].with_user(user or self.clerk)
        answer = search.find(text)
        return answer["exact"], [
            (group["model"], row["id"])
            for group in answer["groups"]
            for row in group["records"]
        ]

    def test_the_reference_of_the_order_or_of_the_service(self):
        expected = (True, [("oiconnect.access.order", self.order.id)])
        for text in (
            "CMD_2026/000-417",
            "cmd_2026/000-417",
            "cmd 2026 000 417",
            "OITOP0000000000000417",
            " oitop0000000000000417 ",
        ):
            with self.subTest(text):
                self.assertEqual(self.find(text), expected)

    def test_signs_of_the_reference_are_no_jokers(self):
        self.assertEqual(self.find("CMD%417"), (False, []))

    def test_two_operators_may_have_the_same_reference(self):
        other = self.order.copy(
            {"operator_id": self.rival.id, "oc_reference": "CMD_2026/000-417"}
        )
        exact, found = self.find("CMD_2026/000-417")
        self.assertTrue(exact)
        self.assertEqual({record_id for _model, record_id in found},
                         {self.order.id, other.id})  # fmt: skip

    def test_the_service_of_an_operator_at_a_pm(self):
        self.assertEqual(
            self.find("xpm-oct1"), (True, [("oiconnect.pm.service", self.service.id)])
        )

    def _detail_of_pto(self, user):
        self.env.flush_all()
        search = self.env["oiconnect.quick.search"].with_user(user)
        [group] = search.find(self.order.pto_id.reference)["groups"]
        return group["records"][0]["detail"]

    def test_a_pto_tells_the_order_of_its_line(self):
        self.order.sudo().pto_id = self._laid_pto()
        desk = new_test_user(
            self.env,
            "desk_line",
            "oiconnect_base.group_infra_read,oiconnect_base.group_access_read",
        )
        self.assertIn("CMD_2026/000-417", self._detail_of_pto(desk))
        planner = new_test_user(
            self.env, "planner_line", "oiconnect_base.group_infra_user"
        )
        self.assertNotIn("CMD_2026", self._detail_of_pto(planner))
        self.env.cr.execute(
            "UPDATE oiconnect_access_order SET state = 'cancelled', is_open = FALSE"
            " WHERE id = %s",
            self.order.ids,
        )
        self.env.invalidate_all()
        self.assertNotIn("CMD_2026", self._detail_of_pto(desk))

    def test_an_operator_by_its_code_or_a_part_of_its_name(self):
        found = [("oiconnect.operator", self.operator.id)]
        self.assertEqual(self.find("oct1"), (True, found))
        self.assertEqual(self.find("rateur OCT1"), (False, found))

    def test_a_user_of_the_network_finds_no_orders(self):
        planner = new_test_user(self.env, "planner", "oiconnect_base.group_infra_user")
        for text in ("CMD_2026/000-417", "OITOP0000000000000417", "XPM-OCT1"):
            self.assertEqual(self.find(text, planner), (False, []))
        self.assertTrue(self.find(self.pm.reference, planner)[0])

    def test_what_helps_to_choose_among_orders(self):
        self.env.flush_all()
        answer = (
            self.env["oiconnect.quick.search"].with_user(self.clerk).find("CMD_2026")
        )
        [group] = answer["groups"]
        self.assertIn(self.operator.name, group["records"][0]["detail"])
