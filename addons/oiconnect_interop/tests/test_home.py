from odoo.tests import tagged

from odoo.addons.oiconnect_orders.tests.common import OrderCase

STEPS = ["network", "operators", "accounts", "network_import", "flows", "order"]


@tagged("post_install", "-at_install")
class TestFirstSteps(OrderCase):
    """From an empty database to the first order, each step shown by the data."""

    def _done(self):
        admin = self.env.ref("base.user_admin")
        start = self.env["oiconnect.home"].with_user(admin).page()["start"]
        self.assertEqual([step["key"] for step in start["steps"]], STEPS)
        return [step["key"] for step in start["steps"] if step["is_done"]]

    def test_steps_are_done_one_after_the_other_and_then_gone(self):
        # The network of this test has its buildings and an operator, no SIREN yet.
        self.assertEqual(self._done(), ["operators", "network_import"])
        self.network.siren = "999000011"
        self.assertEqual(self._done(), ["network", "operators", "network_import"])
        base = {"name": "Essai", "network_id": self.network.id}
        account = {"host": "sftp.invalid", "login": "essai"}
        self.env["oiconnect.endpoint"].create(
            base | account | {"operator_id": self.operator.id}
        )
        self.assertEqual(self._done(), STEPS[:4])
        self.env["oiconnect.publication"].create(
            {"kind": "ipe", "state": "done", "network_id": self.network.id}
        )
        self.assertEqual(self._done(), STEPS[:5])
        self._order()
        admin = self.env.ref("base.user_admin")
        page = self.env["oiconnect.home"].with_user(admin).page()
        self.assertFalse(page["start"])

    def test_orders_of_a_sandbox_are_no_first_order(self):
        self._order()
        self.env.cr.execute(
            "UPDATE oiconnect_network SET is_sandbox = TRUE WHERE id = %s",
            [self.network.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self.env["oiconnect.home"]._has_order())
        self.assertFalse(self.env["oiconnect.home"]._has_network())

    def test_the_administrator_may_do_each_step_where_its_button_leads(self):
        admin = self.env.ref("base.user_admin")
        page = self.env["oiconnect.home"].with_user(admin).page()
        for step in page["start"]["steps"]:
            with self.subTest(step["key"]):
                self.assertTrue(step["is_allowed"])
                action = page["actions"][step["action"]]
                kinds = {kind for _view, kind in action["views"]}
                self.assertIn("form", kinds)
