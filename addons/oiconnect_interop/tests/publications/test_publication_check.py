from odoo.tests import tagged

from .published_common import PublishedCase


@tagged("post_install", "-at_install")
class TestPublicationCheck(PublishedCase):
    """Rules are checked before anything leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.building = cls._building(1)

    def _rule(self, code, severity):
        rule = self.env["oiconnect.rule"].search(
            [("network_id", "=", self.network.id), ("code", "=", code)], limit=1
        )
        rule.severity = severity
        return rule

    def test_a_blocking_rule_stops_the_file_and_says_why(self):
        rule = self._rule("R9", "blocking")
        self.building.state = "deployed"
        self.pm.state = "deploying"
        [full] = self._publish(self.plan, "full")
        self.assertEqual(full.state, "blocked")
        self.assertFalse(full.file)
        self.assertFalse(full.name)
        issue = full.issue_ids.filtered(lambda item: item.rule_id == rule)
        self.assertEqual(issue.severity, "blocking")
        self.assertEqual(issue.count, 1)
        self.assertEqual(issue.examples, "IMB/01004/X/0001")
        self.assertIn("Blocking rules", full.message)

    def test_a_stopped_file_is_published_once_it_is_fixed(self):
        self._published(self.plan, "full")
        self._rule("R9", "blocking")
        self.building.state = "deployed"
        self.pm.state = "deploying"
        [delta] = self._publish(self.plan, "delta")
        self.assertEqual(delta.state, "blocked")
        self.pm.state = "deployed"
        [delta] = self._published(self.plan, "delta")
        [row] = delta.rows
        self.assertEqual(row["EtatImmeuble"], "DEPLOYE")

    def test_a_warning_travels_to_the_staff_only(self):
        self._rule("R9", "warning")
        self.building.state = "deployed"
        self.pm.state = "deploying"
        [full] = self._published(self.plan, "full")
        self.assertTrue(full.publication.warning_count)
        self.assertIn("R9", full.publication.issue_ids.mapped("code"))

    def test_a_delta_is_not_stopped_by_what_it_does_not_tell(self):
        self._rule("R9", "warning")
        self.building.state = "deployed"
        self.pm.state = "deploying"
        self._published(self.plan, "full")
        self._rule("R9", "blocking")
        self._building(2, pm_id=self._pm("OITI-01004-0002").id)
        [delta] = self._published(self.plan, "delta")
        self.assertEqual(len(delta.lines), 1)

    def test_another_network_stops_nothing(self):
        self._rule("R9", "blocking")
        other = self.network.copy({"code": "PUB_09", "name": "Autre"})
        self._building(
            9,
            network_id=other.id,
            state="deployed",
            pm_id=self._pm("P", network_id=other.id, state="deploying").id,
        )
        self._published(self.plan, "full")

    def test_a_mandatory_column_that_is_empty_stops_the_file(self):
        self.building.building_type = False
        self._building(2).building_type = False
        [full] = self._publish(self.plan, "full")
        self.assertEqual(full.state, "blocked")
        issue = full.issue_ids.filtered(lambda item: "TypeImmeuble" in item.title)
        self.assertEqual((issue.severity, issue.count), ("blocking", 2))
        self.assertEqual(
            issue.examples.split("\n")[0].split("|")[0], "IMB/01004/X/0001"
        )

    def test_the_format_says_whether_a_column_is_mandatory(self):
        form = self.formats["ipe", "V3.1"]
        column = form.column_ids.filtered(lambda c: c.name == "TypeImmeuble")
        column.rule = "C"
        self.building.building_type = False
        [full] = self._published(self.plan, "full")
        self.assertEqual(full.rows[0]["TypeImmeuble"], "")

    def test_a_text_that_is_too_long_or_has_another_form_is_a_warning(self):
        form = self.formats["ipe", "V3.1"]
        column = form.column_ids.filtered(lambda c: c.name == "NomVoieImmeuble")
        column.write({"max_length": 5, "value_list": "/[A-Z]+/"})
        [full] = self._published(self.plan, "full")
        titles = " ".join(full.publication.issue_ids.mapped("title"))
        self.assertEqual(titles.count("NomVoieImmeuble"), 2)

    def test_a_name_that_operators_take_for_a_formula_is_a_warning(self):
        self.building.street_name = "-0A-12"
        self._building(2).street_name = " @ DES SIGNES"
        self._building(3).street_name = "-12,5"  # a number
        self._building(4).street_name = ";-0A-12"  # behind a separator
        [full] = self._published(self.plan, "full")
        [issue] = full.publication.issue_ids.filtered(
            lambda issue: "formula" in issue.title
        )
        self.assertEqual((issue.severity, issue.count), ("warning", 2))
        self.assertIn("NomVoieImmeuble", issue.title)
        refused = self._import(full.raw, full.publication.name).error_ids
        self.assertEqual(
            refused.filtered(lambda error: error.column == "NomVoieImmeuble").mapped(
                "value"
            ),
            ["-0A-12", "@ DES SIGNES"],
        )

    def test_one_format_is_stopped_and_the_other_leaves(self):
        form = self.formats["ipe", "V3.1"]
        form.column_ids.filtered(lambda c: c.name == "CodeBAN").rule = "M"
        [stopped] = self._publish(self.plan, "full")
        self.assertEqual(stopped.state, "blocked")
        self._published(self.plan, "full", version="V3.0")

    def test_what_was_found_before_is_forgotten(self):
        self.building.building_type = False
        publications = self._publish(self.plan, "full")
        [full] = publications
        self.building.building_type = "house"
        full._produce()
        self.assertEqual(full.state, "done")
        self.assertFalse(full.issue_ids.filtered(lambda i: i.severity == "blocking"))

    def test_a_building_without_any_key_is_not_published(self):
        self._building(2, identifier=False, address_code=False)
        [full] = self._published(self.plan, "full")
        self.assertEqual(len(full.lines), 1)
        titles = " ".join(full.publication.issue_ids.mapped("title"))
        self.assertIn("without identifier", titles)
