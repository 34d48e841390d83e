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
# Coloured part of the square of a state: left, bottom, width, height; its side is 2
_PARTS = {"on_demand": (-0.25, -1, 0.5, 2), "deploying": (-1, -1, 2, 1)}


def lines(canvas, kind, segments):
    """Stroke ``(x1, y1, x2, y2)`` as one path."""
    colour, width, dashes = LINES[kind]
    _pen(canvas, colour, width)
    canvas.setDash(list(dashes))
    canvas.lines(segments)
    canvas.setDash([])


def frame(canvas, kind, box):
    left, bottom, right, top = box
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    sides = zip(corners, corners[1:] + corners[:1], strict=True)
    lines(canvas, kind, [(*one, *other) for one, other in sides])


def buildings(canvas, state, places, half):
    """Draw squares: hollow, with a bar, half full, full, as far as they are built."""
    if not places:
        return
    _pen(canvas, BUILDING, min(0.8, half / 2))
    canvas.setFillColor(BUILDING if state == "deployed" else WHITE)
    canvas.drawPath(_squares(canvas, places, half, (-1, -1, 2, 2)), fill=1)
    if state in _PARTS:
        canvas.setFillColor(BUILDING)
        inside = _squares(canvas, places, half, _PARTS[state])
        canvas.drawPath(inside, stroke=0, fill=1)


def pbos(canvas, places, radius):
    """Draw triangles with a white edge, which keeps them apart from what they cover."""
    corners = ((0, 1), (1, -0.75), (-1, -0.75))
    _polygons(canvas, places, radius, corners, PBO, WHITE)


def remote(canvas, x, y, radius):
    """Draw the other end of a link: a diamond."""
    corners = ((0, 1), (1, 0), (0, -1), (-1, 0))
    _polygons(canvas, [(x, y)], radius, corners, LINK, WHITE)


def arrow(canvas, x, y, dx, dy, size):
    """Draw the head of a link that leaves the page, in a unit direction."""
    corners = ((0, 0), (dy / 3 - dx, -dx / 3 - dy), (-dy / 3 - dx, dx / 3 - dy))
    _polygons(canvas, [(x, y)], size, corners, LINK, LINK)


def north(canvas, x, y, size):
    """Draw an arrow to the north, half black and half white."""
    for side, colour in ((-0.4, BLACK), (0.4, WHITE)):
        corners = ((0, 1), (side, -0.5), (0, -0.2))
        _polygons(canvas, [(x, y)], size, corners, colour, BLACK)


def pm(canvas, x, y, radius):
    """Draw the PM: a black disc in a ring."""
    _pen(canvas, PM, 1.4)
    for share, colour in ((1, WHITE), (0.6, PM)):
        canvas.setFillColor(colour)
        canvas.circle(x, y, radius * share, stroke=share == 1, fill=1)


def leader(canvas, x, y, to_x, to_y, colour):
    """Join an object to its label."""
    _pen(canvas, colour, 0.35)
    canvas.line(x, y, to_x, to_y)


def bar(canvas, x, y, parts, length):
    """Draw the bar of a scale: ``parts`` that are black and white in turn."""
    _pen(canvas, BLACK, 0.7)
    for rank in range(parts):
        canvas.setFillColor(WHITE if rank % 2 else BLACK)
        canvas.rect(x + rank * length / parts, y, length / parts, 5, fill=1)


def _pen(canvas, colour, width):
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(width)


def _squares(canvas, places, half, part):
    left, bottom, width, height = (half * length for length in part)
    path = canvas.beginPath()
    for x, y in places:
        path.rect(x + left, y + bottom, width, height)
    return path


def _polygons(canvas, places, radius, corners, colour, edge):
    """Draw the same form at all places, as one path."""
    path = canvas.beginPath()
    for x, y in places:
        (first_x, first_y), *others = corners
        path.moveTo(x + radius * first_x, y + radius * first_y)
        for other_x, other_y in others:
            path.lineTo(x + radius * other_x, y + radius * other_y)
        path.close()
    canvas.setFillColor(colour)
    _pen(canvas, edge, 0.5)
    if places:
        canvas.drawPath(path, fill=1)
