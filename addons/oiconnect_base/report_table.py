"""Tables of numbers as a mail shows them, with pictures, and as a spreadsheet has them.

Plain Python: no ORM.
"""

import io
from typing import Any, NamedTuple

import xlsxwriter
from markupsafe import Markup

from .report_picture import WIDTH, Bar, to_alt, to_png

# Characters that a sheet's name may not have, and its length
REFUSED = dict.fromkeys(map(ord, "[]:*?/\\'"), " ")
NAME_LENGTH = 31
WIDTHS = (48, 16)
CELL = "padding:4px 12px;border-bottom:1px solid #ddd"
TABLE = "border-collapse:collapse;width:100%;margin-bottom:24px"
#: of the identifiers of pictures within a mail
DOMAIN = "@oiconnect"


class Table(NamedTuple):
    """A table of numbers: texts are left, numbers right.

    :param note: a sentence under the title
    :param bars: of its picture, if it has one
    :param upright: whether these are columns side by side
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    bars: tuple[Bar, ...] = ()
    upright: bool = False


class Picture(NamedTuple):
    """The picture of a table, as a file and as a mail shows it."""

    name: str
    content: bytes
    html: Markup


def to_pictures(tables, prefix):
    """Return ``{rank of the table: Picture}`` for the tables that have one.

    :param prefix: of the names of files
    """
    return {
        rank: _picture(table, f"{prefix}-{rank + 1}.png")
        for rank, table in enumerate(tables)
        if table.bars
    }


def _picture(table, name):
    content, height = to_png(table.bars, table.upright)
    html = Markup(
        '<p><img src="cid:%s" alt="%s" width="%s" height="%s" '
        'style="max-width:100%%;height:auto"/></p>'
    ) % (name + DOMAIN, to_alt(table.title, table.bars), WIDTH, height)
    return Picture(name, content, html)


def to_html(tables, number=str, pictures=None):
    """Return the tables as a mail shows them, with no style sheet.

    :param number: writes a number in the reader's language
    :param pictures: what ``to_pictures`` returned of the tables
    """
    shown = {rank: picture.html for rank, picture in (pictures or {}).items()}
    return Markup().join(
        _html_table(table, number, shown.get(rank, Markup()))
        for rank, table in enumerate(tables)
    )


def _html_table(table, number, picture):
    sides = _sides(table)
    rows = Markup().join(_html_row(row, sides, number) for row in table.rows)
    note = Markup("<p>%s</p>") % table.note if table.note else Markup()
    heads = Markup().join(
        Markup('<th style="%s;text-align:%s">%s</th>') % (CELL, side, column)
        for side, column in zip(sides, table.columns, strict=False)
    )
    return (
        Markup(
            '<h3>%s</h3>%s%s<table style="%s"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        )
        % (table.title, note, picture, TABLE, heads, rows)
        if table.rows
        else Markup("<h3>%s</h3>%s") % (table.title, note)
    )


def _html_row(row, sides, number):
    cells = Markup().join(
        Markup('<td style="%s;text-align:%s">%s</td>')
        % (CELL, side, number(value) if _is_number(value) else value)
        for side, value in zip(sides, row, strict=True)
    )
    return Markup("<tr>%s</tr>") % cells


def _sides(table):
    """Return the side of each column: right where one of its cells is a number."""
    return [
        "right" if any(map(_is_number, cells)) else "left"
        for cells in zip(*table.rows, strict=True)
    ]


def _is_number(value):
    return isinstance(value, int | float)


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
