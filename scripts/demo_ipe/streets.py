"""Streets that branch off each other, and places for houses along them."""

import math
from dataclasses import dataclass, field

from . import tables

STEP = 16.0
SETBACK = 13.0
CURVE = 0.05


@dataclass
class Street:
    """One street: its codes, and points every few metres."""

    insee: str
    rank: int
    kind: str
    name: str
    points: list = field(default_factory=list)

    @property
    def rivoli(self):
        return f"{self.rank * 5:04d}"

    @property
    def code(self):
        """Its hexaclé; the last two signs are those of the number."""
        return f"{self.insee}{letters(self.rank * 7, 2)}V00"

    def place(self, rng, number, north_side):
        """Return where a house stands: along the street, on its side of it."""
        x, y, heading = self.points[min(number, len(self.points) - 1)]
        gap = SETBACK + rng.uniform(-3, 6)
        side = heading + (math.pi / 2 if north_side else -math.pi / 2)
        return (
            x + gap * math.cos(side) + rng.uniform(-2, 2),
            y + gap * math.sin(side) + rng.uniform(-2, 2),
        )


def letters(number, width):
    """Return ``number`` in base 36, as hexaclés and identifiers are written."""
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    for _sign in range(width):
        number, rest = divmod(number, 36)
        text = signs[rest] + text
    return text


class Namer:
    """Names of the streets of one commune, each used once."""

    def __init__(self, rng, commune):
        self._insee = commune.insee
        self._names = list(tables.STREET_NAMES)
        rng.shuffle(self._names)
        self._rng = rng
        self._rank = 0

    def street(self, main=False):
        self._rank += 1
        kind = "RUE" if main else self._rng.choice(tables.STREET_TYPES)
        name = self._names[(self._rank - 1) % len(self._names)]
        if self._rank > len(self._names):
            kind = "ALL" if kind != "ALL" else "RUE"
        return Street(self._insee, self._rank, kind, name)


def lay_out(rng, namer, pm, houses):
    """Return streets around the PM with room for that many ``houses``."""
    x, y = pm.centre
    heading = rng.uniform(0, 2 * math.pi)
    length = min(30, max(12, houses // 8))
    main = namer.street(main=True)
    start = (x - math.cos(heading) * STEP * length / 2, y)
    start = (start[0], y - math.sin(heading) * STEP * length / 2)
    _draw(rng, main, *start, heading, length)
    streets, room = [main], 2 * length
    while room < houses:
        street, length = _branch(rng, namer, streets)
        streets.append(street)
        room += 2 * length
    return sorted(streets, key=lambda street: _distance(street, (x, y)))


def _branch(rng, namer, streets):
    """Return a street that leaves an earlier one at a right angle or so."""
    parent = streets[int(len(streets) * rng.random() ** 1.6)]
    x, y, heading = rng.choice(parent.points[2:])
    turn = rng.choice((-1, 1)) * (math.pi / 2 + rng.uniform(-0.3, 0.3))
    length = rng.randint(7, 16)
    street = namer.street()
    angle = heading + turn
    gap = 1.5 * SETBACK
    _draw(
        rng, street, x + gap * math.cos(angle), y + gap * math.sin(angle), angle, length
    )
    return street, length


def _draw(rng, street, x, y, heading, length):
    for _point in range(length):
        street.points.append((x, y, heading))
        heading += rng.uniform(-CURVE, CURVE)
        x += STEP * math.cos(heading)
        y += STEP * math.sin(heading)


def _distance(street, centre):
    x, y, _heading = street.points[len(street.points) // 2]
    return math.dist((x, y), centre)
