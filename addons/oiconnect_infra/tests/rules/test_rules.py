import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...rules import (
    BLOCKING,
    BUILDING,
    CATALOGUE,
    FILE,
    PBO,
    PM,
    PTO,
    RECORD,
    WARNING,
)
from ..rule_cases import CASES, GOOD_BUILDING, GOOD_PM, TODAY, RuleCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRules(RuleCase):
    """Each rule: what breaks it, what fixes it, in the form and in the report."""

    def check_form_and_report(self, code, record, fields):
        """Check that the form, the report and its records tell ``fields`` of a rule."""
        target = record._rule_target
        rule = self.rule(code, target)
        expected = [(code, name) for name in fields]
        self.assertEqual(self.form_findings(record, code), expected)
        self.assertEqual(self.check().get((code, target), 0), int(bool(fields)))
        self.assertEqual(self.found(rule), record if fields else record.browse())
        self.assertEqual(rule in record.broken_rule_ids, bool(fields))

    def test_nothing_is_wrong_at_first(self):
        self.assertEqual(self.form_findings(self.pm), [])
        self.assertEqual(self.form_findings(self.building), [])
        self.assertEqual(self.check(), {})
        self.assertFalse(self.building.blocking_alert or self.building.warning_alert)

    def test_each_rule_of_a_row_has_a_bad_and_a_good_case(self):
        goods = {PM: GOOD_PM, BUILDING: GOOD_BUILDING}
        for code, target, bad, fields, fixed in CASES:
            record = self.records[target]
            with self.subTest(code=code, target=target, bad=bad):
                record.write({**bad, **_unchanged_date(bad)})
                self.check_form_and_report(code, record, fields)
                record.write(
                    goods[target] | bad | _fixed_values(goods[target], bad, fixed)
                )
                self.check_form_and_report(code, record, [])
            record.write(_emptied(bad, fixed) | goods[target])

    def test_every_rule_of_the_records_is_tried(self):
        tried = {(code, target) for code, target, *_rest in CASES} | {
            (code, target)
            for target, codes in {
                BUILDING: "R2b R9 R12 R13b R15 Q1 Q3 Q4 Q5 Q6 Z1 F1 F2 F3",
                PM: "R13b Q2 F1 F2 F3",
                PBO: "F1 F2",
                PTO: "F1 F2",
            }.items()
            for code in codes.split()
        }
        declared = {rule.id for rule in CATALOGUE if RECORD in rule.scopes}
        self.assertEqual(declared, tried)

    # -- beside other records ----------------------------------------------------------

    def test_r2b_an_address_code_is_one_address(self):
        twin = self.net.building(
            "IMB/99001/X/0002",
            **GOOD_BUILDING | {"pm_id": self.pm.id, "building_name": "BAT B"},
        )
        twin.pbo_ids = self.pbo
        self.check_form_and_report("R2b", twin, [])
        twin.street_name = "DES LILAS"
        self.check_form_and_report("R2b", twin, ["address_code"])
        self.assertEqual(
            self.form_findings(self.building, "R2b"), [], "the older one is right"
        )
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OICN", "code": "T98", "pto_prefix": "ZY"}
        )
        far = self.env["oiconnect.building"].create(
            {
                "network_id": other.id,
                "identifier": "IMB/99001/X/0003",
                "address_code": "990012AB01",
                "street_name": "AILLEURS",
            }
        )
        self.assertEqual(
            self.form_findings(far, "R2b"), [], "each network has its own codes"
        )

    def test_r9_and_q1_a_building_follows_its_pm(self):
        self.pm.state = "deploying"
        self.check_form_and_report("R9", self.building, ["state"])
        self.building.state = "deploying"
        self.check_form_and_report("R9", self.building, [])
        self.building.write({"state": "deployed", "pm_id": False})
        self.check_form_and_report("R9", self.building, ["state"])
        self.building.pm_id = self.pm
        self.pm.state = "abandoned"
        self.check_form_and_report("Q1", self.building, ["pm_id"])
        self.building.state = "abandoned"
        self.check_form_and_report("Q1", self.building, [])

    def test_r11_counts_what_is_published(self):
        gone = self.net.building(
            "IMB/99001/X/0009",
            pm_id=self.pm.id,
            dwelling_count=7,
            state="abandoned",
            abandoned_date="2026-06-01",
        )
        self.check_form_and_report("R11", self.pm, ["dwelling_count"])
        gone.abandoned_date = "2026-05-31"
        self.check_form_and_report("R11", self.pm, [])

    def test_r12_the_levels_have_the_dwellings(self):
        level = self.env["oiconnect.building.level"].create(
            {"building_id": self.building.id, "floor": "0", "dwelling_count": 2}
        )
        self.check_form_and_report("R12", self.building, ["dwelling_count"])
        level.dwelling_count = 1
        self.check_form_and_report("R12", self.building, [])

    def test_r13b_the_date_follows_the_history(self):
        for record in (self.building, self.pm):
            with self.subTest(record._name):
                record.city = "VILLE-EXEMPLE"
                self.check_form_and_report("R13b", record, [])
                record.last_change_date = "2026-08-30"
                self.check_form_and_report("R13b", record, ["last_change_date"])
                record.city = "VILLE EXEMPLE"
                self.assertEqual(record.last_change_date, TODAY)
                self.check_form_and_report("R13b", record, [])

    def test_q2_q3_q4_neighbours(self):
        self.building.pbo_ids = False
        self.check_form_and_report("Q3", self.building, ["pbo_ids"])
        self.building.state = "deploying"
        self.check_form_and_report("Q3", self.building, [])
        other = self.net.pm("OICN-99001-0002", **GOOD_PM)
        self.check_form_and_report("Q2", other, ["building_ids"])
        self.building.pbo_ids = self.net.pbo(other, "PBO-99-001-002-0001")
        self.check_form_and_report("Q4", self.building, ["pbo_ids"])
        self.building.pm_id = other
        self.check_form_and_report("Q4", self.building, [])
        self.assertEqual(self.form_findings(other, "Q2"), [])
        self.check_form_and_report("Q2", self.pm, ["building_ids"])

    def test_q5_no_customer_is_connected_in_an_abandoned_building(self):
        routes = self.net.routes(self.pbo, 1)
        pto = self.net.pto(self.building, "ZZ-0000-0001", pbo_id=self.pbo.id)
        routes.write(
            {
                "pto_id": pto.id,
                "connector_number": 1,
                "state": "used",
                "operator_id": self.ocaa.id,
            }
        )
        self.env.flush_all()
        self.check_form_and_report("Q5", self.building, [])
        self.building.state = "abandoned"
        self.check_form_and_report("Q5", self.building, ["state"])

    def test_q6_a_pbo_is_ordered_for_all_addresses_behind_it(self):
        self.building.state = "on_demand"
        self.check_form_and_report("Q6", self.building, [])
        ordered = self.net.building(
            "IMB/99001/X/0002",
            **GOOD_BUILDING
            | {
                "address_code": "990012AB02",
                "pm_id": self.pm.id,
                "state": "on_demand_deploying",
                "pbo_ids": self.pbo.ids,
            },
        )
        self.check_form_and_report("Q6", self.building, ["state"])
        self.assertEqual(self.form_findings(ordered, "Q6"), [])
        ordered.pbo_ids = self.net.pbo(self.pm, "PBO-99-001-001-0002")
        self.check_form_and_report("Q6", self.building, [])

    def test_z1_a_building_is_in_the_zone_of_its_pm(self):
        latitude, longitude = self.building.latitude, self.building.longitude
        west, east = longitude - 0.001, longitude + 0.001
        south, north = latitude - 0.001, latitude + 0.001
        ring = [[west, south], [east, south], [east, north], [west, north]]
        self.env["oiconnect.zone"].create(
            {
                "pm_id": self.pm.id,
                "source": "drawn",
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
        )
        self.check_form_and_report("Z1", self.building, [])
        self.building.x += 300
        self.check_form_and_report("Z1", self.building, ["pm_id"])
        self.building.x -= 300
        self.check_form_and_report("Z1", self.building, [])

    # -- what the database refuses -----------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_r1_r2_r15_n1_g1_cannot_be_broken_on_the_network(self):
        twin = {"identifier": self.building.identifier}
        unnamed = {"address_code": "990012AB09"}
        self.net.building(False, **unnamed)
        for model, values in (
            ("oiconnect.building", twin),
            ("oiconnect.building", unnamed),
            (
                "oiconnect.building",
                {
                    "order_acceptance_date": "2026-01-02",
                    "order_report_date": "2026-01-01",
                },
            ),
            ("oiconnect.building", {"dwelling_count": -1}),
            ("oiconnect.building", {"x": 1.0}),
            ("oiconnect.pm", {"reference": "OICN-99001-0009", "max_capacity": -1}),
        ):
            with (
                self.subTest(values),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.net.make(model, **values)
                self.env.flush_all()
        self.check_form_and_report("R15", self.building, [])

    # -- together ----------------------------------------------------------------------

    def test_ids_are_unique_and_every_rule_speaks(self):
        ids = [rule.id for rule in CATALOGUE]
        self.assertEqual(len(ids), len(set(ids)))
        for rule in CATALOGUE:
            with self.subTest(rule.id):
                self.assertIn(rule.target, (BUILDING, PM, PBO, PTO))
                self.assertIn(rule.severity, (BLOCKING, WARNING))
                self.assertTrue(rule.fields and rule.title)
                self.assertTrue(FILE not in rule.scopes or rule.key)
                self.assertTrue(RECORD not in rule.scopes or rule.message)

    def test_every_rule_speaks_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rules = self.rules.search([("network_id", "=", self.network.id)])
        for rule in rules.with_context(lang="fr_FR"):
            declared = rule._declared()
            with self.subTest(rule.code):
                self.assertNotEqual(rule.title, declared.title)
                self.assertNotEqual(rule.message, declared.message)
                self.assertTrue(rule.message.endswith("."), "a sentence")
                self.assertTrue(rule.display_name.startswith(f"{rule.code} · "))

    def test_a_banner_reads_as_a_frenchwoman_writes(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.building.write({"cabling_date": False, "pbo_ids": False})
        alert = self.building.with_context(lang="fr_FR").warning_alert
        self.assertIn("<b>Câblage</b> : L’immeuble est déployé", alert)
        self.assertIn("<b>PBO</b> :", alert)
        self.assertLess(alert.index("R9c"), alert.index("Q3"))

    def test_what_people_type_in_a_building_is_text_in_its_banner(self):
        """No name of a field or of a record becomes a tag."""
        self.pm.street_name = False
        self.building.write({"state": "deploying", "city": "<b>VILLE</b>"})
        self.assertNotIn("<b>VILLE", self.building.warning_alert or "")
        self.assertIn("<ul", self.pm.blocking_alert)

    def test_every_rule_of_the_protocol_is_there(self):
        codes = {rule.code for rule in CATALOGUE}
        self.assertFalse({f"R{rank}" for rank in range(1, 17)} - codes)

    def test_several_records_are_judged_in_one_go(self):
        twins = self.building.browse()
        for rank in range(2, 6):
            twins |= self.net.building(
                f"IMB/99001/X/000{rank}",
                **GOOD_BUILDING | {"pm_id": self.pm.id, "address_code": False},
            )
        twins[:2].cabling_date = False
        self.env.flush_all()
        records = self.building | twins
        records._findings()
        with self.assertQueryCount(1):
            found = records._findings()
        self.assertEqual(
            [[rule.code for rule, _name in found[record]] for record in records],
            [[], ["R9c", "Q3"], ["R9c", "Q3"], ["Q3"], ["Q3"]],
        )

    def test_a_network_turns_a_rule_off_or_makes_it_blocking(self):
        self.building.write({"cabling_date": False})
        rule = self.rule("R9c")
        self.assertIn("R9c", self.building.warning_alert)
        rule.severity = BLOCKING
        self.building.invalidate_recordset()
        self.assertIn("R9c", self.building.blocking_alert)
        self.assertFalse(self.building.warning_alert)
        rule.active = False
        self.building.invalidate_recordset()
        self.check_form_and_report("R9c", self.building, [])
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OICN", "code": "T98", "pto_prefix": "ZY"}
        )
        codes = [r.code for r in self.rules._active_rules(other.id, RECORD)]
        self.assertIn("R9c", codes, "each network decides for itself")

    def test_what_the_database_needs_cannot_be_turned_off(self):
        for code, vals in (("R15", {"active": False}), ("R1", {"severity": WARNING})):
            with self.subTest(code), self.assertRaises(UserError):
                self.rule(code).write(vals)

    def test_a_rule_set_by_a_network_outlives_an_upgrade(self):
        self.rule("R14").severity = BLOCKING
        self.rule("Q3").unlink()
        self.rules._seed()
        self.assertEqual(self.rule("R14").severity, BLOCKING)
        self.assertEqual(self.rule("Q3").severity, WARNING)
        self.assertEqual(
            self.rules.with_context(active_test=False).search_count(
                [("network_id", "=", self.network.id)]
            ),
            len(CATALOGUE),
        )


def _unchanged_date(bad):
    """Writing must not move the date of last change, which rules look at."""
    return {} if "last_change_date" in bad else {"last_change_date": "2026-08-20"}


def _fixed_values(good, bad, fixed):
    """Return what is good again: ``fixed``, else the good values of what is bad."""
    return fixed or {name: good.get(name, False) for name in bad}


def _emptied(bad, fixed):
    """Return what takes away the columns of a case."""
    return dict.fromkeys((*bad, *fixed), False)
