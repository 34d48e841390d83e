"""Tables of numbers as a mail shows them and as a spreadsheet has them.

Plain Python: no ORM.
"""

import io
from typing import Any, NamedTuple

import xlsxwriter
from markupsafe import Markup

# Characters that a sheet's name may not have, and its length
REFUSED = dict.fromkeys(map(ord, "[]:*?/\\'"), " ")
NAME_LENGTH = 31
WIDTHS = (48, 16)
CELL = "padding:4px 12px;border-bottom:1px solid #ddd"


class Table(NamedTuple):
    """A table of numbers: texts are left, numbers right.

    :param note: a sentence under the title
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""


def to_html(tables, number=str):
    """Return the tables as a mail shows them, with no style sheet.

    :param number: writes a number in the reader's language
    """
    return Markup().join(_html_table(table, number) for table in tables)


def _html_table(table, number):
    cells = Markup().join(_html_row(row, number) for row in table.rows)
    note = Markup("<p>%s</p>") % table.note if table.note else Markup()
    heads = Markup().join(
        Markup('<th style="%s;text-align:%s">%s</th>')
        % (CELL, "right" if rank else "left", column)
        for rank, column in enumerate(table.columns)
    )
    return (
        Markup(
            '<h3>%s</h3>%s<table style="border-collapse:collapse"><thead><tr>%s</tr>'
            "</thead><tbody>%s</tbody></table>"
        )
        % (table.title, note, heads, cells)
        if table.rows
        else Markup("<h3>%s</h3>%s") % (table.title, note)
    )


def _html_row(row, number):
    cells = Markup().join(
        Markup('<td style="%s;text-align:right">%s</td>') % (CELL, number(value))
        if isinstance(value, int | float)
        else Markup('<td style="%s">%s</td>') % (CELL, value)
        for value in row
    )
    return Markup("<tr>%s</tr>") % cells


def to_xlsx(tables):
    """Return the bytes of a workbook with a sheet for each table."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        names = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.title, names))
            sheet.freeze_panes(1, 0)
            for column, head in enumerate(table.columns):
                sheet.write(0, column, head, bold)
                sheet.set_column(column, column, WIDTHS[bool(column)])
            for rank, row in enumerate(table.rows, 1):
                for column, value in enumerate(row):
                    sheet.write(rank, column, value)
    return target.getvalue()


def _sheet_name(title, taken):
    """Return a name for a sheet that no other one has."""
    base = title.translate(REFUSED).strip()[:NAME_LENGTH] or "-"
    name, rank = base, 1
    while name.lower() in taken:
        rank += 1
        name = f"{base[: NAME_LENGTH - 4]} {rank}"
    taken.add(name.lower())
    return name
