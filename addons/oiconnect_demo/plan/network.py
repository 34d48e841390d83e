"""Plan of the demo network: what lies between each PM and its customers.

Plain Python and always the same, so that scripts and tests know where a free
fibre is without asking the database.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from .places import Place

COLOURS = (
    "ROUGE BLEU VERT JAUNE VIOLET BLANC ORANGE GRIS MARRON NOIR TURQUOISE ROSE".split()
)
PER_TUBE, PER_CABLE, PER_MODULE = 12, 144, 72
# Fibres of a box in the street and of one in a building; dwellings that they serve.
STREET_FIBRES, STREET_DWELLINGS = 6, 5
INSIDE_FIBRES, INSIDE_DWELLINGS = 12, 10
INSIDE = "IMMEUBLE"
# One house in so many was connected once and is not any more.
LAID_EVERY = 16
# One fibre in so many is out of order; some full boxes lost all but four.
BROKEN_EVERY = 83
DAMAGED_FIRST, DAMAGED_EVERY, DAMAGED_LEFT = 5, 37, 4


@dataclass(eq=False)
class PlannedPbo:
    """One PBO and the places that it serves."""

    rank: int
    pm: str
    places: list
    fibres: int
    is_damaged: bool = False

    @property
    def reference(self):
        insee, number = self.pm.split("-")[1:]
        return f"PBO-{insee[:2]}-{insee[2:]}-{int(number):03d}-{self.rank:04d}"

    @property
    def kind(self):
        return self.places[0].pbo_type

    @property
    def is_full(self):
        """As many houses as it is made for, all of them open to orders."""
        houses = [place for place in self.places if place.is_house and place.is_open]
        return len(houses) == STREET_DWELLINGS

    @property
    def centre(self):
        """Where it stands: in the middle of the places that it serves."""
        count = len(self.places)
        x = sum(place.x for place in self.places) / count
        y = sum(place.y for place in self.places) / count
        return round(x, 2), round(y, 2)

    @property
    def localisation(self):
        address = self.places[0].address
        return {
            "AERIEN POTEAU ENEDIS": f"Poteau Enedis face au {address}",
            "CHAMBRE": f"Chambre sur trottoir devant le {address}",
            "FACADE": f"Façade du {address}, à gauche de l'entrée",
            "IMMEUBLE": f"Gaine technique palière, {address}",
        }[self.kind]


class Level(NamedTuple):
    """A floor of a staircase, and the box that serves it."""

    place: Place
    staircase: str
    floor: str
    dwellings: int
    box: PlannedPbo


@dataclass(eq=False)
class Strand:
    """One fibre from the PM to a box: a route, maybe wired to a PTO."""

    box: PlannedPbo
    rank: int
    is_broken: bool = False
    pto: "Pto | None" = None

    @property
    def cable(self):
        return self.rank // PER_CABLE + 1

    @property
    def tube(self):
        return COLOURS[self.rank % PER_CABLE // PER_TUBE]

    @property
    def fibre(self):
        return COLOURS[self.rank % PER_TUBE]

    @property
    def module(self):
        return self.rank // PER_MODULE + 1

    @property
    def position(self):
        row, column = divmod(self.rank % PER_MODULE, PER_TUBE)
        return f"{'ABCDEF'[row]}{column + 1:02d}"


@dataclass(eq=False)
class Pto:
    """A PTO that is laid already."""

    rank: int
    place: Place
    box: PlannedPbo
    level: Level | None = None
    door: str = ""

    @property
    def reference(self):
        # Neighbours do not look alike; 7919 is prime to the modulus.
        number = self.rank * 7919 % 10_000_000
        return f"ZZ-D{number // 10000:03d}-{number % 10000:04d}"


@dataclass
class Plan:
    boxes: list = field(default_factory=list)
    levels: list = field(default_factory=list)
    strands: list = field(default_factory=list)
    ptos: list = field(default_factory=list)

    @property
    def damaged(self):
        return [box for box in self.boxes if box.is_damaged]

    def working(self, box):
        return [s for s in self.strands if s.box is box and not s.is_broken]


def plan(places):
    """Return the plan of the network behind the deployed ``places``."""
    made = Plan()
    deployed = [place for place in places if place.is_deployed]
    for pm, found in _grouped(deployed, lambda place: place.pm):
        _plan_pm(made, pm, found)
    full = [box for box in made.boxes if box.is_full]
    for box in full[DAMAGED_FIRST::DAMAGED_EVERY]:
        box.is_damaged = True
    _break_fibres(made)
    _lay_ptos(made)
    return made


def _grouped(places, key):
    """Return ``[(key, places)]`` in the order in which keys are met."""
    groups = {}
    for place in places:
        groups.setdefault(key(place), []).append(place)
    return groups.items()


def _plan_pm(made, pm, places):
    before = len(made.boxes)
    for (_street, kind), found in _grouped(places, _street_of):
        if kind == INSIDE:
            for place in found:
                _plan_inside(made, pm, place, before)
        else:
            _plan_street(made, pm, found, before)
    rank = 0
    for box in made.boxes[before:]:
        made.strands += [Strand(box, rank + fibre) for fibre in range(box.fibres)]
        rank += box.fibres


def _street_of(place):
    return (place.street_type, place.street_name), place.pbo_type


def _plan_street(made, pm, places, before):
    """Neighbours share a box as long as fibres are left for them."""
    group, count = [], 0
    for place in [*places, None]:
        if group and (place is None or count + place.dwellings > STREET_DWELLINGS):
            rank = len(made.boxes) - before + 1
            made.boxes.append(PlannedPbo(rank, pm, group, STREET_FIBRES))
            group, count = [], 0
        if place:
            group, count = [*group, place], count + place.dwellings


def _plan_inside(made, pm, place, before):
    """A building has a box for some floors each, and its floors are known."""
    box, served = None, INSIDE_DWELLINGS
    for staircase, floor, dwellings in _floors(place.dwellings):
        if served + dwellings > INSIDE_DWELLINGS:
            box = PlannedPbo(len(made.boxes) - before + 1, pm, [place], INSIDE_FIBRES)
            made.boxes.append(box)
            served = 0
        served += dwellings
        made.levels.append(Level(place, staircase, floor, dwellings, box))


def _floors(dwellings):
    """Return ``[(staircase, floor, dwellings)]``: at most three to a floor."""
    staircases = ("A", "B") if dwellings >= 12 else ("A",)
    found, left = [], dwellings
    for rank, staircase in enumerate(staircases):
        share = left // (len(staircases) - rank)
        left -= share
        floor = 0
        while share:
            on_floor = min(3, share)
            found.append((staircase, str(floor) if floor else "RDC", on_floor))
            share, floor = share - on_floor, floor + 1
    return found


def _break_fibres(made):
    for rank, strand in enumerate(made.strands, 1):
        strand.is_broken = not strand.box.is_damaged and rank % BROKEN_EVERY == 0
    for box in made.damaged:
        for strand in made.working(box)[DAMAGED_LEFT:]:
            strand.is_broken = True


def _lay_ptos(made):
    """PTOs without service: new buildings, and houses left by a customer."""
    new = [level for level in made.levels if level.place.is_new]
    for level in new:
        for door in range(level.dwellings):
            _lay(made, level.place, level.box, level, f"{door + 1:02d}")
    houses = [
        (place, box)
        for box in made.boxes
        for place in box.places
        if place.is_house and not box.is_damaged
    ]
    for place, box in houses[LAID_EVERY - 1 :: LAID_EVERY]:
        _lay(made, place, box)


def _lay(made, place, box, level=None, door=""):
    free = [s for s in made.working(box) if not s.pto]
    if free:
        pto = Pto(len(made.ptos) + 1, place, box, level, door)
        made.ptos.append(pto)
        free[0].pto = pto
