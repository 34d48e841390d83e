import io

from odoo.exceptions import UserError
from odoo.tests.common import tagged

from odoo.addons.oiconnect_import.protocol import FileError
from odoo.addons.queue_job.tests.common import trap_jobs

from .import_common import FILE_NAME, ImportCase, ipe_file, ipe_line
from .network_digest import network_digest

ACCENTS = {"NomVoieImmeuble": "DE L'ÉVÊCHÉ"}


@tagged("post_install", "-at_install")
class TestImportOptions(ImportCase):
    """How a file is applied: empty network, all or nothing, encoding."""

    # -- initialise -------------------------------------------------------------------

    def test_an_empty_network_is_initialised(self):
        record = self._import([ipe_line(1)], mode="initialise")
        self.assertEqual(record.state, "done")
        self.assertTrue(self._building())

    def test_a_network_with_buildings_is_not(self):
        self._import([ipe_line(1)])
        record = self._upload([ipe_line(2)], mode="initialise")
        for action in (record.action_start, record.action_check):
            with (
                trap_jobs() as trap,
                self.assertRaisesRegex(UserError, "Réseau OITI is not empty"),
            ):
                action()
            trap.assert_jobs_count(0)

    def test_a_network_with_pms_is_not(self):
        self.env["oiconnect.pm"].create(
            {"reference": "OITI-01004-0009", "network_id": self.network.id}
        )
        record = self._upload([ipe_line(2)], mode="initialise")
        with self.assertRaisesRegex(UserError, "Update"):
            record.action_start()

    def test_a_network_filled_meanwhile_is_not(self):
        record = self._upload([ipe_line(2)], mode="initialise")
        self._import([ipe_line(1)])
        with self.assertRaises(FileError):
            record._apply()
        self.assertFalse(self._building(2))

    def test_another_network_may_be_full(self):
        other = self._make_network("OITJ")
        self._import(
            [ipe_line(7, CodeOI="OITJ")], FILE_NAME.replace("OITI", "OITJ"), other
        )
        self.assertEqual(self._import([ipe_line(1)], mode="initialise").state, "done")

    def test_a_usual_import_updates_and_leaves_out_lines(self):
        record = self._upload([ipe_line(1)])
        self.assertEqual((record.mode, record.on_error), ("update", "skip"))

    # -- all or nothing ---------------------------------------------------------------

    def test_one_line_in_error_and_nothing_is_applied(self):
        self._import([ipe_line(1)])
        before = network_digest(self.env)
        record = self._import(
            [ipe_line(2), ipe_line(3, TypeZone="9"), ipe_line(4, CodeOI="OITJ")],
            on_error="nothing",
        )
        self.assertEqual(record.state, "refused")
        self.assertEqual(network_digest(self.env), before)
        self.assertIn("nothing was applied", record.message)
        self.assertEqual(
            self._errors(record), [(3, "TypeZone", "FIMP16"), (4, "CodeOI", "K3")]
        )
        self.assertEqual((record.error_count, record.error_line_count), (2, 2))
        self.assertFalse(record.count_ids)
        self.assertFalse(record.applied_date)

    def test_warnings_refuse_nothing(self):
        record = self._import([ipe_line(1, CoordonneeImmeubleX="")], on_error="nothing")
        self.assertEqual((record.state, record.warning_count), ("done", 1))

    def test_a_good_file_is_applied_whole(self):
        record = self._import([ipe_line(1), ipe_line(2)], on_error="nothing")
        self.assertEqual((record.state, record.ok_line_count), ("done", 2))

    def test_an_error_found_while_comparing_refuses_all(self):
        self._import([ipe_line(1), ipe_line(2)])
        rules = self.env["oiconnect.rule"].search(
            [("code", "=", "S1"), ("network_id", "=", self.network.id)]
        )
        rules.severity = "blocking"
        before = network_digest(self.env)
        record = self._import(
            [ipe_line(1, EtatImmeuble="CIBLE"), ipe_line(2, NumeroVoieImmeuble="8")],
            on_error="nothing",
        )
        self.assertEqual(record.state, "refused")
        self.assertIn((2, "EtatImmeuble", "S1"), self._errors(record))
        self.assertEqual(network_digest(self.env), before)

    def test_a_check_shows_what_the_good_lines_would_do(self):
        record = self._check_file(
            [ipe_line(1), ipe_line(2, TypeZone="9")], on_error="nothing"
        )
        self.assertEqual(record.state, "checked")
        self.assertEqual(self._counts(record)["building"], (1, 0, 0))
        self.assertEqual(self._apply_checked(record), "refused")

    def test_fixed_and_sent_again(self):
        record = self._import([ipe_line(1, TypeZone="9")], on_error="nothing")
        record.on_error = "skip"
        self.assertEqual((record.state, record.error_count), ("draft", 1))
        self.assertFalse(record.error_ids)
        record._apply()
        self.assertEqual(record.state, "done_errors")

    # -- encoding ---------------------------------------------------------------------

    def _french(self, written_in, **values):
        content = ipe_file([ipe_line(1, ACCENTS)], encoding=written_in)
        return self._upload(content, **values)

    def test_the_encoding_is_found(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            with self.subTest(encoding):
                record = self._french(encoding)
                self.assertEqual(record.encoding, encoding)
                record._apply()
                self.assertEqual(self._building().street_name, "DE L'ÉVÊCHÉ")
                self.assertEqual(record.encoding, encoding)

    def test_another_one_is_imposed(self):
        record = self._french("utf-8")
        record.encoding = "latin-1"
        record._apply()
        self.assertEqual(record.encoding, "latin-1")
        self.assertEqual(record.error_count, 1, "its control signs are refused")
        record = self._french("utf-8", encoding="cp1252")
        record._apply()
        self.assertEqual(record.encoding, "cp1252")
        self.assertNotEqual(self._building().street_name, "DE L'ÉVÊCHÉ")

    def test_an_encoding_that_does_not_fit_is_refused_with_the_line(self):
        record = self._french("cp1252", encoding="utf-8")
        with self.assertRaises(FileError) as caught:
            record._apply()
        message = record._error_text(caught.exception)
        self.assertIn("2", message)
        self.assertIn("utf-8", message)
        self.assertFalse(self._building())

    def test_back_to_the_one_found(self):
        record = self._french("cp1252", encoding="utf-8")
        record.encoding = "cp1252"
        record._apply()
        self.assertEqual(self._building().street_name, "DE L'ÉVÊCHÉ")

    def test_each_line_in_its_own(self):
        content = (
            ipe_file([ipe_line(1, ACCENTS)])
            + ipe_file([ipe_line(2, ACCENTS)], encoding="cp1252").split(b"\r\n", 1)[1]
        )
        record = self._upload(content)
        self.assertEqual(record.encoding, "mixed")
        record._apply()
        self.assertEqual(record.state, "done")
        for rank in (1, 2):
            self.assertEqual(self._building(rank).street_name, "DE L'ÉVÊCHÉ")

    def test_another_file_has_its_own_encoding(self):
        record = self._french("utf-8", encoding="cp1252")
        record.file = self._french("utf-8-sig").file
        self.assertEqual(record.encoding, "utf-8-sig")

    def test_lines_to_mend_are_read_as_the_file_was(self):
        content = ipe_file([ipe_line(1, ACCENTS, TypeZone="9")], encoding="cp1252")
        record = self._import(content, encoding="latin-1")
        self.assertIn("ÉVÊCHÉ", next(iter(self._mendable(record))))

    def _mendable(self, record):
        target = io.BytesIO()
        record._write_errors(target)
        return target.getvalue().decode("utf-8-sig").splitlines()[1:]

    # -- version ----------------------------------------------------------------------

    def test_the_version_may_be_changed(self):
        record = self._upload([ipe_line(1)])
        record.flow_version = "V3.0"
        record._apply()
        self.assertEqual(record.flow_version, "V3.0")
        self.assertEqual(record.state, "done")

    def test_a_version_without_format_is_refused_at_once(self):
        record = self._upload([ipe_line(1)])
        record.flow_version = "V9.9"
        for action in (record.action_check, record.action_start):
            with (
                trap_jobs() as trap,
                self.assertRaisesRegex(UserError, "no format of version V9.9"),
            ):
                action()
            trap.assert_jobs_count(0)

    def test_lines_of_a_refused_file_are_exported_to_be_fixed(self):
        record = self._import(
            [ipe_line(1), ipe_line(2, TypeZone="9")], on_error="nothing"
        )
        [line] = self._mendable(record)
        self.assertTrue(line.startswith("3;"))
        self.assertIn("IMB/01004/X/0002", line)
