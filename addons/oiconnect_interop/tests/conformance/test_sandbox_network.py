from odoo.exceptions import AccessError
from odoo.tests.common import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSandboxNetwork(TransactionCase):
    """Trials on a sandbox network are never taken for real ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.networks = cls.env["oiconnect.network"]
        # Their order is that of their names: the sandbox would be first.
        cls.sandbox = cls._network("Aaa bac à sable", "OIX1", is_sandbox=True)
        cls.real = cls._network("Aab réel", "OIX2")

    @classmethod
    def _network(cls, name, code, **values):
        values |= {"name": name, "oi_code": code, "code": code, "pto_prefix": "ZX"}
        return cls.networks.create(values)

    def test_nothing_of_it_is_published_by_itself(self):
        plans = self.env["oiconnect.publication.plan"]
        self.assertTrue(plans.search([("network_id", "=", self.real.id)]))
        self.assertFalse(plans.search([("network_id", "=", self.sandbox.id)]))

    def test_it_is_never_the_default_network(self):
        self.assertEqual(self.networks._default_network(), self.real)

    def test_the_map_shows_it_to_who_chooses_it(self):
        view = self.env["oiconnect.map"]
        self.assertNotIn(self.sandbox.id, view._networks([]))
        self.assertIn(self.real.id, view._networks([]))
        self.assertEqual(view._networks(self.sandbox.ids), self.sandbox.ids)

    def test_its_delays_are_no_figures(self):
        operator = self.env["oiconnect.operator"].create(
            {"name": "Essai", "interop_code": "OCX1", "arcep_code": "OCX1"}
        )
        kind = self.env["oiconnect.delay.count"]._fields["kind"]
        key = kind.get_values(self.env)[0]
        counts = self.env["oiconnect.delay.count"]
        counts._append(
            {
                (network, operator, key, "us"): (1, 1)
                for network in (self.sandbox, self.real)
            }
        )
        found = counts.search([("operator_id", "=", operator.id)])
        self.assertEqual(found.network_id, self.real)

    def test_a_real_network_never_becomes_one(self):
        user = new_test_user(
            self.env,
            "bac",
            "base.group_system,oiconnect_base.group_user",
        )
        with self.assertRaises(AccessError):
            self.real.with_user(user).is_sandbox = True
        made = self.networks.with_user(user).create(
            {
                "name": "Essai",
                "oi_code": "OIX3",
                "code": "OIX3",
                "pto_prefix": "ZX",
                "is_sandbox": True,
            }
        )
        self.assertTrue(made.is_sandbox)
