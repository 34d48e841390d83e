"""Draws optical paths as SVG: one row a path, what they share drawn once.

Boxes are what light goes through (PRDM, position, splice, PBO, PTO), strokes are
fibres: the sheath, the tube inside it and the fibre inside the tube, in their
colours, each colour named beside the stroke.
"""

from dataclasses import dataclass, field

from markupsafe import Markup

from . import shapes

MARGIN, HEAD, TITLE, STROKE_ROW, FLAW_ROW = 12, 26, 20, 106, 17
NARROWEST, PAPER = 640, 1000
WIDTHS = {
    "prdm": 122,
    "transport": 156,
    "transport_splice": 116,
    "link_fibre": 160,
    "position": 138,
    "fibre": 156,
    "splice": 116,
    "pbo": 138,
    "connector": 92,
    "pto": 138,
}
STROKES = ("transport", "link_fibre", "fibre", "connector")
#: role of a box: that of the strokes between which it stands
BETWEEN = {"transport_splice": "transport", "splice": "fibre"}


@dataclass
class Column:
    """A column of the drawing; fibres and splices have one for each rank."""

    role: str
    rank: int = 0
    x: float = 0
    width: float = 0


@dataclass
class Cell:
    """A hop where it is drawn: rows ``top`` to ``bottom``, from ``x`` on."""

    hop: object
    column: Column
    x: float
    width: float
    row: int
    last_row: int


@dataclass
class Layout:
    """Positions of all that is drawn."""

    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    cells: list = field(default_factory=list)
    width: float = 0
    height: float = 0


@dataclass
class Row:
    line: object
    y: float
    height: float

    @property
    def axis(self):
        """Height of the strokes."""
        return self.y + TITLE + 46


def draw(lines, labels, here_label):
    """Return the SVG of ``lines``.

    :param labels: ``{role: heading of its column}``
    :param here_label: what is written at the point one has started from
    """
    layout = lay_out(lines)
    parts = [shapes.background(layout.width, layout.height)]
    parts += [
        shapes.heading(column.x, column.width, labels.get(column.role, ""))
        for column in layout.columns
        if column.width
    ]
    for rank, row in enumerate(layout.rows):
        parts += _row(layout, rank, row)
    # Strokes first: boxes cover their ends.
    for strokes in (True, False):
        parts += [
            _cell(layout, cell)
            for cell in layout.cells
            if (cell.column.role in STROKES) is strokes
        ]
    parts += _here(layout, here_label)
    return shapes.svg(layout.width, layout.height, Markup("\n").join(parts))


def paged(lines, ratio):
    """Share the lines among drawings of one scale, each on a page at most.

    :param ratio: height of a page beside its width
    :return: ``[(lines, part of the width of the page that their drawing takes)]``
    """
    width = max(_width(lines), PAPER)
    pages = []
    for line in lines:
        if pages and _height([*pages[-1], line]) <= ratio * width:
            pages[-1].append(line)
        else:
            pages.append([line])
    return [(page, _width(page) / width) for page in pages]


def _height(lines):
    return MARGIN + HEAD + sum(_row_height(line) for line in lines) + MARGIN


def _width(lines):
    columns = _columns([_place(line) for line in lines])
    return max(sum(column.width for column in columns) + 2 * MARGIN, NARROWEST)


# ----------------------------------------------------------------------
# Layout
# ----------------------------------------------------------------------


def lay_out(lines):
    """Place the hops of the lines in rows and columns."""
    layout = Layout()
    placed = [_place(line) for line in lines]
    layout.columns = _columns(placed)
    _set_rows(layout, lines)
    by_key = {(column.role, column.rank): column for column in layout.columns}
    for row, hops in enumerate(placed):
        for key, hop in hops:
            column = by_key[key]
            layout.cells.append(Cell(hop, column, column.x, column.width, row, row))
    _stretch(layout)
    _merge(layout)
    return layout


def _place(line):
    """Return ``[((role, rank), hop)]`` of a line."""
    placed, strokes = [], dict.fromkeys(BETWEEN.values(), 0)
    for hop in line.hops:
        rank = 0
        if hop.role in strokes:
            rank = strokes[hop.role]
            strokes[hop.role] += 1
        elif hop.role in BETWEEN:
            rank = max(strokes[BETWEEN[hop.role]] - 1, 0)
        placed.append(((hop.role, rank), hop))
    return placed


def _columns(placed):
    """Return the columns that the lines use, from left to right."""
    used = {key for hops in placed for key, _hop in hops}
    order = [("prdm", 0), *_ranks(used, "transport", "transport_splice")]
    order += [(role, 0) for role in ("link_fibre", "position")]
    order += _ranks(used, "fibre", "splice")
    order += [(role, 0) for role in ("pbo", "connector", "pto")]
    columns, x = [], MARGIN
    for role, rank in order:
        if (role, rank) in used:
            columns.append(Column(role, rank, x, WIDTHS[role]))
            x += WIDTHS[role]
    return columns


def _ranks(used, stroke, box):
    """Return the columns of strokes one behind the other, with the boxes between."""
    deepest = max((rank for role, rank in used if role == stroke), default=-1)
    return [(role, rank) for rank in range(deepest + 1) for role in (stroke, box)]


def _set_rows(layout, lines):
    y = MARGIN + HEAD
    for line in lines:
        height = _row_height(line)
        layout.rows.append(Row(line, y, height))
        y += height
    layout.height = y + MARGIN
    last = layout.columns[-1] if layout.columns else Column("pto", 0, MARGIN, 0)
    layout.width = max(last.x + last.width + MARGIN, NARROWEST)


def _row_height(line):
    """Return the height of a line: below the strokes, mild flaws share one row."""
    mild = sum(flaw.is_mild for flaw in line.flaws)
    return TITLE + STROKE_ROW + FLAW_ROW * (len(line.flaws) - mild + bool(mild))


def _stretch(layout):
    """Let each stroke reach the next box of its row."""
    for before, after in zip(layout.cells, layout.cells[1:], strict=False):
        if before.row == after.row and before.column.role in STROKES:
            before.width = after.x - before.x


def _merge(layout):
    """Draw once what neighbouring rows share."""
    merged, latest = [], {}
    for cell in layout.cells:
        above = latest.get(id(cell.column))
        if above and _is_shared(above, cell):
            above.last_row = cell.row
            above.hop.is_here |= cell.hop.is_here
            continue
        latest[id(cell.column)] = cell
        merged.append(cell)
    layout.cells = merged


def _is_shared(above, cell):
    one, other = above.hop, cell.hop
    return (
        not (one.flaw or other.flaw)
        and cell.column.role != "connector"
        and above.last_row == cell.row - 1
        and (one.model, one.id) == (other.model, other.id)
    )


# ----------------------------------------------------------------------
# Drawing
# ----------------------------------------------------------------------


def _row(layout, rank, row):
    line = row.line
    x = next((c.x for c in layout.columns if c.role in ("position", "fibre")), MARGIN)
    parts = [shapes.row_line(MARGIN, layout.width - MARGIN, row.y)]
    above = _free_width(layout, x, lambda cell: cell.row < rank <= cell.last_row)
    parts.append(shapes.row_title(x, row.y + 15, above, line))
    y = row.y + TITLE + STROKE_ROW + 8
    below = _free_width(layout, x, lambda cell: cell.row <= rank < cell.last_row)
    mild = [flaw for flaw in line.flaws if flaw.is_mild]
    serious = [flaw for flaw in line.flaws if not flaw.is_mild]
    for number, flaw in enumerate(serious):
        parts.append(shapes.flaw_line(x, y + FLAW_ROW * number, below, flaw))
    if mild:
        y += FLAW_ROW * len(serious)
        parts.append(shapes.mild_line(x, y, below, mild))
    return parts


def _free_width(layout, x, crosses):
    """Return the width from ``x`` to the first box that crosses the row."""
    ends = [cell.x for cell in layout.cells if cell.x > x and crosses(cell)]
    return min([layout.width - MARGIN, *ends]) - x


def _cell(layout, cell):
    first, last = layout.rows[cell.row], layout.rows[cell.last_row]
    if cell.column.role in STROKES:
        if cell.last_row > cell.row:
            rows = layout.rows[cell.row : cell.last_row + 1]
            return shapes.split_stroke(cell, [row.axis for row in rows])
        return shapes.stroke(cell, first.axis)
    return shapes.box(cell, first.axis, last.axis)


def _here(layout, label):
    """Mark what one has started from; the words are written once."""
    marks = []
    for cell in layout.cells:
        if cell.hop.is_here:
            top = layout.rows[cell.row].axis
            bottom = layout.rows[cell.last_row].axis
            shown = "" if marks else label
            is_stroke = cell.column.role in STROKES
            marks.append(shapes.here(cell, top, bottom, shown, is_stroke))
    return marks
