"""Signs of a plan. Kinds and states differ by their form, so that grey print tells
them apart; each colour is dark enough to be read on paper.
"""

from reportlab.lib.colors import HexColor

# Not as texts: reportlab would read each of them again, for a third of the time.
BLACK, GREY, PALE, WHITE = map(HexColor, (0x111827, 0x4B5563, 0x9CA3AF, 0xFFFFFF))
PM, PBO, BUILDING = BLACK, HexColor(0x1D4ED8), HexColor(0x166534)
CABLE, DROP, LINK, SECTOR = map(HexColor, (0xB45309, 0x6B7280, 0x7E22CE, 0xBE123C))
#: {kind: colour, width, dashes}: no two lines are dashed alike
LINES = {
    "cable": (CABLE, 1.1, ()),
    "drop": (DROP, 0.5, (1.5, 1.5)),
    "link": (LINK, 1.6, (8, 2, 2, 2)),
    "sector": (SECTOR, 1.0, (6, 3)),
}
STATES = ("planned", "on_demand", "deploying", "deployed")


def lines(canvas, kind, segments):
    """Stroke ``(x1, y1, x2, y2)`` as one path."""
    colour, width, dashes = LINES[kind]
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(width)
    canvas.setDash(*([list(dashes)] if dashes else []))
    canvas.lines(segments)
    canvas.setDash()


def rectangle(canvas, kind, box):
    colour, width, dashes = LINES[kind]
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(width)
    canvas.setDash(list(dashes))
    canvas.rect(box.left, box.bottom, box.width, box.height)
    canvas.setDash()


def buildings(canvas, state, places, half):
    """Draw squares: hollow, with a bar, half full, full, as far as they are built."""
    if not places:
        return
    canvas.setStrokeColor(BUILDING)
    canvas.setLineWidth(min(0.8, half / 2))
    canvas.setFillColor(BUILDING if state == "deployed" else WHITE)
    path = canvas.beginPath()
    for x, y in places:
        path.rect(x - half, y - half, 2 * half, 2 * half)
    canvas.drawPath(path, stroke=1, fill=1)
    inside = canvas.beginPath()
    for x, y in places:
        if state == "deploying":
            inside.rect(x - half, y - half, 2 * half, half)
        elif state == "on_demand":
            inside.rect(x - half / 4, y - half, half / 2, 2 * half)
    canvas.setFillColor(BUILDING)
    if state in ("deploying", "on_demand"):
        canvas.drawPath(inside, stroke=0, fill=1)


def pbos(canvas, places, radius):
    """Draw triangles with a white edge, which keeps them apart from what they cover."""
    path = canvas.beginPath()
    for x, y in places:
        path.moveTo(x, y + radius)
        path.lineTo(x + radius, y - 0.75 * radius)
        path.lineTo(x - radius, y - 0.75 * radius)
        path.close()
    canvas.setFillColor(PBO)
    canvas.setStrokeColor(WHITE)
    canvas.setLineWidth(0.5)
    if places:
        canvas.drawPath(path, stroke=1, fill=1)


def pm(canvas, x, y, radius):
    """Draw the PM: a black disc in a ring."""
    canvas.setStrokeColor(PM)
    canvas.setFillColor(WHITE)
    canvas.setLineWidth(1.4)
    canvas.circle(x, y, radius, stroke=1, fill=1)
    canvas.setFillColor(PM)
    canvas.circle(x, y, radius * 0.6, stroke=0, fill=1)


def remote(canvas, x, y, radius):
    """Draw the other end of a link: a diamond."""
    path = canvas.beginPath()
    path.moveTo(x, y + radius)
    path.lineTo(x + radius, y)
    path.lineTo(x, y - radius)
    path.lineTo(x - radius, y)
    path.close()
    canvas.setFillColor(LINK)
    canvas.setStrokeColor(WHITE)
    canvas.setLineWidth(0.5)
    canvas.drawPath(path, stroke=1, fill=1)


def arrow(canvas, x, y, dx, dy, size):
    """Fill the head of an arrow whose point is ``x``, ``y``, in a unit direction."""
    path = canvas.beginPath()
    path.moveTo(x, y)
    for side in (-size / 3, size / 3):
        path.lineTo(x - size * dx - side * dy, y - size * dy + side * dx)
    path.close()
    canvas.setFillColor(LINK)
    canvas.drawPath(path, stroke=0, fill=1)


def leader(canvas, x, y, to_x, to_y, colour):
    """Join an object to its label."""
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.35)
    canvas.line(x, y, to_x, to_y)


def north(canvas, x, y, size, letter_font):
    """Draw an arrow to the north: half black, half white, with its letter."""
    for side, colour in ((-1, BLACK), (1, WHITE)):
        path = canvas.beginPath()
        path.moveTo(x, y + size)
        path.lineTo(x + side * size * 0.4, y - size * 0.5)
        path.lineTo(x, y - size * 0.2)
        path.close()
        canvas.setFillColor(colour)
        canvas.setStrokeColor(BLACK)
        canvas.setLineWidth(0.7)
        canvas.drawPath(path, stroke=1, fill=1)
    canvas.setFillColor(BLACK)
    canvas.setFont(letter_font, 10)
    canvas.drawCentredString(x, y + size + 3, "N")


def bar(canvas, x, y, parts, length):
    """Draw the bar of a scale: ``parts`` that are black and white in turn."""
    canvas.setStrokeColor(BLACK)
    canvas.setLineWidth(0.7)
    for rank in range(parts):
        canvas.setFillColor(WHITE if rank % 2 else BLACK)
        step = length / parts
        canvas.rect(x + rank * step, y, step, 5, stroke=1, fill=1)
