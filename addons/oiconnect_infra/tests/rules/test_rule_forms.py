from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from ...rules import BLOCKING, PBO, PTO, WARNING
from ..rule_cases import TODAY, RuleCase

STAFF = "oiconnect_base.group_infra_manager,oiconnect_base.group_link_manager"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRulesOfForm(RuleCase):
    """References, texts and codes have a form: it is said, or refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001")
        cls.records |= {PBO: cls.pbo, PTO: cls.pto}
        cls.staff = new_test_user(
            cls.env,
            "forme",
            STAFF,
            lang="fr_FR",
            company_id=cls.network.company_id.id,
        )

    def _mine(self, record):
        return record.with_user(self.staff).with_context(lang="fr_FR")

    def _assert_reported(self, code, record, name, value):
        """Check that the form, the report and its records show ``value``."""
        before = record[name]
        record[name] = value
        self.assertEqual(self.form_findings(record, code), [(code, name)])
        self.assertEqual(self.check().get((code, record._rule_target)), 1)
        self.assertEqual(self.found(self.rule(code, record._rule_target)), record)
        record[name] = before
        self.assertEqual(self.form_findings(record, code), [])

    def test_a_reference_of_an_unusual_form_is_reported(self):
        for record, name, values in (
            (self.building, "identifier", ("IMB/NOUVEAU", "IMB?12", "-12")),
            (self.pm, "reference", ("PM", "PM 'n' 12")),
            (self.pbo, "reference", ("truc", "PBO=12")),
            (self.pto, "reference", ("truc", "ZZ-0000-000O", "ZZ-0000-00011")),
        ):
            for value in values:
                with self.subTest(record._name, value=value):
                    self._assert_reported("F1", record, name, value)

    def test_references_met_in_the_field_are_good(self):
        for value in ("IMB/01004/X/0001", "01004000AB/12", "PB 12.3_4", "ADR#77+1"):
            with self.subTest(value):
                self.building.identifier = value
                self.assertEqual(self.form_findings(self.building, "F1"), [])

    def test_markup_is_reported(self):
        for record, name, value in (
            (self.building, "street_name", "<script>"),
            (self.building, "city", "VILLE >"),
            (self.pm, "reference", "<b>PM</b>"),
            (self.pbo, "reference", "<b>12</b>"),
            (self.pto, "reference", "<ZZ-0000-0001"),
        ):
            with self.subTest(record._name, value=value):
                self._assert_reported("F2", record, name, value)

    def test_an_insee_code_of_no_commune_is_reported(self):
        for record in (self.building, self.pm):
            with self.subTest(record._name):
                self._assert_reported("F3", record, "insee_code", "99999")
        self.building.insee_code = False
        self.assertEqual(self.form_findings(self.building, "F3"), [])

    def test_people_are_refused_what_a_blocking_rule_says(self):
        building = self._mine(self.building)
        for values in ({"street_name": "<script>"}, {"building_name": "A>B"}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "signes < et >"),
            ):
                building.write(values)
        with self.assertRaisesRegex(ValidationError, "F2"):
            self.env["oiconnect.pm"].with_user(self.staff).create(
                {"network_id": self.network.id, "reference": "<b>PM</b>"}
            )
        building.write({"street_name": "DES LILAS"})

    def test_a_network_makes_of_each_rule_a_warning_or_a_refusal(self):
        building = self._mine(self.building)
        building.insee_code = "99999"
        self.assertIn("F3", building.warning_alert)
        self.assertFalse(building.commune_id)
        building.insee_code = "99001"
        self.rule("F3").severity = BLOCKING
        with self.assertRaisesRegex(ValidationError, "code INSEE"):
            building.insee_code = "99999"
        self.rule("F2").severity = WARNING
        building.street_name = "<script>"
        self.assertIn("&lt;script&gt;", building.warning_alert)
        self.rule("F1", PTO).severity = BLOCKING
        with (
            self.assertRaisesRegex(ValidationError, "OO-XXXX-XXXX"),
            Form(self._mine(self.env["oiconnect.pto"])) as form,
        ):
            form.network_id = self.network
            form.building_id = self.building
            form.reference = "truc"

    def test_an_error_from_before_does_not_block_other_changes(self):
        self.building.street_name = "<script>"
        self.building.with_user(self.staff).dwelling_count = 2
        self.assertEqual(self.building.dwelling_count, 2)
