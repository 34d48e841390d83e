"""Scales, windows and the bar that measures them. Lengths on paper are points."""

from dataclasses import dataclass
from typing import NamedTuple

MM = 72 / 25.4
#: larger than that, places are not exact enough
SMALLEST = 250
_SCALES = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5)
_BARS = (1, 2, 5)


class Box(NamedTuple):
    """Rectangle: left, bottom, right, top; in metres or in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self):
        return self.right - self.left

    @property
    def height(self):
        return self.top - self.bottom

    @property
    def centre(self):
        return ((self.left + self.right) / 2, (self.bottom + self.top) / 2)

    def holds(self, x, y):
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def meets(self, other):
        """Tell whether two boxes have more than an edge in common."""
        return (
            self.left < other[2]
            and other[0] < self.right
            and self.bottom < other[3]
            and other[1] < self.top
        )

    def nearest(self, x, y):
        """Return the point of the box that is nearest to a point."""
        return (
            min(max(x, self.left), self.right),
            min(max(y, self.bottom), self.top),
        )

    def grown(self, margin):
        return Box(
            self.left - margin,
            self.bottom - margin,
            self.right + margin,
            self.top + margin,
        )

    def within(self, other):
        """Return the part of the box that lies in ``other``, which it meets."""
        return Box(*map(max, self[:2], other[:2]), *map(min, self[2:], other[2:]))


def box_of(points):
    """Return the smallest box around ``(x, y, …)``; there is one at least."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _rounded(value, steps, up):
    """Return the nearest ``step * 10**n`` at or above ``value``, or at or below it."""
    power = 10.0**-3
    found = steps[0] * power
    while True:
        for step in steps:
            if (step * power >= value) if up else (step * power > value):
                return step * power if up else found
            found = step * power
        power *= 10


def round_scale(box, area):
    """Return the denominator of the largest round scale at which ``box`` fits.

    :param box: in metres
    :param area: in points
    """
    needed = 1000 * MM * max(box.width / area.width, box.height / area.height)
    return max(SMALLEST, int(_rounded(needed, _SCALES, up=True)))


def bar_length(denominator, room):
    """Return the metres of the longest round bar in ``room`` points, and its parts."""
    metres = _rounded(room * denominator / (1000 * MM), _BARS, up=False)
    first = f"{metres:e}"[0]
    return metres, 4 if first == "2" else 5


@dataclass(frozen=True)
class View:
    """Piece of ground on a piece of paper."""

    centre: tuple
    denominator: int
    area: Box

    @property
    def points_per_metre(self):
        return 1000 * MM / self.denominator

    @property
    def window(self):
        """The ground that the paper shows, in metres."""
        x, y = self.centre
        half_width = self.area.width / 2 / self.points_per_metre
        half_height = self.area.height / 2 / self.points_per_metre
        return Box(x - half_width, y - half_height, x + half_width, y + half_height)

    def paper(self, x, y):
        middle = self.area.centre
        return (
            round(middle[0] + (x - self.centre[0]) * self.points_per_metre, 2),
            round(middle[1] + (y - self.centre[1]) * self.points_per_metre, 2),
        )

    def paper_box(self, box):
        return Box(*self.paper(box.left, box.bottom), *self.paper(box.right, box.top))


def view_of(box, area, margin):
    """Return the view that shows ``box`` whole, ``margin`` points from the edges."""
    return View(box.centre, round_scale(box, area.grown(-margin)), area)
