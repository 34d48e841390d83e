"""Workbooks and csv whose text cells are never formulas or links.

Operators type what is exported: a cell that begins like a formula, or like a link,
would be run or followed by the spreadsheet of who opens the file. xlsxwriter makes
formulas of texts unless an option says no, and Odoo's exports do not set it. Who wants
a formula writes it by ``write_formula``.
"""

import re

import xlsxwriter
from markupsafe import Markup

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?").fullmatch


def escape_formula(cell):
    """Keep a spreadsheet from running a cell of a csv; a signed number is left."""
    if cell.startswith(_FORMULA) and not _NUMBER(cell):
        return f"'{cell}"
    return cell


class TextWorkbook(xlsxwriter.Workbook):
    def add_worksheet(self, *args, **kwargs):
        sheet = super().add_worksheet(*args, **kwargs)
        for kind in (str, Markup):
            sheet.add_write_handler(kind, _write_text)
        return sheet


def _write_text(sheet, row, column, text, style=None):
    # What is empty is a cell without content, as ever.
    return sheet.write_string(row, column, text, style) if text else None


xlsxwriter.Workbook = TextWorkbook
