"""Right side of a page: title block, scale, counts, legend, where the sector lies."""

from . import symbols, text
from .scale import MM, Box, View, bar_length, box_of
from .sheets import COLUMN, MAP, counts_of

_PAD = 4 * MM
_LINE = 13
_COUNTED = ("buildings", "dwellings", "pbos", "cables", "links")


class Column:
    """Written from top to bottom: ``y`` is where the last line stands."""

    def __init__(self, canvas, plan, sheet, words):
        self.canvas, self.plan, self.sheet, self.words = canvas, plan, sheet, words
        self.left, self.right = COLUMN.left + _PAD, COLUMN.right - _PAD
        self.y = COLUMN.top

    def draw(self, left_out):
        """:param left_out: number of labels that found no room on the map"""
        self._title()
        self._scale()
        self._counts()
        self._legend()
        self._key_map()
        self._notes(left_out)
        self.canvas.setLineWidth(1)
        for box in (MAP, COLUMN):
            self.canvas.rect(box.left, box.bottom, box.width, box.height)

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def _title(self):
        plan, sheet, words = self.plan, self.sheet, self.words
        name = words["overview"]
        if sheet.sector:
            name = f"{words['sector']} S{sheet.shown + 1}"
        self._write(words["title"], text.PLAIN, 10)
        self._write(plan.reference, text.BOLD, 16, 8)
        for key in ("network", "commune", "date"):
            self._write(f"{words[key]} {getattr(plan, key)}", text.PLAIN, 9)
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
        label = f"{text.thousands(int(metres))} m"
        for words, x in (("0", self.left), (label, self.left + length)):
            text.write(canvas, words, x, self.y + 9, text.PLAIN, 8, 0.5)
        symbols.north(canvas, self.right - 10, self.y + 6, 16)
        text.write(canvas, "N", self.right - 10, self.y + 25, text.BOLD, 10, 0.5)
        self._rule(6)

    def _counts(self):
        columns = [(self.words["whole"], self.plan.counts, self.right)]
        if self.sheet.sector:
            name, counts = f"S{self.sheet.shown + 1}", counts_of(self.sheet.sector)
            columns.append((name, counts, self.right - 52))
        self.y -= _LINE
        for name, _counts, edge in columns:
            text.write(self.canvas, name, edge, self.y, text.BOLD, 8, 1)
        for key in _COUNTED:
            self._write(self.words[key], text.PLAIN, 9, 1)
            for _name, counts, edge in columns:
                number = text.thousands(counts[key]) if key in counts else ""
                text.write(self.canvas, number, edge, self.y, text.BOLD, 9, 1)
        self._rule(4)

    def _legend(self):
        self._write(self.words["legend"], text.BOLD, 9)
        for key, sign in self._signs(self.left + 14):
            self.y -= _LINE + 1
            sign(self.y + 3)
            start = self.left + 34
            words = text.fit(self.words[key], text.PLAIN, 8, self.right - start)
            text.write(self.canvas, words, start, self.y, text.PLAIN, 8)
        self._rule(4)

    def _signs(self, x):
        """Yield the key of each sign, and the function that draws it at a height."""
        canvas = self.canvas

        def building(state):
            return lambda y: symbols.buildings(canvas, state, [(x, y)], 3)

        def line(kind):
            return lambda y: symbols.lines(canvas, kind, [(x - 14, y, x + 14, y)])

        def sample(words, font):
            size = text.SMALLEST
            return lambda y: text.write(canvas, words, x, y - 3, font, size, 0.5)

        yield "pm", lambda y: symbols.pm(canvas, x, y, 6)
        yield "pbo", lambda y: symbols.pbos(canvas, [(x, y)], 4.2)
        for state in symbols.STATES:
            yield f"building_{state}", building(state)
        yield "number", sample("12 (4)", text.PLAIN)
        yield "street", sample("Abc", text.ITALIC)
        for kind in ("cable", "drop", "link"):
            yield kind, line(kind)
        yield "remote", lambda y: symbols.remote(canvas, x, y, 5)
        if self.sheet.sectors:
            yield "sector_frame", line("sector")

    def _key_map(self):
        """Show where the sector lies among the others."""
        sheet, canvas = self.sheet, self.canvas
        if not sheet.sector:
            return
        box = box_of([c for one in sheet.sectors for c in (one.box[:2], one.box[2:])])
        self.y -= 46 * MM + 4
        area = Box(self.left, self.y, self.right, self.y + 46 * MM)
        fitting = max(box.width / area.width, box.height / area.height)
        view = View(box.centre, 1000 * MM * fitting, area)
        canvas.setStrokeColor(symbols.SECTOR)
        canvas.setFillColor(symbols.PALE)
        for rank, sector in enumerate(sheet.sectors):
            frame = view.paper_box(sector.box)
            shown = rank == sheet.shown
            canvas.rect(*frame[:2], frame.width, frame.height, fill=shown)
        if self.plan.place and box.holds(*self.plan.place):
            symbols.pm(canvas, *view.paper(*self.plan.place), 3)
        self._rule(4)

    def _notes(self, left_out):
        notes = [self.words["schematic"]]
        for key, number in (("missing", self.plan.missing), ("left_out", left_out)):
            if number:
                notes.append(f"{self.words[key]} {text.thousands(number)}")
        for note in notes:
            for line in text.wrap(note, text.PLAIN, 8, self.right - self.left):
                self._write(line, text.PLAIN, 8)

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def _write(self, words, font, size, above=0):
        self.y -= size * 1.35 + above
        words = text.fit(words, font, size, self.right - self.left)
        text.write(self.canvas, words, self.left, self.y, font, size)

    def _rule(self, above=0):
        self.y -= 6 + above
        self.canvas.setStrokeColor(symbols.BLACK)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(COLUMN.left, self.y, COLUMN.right, self.y)
