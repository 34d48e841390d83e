"""Texts of a plan, in one font that each file carries: all readers show it alike."""

from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from .symbols import BLACK, WHITE

PLAIN, BOLD, ITALIC = "Vera", "VeraBd", "VeraIt"
#: what the A3 page, printed on A4, still lets read: 5 points
SMALLEST = 7


@cache
def load_fonts():
    """Register the fonts that come with reportlab."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (PLAIN, BOLD, ITALIC):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


@cache
def _widths(font):
    return pdfmetrics.getFont(font).face.charWidths


def width(text, font, size):
    """Return the length of a text in points."""
    widths = _widths(font)
    missing = pdfmetrics.getFont(font).face.defaultWidth
    return sum(widths.get(ord(sign), missing) for sign in text) * size / 1000


def fit(text, font, size, room):
    """Return the text, or as much of its beginning as ``room`` points hold."""
    if width(text, font, size) <= room:
        return text
    while text and width(f"{text}…", font, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def thousands(number):
    return f"{number:,}".replace(",", "\u00a0")


def write(canvas, words, x, y, font, size, align=0.0):
    """Write in black; ``align``: 0 from x on, 0.5 around it, 1 up to it."""
    canvas.setFillColor(BLACK)
    canvas.setFont(font, size)
    canvas.drawString(x - align * width(words, font, size), y, words)


def with_halo(canvas, text, x, y, font, size, colour):
    """Write a text on what lies below it, with a white edge around its letters."""
    written = canvas.beginText()
    written.setFont(font, size)
    written.setFillColor(colour)
    canvas.setStrokeColor(WHITE)
    canvas.setLineWidth(2.2)
    for mode in (1, 0):
        written.setTextOrigin(x, y)
        written.setTextRenderMode(mode)
        written.textOut(text)
    canvas.drawText(written)


def wrap(words, font, size, room):
    """Return the text as lines of ``room`` points at the most."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, font, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
