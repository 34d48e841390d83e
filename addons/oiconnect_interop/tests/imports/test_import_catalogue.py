from datetime import date

from odoo.addons.oiconnect_infra.rules import BLOCKING, CATALOGUE, FILE

from ...bulk.messages import MESSAGES
from .import_common import SIGNED, ImportCase, ipe_line

PLANNED = {
    "EtatPM": "PLANIFIE",
    "EtatImmeuble": "CIBLE",
    "DateMiseEnServiceCommercialePM": "",
    "DatePremiereMADPM": "",
}
_MOVED = ("EtatImmeuble", "S1")
DEPLOYING = PLANNED | {"EtatPM": "EN COURS DE DEPLOIEMENT"}


class TestImportCatalogue(ImportCase):
    """The import runs the rules of the catalogue, as the network wants them."""

    def setUp(self):
        super().setUp()
        # The lines here change without dates: the test of that rule turns it on.
        self._rule("R13c").active = False

    def _errors_of(self, *changes):
        """Import lines of one PM; return their errors as (column, code)."""
        lines = [ipe_line(rank, item) for rank, item in enumerate(changes, 1)]
        record = self._upload(lines)
        record._apply()
        self.assertTrue(all(record.error_ids.mapped("message")))
        self.last = record
        return [(item.column, item.code) for item in record.error_ids]

    def _errors_by_line(self, *changes):
        """Import lines, of a PM each; return the errors of each: [(column, code)]."""
        errors = [[] for _line in changes]
        self._errors_of(
            *(
                {"ReferencePM": f"OITI-01004-{rank:04d}"} | item
                for rank, item in enumerate(changes, 1)
            )
        )
        for item in self.last.error_ids:
            errors[item.line - 2].append((item.column, item.code))
        return errors

    def _rule(self, code, target="building"):
        return self.env["oiconnect.rule"].search(
            [
                ("code", "=", code),
                ("target", "=", target),
                ("network_id", "=", self.network.id),
            ]
        )

    def test_every_rule_of_a_file_has_its_sentence(self):
        keys = {rule.key for rule in CATALOGUE if FILE in rule.scopes}
        self.assertFalse(keys - MESSAGES.keys())

    # -- rules of the catalogue that the records have too ------------------------------

    def test_r6_a_deployed_pm_is_installed(self):
        today, tomorrow, deploying = self._errors_by_line(
            {"DateInstallationPM": "20260901"},
            {"DateInstallationPM": "20260902"},
            DEPLOYING | {"DateInstallationPM": "20270101"},
        )
        self.assertEqual(today, [])
        self.assertEqual(tomorrow, [("DateInstallationPM", "R6")])
        self.assertNotIn(("DateInstallationPM", "R6"), deploying)

    def test_r9c_a_deployed_building_was_cabled_one_day(self):
        uncabled = {"DateCablageAdresse": ""}
        self.assertEqual(
            self._errors_by_line(uncabled, uncabled | {"EtatImmeuble": "CIBLE"}),
            [[("DateCablageAdresse", "R9c")], []],
        )
        self.assertTrue(self._building(1), "a warning: the line is applied")

    def test_r10_an_abandoned_building_leaves_after_three_months(self):
        gone = {"EtatImmeuble": "ABANDONNE"}
        self.assertEqual(
            self._errors_by_line(
                gone | {"DateDerniereModification": "20260601"},
                gone | {"DateDerniereModification": "20260531"},
            ),
            [[], [("EtatImmeuble", "R10")]],
        )

    def test_r10_an_abandoned_pm_leaves_after_three_months(self):
        gone = DEPLOYING | {"EtatPM": "ABANDONNE", "EtatImmeuble": "CIBLE"}
        self.assertEqual(
            self._errors_by_line(
                gone | {"DateDerniereModification": "20260601"},
                gone | {"DateDerniereModification": "20260531"},
            ),
            [[], [("EtatPM", "R10")]],
        )
        self.assertIn("PM", self.last.error_ids.message)
        abandoned = self._pm("OITI-01004-0002")
        self.assertEqual(abandoned.state, "abandoned", "a warning: it is applied")

    def test_r13_no_change_lies_ahead(self):
        column = "DateDerniereModification"
        self.assertEqual(
            self._errors_by_line({column: "20260901"}, {column: "20260902"}),
            [[], [(column, "R13")]],
        )

    def test_r14_cabling_follows_the_agreement_within_six_months(self):
        column = "DateCablageAdresse"
        self.assertEqual(
            self._errors_by_line(
                SIGNED | {column: "20270102"}, SIGNED | {column: "20270103"}
            ),
            [[], [(column, "R14")]],
        )

    # -- what a file changes -----------------------------------------------------------

    def test_s1_a_building_keeps_to_its_path(self):
        moves = (
            ("CIBLE", "EN COURS DE DEPLOIEMENT", {}, True),
            ("EN COURS DE DEPLOIEMENT", "DEPLOYE", {}, True),
            ("CIBLE", "DEPLOYE", {}, False),
            ("DEPLOYE", "CIBLE", {}, False),
            ("DEPLOYE", "ABANDONNE", {"DateDerniereModification": "20260820"}, True),
            ("RACCORDABLE DEMANDE", "RAD EN COURS DE DEPLOIEMENT", {}, True),
            ("RAD EN COURS DE DEPLOIEMENT", "RACCORDABLE DEMANDE", {}, True),
            ("CIBLE", "SIGNE", SIGNED, True),
            ("CIBLE", "EN COURS DE DEPLOIEMENT", SIGNED, False),
        )
        self._errors_by_line(
            *(extra | {"EtatImmeuble": state} for state, _to, extra, _good in moves)
        )
        errors = self._errors_by_line(
            *(extra | {"EtatImmeuble": state} for _from, state, extra, _good in moves)
        )
        for (before, after, extra, good), found in zip(moves, errors, strict=True):
            with self.subTest(before=before, after=after, extra=extra):
                self.assertEqual(found, [] if good else [_MOVED])
        self.assertEqual(self.last.state, "done", "applied all the same")

    def _make_network_once(self):
        """A fresh network, which knows no line yet."""
        self.rank = getattr(self, "rank", 0) + 1
        return self.env["oiconnect.network"].create(
            {
                "name": f"Réseau {self.rank}",
                "code": f"TEST_{self.rank + 10}",
                "oi_code": "OITI",
                "pto_prefix": "ZT",
            }
        )

    def test_s1_says_both_states_as_the_file_names_them(self):
        self._errors_of({"EtatImmeuble": "DEPLOYE"})
        self._errors_of({"EtatImmeuble": "CIBLE"})
        message = self.last.error_ids.message
        self.assertIn("DEPLOYE", message)
        self.assertIn("CIBLE", message)
        self.assertEqual(self._building().state, "target")

    def test_s1_a_pm_keeps_to_its_path(self):
        self._errors_of(PLANNED)
        self.assertEqual(self._errors_of(DEPLOYING), [])
        self.assertEqual(self._errors_of(PLANNED), [("EtatPM", "S1")])
        self.assertEqual(self._pm().state, "planned")

    def test_r5c_a_first_delivery_does_not_move(self):
        self._errors_of({})
        moved = {
            "DatePremiereMADPM": "20250321",
            "DateMiseEnServiceCommercialePM": "20250621",
        }
        self.assertEqual(self._errors_of(moved), [("DatePremiereMADPM", "R5c")])
        self.assertIn("20250320", self.last.error_ids.message)
        self.assertEqual(self._pm().first_delivery_date, date(2025, 3, 21))
        self.assertEqual(self._errors_of(moved), [], "said once")

    def test_r13c_what_a_file_changes_it_dates(self):
        rules = self.env["oiconnect.rule"].with_context(active_test=False)
        rules.search([("code", "=", "R13c")]).active = True
        self._errors_of({"DateDerniereModification": "20250416"})
        moved = {"NombreLogementsAdresseIPE": "2"}
        for day, expected in (
            ("20250417", []),
            ("20250417", [("DateDerniereModification", "R13c")]),
            ("20250415", [("DateDerniereModification", "R13c")]),
        ):
            moved["NombreLogementsAdresseIPE"] += "1"
            with self.subTest(day=day, expected=expected):
                changes = moved | {"DateDerniereModification": day}
                self.assertEqual(self._errors_of(changes), expected)
                self.assertEqual(self._errors_of(changes), [], "nothing changes")
        self.assertEqual(self._building().dwelling_count, 2111, "applied all the same")
        self.assertEqual(str(self._building().last_change_date), "2025-04-15")

    def test_r13c_a_file_older_than_what_staff_changed_is_reported(self):
        rules = self.env["oiconnect.rule"].with_context(active_test=False)
        rules.search([("code", "=", "R13c")]).active = True
        self._errors_of({})
        self._building().write({"city": "AMBRONAY"})
        self._building().last_change_date = "2026-08-20"
        self.assertEqual(self._errors_of({}), [("DateDerniereModification", "R13c")])
        french = self.last.error_ids.with_context(lang="fr_FR").message
        self.assertIn("déjà modifié le 20260820", french)
        self.assertEqual(self._building().city, "AMBERIEU-EN-BUGEY")

    def test_since_when_what_is_abandoned_is_known(self):
        gone = {"EtatImmeuble": "ABANDONNE", "DateDerniereModification": "20260820"}
        self._errors_of({}, gone)
        self.assertFalse(self._building(1).abandoned_date)
        self.assertEqual(self._building(2).abandoned_date, date(2026, 8, 20))
        later = gone | {"BatimentImmeuble": "A", "DateDerniereModification": "20260825"}
        self._errors_of(gone, later)
        self.assertEqual(self._building(1).abandoned_date, date(2026, 8, 20))
        self.assertEqual(
            self._building(2).abandoned_date, date(2026, 8, 20), "not moved"
        )
        self._errors_of({}, {})
        self.assertFalse(
            (self._building(1) | self._building(2)).mapped("abandoned_date")[0]
        )

    # -- what the network makes of a rule ----------------------------------------------

    def test_a_network_turns_a_rule_off(self):
        self._rule("R14").active = False
        self._rule("R3b", "pm").active = False
        self.assertEqual(
            self._errors_of(
                SIGNED | {"DateCablageAdresse": "20270103", "TypeEmplacementPM": ""}
            ),
            [],
        )

    def test_a_network_makes_a_rule_blocking(self):
        self._rule("R14").severity = BLOCKING
        errors = self._errors_of(SIGNED | {"DateCablageAdresse": "20270103"}, {})
        self.assertEqual(errors, [("DateCablageAdresse", "R14")])
        self.assertEqual(self.last.error_ids.severity, "error")
        self.assertFalse(self._building(1), "left out")
        self.assertTrue(self._building(2))

    def test_a_network_holds_back_lines_that_differ_from_the_first(self):
        same = {"CodeAdresseImmeuble": "010042AB01", "NumeroVoieImmeuble": "1"}
        for code, target, changes, expected in (
            ("P1", "pm", {"CapaciteMaxPM": "360"}, ("CapaciteMaxPM", "P1")),
            (
                "R2b",
                "building",
                same | {"NomVoieImmeuble": "DES LILAS"},
                ("NomVoieImmeuble", "R2b"),
            ),
        ):
            with self.subTest(code):
                self.network = self._make_network_once()
                self._rule(code, target).severity = BLOCKING
                lines = [{"CodeOI": "OITI"}, changes, {"BatimentImmeuble": "C"}]
                self.assertEqual(self._errors_of(*lines), [expected])
                self.assertEqual(self.last.error_line_count, 1)
                self.assertEqual(self.last.error_ids.line, 3)
                found = self.env["oiconnect.building"].search(
                    [("network_id", "=", self.network.id)], order="identifier"
                )
                self.assertEqual(
                    found.mapped("identifier"), ["IMB/01004/X/0001", "IMB/01004/X/0003"]
                )

    def test_a_network_holds_back_what_leaves_the_path(self):
        self._rule("S1").severity = BLOCKING
        self._errors_of({}, {})
        gone = {"EtatImmeuble": "CIBLE"}
        self.assertEqual(self._errors_of(gone, {"BatimentImmeuble": "A"}), [_MOVED])
        self.assertEqual(self.last.error_ids.severity, "error")
        self.assertEqual(self.last.state, "done_errors")
        self.assertEqual(self.last.error_line_count, 1)
        self.assertEqual(self._building(1).state, "deployed", "left out")
        self.assertEqual(self._building(2).building_name, "A", "the others are applied")
        counts = {item.model: item for item in self.last.count_ids}
        self.assertEqual(counts["oiconnect.building"].changed, 1)
        changed = self._changes(self.last).mapped("res_id")
        self.assertEqual(changed, self._building(2).ids)

    def test_a_network_holds_back_a_pm_that_leaves_its_path(self):
        self._rule("S1", "pm").severity = BLOCKING
        self._errors_of({})
        errors = self._errors_of(PLANNED | {"EtatImmeuble": "DEPLOYE"})
        self.assertIn(("EtatPM", "S1"), errors)
        self.assertEqual(self._pm().state, "deployed")

    def test_a_network_lets_a_line_in_with_a_warning(self):
        self._rule("R8").severity = "warning"
        self.assertEqual(
            self._errors_of({"EtatImmeuble": "SIGNE"}), [("EtatImmeuble", "R8")]
        )
        self.assertEqual(self._building(1).state, "signed")
        self.assertIn(
            "R8",
            [
                rule.code
                for rule, _name in self._building(1)._findings()[self._building(1)]
            ],
        )
