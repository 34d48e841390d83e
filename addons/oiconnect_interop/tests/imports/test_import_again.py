from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_import.protocol import FileError
from odoo.addons.queue_job.tests.common import trap_jobs

from ...bulk import ipe
from .import_common import FILE_NAME, WITHOUT_PM, ImportCase, ipe_line


@tagged("post_install", "-at_install")
class TestImportAgain(ImportCase):
    """Results of an import: its numbers, its buttons, its second run."""

    def _french(self, record):
        return record.with_context(lang="fr_FR")

    def _later(self, record):
        """The import ended long ago: what is changed now was changed since."""
        record.sudo().applied_date = fields.Datetime.now() - timedelta(days=9)

    def _rerun(self, record, **values):
        wizards = self.env["oiconnect.import.confirm"]
        return wizards.create({"import_id": record.id, **values})

    # -- what was changed since -------------------------------------------------------

    def test_what_was_changed_before_the_end_is_not_overwritten(self):
        record = self._import([ipe_line(1), ipe_line(2)])
        self._building(1).dwelling_count = 12
        record.sudo().applied_date = fields.Datetime.now() + timedelta(minutes=1)
        self.assertEqual(self._rerun(record).changed_count, 0)
        self._later(record)
        self.assertEqual(self._rerun(record).changed_count, 1)

    def test_objects_are_counted_once_whatever_was_changed_of_them(self):
        record = self._import([ipe_line(1), ipe_line(2)])
        self._later(record)
        self._building(1).write({"dwelling_count": 12, "street_number": "7"})
        self._building(1).dwelling_count = 13
        self._pm().comment = "Derrière la mairie"
        self.assertEqual(self._rerun(record).changed_count, 2)

    def test_only_changes_of_what_the_import_tells_are_counted(self):
        record = self._import([ipe_line(1)])
        self._later(record)
        pbo = self.env["oiconnect.pbo"].create(
            {
                "reference": "PBO-99-1",
                "pm_id": self._pm().id,
                "network_id": self.network.id,
            }
        )
        pbo.reference = "PBO-99-2"
        self._building(1).copy({"identifier": "IMB/99001/X/0009"})
        other = self._make_network("OITJ")
        theirs = self.env["oiconnect.building"].create(
            {"identifier": "IMB/99001/X/0001", "network_id": other.id}
        )
        theirs.dwelling_count = 4
        self.assertEqual(self._rerun(record).changed_count, 0)

    def test_it_says_who_changed_what_and_when_last(self):
        record = self._import([ipe_line(1), ipe_line(2)])
        self._later(record)
        clerk = new_test_user(
            self.env,
            "again_clerk",
            "base.group_user,oiconnect_base.group_infra_user",
            name="Camille Réseau",
        )
        self._building(1).dwelling_count = 12
        self._building(2).with_user(clerk).dwelling_count = 3
        self._pm().comment = "Derrière la mairie"
        text = self._rerun(record).changed_text
        self.assertEqual(len(text.splitlines()), 2)
        self.assertRegex(text, "2, the last on .* by Camille Réseau")
        self.assertRegex(text, f"1, the last on .* by {self.env.user.name}")

    def test_nothing_was_changed_since(self):
        wizard = self._rerun(self._import([ipe_line(1)]))
        self.assertEqual((wizard.changed_count, wizard.changed_text), (0, ""))

    def test_a_check_made_before_says_what_would_be_overwritten(self):
        record = self._import([ipe_line(1), ipe_line(2)])
        self._building(1).dwelling_count = 12
        record.dry_run = True
        record._apply()
        wizard = self._rerun(record)
        self.assertEqual(wizard.state, "checked")
        self.assertEqual(wizard.count_ids, record.count_ids)
        self.assertEqual(record.count_ids[1].changed, 1)
        self.assertEqual(self._building(1).dwelling_count, 12)
        with trap_jobs() as trap:
            self._rerun(record).action_check()
            trap.assert_jobs_count(1, only=record._run)
        self.assertTrue(record.dry_run)

    # -- confirmation -----------------------------------------------------------------

    def test_the_name_of_the_file_is_typed_to_confirm(self):
        record = self._import([ipe_line(1)])
        for typed in (False, " ", "OITI", self.network.name, FILE_NAME.lower()):
            with (
                self.subTest(typed=typed),
                self.assertRaisesRegex(UserError, "Type the name of the file"),
            ):
                self._rerun(record, confirmation=typed).action_confirm()
        self.assertEqual(record.state, "done")
        with trap_jobs() as trap:
            wizard = self._rerun(record, confirmation=f" {FILE_NAME} ")
            self.assertEqual(
                wizard.action_confirm()["type"], "ir.actions.act_window_close"
            )
            trap.assert_jobs_count(1, only=record._run)
        self.assertEqual(record.state, "queued")

    def test_a_dialogue_left_open_does_not_run_what_runs_already(self):
        record = self._import([ipe_line(1)])
        wizard = self._rerun(record, confirmation=FILE_NAME)
        for state in ("queued", "running"):
            record.sudo().state = state
            with (
                self.subTest(state),
                self.assertRaisesRegex(UserError, "is being imported"),
            ):
                wizard.action_confirm()

    # -- results ----------------------------------------------------------------------

    def test_a_second_run_forgets_the_errors_of_the_first(self):
        lines = [ipe_line(1), ipe_line(2, TypePBO="POTEAU EN BOIS")]
        record = self._import(lines)
        self.assertEqual((record.state, record.error_count), ("done_errors", 1))
        other = self._import([ipe_line(3, TypeZone="9")])
        self.env["oiconnect.pbo.type"].create(
            {"code": "POTEAU EN BOIS", "name": "Poteau en bois"}
        )
        record._apply()
        self.assertEqual((record.state, record.error_count), ("done", 0))
        self.assertEqual((record.ok_line_count, record.error_line_count), (2, 0))
        self.assertFalse(record.error_ids)
        self.assertEqual(self._counts(record), {"pm": (0, 0, 1), "building": (1, 0, 1)})
        self.assertEqual(other.error_ids.code, "FIMP16", "that of another file stays")

    def test_errors_and_warnings_are_counted_apart(self):
        record = self._import(
            [
                ipe_line(1, TypeZone="9", DateCablageAdresse="x"),
                ipe_line(2, CoordonneeImmeubleX=""),
                ipe_line(3),
            ]
        )
        self.assertEqual((record.error_count, record.warning_count), (2, 1))
        self.assertEqual((record.error_line_count, record.ok_line_count), (1, 2))
        context = record.action_view_errors()["context"]
        self.assertTrue(context["search_default_error"])
        warned = self._import([ipe_line(2, CoordonneeImmeubleX="")])
        action = warned.action_view_errors()
        self.assertFalse(action["context"]["search_default_error"], "all are shown")
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, warned.error_ids)

    def test_each_number_opens_the_objects_it_counts(self):
        self._import([ipe_line(1), ipe_line(2), ipe_line(3)])
        record = self._import(
            [
                ipe_line(1, NombreLogementsAdresseIPE="4", NomVoieImmeuble="NEUVE"),
                ipe_line(2),
                ipe_line(4),
                ipe_line(5, WITHOUT_PM),
            ]
        )
        pms, buildings = self._french(record.count_ids)
        self.assertEqual((pms.model_label, buildings.model_label), ("PM", "Immeuble"))
        self.assertEqual(
            (buildings.created, buildings.changed, buildings.unchanged), (2, 1, 1)
        )
        for action, title, expected in (
            (
                buildings.action_view_created(),
                "Créés par l'import",
                self._building(4) | self._building(5),
            ),
            (
                buildings.action_view_changed(),
                "Modifiés par l'import",
                self._building(1),
            ),
            (pms.action_view_created(), "Créés par l'import", self._pm().browse()),
        ):
            with self.subTest(title):
                self.assertEqual(action["name"], title)
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found, expected)

    # -- stop, delete -----------------------------------------------------------------

    def test_only_what_waits_or_runs_is_cancelled(self):
        record = self._upload([ipe_line(1)])
        for state in ("draft", "failed", "done_errors"):
            record.sudo().state = state
            record.action_cancel()
            self.assertEqual(record.state, state)

    def test_an_import_that_is_over_is_deleted_but_not_what_it_did(self):
        record = self._import([ipe_line(1, CoordonneeImmeubleX="")])
        changes = self._changes(record)
        error = record.error_ids
        record.sudo().state = "queued"
        with self.assertRaisesRegex(UserError, "en cours ne peut pas être supprimé"):
            self._french(record).unlink()
        record.sudo().state = "done"
        record.unlink()
        self.assertFalse(error.exists())
        self.assertTrue(self._building(1))
        self.assertEqual(set(changes.exists().mapped("reason")), {FILE_NAME})

    def test_a_file_waiting_for_its_turn_is_not_exchanged(self):
        record = self._upload([ipe_line(1)])
        for state in ("queued", "running", "done", "done_errors"):
            record.sudo().state = state
            with (
                self.subTest(state),
                self.assertRaisesRegex(UserError, "créez un nouvel import"),
            ):
                self._french(record).flow_version = "V3.0"
        record.sudo().state = "failed"
        record.flow_version = "V3.0"

    # -- the day of the file ----------------------------------------------------------

    def test_a_file_whose_name_has_no_date_is_of_today(self):
        today = local_today()
        for rank, (days, codes) in enumerate(((0, []), (1, ["R13"])), 1):
            day = f"{today + timedelta(days=days):%Y%m%d}"
            line = ipe_line(rank, DateDerniereModification=day)
            with self.subTest(days=days):
                record = self._import([line], "export réseau.csv")
                self.assertFalse(record.file_date)
                self.assertEqual(record.error_ids.mapped("code"), codes)

    def test_the_network_chosen_later_is_that_of_the_name(self):
        record = self._upload([ipe_line(1)])
        record.network_id = self._make_network("OITJ")
        self.assertIn("OITI", record.problem)
        record.network_id = self.network
        self.assertFalse(record.problem)

    def test_what_the_job_says_is_said_in_french(self):
        self.registry_enter_test_mode()
        for error, state, message in (
            (FileError("header_only"), "failed", "ligne"),
            (ValueError("disque plein\nTraceback"), "failed", "interrompu : disque"),
        ):
            record = self._upload([ipe_line(1)])
            with trap_jobs():
                record.action_start()
            self.env.flush_all()
            with patch.object(ipe.IpeImport, "run", side_effect=error):
                try:
                    self._french(record)._run()
                except ValueError:
                    self.assertIsInstance(error, ValueError)
            self.env.invalidate_all()
            with self.subTest(message):
                self.assertEqual(record.state, state)
                self.assertIn(message, record.message)
                self.assertNotIn("Traceback", record.message)
                self.assertTrue(record.end_date)
                self.assertFalse(record.count_ids)
