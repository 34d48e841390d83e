import csv
import io
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.rules import rule_run
from ...rules import BUILDING, PM, RECORD
from ...rules.queries import Subject
from ..rule_cases import GOOD_BUILDING, TODAY, RuleCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRuleReport(RuleCase, HttpCase):
    """The report: counts, their course, the records, the files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "qualite",
            "oiconnect_base.group_infra_read",
            company_id=cls.network.company_id.id,
            lang="fr_FR",
        )

    def _spoil(self, number, **values):
        """Make ``number`` buildings that are good, save for ``values``."""
        first = self.env["oiconnect.building"].search_count([]) + 10
        good = GOOD_BUILDING | {"pm_id": self.pm.id, "address_code": False}
        good["rivoli_code"] = "0123"
        made = self.building.browse()
        for rank in range(first, first + number):
            made |= self.net.building(f"IMB/99001/X/{rank:04d}", **good | values)
        made.pbo_ids = self.pbo
        return made

    # -- counts ------------------------------------------------------------------------

    def test_counts_and_shares(self):
        self._spoil(3, cabling_date=False)
        self.check()
        rule = self.rule("R9c")
        self.assertEqual((rule.broken_count, rule.checked_count), (3, 4))
        self.assertEqual(rule.share, 0.75)
        self.assertEqual(rule.run_id.user_id, self.env.user)
        self.assertEqual(rule.run_date.date(), TODAY)
        self.assertEqual(self.rule("R11", PM).checked_count, 1)

    def test_the_previous_count_stands_beside(self):
        spoiled = self._spoil(3, cabling_date=False)
        self.check()
        self.assertEqual(self.rule("R9c").trend, 0, "nothing is known before")
        spoiled[0].cabling_date = "2025-04-15"
        self.check()
        rule = self.rule("R9c")
        self.assertEqual((rule.broken_count, rule.previous_count), (2, 3))
        self.assertEqual(rule.trend, -1)
        self.assertEqual(rule.count_ids.mapped("broken_count"), [2, 3])

    def test_a_rule_turned_off_is_not_counted(self):
        self._spoil(2, cabling_date=False)
        self.check()
        self.rule("R9c").active = False
        self.assertNotIn(("R9c", BUILDING), self.check())
        self.assertEqual(self.rule("R9c").broken_count, 0)

    def test_networks_are_counted_apart(self):
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OICN", "code": "T98", "pto_prefix": "ZY"}
        )
        self.env["oiconnect.building"].create(
            {"network_id": other.id, "identifier": "IMB/1", "state": "deployed"}
        )
        self.assertEqual(self.check(), {})
        run = self.env["oiconnect.rule.run"]._prepare(other)
        run._process()
        counts = {count.rule_id.code: count.broken_count for count in run.count_ids}
        self.assertEqual((counts["R9"], counts["R9c"], counts["Q3"]), (1, 1, 1))

    def test_the_rules_of_a_row_take_one_pass(self):
        rules = self.rules._active_rules(self.network.id, RECORD, BUILDING)
        by_rows = [rule for rule in rules if not rule.linked]
        self.assertGreater(len(by_rows), 10)
        query = Subject(self.env, BUILDING).counts(by_rows, self.network.id)
        self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query).decode())
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertEqual(plan.count("on oiconnect_building t"), 1, plan)
        self.assertNotIn("SubPlan", plan)

    # -- running -----------------------------------------------------------------------

    def test_check_now(self):
        self._spoil(1, cabling_date=False)
        action = self.rules.with_user(self.user).action_run()
        self.assertEqual(action["tag"], "display_notification")
        rule = self.rule("R9c")
        self.assertEqual(rule.broken_count, 1)
        self.assertEqual(rule.run_user_id, self.user)

    def test_a_big_network_is_checked_in_the_background(self):
        self._spoil(1, cabling_date=False)
        with (
            patch.object(rule_run, "AT_ONCE", 0),
            patch.object(type(self.env["ir.cron"]), "_trigger") as trigger,
        ):
            self.rules.with_user(self.user).action_run()
            self.rules.with_user(self.user).action_run()
        self.assertTrue(trigger.called)
        runs = self.env["oiconnect.rule.run"].search(
            [("network_id", "=", self.network.id)]
        )
        self.assertEqual(len(runs), 1, "it waits already")
        self.assertEqual(runs.state, "pending")
        self._cron("_cron_process")
        self.assertEqual((runs.state, runs.user_id), ("done", self.user))
        self.assertEqual(self.rule("R9c").broken_count, 1)

    def _cron(self, method):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 60.0
        ):
            getattr(self.env["oiconnect.rule.run"], method)()

    def test_every_night_all_networks_are_checked(self):
        old = self.env["oiconnect.rule.run"]._prepare(self.network)
        old._process()
        old.end_date = "2025-01-01"
        self._cron("_cron_nightly")
        self.assertFalse(old.exists(), "very old")
        runs = self.env["oiconnect.rule.run"].search([("state", "=", "done")])
        networks = self.env["oiconnect.network"].search([])
        self.assertEqual(runs.network_id, networks)

    def test_a_check_that_breaks_off_says_so_and_is_done_again(self):
        run = self.env["oiconnect.rule.run"]._prepare(self.network)
        self.env.flush_all()
        with (
            patch.object(type(run), "_process", side_effect=ValueError("en panne")),
            mute_logger("odoo.addons.oiconnect_infra.models.rules.rule_run"),
        ):
            self._cron("_cron_process")
        self.assertEqual(run.state, "failed")
        self.assertIn("en panne", run.error)
        self._cron("_cron_nightly")
        self.assertTrue(self.rule("R9c").run_id)

    # -- records -----------------------------------------------------------------------

    def test_jump_to_the_records_as_they_are_now(self):
        spoiled = self._spoil(3, cabling_date=False)
        self.check()
        rule = self.rule("R9c")
        self.assertEqual(self.found(rule), spoiled)
        spoiled[0].cabling_date = "2025-04-15"
        self.assertEqual(self.found(rule), spoiled[1:], "without a new check")

    def _page(self, domain, limit=2):
        """Return the first page of the list of buildings, and how many it counts."""
        page = self.env["oiconnect.building"].web_search_read(
            domain, {"identifier": {}}, limit=limit, count_limit=10001
        )
        return [row["id"] for row in page["records"]], page["length"]

    def test_the_page_of_a_rule_and_its_count(self):
        spoiled = self._spoil(5, cabling_date=False)
        domain = self.rule("R9c").action_view_records()["domain"]
        self.assertEqual(self._page(domain), (spoiled[:2].ids, 5))
        with patch("odoo.addons.oiconnect_infra.models.rules.checked._FEW", 4):
            self.assertEqual(self._page(domain), (spoiled[:2].ids, 5), "very many")
        narrowed = [*domain, ("identifier", "=", spoiled[3].identifier)]
        self.assertEqual(self._page(narrowed), (spoiled[3].ids, 1))
        all_good = ["!", *domain, ("network_id", "=", self.network.id)]
        self.assertEqual(self._page(all_good), (self.building.ids, 1))

    def test_what_breaks_a_rule_is_looked_for_once(self):
        self._spoil(5, cabling_date=False)
        domain = self.rule("R9c").action_view_records()["domain"]
        looked = []
        search = type(self.building)._search_broken_rule_ids

        def spy(model, operator, value):
            looked.append(operator)
            return search(model, operator, value)

        with patch.object(type(self.building), "_search_broken_rule_ids", spy):
            self._page(domain)
        self.assertEqual(looked, ["in"])

    def test_each_rule_parts_the_buildings_in_two(self):
        """Whatever is unknown of a building, it breaks a rule or it does not."""
        self._spoil(2, cabling_date=False)
        blank = self.env["oiconnect.building"].create(
            {"network_id": self.network.id, "identifier": "IMB/VIDE"}
        )
        self.env["oiconnect.building.level"].create({"building_id": blank.id})
        self.env.flush_all()
        self.cr.execute(
            "UPDATE oiconnect_building SET latitude = NULL, last_change_date = NULL, "
            "dwelling_count = NULL WHERE id = %s",
            [blank.id],
        )
        buildings = self.env["oiconnect.building"]
        everything = buildings.search([])
        for rule in self.rules.search([("target", "=", BUILDING)]):
            if rule.on_records:
                with self.subTest(rule.code):
                    found = buildings.search([("broken_rule_ids", "in", rule.ids)])
                    others = buildings.search([("broken_rule_ids", "not in", rule.ids)])
                    self.assertFalse(found & others)
                    self.assertEqual(found | others, everything)

    def test_filter_and_group_by_rule(self):
        spoiled = self._spoil(3, cabling_date=False)
        spoiled[0].write({"x": 0})
        buildings = self.env["oiconnect.building"]
        mine = [("network_id", "=", self.network.id)]
        for domain, expected in (
            ([("broken_rule_ids", "!=", False)], spoiled),
            ([("broken_rule_ids", "=", False)], self.building),
            ([("broken_rule_ids.code", "=", "G2")], spoiled[0]),
            ([("broken_rule_ids", "ilike", "R9c")], spoiled),
            ([("broken_rule_ids", "not in", self.rule("G2").ids)], None),
        ):
            with self.subTest(domain):
                if expected is None:
                    expected = self.building | spoiled[1:]
                self.assertEqual(buildings.search(mine + domain), expected)
        groups = buildings._read_group(mine, ["broken_rule_ids"], ["__count"])
        self.assertEqual(
            {rule.code: number for rule, number in groups},
            {"R9c": 3, "G2": 1, False: 1},
        )

    def test_each_rule_opens_with_a_group_of_its_records(self):
        spoiled = self._spoil(2, cabling_date=False)
        result = self.env["oiconnect.building"].web_read_group(
            [("network_id", "=", self.network.id), ("broken_rule_ids", "!=", False)],
            ["broken_rule_ids"],
            ["__count"],
        )
        domains = {
            group["broken_rule_ids"][0]: group["__extra_domain"]
            for group in result["groups"]
        }
        found = self.env["oiconnect.building"].search(domains[self.rule("R9c").id])
        self.assertEqual(found, spoiled)

    # -- files -------------------------------------------------------------------------

    def _download(self, extension, rules=None, login="qualite"):
        self.authenticate(login, login)
        chosen = f"?rules={','.join(map(str, rules.ids))}" if rules else ""
        return self.url_open(f"/oiconnect/quality/findings.{extension}{chosen}")

    def test_findings_as_csv(self):
        spoiled = self._spoil(2, cabling_date=False)
        spoiled[1].write({"identifier": "=1+1", "state": "signed"})
        response = self._download("csv", self.rule("R9c") | self.rule("R8"))
        self.assertEqual(response.status_code, 200)
        self.assertIn("qualite-", response.headers["Content-Disposition"])
        rows = list(
            csv.reader(io.StringIO(response.text.lstrip("\ufeff")), delimiter=";")
        )
        self.assertEqual(
            [row[:6] for row in rows[1:]],
            [
                ["R8", "Bloquant", "Immeuble", "'=1+1", "État", "Signé"],
                ["R9c", "Alerte", "Immeuble", spoiled[0].identifier, "Câblage", ""],
            ],
        )
        self.assertTrue(all(row[6] and row[7] for row in rows))

    def test_findings_as_a_spreadsheet(self):
        self._spoil(2, cabling_date=False)
        response = self._download("xlsx", self.rule("R9c"))
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(len(rows), 3)
        self.assertEqual(rows[0][:2], ("Règle", "Gravité"))

    def test_many_findings_come_by_pages(self):
        self._spoil(5, cabling_date=False)
        with patch("odoo.addons.oiconnect_infra.models.rules.rule_export._PAGE", 2):
            rows = list(self.rule("R9c")._finding_rows())
        self.assertEqual(len({row[3] for row in rows}), 5)
        self.assertEqual(len(rows), 5)

    def test_the_report_itself_is_exported_as_any_list(self):
        rows = self.rule("R9c").with_user(self.user).export_data(["code", "severity"])
        self.assertEqual(rows["datas"][0][0], "R9c")

    def test_whoever_may_not_read_the_network_exports_nothing(self):
        new_test_user(self.env, "sans_droit", "base.group_user")
        self.assertEqual(self._download("csv", login="sans_droit").status_code, 403)
        self.assertEqual(self._download("pdf").status_code, 404)

    def test_who_reads_without_the_right_to_export_downloads_nothing(self):
        export = self.env.ref("base.group_allow_export")
        self.env.ref("oiconnect_base.group_user").implied_ids -= export
        self.user.group_ids -= export
        self.assertTrue(self.rule("R9c").with_user(self.user).code, "but reads")
        self.assertEqual(self._download("csv").status_code, 403)

    def test_rules_of_another_company_are_not_exported(self):
        company = self.env["res.company"].create({"name": "Autre société"})
        other = self.env["oiconnect.network"].create(
            {
                "name": "Autre",
                "oi_code": "OICX",
                "code": "T98",
                "pto_prefix": "ZY",
                "company_id": company.id,
            }
        )
        self.env["oiconnect.building"].create(
            {"network_id": other.id, "identifier": "IMB/AILLEURS", "state": "deployed"}
        )
        theirs = self.rules.search([("network_id", "=", other.id), ("code", "=", "Q3")])
        response = self._download("csv", self.rule("Q3") | theirs)
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("IMB/AILLEURS", response.text)

    # -- rights ------------------------------------------------------------------------

    def test_readers_read_and_managers_decide(self):
        rule = self.rule("R14")
        with self.assertRaises(AccessError):
            rule.with_user(self.user).active = False
        manager = new_test_user(self.env, "chef", "oiconnect_base.group_infra_manager")
        rule.with_user(manager).severity = "blocking"
        with self.assertRaises(AccessError):
            rule.with_user(manager).unlink()

    def test_another_company_sees_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "ailleurs",
            "oiconnect_base.group_infra_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self._spoil(1, cabling_date=False)
        self.check()
        for model in ("oiconnect.rule", "oiconnect.rule.run", "oiconnect.rule.count"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
