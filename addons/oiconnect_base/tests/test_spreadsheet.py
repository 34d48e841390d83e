import csv
import io
import json

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, tagged

DANGEROUS = (
    '=HYPERLINK("http://example.invalid";"Ici")',
    "=1+1",
    "http://example.invalid/",
    "{=SUM(A1)}",
)


@tagged("post_install", "-at_install")
class TestSpreadsheet(HttpCase):
    """What an operator typed is exported as the text that it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operators = cls.env["oiconnect.operator"].create(
            [
                {"name": text, "interop_code": f"OCX{rank}", "arcep_code": f"OCX{rank}"}
                for rank, text in enumerate(DANGEROUS)
            ]
        )

    def _download(self, url, data):
        self.authenticate("admin", "admin")
        token = Request.csrf_token(self)
        form = {"data": json.dumps(data), "token": "x", "csrf_token": token}
        response = self.url_open(url, data=form)
        response.raise_for_status()
        return response.content

    def _list(self, **values):
        return {
            "model": "oiconnect.operator",
            "fields": [{"name": "name", "label": "Nom", "type": "char", "store": True}],
            "ids": self.operators.ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
            **values,
        }

    def _cells(self, content):
        sheet = load_workbook(io.BytesIO(content)).active
        return [cell for row in sheet.iter_rows() for cell in row]

    def assertTexts(self, content):
        cells = self._cells(content)
        found = [cell for cell in cells if cell.value in DANGEROUS]
        self.assertEqual(len(found), len(DANGEROUS))
        self.assertEqual({cell.data_type for cell in found}, {"s"})
        self.assertFalse([cell for cell in cells if cell.hyperlink])

    def test_a_list_exported_as_a_workbook_holds_no_formula_and_no_link(self):
        self.assertTexts(self._download("/web/export/xlsx", self._list()))

    def test_a_list_exported_by_groups_holds_no_formula_and_no_link(self):
        grouped = self._list(ids=False, groupby=["name"])
        grouped["domain"] = [("id", "in", self.operators.ids)]
        cells = self._cells(self._download("/web/export/xlsx", grouped))
        self.assertEqual({cell.data_type for cell in cells} - {"s", "n"}, set())
        titles = " ".join(str(cell.value) for cell in cells)
        for text in DANGEROUS:
            self.assertIn(text, titles)

    def test_a_pivot_exported_as_a_workbook_holds_no_formula_and_no_link(self):
        header = {"title": "Nombre", "width": 1, "height": 1}
        pivot = {
            "title": "Exploitants",
            "model": "oiconnect.operator",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[header]],
            "measure_headers": [{"title": "Nombre", "is_bold": False}],
            "origin_headers": [],
            "rows": [
                {"title": text, "indent": 0, "values": [{"value": 1, "is_bold": False}]}
                for text in DANGEROUS
            ],
        }
        self.assertTexts(self._download("/web/pivot/export_xlsx", pivot))

    def test_a_list_exported_as_csv_begins_no_cell_like_a_formula(self):
        content = self._download("/web/export/csv", self._list()).decode()
        cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
        self.assertFalse([cell for cell in cells if cell[:1] in "=+-@"])
        self.assertEqual(len(cells), 1 + len(DANGEROUS))
