"""Files of annexes: the same rows as a spreadsheet and as csv. No ORM.

A row is read and written at a time: a hundred thousand lines take seconds and no more
memory than ten.
"""

import csv
import io
from dataclasses import astuple, dataclass
from datetime import date

import xlsxwriter

from odoo.addons.oiconnect_base.spreadsheet import escape_formula

# What a sheet holds besides its header and the total
SHEET_ROWS = 1_048_574
# Least widths of columns; what a bold letter of a heading takes
WIDTHS = (14, 20, 20, 22, 34, 12, 12, 12, 14, 8, 10, 12, 14)
BOLD = 1.2
MONEY, CENTS = "#,##0.00", 2
DAY = "dd/mm/yyyy"
# What the number of a line begins with: a record, or a fee that names none
RECORD, FEE = "L", "F"


@dataclass
class Row:
    """A record or a fee that an invoice bills, in the order of the columns."""

    line: str
    oc_reference: str | None
    service_reference: str | None
    place: str | None
    product: str
    month: date
    date_from: date
    date_to: date
    event_date: date | None
    days: int
    quantity: float
    price: float
    amount: float


class Spreadsheet:
    """Rows one after the other, on as many sheets as they need; the total last."""

    def __init__(self, target, header, total_label):
        self._book = xlsxwriter.Workbook(target, {"constant_memory": True})
        self._header, self._total_label = header, total_label
        self._bold = self._book.add_format({"bold": True})
        self._date = self._book.add_format({"num_format": DAY})
        self._money = self._book.add_format({"num_format": MONEY})
        self._bold_money = self._book.add_format({"bold": True, "num_format": MONEY})
        self._total = 0
        self._begin()

    def _begin(self):
        self._sheet = self._book.add_worksheet()
        self._rank = 0
        self._sheet.freeze_panes(1, 0)
        for column, (width, text) in enumerate(zip(WIDTHS, self._header, strict=True)):
            self._sheet.set_column(column, column, max(width, len(text) * BOLD))
            self._sheet.write_string(0, column, text, self._bold)

    def add(self, row):
        if self._rank == SHEET_ROWS:
            self._begin()
        self._rank += 1
        *cells, price, amount = astuple(row)
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                self._sheet.write_datetime(self._rank, column, cell, self._date)
            elif cell is None or isinstance(cell, str):
                self._sheet.write_string(self._rank, column, cell or "")
            else:
                self._sheet.write_number(self._rank, column, cell)
        for column, number in enumerate((price, amount), len(cells)):
            self._sheet.write_number(self._rank, column, number, self._money)
        self._total += amount

    def end(self):
        rank, last = self._rank + 1, len(self._header) - 1
        self._sheet.write_string(rank, 0, self._total_label, self._bold)
        total = round(self._total, CENTS)
        self._sheet.write_number(rank, last, total, self._bold_money)
        self._book.close()


class Csv:
    """The same rows as French spreadsheets open them; no total, to be read again."""

    def __init__(self, target, header, _total_label):
        self._text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._text, delimiter=";", lineterminator="\r\n")
        self._rows.writerow(header)

    def add(self, row):
        self._rows.writerow(map(csv_cell, astuple(row)))

    def end(self):
        self._text.detach()


def csv_cell(value):
    """Return a value as a French spreadsheet reads it; a text is never a formula."""
    match value:
        case None | False:
            return ""
        case date():
            return value.strftime("%d/%m/%Y")
        case float():
            return f"{value:.2f}".replace(".", ",")
        case str():
            return escape_formula(value)
    return str(value)


#: Writers, by the end of the file's name
WRITERS = {"xlsx": Spreadsheet, "csv": Csv}
