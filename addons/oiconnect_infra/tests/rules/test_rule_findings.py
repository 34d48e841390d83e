from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.rules import rule_finding
from ...rules import BUILDING, PM
from ..rule_cases import GOOD_BUILDING, TODAY, RuleCase

ANY = ("broken_rule_ids", "!=", False)
#: after all that these tests write, and after what is written later
CHECKED, LATER = "2199-01-01", "2199-01-02"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRuleFindings(RuleCase):
    """Filters on "breaks a rule" read the last check, and judge again what changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buildings = cls.env["oiconnect.building"]
        cls.findings = cls.env["oiconnect.rule.finding"]
        cls.spoiled = cls.buildings.browse()
        for rank in (2, 3):
            cls.spoiled |= cls.net.building(
                f"IMB/99001/X/000{rank}",
                **GOOD_BUILDING
                | {
                    "pm_id": cls.pm.id,
                    "pbo_ids": cls.pbo.ids,
                    "address_code": f"990012AB0{rank}",
                    "cabling_date": False,
                },
            )
        # Its dwellings are those of its buildings
        cls.pm.with_context(oiconnect_batch="ipe").dwelling_count = 3

    def checked(self):
        """Check the network, as if nothing were written since."""
        self.check()
        rules = self.rules.search([("network_id", "=", self.network.id)])
        rules.run_id.since = CHECKED
        self.env.flush_all()
        return rules.run_id

    def write_later(self, record, **values):
        record.with_context(oiconnect_batch="ipe").write(values)
        self.env.flush_all()
        self.cr.execute(
            f"UPDATE {record._table} SET write_date = %s WHERE id = %s",
            [LATER, record.id],
        )

    def listed(self, model=None):
        model = self.buildings if model is None else model
        return model.search([ANY, ("network_id", "=", self.network.id)])

    def pairs(self):
        """Return the stored findings of the buildings of the network."""
        rules = self.rules.search([("network_id", "=", self.network.id)])
        found = self.findings.search([("rule_id", "in", rules.ids)])
        return {
            (line.rule_id.code, line.rule_id.target, line.res_id): line.id
            for line in found
        }

    def test_a_check_keeps_what_it_found(self):
        run = self.checked()
        self.assertEqual(
            {key[::2] for key in self.pairs()},
            {("R9c", building.id) for building in self.spoiled},
        )
        self.assertEqual(len(self.pairs()), run.broken_count)
        self.assertEqual(self.listed(), self.spoiled)
        self.assertFalse(self.listed(self.env["oiconnect.pm"]))

    def test_a_check_writes_what_differs_only(self):
        self.check()
        before = self.pairs()
        self.spoiled[0].cabling_date = "2025-04-15"
        self.pm.location_type = False
        self.check()
        unchanged = ("R9c", BUILDING, self.spoiled[1].id)
        self.assertEqual(
            self.pairs(),
            {
                unchanged: before[unchanged],
                ("R3b", PM, self.pm.id): self.pairs()["R3b", PM, self.pm.id],
            },
        )

    def test_what_is_written_since_the_check_is_judged_again(self):
        self.checked()
        self.write_later(self.spoiled[0], cabling_date="2025-04-15")
        self.assertEqual(self.listed(), self.spoiled[1], "fixed")
        self.write_later(self.building, x=0)
        self.assertEqual(self.listed(), self.spoiled[1] | self.building, "spoiled")
        groups = self.buildings._read_group(
            [("network_id", "=", self.network.id)], ["broken_rule_ids"], ["__count"]
        )
        self.assertEqual(
            {rule.code: count for rule, count in groups}, {"R9c": 1, "G2": 1, False: 1}
        )

    def test_a_building_is_judged_again_with_its_pm_and_a_pm_with_its_buildings(self):
        self.checked()
        self.write_later(self.pm, state="deploying")
        self.assertEqual(self.listed(), self.spoiled | self.building)
        self.write_later(self.pm, state="deployed")
        self.write_later(self.building, dwelling_count=9)
        self.assertEqual(self.listed(self.env["oiconnect.pm"]), self.pm)

    def test_very_many_changes_wait_for_their_check(self):
        self.checked()
        self.write_later(self.building, x=0)
        with patch.object(rule_finding, "TOUCHED", 0):
            self.assertEqual(self.listed(), self.spoiled)
        self.check()
        with patch.object(rule_finding, "TOUCHED", 0):
            self.assertEqual(self.listed(), self.spoiled | self.building)

    def test_a_rule_that_the_check_did_not_look_at_is_evaluated_now(self):
        self.rule("R9c").active = False
        self.checked()
        self.assertFalse(self.listed())
        self.rule("R9c").active = True
        self.assertEqual(self.listed(), self.spoiled)
        self.checked()
        self.rule("R9c").active = False
        self.assertFalse(self.listed())

    def test_each_network_has_its_findings(self):
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OICN", "code": "T98", "pto_prefix": "ZY"}
        )
        far = self.buildings.create(
            {"network_id": other.id, "identifier": "IMB/1", "state": "deployed"}
        )
        self.checked()
        before = self.pairs()
        self.assertIn(far, self.buildings.search([ANY]), "not checked: evaluated now")
        self.env["oiconnect.rule.run"]._prepare(other)._process()
        self.assertEqual(self.pairs(), before)
        self.assertIn(far, self.buildings.search([ANY]))
        self.assertEqual(self.listed(), self.spoiled)

    def test_the_list_asks_no_rule_of_the_whole_network(self):
        self.checked()
        query = self.buildings._search([ANY]).select().code
        self.assertIn("oiconnect_rule_finding", query)
        for table in ("oiconnect_change", "oiconnect_commune", "cabling_date"):
            self.assertNotIn(table, query)

    def test_a_page_its_count_and_its_groups_look_once(self):
        self.checked()
        looked = []
        pairs = type(self.findings)._pairs

        def spy(findings, target, rules):
            looked.append(target)
            return pairs(findings, target, rules)

        with patch.object(type(self.findings), "_pairs", spy):
            page = self.buildings.web_search_read(
                [ANY], {"identifier": {}}, limit=1, count_limit=10001
            )
            self.assertEqual(len(looked), 1)
            groups = self.buildings.web_read_group([ANY], ["state"], ["__count"])
            self.assertEqual(len(looked), 2)
        self.assertGreaterEqual(page["length"], 2)
        self.assertEqual(
            sum(group["__count"] for group in groups["groups"]), page["length"]
        )
