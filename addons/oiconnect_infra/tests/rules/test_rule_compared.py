import csv
import io

from freezegun import freeze_time

from odoo.tests import Form, tagged

from ...rules import BUILDING, CATALOGUE, PM, RECORD
from ...rules.queries import Subject
from ..rule_cases import CASES, GOOD_BUILDING, TODAY, RuleCase

RECORD_RULES = [rule for rule in CATALOGUE if RECORD in rule.scopes]


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestWhatRulesCompared(RuleCase):
    """Each finding says what was compared, wherever it is read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.french = cls.env["oiconnect.rule"].with_context(lang="fr_FR")

    def _compared(self, record, code):
        """Return what the list opened from the rule says of ``record``."""
        rule = self.rule(code, record._rule_target)
        context = rule.action_view_records()["context"]
        record = record.with_context(**context, lang="fr_FR")
        record.invalidate_recordset()
        return record.rule_compared

    def test_every_rule_tells_values_that_it_compared(self):
        """Beside the field to blame, or that field itself when it looks at no other."""
        for rule in RECORD_RULES:
            with self.subTest(rule.id):
                items = {*rule.shown_values, *rule.fields}
                self.assertTrue(rule.shown_values)
                self.assertTrue(not rule.linked or rule.compared, "said by the rule")
                for item in items:
                    self.assertTrue(self.french._compared_label(rule, item))
                self.env.flush_all()
                subject = Subject(self.env, rule.target)
                record = subject.model.search([], limit=1)
                texts = self.french._compared_texts(subject, rule, record.ids)
                for text in texts.values():
                    self.assertEqual(text.count(" : "), len(rule.shown_values), text)

    def test_each_case_shows_its_values(self):
        for code, target, bad, fields, _fixed in CASES:
            record = self.records[target]
            with self.subTest(code=code, bad=bad), self.env.cr.savepoint() as undo:
                record.write(bad)
                compared = self._compared(record, code)
                for name in fields:
                    label = self.french._field_label(target, name)
                    self.assertIn(f"{label} : ", compared)
                undo.rollback()
            self.env.invalidate_all()

    def test_r11_gives_its_two_numbers(self):
        self.pm.dwelling_count = 12
        compared = "Logements : 12 · Logements de ses immeubles publiés : 1"
        self.assertEqual(self._compared(self.pm, "R11"), compared)
        self.assertIn(compared, self.pm.with_context(lang="fr_FR").warning_alert)

    def test_both_states_are_shown(self):
        self.pm.state = "deploying"
        compared = self._compared(self.building, "R9")
        self.assertEqual(
            compared, "État : Déployé · État du PM : En cours de déploiement"
        )

    def test_days_are_written_as_people_do_and_what_lacks_is_said(self):
        self.building.cabling_date = "2026-09-02"
        self.assertIn("02/09/2026", self._compared(self.building, "R9b"))
        self.assertIn("01/09/2026", self._compared(self.building, "R9b"))
        self.building.cabling_date = False
        self.assertIn("Câblage : vide", self._compared(self.building, "R9c"))

    def test_a_form_that_is_being_filled_in_tells_its_own_values(self):
        with Form(self.building.with_context(lang="fr_FR")) as form:
            form.cabling_date = False
            self.assertIn("Câblage : vide", form.warning_alert)

    def test_the_file_of_findings_tells_them(self):
        self.pm.dwelling_count = 12
        target = io.BytesIO()
        rules = self.rule("R11", PM).with_context(lang="fr_FR")
        rules._write_csv(target)
        text = target.getvalue().decode("utf-8-sig")
        header, row = csv.reader(io.StringIO(text), delimiter=";")
        self.assertEqual(header[-1], "Ce qui a été comparé")
        self.assertEqual(row[-1], "Logements de ses immeubles publiés : 1")

    def test_a_list_that_no_rule_opened_compares_nothing(self):
        self.assertFalse(self.building.rule_compared)
        other = self.building.with_context(oiconnect_rule=self.rule("R11", PM).id)
        self.assertFalse(other.rule_compared, "a rule of PMs")

    def test_the_older_building_is_named(self):
        twin = self.net.building(
            "IMB/99001/X/0002",
            **GOOD_BUILDING | {"pm_id": self.pm.id, "street_name": "DES LILAS"},
        )
        compared = self._compared(twin, "R2b")
        self.assertIn("DES LILAS", compared)
        self.assertIn(f"{self.building.identifier} · 12 DES TILLEULS", compared)
        self.assertEqual(twin._rule_target, BUILDING)
