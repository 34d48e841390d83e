from odoo.tests.common import tagged

from .import_common import WITHOUT_PM, ImportCase, ipe_file, ipe_header, ipe_line


@tagged("post_install", "-at_install")
class TestImportStrangers(ImportCase):
    """Messages of a check about columns, and about one PM on many lines."""

    def _error_rows(self, record):
        return [
            (error.line, error.column, error.severity, error.message)
            for error in record.with_context(lang="fr_FR").error_ids
        ]

    def test_a_mistyped_optional_column_is_named_with_the_one_meant(self):
        content = ipe_file([ipe_line(1)])
        record = self._check_file(content.replace(b"LongueurLigne", b"LongeurLigne"))
        self.assertEqual(record.state, "checked")
        [(line, column, severity, message)] = self._error_rows(record)
        self.assertEqual(
            (line, column, severity), (1, "LongeurLigneImmeuble", "warning")
        )
        self.assertIn("« LongueurLigneImmeuble »", message)

    def test_a_column_that_looks_like_no_other_is_named_alone(self):
        header = [*ipe_header(), "Remarque interne"]
        record = self._import(ipe_file([ipe_line(1)], header))
        self.assertEqual(record.state, "done")
        [(_line, column, severity, message)] = self._error_rows(record)
        self.assertEqual((column, severity), ("Remarque interne", "warning"))
        self.assertIn("vérifiez son nom", message)

    def test_a_warning_about_a_pm_is_reported_once_with_the_number_of_its_lines(self):
        lines = [
            ipe_line(rank, TypeEmplacementPM="", ReferencePM=f"OITI-01004-{rank % 2}")
            for rank in range(1, 7)
        ]
        record = self._check_file(ipe_file(lines))
        self.assertEqual(record.warning_count, 2)
        self.assertEqual(
            [(line, column) for line, column, *_rest in self._error_rows(record)],
            [(2, "TypeEmplacementPM"), (3, "TypeEmplacementPM")],
        )
        for (*_rest, message), pm in zip(self._error_rows(record), "10", strict=True):
            count_text = f"(lignes de OITI-01004-{pm} : 3)"
            self.assertTrue(message.endswith(count_text), message)

    def test_lines_that_differ_of_one_pm_are_reported_once_a_column(self):
        lines = [ipe_line(1)] + [
            ipe_line(rank, CapaciteMaxPM="360") for rank in range(2, 6)
        ]
        record = self._check_file(ipe_file(lines))
        [(line, column, severity, message)] = self._error_rows(record)
        self.assertEqual((line, column, severity), (3, "CapaciteMaxPM", "warning"))
        self.assertTrue(message.endswith("(lignes de OITI-01004-0001 : 4)"), message)

    def test_columns_without_pm_are_reported_line_by_line(self):
        lines = [
            ipe_line(rank, WITHOUT_PM, DateCablageAdresse="", CapaciteMaxPM="720")
            for rank in (1, 2)
        ]
        record = self._check_file(ipe_file(lines))
        errors = [
            (e.line, e.code) for e in record.error_ids if e.column == "CapaciteMaxPM"
        ]
        self.assertEqual(errors, [(2, "R3c"), (3, "R3c")])

    def test_an_error_about_a_pm_is_reported_on_each_line_that_is_left_out(self):
        lines = [ipe_line(rank, CommunePM="") for rank in (1, 2, 3)]
        record = self._check_file(ipe_file(lines))
        self.assertEqual(
            self._errors(record), [(n, "CommunePM", "R3") for n in (2, 3, 4)]
        )
