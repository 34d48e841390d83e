"""Where the demo's customers live: dwellings without a laid PTO, and others."""

from typing import NamedTuple

from .network import DAMAGED_LEFT, Level, PlannedPbo, Pto
from .places import Place


class Spot(NamedTuple):
    """One dwelling to connect, or one PTO to take over."""

    place: Place
    level: Level | None = None
    pto: Pto | None = None
    box: PlannedPbo | None = None


class Spots:
    """Gives each dwelling once, at random, among those of some PMs."""

    def __init__(self, rng, made, found):
        closed = found.keys
        laid = {pto.place.key for pto in made.ptos}
        self._open = lambda place: place.is_open and place.key not in closed
        self.free = _shuffled(
            rng, (s for s in self._dwellings(made) if s.place.key not in laid)
        )
        self.laid = _shuffled(
            rng,
            (
                Spot(pto.place, pto.level, pto)
                for pto in made.ptos
                if self._open(pto.place)
            ),
        )
        self.full = [
            Spot(place, box=box)
            for box in made.damaged
            for place in box.places[:DAMAGED_LEFT]
        ]
        # The last house of each full box but the one that scenarios use.
        self.refused = [Spot(box.places[-1]) for box in made.damaged[1:]]

    def _dwellings(self, made):
        for level in made.levels:
            if self._open(level.place):
                yield from [Spot(level.place, level)] * level.dwellings
        for box in made.boxes:
            if box.is_damaged or box.places[0].pbo_type == "IMMEUBLE":
                continue
            for place in filter(self._open, box.places):
                yield from [Spot(place)] * place.dwellings

    def take(self, pms, kind="free"):
        """Return the next spot behind one of ``pms``."""
        spots = getattr(self, kind)
        for rank, spot in enumerate(spots):
            if spot.place.pm in pms:
                return spots.pop(rank)
        raise LookupError(f"no {kind} dwelling left behind {pms}")

    def take_flat(self, pms):
        """Return the next free flat behind one of ``pms``."""
        flat = next(s for s in self.free if s.level and s.place.pm in pms)
        self.free.remove(flat)
        return flat


def _shuffled(rng, spots):
    found = list(spots)
    rng.shuffle(found)
    return found
