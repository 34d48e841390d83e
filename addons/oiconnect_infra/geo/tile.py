"""Tiles of the web map: where they lie, and where a point lies in one.

Plain Python without ORM.
"""

from math import asinh, atan, degrees, floor, pi, radians, sinh, tan
from typing import NamedTuple

DEEPEST_TILE = 22
#: units of the side of a vector tile
EXTENT = 4096
# Cells of the map along a tile: 16 pixels wide and more
_FINER = 2


class Tile(NamedTuple):
    """Column ``x`` from the west and row ``y`` from the north at a zoom ``z``."""

    z: int
    x: int
    y: int

    @property
    def bounds(self):
        """Return ``(south, west, north, east)`` in degrees."""
        return (
            self._latitude(self.y + 1),
            self._longitude(self.x),
            self._latitude(self.y),
            self._longitude(self.x + 1),
        )

    @property
    def level(self):
        """Return the level of the cells by which objects of a tile are counted."""
        return self.z + _FINER

    def _latitude(self, row):
        return degrees(atan(sinh(pi * (1 - 2 * row / 2**self.z))))

    def _longitude(self, column):
        return 360 * column / 2**self.z - 180

    def place(self, latitude, longitude):
        """Return where a point lies, in units of the tile from its north west."""
        number = 2**self.z
        x = (longitude + 180) / 360 * number - self.x
        y = (1 - asinh(tan(radians(latitude))) / pi) / 2 * number - self.y
        return floor(x * EXTENT), floor(y * EXTENT)

    def holds(self, x, y):
        """Tell whether a place is in this tile: no point is in two of them."""
        return 0 <= x < EXTENT and 0 <= y < EXTENT
