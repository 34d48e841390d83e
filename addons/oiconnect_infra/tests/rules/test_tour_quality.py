from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import InfraCase
from ..rule_cases import GOOD_BUILDING, GOOD_PM

USER = "oiconnect_base.group_infra_user,oiconnect_base.group_link_user"
MANAGER = "oiconnect_base.group_infra_manager,oiconnect_base.group_link_manager"


@tagged("post_install", "-at_install")
class TestTourQuality(InfraCase, HttpCase):
    """Errors, where they are shown, and how they are fixed, in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pm.write(GOOD_PM | {"dwelling_count": 3})
        cls.building.write(GOOD_BUILDING | {"pm_id": cls.pm.id})
        cls.others = cls.building.browse()
        for rank in (2, 3):
            cls.others |= cls.net.building(
                f"IMB/99001/X/000{rank}",
                **GOOD_BUILDING
                | {
                    "pm_id": cls.pm.id,
                    "address_code": f"990012AB0{rank}",
                    "cabling_date": False,
                },
            )
        (cls.building | cls.others).pbo_ids = cls.pbo

    def _start(self, tour, path, groups):
        user = new_test_user(
            self.env,
            f"essai_{tour}",
            groups,
            lang="fr_FR",
            company_id=self.net.network.company_id.id,
        )
        self.start_tour(
            f"/odoo/{path}",
            f"oiconnect_quality_{tour}",
            login=user.login,
            timeout=180,
        )
        self.env.invalidate_all()

    def _by_code(self):
        """Return the rules of the network on buildings, by their codes."""
        rules = self.env["oiconnect.rule"].with_context(active_test=False)
        mine = rules.search([("network_id", "=", self.net.network.id)])
        return {rule.code: rule for rule in mine if rule.target == "building"}

    @needs_browser
    def test_a_user_mends_what_is_faulty_and_does_not_leave_the_path(self):
        """A PM and a building are fixed; a known reference changes by its action."""
        building = self.others[0]
        building.manager_agreement_required = True
        self.pm.engineering_type = False
        self._start("user", f"action-oiconnect_infra.pm_action/{self.pm.id}", USER)
        self.assertEqual(self.pm.engineering_type, "MONO")
        self.assertEqual(str(building.cabling_date), "2025-04-15")
        self.assertFalse(building.manager_agreement_required)
        self.assertFalse(building._findings()[building])
        self.assertEqual(self.building.identifier, "IMB/99001/X/0042")
        self.assertEqual(self.building.state, "deployed")

    @needs_browser
    def test_a_manager_reads_the_report_leaves_the_path_and_says_why(self):
        self._start("manager", "action-oiconnect_infra.building_action", MANAGER)
        by_code = self._by_code()
        self.assertEqual(by_code["R9c"].broken_count, 2)
        self.assertFalse(by_code["R14"].active)
        self.assertEqual(self.building.state, "deploying")
        change = self.env["oiconnect.change"].search(
            [
                ("res_model", "=", "oiconnect.building"),
                ("res_id", "=", self.building.id),
                ("after", "=", "target"),
            ]
        )
        self.assertEqual(change.reason, "PBO jamais posé")
