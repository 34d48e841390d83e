import csv
import io

import xlsxwriter

from odoo import api, models

from odoo.addons.oiconnect_base.spreadsheet import escape_formula

from ..charts import Chart

SHEET_NAME_SIZE = 31
WIDTH = 32
PERCENT, NUMBER = "0.0 %", "#,##0"


class Statistics(models.AbstractModel):
    """The numbers of a page as files: a sheet for each chart, or one table of rates."""

    _inherit = "oiconnect.statistics"

    @api.model
    def _write_xlsx(self, target, page, filters, dimension=None):
        """Write the page to a binary stream, as a workbook."""
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            bold = book.add_format({"bold": True})
            formats = {
                kind: book.add_format({"num_format": kind})
                for kind in (PERCENT, NUMBER)
            }
            for chart in self._page(page).charts:
                read = self.read_chart(page, chart.key, filters, dimension)
                sheet = book.add_worksheet(self._sheet_name(book, read["title"]))
                sheet.set_column(0, 0, WIDTH)
                sheet.write_string(0, 0, read["title"], bold)
                self._write_row(sheet, 1, [read["note"]], None)
                self._write_row(sheet, 3, self._header(chart), bold)
                for rank, bar in enumerate(read["bars"] or (), 4):
                    self._write_cells(sheet, rank, self._cells(chart, bar), formats)
            self._write_filters(book, filters, bold)

    @api.model
    def _write_csv(self, target, page, filters, dimension=None):
        """Write the page to a binary stream, one line for each bar of each chart."""
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        charts = self._page(page).charts
        rows.writerow([self.env._("Indicator"), *self._header(charts[0])])
        for chart in charts:
            read = self.read_chart(page, chart.key, filters, dimension)
            for bar in read["bars"] or ():
                cells = [read["title"], *self._cells(chart, bar)]
                rows.writerow(map(_text_of, cells))
        text.detach()

    @api.model
    def _sheet_name(self, book, title):
        """Return a name that no other sheet has; some characters are not allowed."""
        name = "".join("-" if char in "[]:*?/\\" else char for char in title)
        taken = {sheet.get_name().lower() for sheet in book.worksheets()}
        name = name[:SHEET_NAME_SIZE]
        rank = 1
        while name.lower() in taken:
            rank += 1
            name = f"{name[: SHEET_NAME_SIZE - 3]} {rank}"
        return name

    @api.model
    def _header(self, chart):
        if isinstance(chart, Chart):
            return ["", self.env._("Number")]
        return [
            "",
            self.env._("Concerned"),
            self.env._("Total"),
            self.env._("Share"),
            self.env._("Lowest (95 %)"),
            self.env._("Highest (95 %)"),
            self.env._("Against the others"),
            self.env._("p value"),
        ]

    @api.model
    def _cells(self, chart, bar):
        if isinstance(chart, Chart):
            return [bar["label"], bar["count"]]
        known = bar["share"] is not None
        return [
            bar["label"],
            bar["count"],
            bar["total"],
            bar["share"],
            bar["low"] if known else None,
            bar["high"] if known else None,
            self._mark_labels().get(bar["mark"], ""),
            bar["p_value"],
        ]

    @api.model
    def _mark_labels(self):
        return {
            "higher": self.env._("Higher"),
            "lower": self.env._("Lower"),
            "same": self.env._("No difference shown"),
            "few": self.env._("Too few to compare"),
        }

    @api.model
    def _write_cells(self, sheet, row, cells, formats):
        for column, cell in enumerate(cells):
            if isinstance(cell, float):
                sheet.write_number(row, column, cell, formats[PERCENT])
            elif isinstance(cell, int):
                sheet.write_number(row, column, cell, formats[NUMBER])
            else:
                self._write_row(sheet, row, [cell], None, column)

    @api.model
    def _write_row(self, sheet, row, cells, style, column=0):
        for rank, cell in enumerate(cells, column):
            if cell:
                sheet.write_string(row, rank, cell, style)

    @api.model
    def _write_filters(self, book, values, bold):
        """Add a sheet that says what was counted."""
        filters = self._filters(values)
        networks = self.env["oiconnect.network"].browse(filters.network_ids)
        operators = self.env["oiconnect.operator"].browse(filters.operator_ids)
        sheet = book.add_worksheet(self._sheet_name(book, self.env._("Filters")))
        sheet.set_column(0, 1, WIDTH)
        filters_shown = [
            (self.env._("From"), str(filters.date_from or "")),
            (self.env._("To"), str(filters.date_to or "")),
            (self.env._("Networks"), ", ".join(networks.mapped("name"))),
            (
                self.env._("Operators"),
                ", ".join(operators.exists().mapped("name")) or self.env._("All"),
            ),
        ]
        for row, (name, value) in enumerate(filters_shown):
            sheet.write_string(row, 0, name, bold)
            self._write_row(sheet, row, [value], None, 1)


def _text_of(cell):
    """Return a cell as French spreadsheets read it; text is never a formula."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6f}".replace(".", ",")
    return escape_formula(str(cell))
