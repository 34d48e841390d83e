import csv
import io

import openpyxl

from odoo.tests import tagged

from ..charts import PAGES, Chart
from .common import StatisticsCase


@tagged("post_install", "-at_install")
class TestExport(StatisticsCase):
    """Files hold the numbers of the screen."""

    def _workbook(self, page, filters, dimension=None):
        target = io.BytesIO()
        self.statistics._write_xlsx(target, page, filters, dimension)
        return openpyxl.load_workbook(io.BytesIO(target.getvalue()))

    def test_a_sheet_for_each_chart_with_its_numbers(self):
        filters = {"operator_ids": self.operator.ids, "network_ids": self.network.ids}
        written = 0
        for page in PAGES.values():
            book = self._workbook(page.key, filters)
            # One more says what was counted.
            self.assertEqual(len(book.worksheets), len(page.charts) + 1)
            for sheet, chart in zip(book.worksheets, page.charts, strict=False):
                read = self.statistics.read_chart(page.key, chart.key, filters)
                rows = list(sheet.iter_rows(min_row=5, values_only=True))
                found = [row[:2] for row in rows if row[0]]
                expected = [(bar["label"], bar["count"]) for bar in read["bars"] or ()]
                self.assertEqual(found, expected, chart.key)
                written += sum(count for _label, count in found)
        self.assertGreater(written, 40, "what the network holds is in the file")

    def test_the_yearly_file_has_a_line_for_each_operator_and_indicator(self):
        target = io.BytesIO()
        filters = {"date_from": "2020-01-01", "network_ids": self.network.ids}
        self.statistics._write_csv(target, "equal_treatment", filters)
        text = target.getvalue().decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text), delimiter=";")
        self.assertEqual(header[0], "Indicator")
        lines = {(row[0], row[1]): row[2:4] for row in rows}
        page = PAGES["equal_treatment"]
        for chart in page.charts:
            self.assertNotIsInstance(chart, Chart)
            read = self.statistics.read_chart(page.key, chart.key, filters)
            for bar in read["bars"]:
                self.assertEqual(
                    lines[read["title"], bar["label"]],
                    [str(bar["count"]), str(bar["total"])],
                )
