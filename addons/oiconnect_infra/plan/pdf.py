"""The PDF of a plan: map, title block and legend of each page.

Nothing comes from the clock, from an identity or from chance: the same plan gives the
same bytes.
"""

import io

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from . import text
from .column import Column
from .ground import Ground
from .sheets import COLUMN, HEIGHT, MAP, WIDTH, sheets


def draw(plan, words):
    """Return the plan as PDF.

    :param words: texts of the title block and the legend: {key: text}
    """
    text.load_fonts()
    content = io.BytesIO()
    canvas = _canvas(content, f"{words['title']} {plan.reference}", plan.network)
    for sheet in sheets(plan):
        ground = Ground(canvas, plan, sheet)
        ground.draw()
        Column(canvas, plan, sheet, words).draw(ground.left_out)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def picture(image, title, author):
    """Return a picture, as bytes, as PDF of one page."""
    content = io.BytesIO()
    canvas = _canvas(content, title, author)
    reader = ImageReader(io.BytesIO(image))
    canvas.drawImage(
        reader,
        MAP.left,
        MAP.bottom,
        COLUMN.right - MAP.left,
        MAP.height,
        preserveAspectRatio=True,
        mask="auto",
    )
    canvas.showPage()
    canvas.save()
    return content.getvalue()


def _canvas(content, title, author):
    canvas = Canvas(content, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    return canvas
