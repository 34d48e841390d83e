from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import Network


@needs_browser
@tagged("post_install", "-at_install")
class TestTourCapacity(HttpCase):
    """The day of a planner, in French: what is full, what is made, what is found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_and_install_lang("fr_FR")
        # Alone: the lists of the tours hold the network of this test only.
        cls.company = cls.env["res.company"].create({"name": "OI d'essai"})
        cls.net = Network(
            cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        )
        cls.net.network.company_id = cls.company
        cls.pm = cls.net.pm()
        cls.pbo = cls.net.pbo(cls.pm, "PBO-PLEIN")
        routes = cls.net.routes(cls.pbo, 4)
        routes.write({"state": "used", "operator_id": cls.net.operator("OCAA").id})
        routes[3].state = "reserved"
        cls.net.pbo(cls.pm, "PBO-SANS-ROUTE")
        cls.cable = cls.net.cable(cls.pm)
        cls.building = cls.net.building(
            "IMB/99001/X/0001",
            dwelling_count=4,
            street_number="12",
            street_type="RUE",
            street_name="DES TILLEULS",
            city="VILLE EXEMPLE",
        )
        cls.pto = cls.net.pto(cls.building, "ZZ-AB12-CD34")
        cls.user = new_test_user(
            cls.env,
            "planner",
            "oiconnect_base.group_infra_user,oiconnect_base.group_link_read",
            lang="fr_FR",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def test_see_what_is_full_find_and_make(self):
        self.start_tour(
            "/odoo/action-oiconnect_infra.pbo_action",
            "oiconnect_capacity",
            login=self.user.login,
            timeout=180,
        )
        self.env.invalidate_all()
        fibres = self.cable.fibre_ids
        self.assertEqual(len(fibres), 24)
        self.assertEqual(len(fibres.filtered("pbo_id")), 6)
        self.assertEqual(set(fibres.change_ids.mapped("reason")), {"Chantier 42"})
        self.assertEqual(fibres.change_ids.user_id, self.user)
        made = self.building.pto_ids - self.pto
        self.assertEqual(len(made), 3)
        self.assertEqual(len(set(made.mapped("reference"))), 3)
