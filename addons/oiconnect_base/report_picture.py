"""Bars drawn as a PNG picture, for mails: their readers have no JavaScript.

Plain Python: no ORM. A picture is drawn at twice the size at which it is shown, so that
it is sharp on every screen.
"""

import io
from functools import cache
from pathlib import Path
from typing import NamedTuple

import reportlab
from PIL import Image, ImageDraw, ImageFont

HIDPI_SCALE = 2
# Pixels as they are shown
WIDTH, MARGIN, GAP = 640, 8, 8
ROW, BAR, LABELS = 24, 14, 220
COLUMNS, COLUMN_LABELS, VALUES, MAX_COLUMN = 160, 70, 56, 40
TEXT, SMALL = 12, 10
PAPER, INK, MUTED, AXIS = "#ffffff", "#212529", "#5f6368", "#ced4da"
#: colours of the statistics' pages; what is marked says so in words too
PLAIN, MARKED = "#3b6fb6", "#b3541e"
# Spaces of numbers, which the font lacks
SPACES = {0x202F: " ", 0xA0: " "}
CUT = "…"


class Bar(NamedTuple):
    """A bar: its label, its length, and its value as it is read.

    :param value: at least 0
    :param marked: whether it is to be looked at
    """

    label: str
    value: float
    text: str
    marked: bool = False


def to_png(bars, upright=False):
    """Return the bytes of a picture of ``bars`` and its height in pixels.

    :param upright: columns side by side, as months are
    """
    draw = _draw_columns if upright else _draw_rows
    rows = ROW * max(1, len(bars))
    height = 2 * MARGIN + (COLUMNS + COLUMN_LABELS + VALUES if upright else rows)
    image = Image.new("RGB", (WIDTH * HIDPI_SCALE, height * HIDPI_SCALE), PAPER)
    draw(image, bars)
    target = io.BytesIO()
    # Few colours: a sixth of the size
    image.quantize(32).save(target, "PNG", optimize=True)
    return target.getvalue(), height


def to_alt(title, bars):
    """Return what the picture says, for who does not see it."""
    return f"{title} – " + "; ".join(f"{bar.label} {bar.text}" for bar in bars)


@cache
def _font(size, bold=False):
    """Return the font that comes with reportlab, as the plans of PMs have it."""
    name = "VeraBd.ttf" if bold else "Vera.ttf"
    path = Path(reportlab.__file__).parent / "fonts" / name
    return ImageFont.truetype(str(path), size * HIDPI_SCALE)


def _draw_rows(image, bars):
    """Draw bars from left to right, one under the other."""
    pen = ImageDraw.Draw(image)
    font, bold = _font(TEXT), _font(TEXT, bold=True)
    values = [bar.text.translate(SPACES) for bar in bars]
    longest = max([bold.getlength(text) for text in values], default=0) / HIDPI_SCALE
    left = MARGIN + LABELS + GAP
    room = WIDTH - MARGIN - GAP - longest - left
    most = max((bar.value for bar in bars), default=0) or 1
    pen.line(
        _sharp(left, MARGIN, left, image.height / HIDPI_SCALE - MARGIN),
        AXIS,
        HIDPI_SCALE,
    )
    for rank, (bar, text) in enumerate(zip(bars, values, strict=True)):
        middle = MARGIN + ROW * rank + ROW / 2
        end = left + _length(bar, most, room)
        label = _fit(bar.label, font, LABELS)
        pen.text(_sharp(left - GAP, middle), label, INK, font, "rm")
        if bar.value:
            place = (left, middle - BAR / 2, end, middle + BAR / 2)
            pen.rectangle(_sharp(*place), _ink(bar))
        pen.text(_sharp(end + GAP, middle), text, INK, bold, "lm")


def _draw_columns(image, bars):
    """Draw bars from the bottom up, side by side; their words read upwards."""
    pen, base = ImageDraw.Draw(image), MARGIN + VALUES + COLUMNS
    step = min(MAX_COLUMN, (WIDTH - 2 * MARGIN) / max(1, len(bars)))
    most = max((bar.value for bar in bars), default=0) or 1
    pen.line(_sharp(MARGIN, base, WIDTH - MARGIN, base), AXIS, HIDPI_SCALE)
    for rank, bar in enumerate(bars):
        left, length = MARGIN + step * rank, _length(bar, most, COLUMNS)
        middle = left + step / 2
        if length:
            place = (left + 2, base - length, left + step - 2, base)
            pen.rectangle(_sharp(*place), _ink(bar))
        label = _upwards(bar.label, MUTED, COLUMN_LABELS)
        image.paste(label, _corner(label, middle, base + 4))
        value = _upwards(bar.text, INK, VALUES)
        top = base - length - 3 - value.height / HIDPI_SCALE
        image.paste(value, _corner(value, middle, top))


def _upwards(text, ink, room):
    """Return the picture of a text that reads from the bottom up."""
    font = _font(SMALL)
    text = _fit(text, font, room)
    size = (int(font.getlength(text)) + 2, (SMALL + 4) * HIDPI_SCALE)
    written = Image.new("RGB", size, PAPER)
    ImageDraw.Draw(written).text((0, size[1] / 2), text, ink, font, "lm")
    return written.rotate(90, expand=True)


def _corner(picture, middle, top):
    return int(middle * HIDPI_SCALE - picture.width / 2), int(top * HIDPI_SCALE)


def _length(bar, most, room):
    """Return the length of a bar; what is not zero is seen."""
    return max(2, room * bar.value / most) if bar.value else 0


def _ink(bar):
    return MARKED if bar.marked else PLAIN


def _sharp(*places):
    return [HIDPI_SCALE * place for place in places]


def _fit(label, font, room):
    """Return the label, or its beginning where it is longer than ``room``."""
    label = label.translate(SPACES)
    while label and font.getlength(label) > room * HIDPI_SCALE:
        label = label.removesuffix(CUT)[:-1] + CUT if label != CUT else ""
    return label
