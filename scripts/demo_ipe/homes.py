"""Lines of the demo's IPE as objects: where they stand and in which state."""

from dataclasses import dataclass, field
from datetime import date

from . import streets, tables

HOUSE, BUILDING = "PAVILLON", "IMMEUBLE"
# Shares of an address being a residence with a manager, or a small building.
RESIDENCE, SMALL_BUILDING = 0.035, 0.03
# Suffixes that follow a number, each how often after the one before.
SUFFIXES = (("B", 0.04), ("T", 0.2))
# The share of its lines, nearest first, up to which a PM has each state.
PROGRESS = {
    tables.DEPLOYED: (
        (0.80, "DEPLOYE"),
        (0.86, "EN COURS DE DEPLOIEMENT"),
        (0.885, "RAD EN COURS DE DEPLOIEMENT"),
        (0.955, "RACCORDABLE DEMANDE"),
        (1, "CIBLE"),
    ),
    tables.DEPLOYING: ((0.45, "EN COURS DE DEPLOIEMENT"), (1, "CIBLE")),
    tables.PLANNED: ((1, "CIBLE"),),
    tables.ABANDONED: ((1, "ABANDONNE"),),
}
# A house pulled down, and a manager who does not answer.
PULLED_DOWN, NO_AGREEMENT = 0.012, 0.08


@dataclass
class Home:
    """One line: an address, or one building of it."""

    commune: tables.Commune
    street: streets.Street | None
    number: str
    suffix: str
    kind: str
    dwellings: int
    x: float
    y: float
    building: str = ""
    agreement: bool = False
    is_new: bool = False
    pm: tables.Pm | None = None
    state: str = "CIBLE"
    identifier: str = ""
    hamlet: str = ""
    dates: dict[str, date] = field(default_factory=dict)

    @property
    def address_code(self):
        """Its hexaclé; a place without number has none."""
        if not self.street or not self.number or self.number == "0":
            return ""
        rank = int(self.number) * 3 + " BT".index(self.suffix or " ")
        return self.street.code[:-3] + streets.letters(rank, 3)


def homes_of(rng, pm, namer):
    """Return the lines behind a PM, the nearest streets first."""
    found = []
    for street in streets.lay_out(rng, namer, pm, pm.lines * 11 // 10):
        for rank in range(2 * len(street.points)):
            found += _homes_at(rng, pm, street, rank)
    del found[pm.lines :]
    for rank, home in enumerate(found):
        home.pm = pm
        home.state = _state(rng, home, rank / pm.lines)
    return found


def _homes_at(rng, pm, street, rank):
    """Return the lines of one plot: odd numbers on one side, even on the other."""
    if rng.random() < 0.07:
        return []
    number, side = rank + 1, rank % 2 == 0
    found = _address(rng, pm, street, number, "", street.place(rng, rank // 2, side))
    for suffix, share in SUFFIXES:
        if rng.random() < share:
            place = street.place(rng, rank // 2, side)
            found.append(_house(rng, pm, street, number, suffix, place))
        else:
            break
    return found


def _address(rng, pm, street, number, suffix, place):
    chance = rng.random()
    if chance < RESIDENCE or pm.is_of_one_building:
        return _residence(rng, pm, street, number, place)
    if chance < RESIDENCE + SMALL_BUILDING:
        home = _house(rng, pm, street, number, suffix, place)
        home.kind, home.dwellings = BUILDING, rng.randint(2, 6)
        return [home]
    return [_house(rng, pm, street, number, suffix, place)]


def _house(rng, pm, street, number, suffix, place):
    dwellings = 2 if rng.random() < 0.03 else 1
    return Home(
        pm.commune, street, str(number), suffix, HOUSE, dwellings, *map(_metres, place)
    )


def _residence(rng, pm, street, number, place):
    """Return one to three buildings at one address, all of one manager."""
    count = rng.choice((1, 1, 2, 3))
    is_new = rng.random() < 0.15
    return [
        Home(
            pm.commune,
            street,
            str(number),
            "",
            BUILDING,
            rng.choice((6, 8, 9, 12, 12, 16, 18)),
            _metres(place[0] + 22 * rank),
            _metres(place[1] + 9 * rank),
            building=f"BAT {'ABC'[rank]}" if count > 1 else "",
            agreement=True,
            is_new=is_new,
        )
        for rank in range(count)
    ]


def _metres(value):
    return round(value, 2)


def _state(rng, home, share):
    state = next(name for top, name in PROGRESS[home.pm.state] if share < top)
    chance = rng.random()
    if home.pm.state == tables.ABANDONED:
        return state
    if home.agreement:
        return _managed_state(home, state, chance)
    if home.pm.is_deployed and chance < PULLED_DOWN:
        return "ABANDONNE"
    return state


def _managed_state(home, state, chance):
    """A manager's agreement comes first; without it the building is a target."""
    if state == "DEPLOYE":
        return "CIBLE" if chance < NO_AGREEMENT else state
    if state == "EN COURS DE DEPLOIEMENT":
        return state if chance < 0.5 else "SIGNE"
    return "SIGNE" if chance < 0.4 else "CIBLE"


def scattered(rng, commune):
    """Return lines of hamlets that no PM serves yet."""
    found = []
    for rank in range(tables.SCATTERED):
        home = Home(
            commune,
            None,
            "0" if rank % 4 else "",
            "",
            HOUSE,
            1,
            _metres(commune.x + rng.choice((-1, 1)) * rng.uniform(1400, 2100)),
            _metres(commune.y + rng.uniform(-900, 900)),
            hamlet=tables.HAMLETS[rank % len(tables.HAMLETS)],
        )
        found.append(home)
    return found
