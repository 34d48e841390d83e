"""What a plan shows. Places are metres: x to the east, y to the north.

Whatever order the objects come in, the plan holds them sorted: the same network gives
the same file.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import cos, hypot, radians, sin, sqrt
from typing import NamedTuple

# Ellipsoid of WGS84: half of its great axis, square of its eccentricity
_AXIS, _ECCENTRICITY = 6378137.0, 0.00669437999014
#: a line of fibre is never so long: a place farther than that from the PM is an error
FAR_M = 30_000
#: a tree of more ends takes too long
_TREE_ENDS = 400


class Building(NamedTuple):
    x: float
    y: float
    number: str
    street: str
    dwellings: int
    state: str


class Pbo(NamedTuple):
    x: float
    y: float
    reference: str


class Segment(NamedTuple):
    x1: float
    y1: float
    x2: float
    y2: float


class Link(NamedTuple):
    reference: str
    end: str
    length_km: float
    # Of the other end, when it has a place
    place: tuple | None


@dataclass
class Plan:
    reference: str
    network: str
    commune: str
    date: str
    #: of the PM, when it has a place
    place: tuple | None
    buildings: list
    pbos: list
    cables: list
    drops: list
    links: list
    #: what the title block counts, whether it has a place or not: {name: number}
    counts: dict
    #: objects that are not drawn: without a place, or too far away to be there
    missing: int = 0

    def __post_init__(self):
        self.buildings = sorted(self.buildings)
        self.pbos = sorted(self.pbos)
        self.cables = sorted(self.cables)
        self.drops = sorted(self.drops)
        self.links = sorted(self.links, key=lambda link: link[:3])

    @property
    def objects(self):
        """All that sectors share out: buildings, then PBOs."""
        return [*self.buildings, *self.pbos]


class Plane:
    """Ground around a place as a plane: true metres, north upwards, for some 30 km."""

    def __init__(self, latitude, longitude):
        self._origin = (latitude, longitude)
        curve = 1 - _ECCENTRICITY * sin(radians(latitude)) ** 2
        self._north = radians(_AXIS * (1 - _ECCENTRICITY) / (curve * sqrt(curve)))
        self._east = radians(_AXIS / sqrt(curve) * cos(radians(latitude)))

    def place(self, latitude, longitude):
        """Return ``(x, y)`` to the centimetre; None without a place."""
        if not latitude:
            return None
        return (
            round((longitude - self._origin[1]) * self._east, 2),
            round((latitude - self._origin[0]) * self._north, 2),
        )

    def near(self, latitude, longitude):
        """Return ``(x, y)`` of a place that may belong to the PM; None of others."""
        found = self.place(latitude, longitude)
        return found if found and hypot(*found) <= FAR_M else None


def tree(start, ends):
    """Return the segments of a cable from ``start`` to its ``ends``.

    Its way is not known: it goes from point to nearest point, as trenches do.
    """
    rest = sorted(set(ends) - {start}, key=lambda end: (_square(start, end), end))
    segments = []
    for first in range(0, len(rest), _TREE_ENDS):
        segments += _shortest_tree(start, rest[first : first + _TREE_ENDS])
    return segments


def _shortest_tree(start, ends):
    """Prim: join the end that is nearest to what is joined already."""
    nearest = {end: (_square(start, end), start) for end in ends}
    segments = []
    while nearest:
        end = min(nearest, key=lambda one: (nearest[one][0], one))
        segments.append(Segment(*nearest.pop(end)[1], *end))
        for other, (distance, _from) in nearest.items():
            through = _square(end, other)
            if through < distance:
                nearest[other] = (through, end)
    return segments


def _square(one, other):
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def streets(buildings):
    """Return ``{street: buildings}`` of those that have one, in the order of names."""
    found = defaultdict(list)
    for building in buildings:
        if building.street:
            found[building.street].append(building)
    return dict(sorted(found.items()))
