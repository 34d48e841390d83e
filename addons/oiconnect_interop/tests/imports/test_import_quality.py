from unittest.mock import patch

from odoo.tests import tagged

from .import_common import ImportCase, ipe_line


@tagged("post_install", "-at_install")
class TestQualityAfterImport(ImportCase):
    """The report on the quality of the data follows what files change."""

    def _runs(self):
        return self.env["oiconnect.rule.run"].search(
            [("network_id", "=", self.network.id)]
        )

    def _rule(self, code):
        return self.env["oiconnect.rule"].search(
            [("network_id", "=", self.network.id), ("code", "=", code)], limit=1
        )

    def _woken(self):
        cron = self.env.ref("oiconnect_infra.cron_rule_process")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def _work(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 60.0
        ):
            self.env["oiconnect.rule.run"]._cron_process()

    def test_an_import_has_the_network_checked_once_it_is_applied(self):
        before = self._woken()
        self._import([ipe_line(1, DateCablageAdresse="")])
        self.assertEqual(self._runs().state, "pending")
        self.assertEqual(self._woken(), before + 1)
        self._work()
        self.assertEqual(self._runs().state, "done")
        self.assertEqual(self._rule("R9c").broken_count, 1)

    def test_imports_that_follow_are_checked_together(self):
        self._import([ipe_line(1)])
        self._import([ipe_line(2)])
        self.assertEqual(len(self._runs()), 1)

    def test_what_is_imported_during_a_check_is_checked_after_it(self):
        self._import([ipe_line(1)])
        self._runs().state = "running"
        self._import([ipe_line(2)])
        self.assertEqual(sorted(self._runs().mapped("state")), ["pending", "running"])

    def test_a_file_that_changes_nothing_asks_for_no_check(self):
        self._check_file([ipe_line(1)])
        self._import([ipe_line(1, EtatImmeuble="?")], on_error="nothing")
        self.assertFalse(self._runs())

    def test_no_second_check_starts_beside_a_check_that_runs(self):
        run = self.env["oiconnect.rule.run"]._prepare(self.network)
        run.state = "running"
        action = self.env["oiconnect.rule"].action_run()
        self.assertEqual(run.state, "running", "left to who began it")
        self.assertIn("is being checked", action["params"]["message"])

    def test_a_file_says_what_form_its_texts_have_not(self):
        done = self._import(
            [
                ipe_line(1, NomVoieImmeuble="<script>"),
                ipe_line(2, CodeInseeImmeuble="99999"),
                ipe_line(3),
            ]
        )
        self.assertEqual(
            self._errors(done),
            [(2, "NomVoieImmeuble", "F2"), (3, "CodeInseeImmeuble", "F3")],
        )
        self.assertFalse(self._building(1), "left out")
        self.assertTrue(self._building(2) and self._building(3), "applied, and said")
        french = done.error_ids.with_context(lang="fr_FR").mapped("message")
        self.assertIn("signes < ou >", french[0])
        self.assertIn("Aucune commune", french[1])

    def test_a_network_refuses_what_it_was_warned_of(self):
        self._rule("F3").severity = "blocking"
        done = self._import([ipe_line(1, CodeInseeImmeuble="99999"), ipe_line(2)])
        self.assertEqual(done.error_line_count, 1)
        self.assertFalse(self._building(1))

    def test_a_day_that_is_no_date_in_the_name_is_refused(self):
        name = "TEST_01_OITI_PM_IPEZMD_V31_20269999_00.csv"
        record = self._upload([ipe_line(1)], name).with_context(lang="fr_FR")
        record._compute_nature()
        self.assertIn("20269999", record.problem)
        self.assertIn("AAAAMMJJ", record.problem)
