import csv
import io

from odoo.tests.common import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.spreadsheet import escape_formula

from .import_common import ImportCase, ipe_line


class TestImportExport(ImportCase):
    """The lines in error, to fix and import again."""

    def _exported(self, record):
        target = io.BytesIO()
        record._write_errors(target)
        text = target.getvalue().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def test_each_line_in_error_once_with_all_its_errors(self):
        record = self._import(
            [
                ipe_line(1),
                ipe_line(2, TypeZone="9", CodeOI="OITJ"),
                ipe_line(3, EtatImmeuble="SIGNE"),
                ipe_line(4, CoordonneePMX=""),
            ]
        )
        rows = self._exported(record)
        self.assertEqual([row["Line"] for row in rows], ["3", "4"])
        self.assertEqual(rows[0]["Errors"].count(" | "), 1)
        self.assertIn("TypeZone must be one of", rows[0]["Errors"])
        self.assertEqual(rows[0]["TypeZone"], "9")
        self.assertEqual(rows[1]["IdentifiantImmeuble"], "IMB/01004/X/0003")

    def test_fixed_file_is_imported_as_it_is(self):
        record = self._import([ipe_line(1), ipe_line(2, TypeZone="9")])
        target = io.BytesIO()
        record._write_errors(target)
        fixed = target.getvalue().replace(b";9;", b";3;")
        done = self._import(fixed)
        self.assertEqual(self._counts(done)["building"], (1, 0, 0))
        self.assertEqual(done.state, "done")

    def test_warnings_are_exported_when_there_is_no_error(self):
        record = self._import([ipe_line(1), ipe_line(2, CoordonneePMX="")])
        rows = self._exported(record)
        self.assertEqual([row["Line"] for row in rows], ["3"])

    def test_more_errors_than_a_page(self):
        record = self._import([ipe_line(rank, TypeZone="9") for rank in range(1, 80)])
        with self._page_of(10):
            self.assertEqual(len(self._exported(record)), 79)

    def _page_of(self, size):
        from unittest.mock import patch

        return patch(
            "odoo.addons.oiconnect_import.models.imports.import_error._PAGE", size
        )

    def test_spreadsheets_run_nothing(self):
        for cell, shown in (
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-12,5", "-12,5"),
            ("- face", "'- face"),
            ("RUE", "RUE"),
            ("", ""),
        ):
            self.assertEqual(escape_formula(cell), shown)


@tagged("post_install", "-at_install")
class TestImportDownload(HttpCase, ImportCase):
    """The button of the screen, with the rights of the user."""

    def test_download(self):
        record = self._import([ipe_line(1, TypeZone="9")])
        url = f"/oiconnect/import/{record.id}/errors.csv"
        new_test_user(
            self.env,
            "import_reader",
            "base.group_user,oiconnect_base.group_import_read",
            password="import_reader",
        )
        new_test_user(
            self.env, "import_other", "base.group_user", password="import_other"
        )
        self.assertEqual(record.action_export_errors()["url"], url)
        self.authenticate("import_reader", "import_reader")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.env.cr.execute(
            "UPDATE oiconnect_import SET file_name = %s WHERE id = %s",
            ["IPE\r\nX-A: b.csv", record.id],
        )
        record.invalidate_recordset()
        named = self.url_open(url)
        self.assertEqual(named.status_code, 200)
        self.assertNotIn("X-A", named.headers)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("TypeZone", response.content.decode("utf-8-sig"))
        self.assertEqual(
            self.url_open(url.replace(str(record.id), "0")).status_code, 404
        )
        company = self.env["res.company"].create({"name": "Autre OI"})
        new_test_user(
            self.env,
            "import_elsewhere",
            "base.group_user,oiconnect_base.group_import_read",
            password="import_elsewhere",
            company_id=company.id,
        )
        self.authenticate("import_elsewhere", "import_elsewhere")
        answers = [
            self.url_open(place).text.replace(place, "")
            for place in (url, url.replace(str(record.id), "0"))
        ]
        self.assertEqual(*answers)
        self.authenticate("import_other", "import_other")
        self.assertEqual(self.url_open(url).status_code, 404)
