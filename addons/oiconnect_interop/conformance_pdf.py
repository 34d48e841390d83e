"""The PDF report of a run of conformance. Plain Python; signed afterwards."""

import io
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer

from odoo.addons.oiconnect_infra.plan.text import BOLD, PLAIN, load_fonts

_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=22)
_TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=13)
_CELL = ParagraphStyle("cell", fontName=PLAIN, fontSize=7, leading=9)
_HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=7, leading=9)
#: width of the columns of steps: number, step, to do, sent, expected, got, result
_WIDTHS = [w * mm for w in (13, 35, 68, 52, 35, 52, 18)]
_TINTS = {
    "passed": colors.HexColor("#dcfce7"),
    "differs": colors.HexColor("#fee2e2"),
    "waiting": colors.HexColor("#fef3c7"),
}


def draw(title, facts, header, rows):
    """Return the report as PDF.

    :param facts: ``[(what, text)]`` above the steps
    :param header: titles of the columns
    :param rows: ``[(state, texts)]``, one a step
    """
    load_fonts()
    content = io.BytesIO()
    document = SimpleDocTemplate(
        content,
        pagesize=landscape(A4),
        title=title,
        leftMargin=12 * mm,
        rightMargin=12 * mm,
        topMargin=12 * mm,
        bottomMargin=14 * mm,
    )
    lines = [
        Paragraph(f"{escape(what)} : <b>{escape(text)}</b>", _TEXT)
        for what, text in facts
    ]
    story = [Paragraph(escape(title), _TITLE), *lines, Spacer(1, 5 * mm)]
    story.append(_table(header, rows))
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return content.getvalue()


def _table(header, rows):
    cells = [[Paragraph(escape(text), _HEAD) for text in header]]
    cells += [[_cell(text) for text in texts] for _state, texts in rows]
    tints = [
        ("BACKGROUND", (-1, number), (-1, number), _TINTS[state])
        for number, (state, _texts) in enumerate(rows, 1)
    ]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#9ca3af")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f3f4f6")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return LongTable(cells, _WIDTHS, repeatRows=1, style=style + tints)


def _cell(text):
    return Paragraph(escape(text or "").replace("\n", "<br/>"), _CELL)


def _number(canvas, document):
    canvas.setFont(PLAIN, 7)
    canvas.drawRightString(landscape(A4)[0] - 12 * mm, 8 * mm, str(document.page))
