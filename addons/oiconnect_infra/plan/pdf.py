"""The PDF of a plan: map, title block and legend of each page.

Nothing comes from the clock, from an identity or from chance: the same plan gives the
same bytes.
"""

import io

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from . import symbols, text
from .ground import Ground
from .scale import MM, View, bar_length, box_of
from .sheets import COLUMN, HEIGHT, MAP, WIDTH, counts_of, sheets

_PAD = 4 * MM
_LINE = 13
COUNTED = ("buildings", "dwellings", "pbos", "cables", "links")


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
        _Column(canvas, plan, sheet, words).draw(ground.left_out)
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


class _Column:
    """Right side of a page, written from top to bottom."""

    def __init__(self, canvas, plan, sheet, words):
        self.canvas, self.plan, self.sheet, self.words = canvas, plan, sheet, words
        self.left, self.right = COLUMN.left + _PAD, COLUMN.right - _PAD
        self.y = COLUMN.top

    def draw(self, left_out):
        canvas = self.canvas
        canvas.setStrokeColor(symbols.BLACK)
        canvas.setLineWidth(1)
        canvas.rect(COLUMN.left, COLUMN.bottom, COLUMN.width, COLUMN.height)
        self._title()
        self._scale()
        self._counts()
        self._legend()
        self._key_map()
        self._notes(left_out)

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def _title(self):
        plan, sheet, words = self.plan, self.sheet, self.words
        self._write(words["title"], text.PLAIN, 10)
        self._write(plan.reference, text.BOLD, 16, 8)
        self._write(f"{words['network']} {plan.network}", text.PLAIN, 9)
        self._write(f"{words['commune']} {plan.commune}", text.PLAIN, 9)
        self._write(f"{words['date']} {plan.date}", text.PLAIN, 9)
        name = words["overview"]
        if sheet.sector:
            name = f"{words['sector']} S{sheet.shown + 1}"
        self._write(name, text.BOLD, 11, 5)
        self._write(f"{words['sheet']} {sheet.number} / {sheet.count}", text.PLAIN, 9)
        self._rule()

    def _scale(self):
        canvas, view = self.canvas, self.sheet.view
        scale = text.thousands(view.denominator)
        self._write(f"{self.words['scale']} 1:{scale} (A3)", text.PLAIN, 9)
        metres, parts = bar_length(view.denominator, 48 * MM)
        length = metres * view.points_per_metre
        self.y -= 24
        symbols.bar(canvas, self.left, self.y, parts, length)
        canvas.setFillColor(symbols.BLACK)
        canvas.setFont(text.PLAIN, 8)
        canvas.drawString(self.left, self.y + 9, "0")
        label = f"{text.thousands(int(metres))} m"
        canvas.drawCentredString(self.left + length, self.y + 9, label)
        symbols.north(canvas, self.right - 10, self.y + 6, 16, text.BOLD)
        self.y -= 6
        self._rule()

    def _counts(self):
        canvas, words = self.canvas, self.words
        columns = [(words["whole"], self.plan.counts)]
        if self.sheet.sector:
            name = f"S{self.sheet.shown + 1}"
            columns.insert(0, (name, counts_of(self.sheet.sector)))
        edges = [self.right - 52 * rank for rank in range(len(columns))][::-1]
        self.y -= _LINE
        canvas.setFont(text.BOLD, 8)
        for edge, (name, _counts) in zip(edges, columns, strict=True):
            canvas.drawRightString(edge, self.y, name)
        for key in COUNTED:
            self.y -= _LINE
            canvas.setFont(text.PLAIN, 9)
            canvas.drawString(self.left, self.y, words[key])
            canvas.setFont(text.BOLD, 9)
            for edge, (_name, counts) in zip(edges, columns, strict=True):
                number = text.thousands(counts[key]) if key in counts else ""
                canvas.drawRightString(edge, self.y, number)
        self.y -= 4
        self._rule()

    def _legend(self):
        canvas, words = self.canvas, self.words
        self._write(words["legend"], text.BOLD, 9)
        middle = self.left + 14
        symbols_drawn = [
            ("pm", lambda y: symbols.pm(canvas, middle, y, 6)),
            ("pbo", lambda y: symbols.pbos(canvas, [(middle, y)], 4.2)),
            *(
                (f"building_{state}", self._building_sign(state, middle))
                for state in symbols.STATES
            ),
            ("number", lambda y: self._sample(middle, y, "12 (4)")),
            ("street", lambda y: self._sample(middle, y, "Abc", text.ITALIC)),
            *((kind, self._line_sign(kind)) for kind in ("cable", "drop", "link")),
            ("remote", lambda y: symbols.remote(canvas, middle, y, 5)),
        ]
        if self.sheet.sectors:
            symbols_drawn.append(("sector_frame", self._line_sign("sector")))
        for key, sign in symbols_drawn:
            self.y -= _LINE + 1
            sign(self.y + 3)
            canvas.setFillColor(symbols.BLACK)
            canvas.setFont(text.PLAIN, 8)
            start = self.left + 34
            canvas.drawString(
                start,
                self.y,
                text.fit(words[key], text.PLAIN, 8, self.right - start),
            )
        self.y -= 4
        self._rule()

    def _building_sign(self, state, middle):
        return lambda y: symbols.buildings(self.canvas, state, [(middle, y)], 3)

    def _line_sign(self, kind):
        return lambda y: symbols.lines(
            self.canvas, kind, [(self.left, y, self.left + 28, y)]
        )

    def _sample(self, middle, y, sample, font=text.PLAIN):
        self.canvas.setFillColor(symbols.BLACK)
        self.canvas.setFont(font, text.SMALLEST)
        self.canvas.drawCentredString(middle, y - 3, sample)

    def _key_map(self):
        """Show where the sector lies among the others."""
        sheet, canvas = self.sheet, self.canvas
        if not sheet.sector:
            return
        corners = [c for one in sheet.sectors for c in (one.box[:2], one.box[2:])]
        box = box_of(corners)
        room, high = self.right - self.left, 46 * MM
        self.y -= high + 4
        area = type(box)(self.left, self.y, self.right, self.y + high)
        largest = 1000 * MM * max(box.width / room, box.height / high)
        view = View(box.centre, largest, area)
        canvas.setStrokeColor(symbols.SECTOR)
        canvas.setLineWidth(0.5)
        canvas.setFillColor(symbols.PALE)
        for rank, sector in enumerate(sheet.sectors):
            x, y, right, top = view.paper_box(sector.box)
            canvas.rect(x, y, right - x, top - y, fill=rank == sheet.shown)
        if self.plan.place and box.holds(*self.plan.place):
            symbols.pm(canvas, *view.paper(*self.plan.place), 3)
        self.y -= 4
        self._rule()

    def _notes(self, left_out):
        words = self.words
        notes = [words["schematic"]]
        if self.plan.missing:
            notes.append(f"{words['missing']} {text.thousands(self.plan.missing)}")
        if left_out:
            notes.append(f"{words['left_out']} {text.thousands(left_out)}")
        for note in notes:
            for line in text.wrap(note, text.PLAIN, 8, self.right - self.left):
                self._write(line, text.PLAIN, 8)

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def _write(self, words, font, size, above=0):
        self.y -= size * 1.35 + above
        self.canvas.setFillColor(symbols.BLACK)
        self.canvas.setFont(font, size)
        room = self.right - self.left
        self.canvas.drawString(self.left, self.y, text.fit(words, font, size, room))

    def _rule(self):
        self.y -= 6
        self.canvas.setStrokeColor(symbols.BLACK)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(COLUMN.left, self.y, COLUMN.right, self.y)
