"""Places of the demo network that scenarios count on: no demo order is there."""

from typing import NamedTuple

from .network import plan
from .places import Place, read

# The PM at which every operator of the demo has its service.
PM = "OICN-01007-0001"
# Boxes that are left free: a scenario may be played many times.
GOOD_BOXES = 8


class Facts(NamedTuple):
    """Addresses behind one PM.

    :param good: deployed houses; the PBO of each has six free and working fibres
    :param saturated: a deployed house whose PBO has no free fibre left
    :param not_deployed: a house that no PBO serves yet
    :param laid: a deployed house with a PTO that is not used
    :param pto: reference of that PTO
    """

    good: tuple
    saturated: Place
    not_deployed: Place
    laid: Place
    pto: str

    @property
    def keys(self):
        """Keys of the places at which the demo makes no order."""
        others = (self.saturated, self.not_deployed, self.laid)
        return {place.key for place in (*self.good, *others)}


def facts(made=None, places=None):
    places = places or read()
    made = made or plan(places)
    near = [place for place in places if place.pm == PM]
    pto = next(s for s in made.ptos if s.place.is_house and s.place.pm == PM)
    return Facts(
        _good(made),
        _saturated(made),
        next(p for p in near if p.state == "RACCORDABLE DEMANDE" and p.identifier),
        pto.place,
        pto.reference,
    )


def _good(made):
    """Return the houses of the first sound boxes of which nothing is used."""
    busy = {s.box for s in made.strands if s.pto or s.is_broken}
    sound = [b for b in made.boxes if b.pm == PM and b.is_full and b not in busy]
    return tuple(place for box in sound[:GOOD_BOXES] for place in box.places)


def _saturated(made):
    """Return the house for which a damaged box has no fibre left."""
    return next(box for box in made.damaged if box.pm == PM).places[-1]
