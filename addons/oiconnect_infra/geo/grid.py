"""Cells of the map: squares whose side is a power of two of a degree.

Plain Python without ORM. Such a side is exact in floating point: a point is in one
cell by every path (here, SQL on cells, SQL on coordinates). The level of cells is a
zoom of the web map: some 45 pixels wide at any zoom.
"""

from math import floor, isfinite
from typing import NamedTuple

# Levels that are counted ahead of time. Those between are added up from the next one,
# finer ones are counted on request.
LEVELS = (5, 7, 9, 11, 13, 15)
FINEST = LEVELS[-1]
DEEPEST = 20
# Cells of one answer: more of them and coarser cells are taken.
MAX_CELLS = 600


def per_degree(level):
    """Return how many cells make a degree: exact, also below one."""
    return 2.0 ** (level - 6)


def stored(level):
    """Return the counted level that answers for ``level``, at most ``FINEST``."""
    return next(counted for counted in LEVELS if counted >= level)


class CellRange(NamedTuple):
    """Cells of one level, borders included: bottom and top, left and right."""

    level: int
    bottom: int
    left: int
    top: int
    right: int

    @property
    def size(self):
        return (self.top - self.bottom + 1) * (self.right - self.left + 1)

    @property
    def bounds(self):
        """Return ``(south, west, north, east)``, north and east being outside."""
        side = 1 / per_degree(self.level)
        return (
            self.bottom * side,
            self.left * side,
            (self.top + 1) * side,
            (self.right + 1) * side,
        )

    def at(self, level):
        """Return the same place in cells of a finer ``level``."""
        shift = level - self.level
        return CellRange(
            level,
            self.bottom << shift,
            self.left << shift,
            ((self.top + 1) << shift) - 1,
            ((self.right + 1) << shift) - 1,
        )

    def coarser(self):
        """Return the box of the next coarser cells that holds this one."""
        return CellRange(self.level - 1, *(edge >> 1 for edge in self[1:]))


def snapped(bounds, zoom):
    """Return the smallest box that holds ``bounds`` with at most ``MAX_CELLS``.

    :raises ValueError: these are no bounds
    """
    south, west, north, east = map(float, bounds)
    if not all(map(isfinite, (south, west, north, east))):
        raise ValueError(bounds)
    box = covering((south, west, north, east), min(max(int(zoom), 0), DEEPEST))
    while box.size > MAX_CELLS and box.level:
        box = box.coarser()
    return box


def covering(bounds, level):
    """Return the cells of ``level`` that hold ``bounds``."""
    south, west, north, east = bounds
    number = per_degree(level)
    return CellRange(
        level,
        floor(_within(south, 90) * number),
        floor(_within(west, 180) * number),
        floor(_within(north, 90) * number),
        floor(_within(east, 180) * number),
    )


def _within(degrees, most):
    return max(-most, min(most, degrees))
