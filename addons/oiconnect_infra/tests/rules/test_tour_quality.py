from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import InfraCase
from ..rule_cases import GOOD_BUILDING, GOOD_PM

USER = "oiconnect_base.group_infra_user,oiconnect_base.group_link_user"
MANAGER = "oiconnect_base.group_infra_manager,oiconnect_base.group_link_manager"


@tagged("post_install", "-at_install")
class TestTourQuality(InfraCase, HttpCase):
    """What is wrong, where it is told, and how it is mended, in French."""

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
        self.start_tour(f"/odoo/{path}", f"oiconnect_quality_{tour}", login=user.login)
        self.env.invalidate_all()
        return user

    def _form(self, record):
        screen = record._name.removeprefix("oiconnect.")
        return f"action-oiconnect_infra.{screen}_action/{record.id}"

    @needs_browser
    def test_a_faulty_building_is_mended(self):
        building = self.others[0]
        building.manager_agreement_required = True
        self._start("building", self._form(building), USER)
        self.assertEqual(str(building.cabling_date), "2025-04-15")
        self.assertFalse(building.manager_agreement_required)
        self.assertFalse(building._findings()[building])

    @needs_browser
    def test_a_faulty_pm_is_mended(self):
        self.pm.engineering_type = False
        self._start("pm", self._form(self.pm), USER)
        self.assertEqual(self.pm.engineering_type, "MONO")

    @needs_browser
    def test_from_the_report_to_the_records_and_back(self):
        self._start("report", "action-oiconnect_infra.building_action", MANAGER)
        rules = self.env["oiconnect.rule"].with_context(active_test=False)
        mine = rules.search([("network_id", "=", self.net.network.id)])
        by_code = {rule.code: rule for rule in mine if rule.target == "building"}
        self.assertEqual(by_code["R9c"].broken_count, 2)
        self.assertFalse(by_code["R14"].active)

    @needs_browser
    def test_a_known_reference_changes_by_its_action(self):
        self._start("known_key", self._form(self.building), USER)
        self.assertEqual(self.building.identifier, "IMB/99001/X/0042")

    @needs_browser
    def test_a_user_does_not_leave_the_path(self):
        self._start("refused", self._form(self.building), USER)
        self.assertEqual(self.building.state, "deployed")

    @needs_browser
    def test_a_manager_leaves_the_path_and_says_why(self):
        self._start("reason", self._form(self.building), MANAGER)
        self.assertEqual(self.building.state, "deploying")
        change = self.env["oiconnect.change"].search(
            [
                ("res_model", "=", "oiconnect.building"),
                ("res_id", "=", self.building.id),
                ("after", "=", "target"),
            ]
        )
        self.assertEqual(change.reason, "PBO jamais posé")
