"""Spreadsheets of the reports for technicians. No ORM.

A row is written at a time: many lines take no more memory than few.
"""

import xlsxwriter

# What a sheet holds besides its header
SHEET_ROWS = 1_048_575
# Colours on which white is read, by how light they are (0 to 255)
_DARK = 140


class TooManyRows(Exception):
    """More rows than a sheet holds."""


class Workbook:
    """Sheets of rows; a cell with a colour is a pair (text, "#rrggbb")."""

    def __init__(self, target):
        options = {"constant_memory": True, "strings_to_formulas": False}
        self._book = xlsxwriter.Workbook(target, options)
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._formats = {}

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._book.close()

    def sheet(self, name, header, widths):
        """Return what adds a row to a new sheet."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, (text, width) in enumerate(zip(header, widths, strict=True)):
            sheet.set_column(column, column, max(width, len(text) * 1.2))
            sheet.write_string(0, column, text, self._bold)
        rank = 0

        def add(cells):
            nonlocal rank
            rank += 1
            if rank > SHEET_ROWS:
                raise TooManyRows
            for column, cell in enumerate(cells):
                self._write(sheet, rank, column, cell)

        return add

    def _write(self, sheet, row, column, cell):
        style = None
        if isinstance(cell, tuple):
            cell, colour = cell
            style = self._style(colour) if colour else None
        if isinstance(cell, int | float):
            sheet.write_number(row, column, cell, style)
        elif cell:
            sheet.write_string(row, column, cell, style)

    def _style(self, colour):
        if colour not in self._formats:
            ink = "#ffffff" if is_dark(colour) else "#000000"
            options = {"bg_color": colour, "font_color": ink}
            self._formats[colour] = self._book.add_format(options)
        return self._formats[colour]


def is_dark(colour):
    """Tell whether white is read better on "#rrggbb" than black."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < _DARK
