"""PB orders of the demo, in each of their states: where, and what became of them.

The network is that of the IPE file at the end: addresses whose PB is awaited are those
that the file says so, and PBs were laid where it has addresses of this year.
"""

from collections import defaultdict
from typing import NamedTuple

from .places import Place
from .stories import AT, PB, Story, decides, read_stories, says

# State in the IPE file of the address of an order, by what became of it
PLACES = {
    "ar_ok": "RAD EN COURS DE DEPLOIEMENT",
    "planned": "RAD EN COURS DE DEPLOIEMENT",
    "cr_ko": "RACCORDABLE DEMANDE",
    "cancelled": "RACCORDABLE DEMANDE",
    "laid": "DEPLOYE",
    "ar_ko": "DEPLOYE",
}
KNOWN = {
    "unknown_place": {"building_identifier": "IMB/01089/Z/0"},
    "elsewhere": {"pm_reference": AT["SAINT_DENIS"]},
    "refused": decides(
        "reject", reason="FAUT01", comment="Le syndic refuse les travaux."
    ),
    "collapsed": decides(
        "reject", reason="FAUT01", comment="Fourreau effondré, sans réparation."
    ),
    "called_off": decides(
        "cancel", comment="À la demande de l'opérateur, par téléphone."
    ),
    "cancels": says("ANNCMDPB", comment="Le client renonce."),
    "lays": ("lays", None),
    "read_by_one": ("read", ("OCAA",)),
    "read_by_all": ("read", ("OCAA", "OCBB", "OCCC")),
}


class PbStory(NamedTuple):
    """A story, and the place whose PB is ordered."""

    story: Story
    place: Place


_STORIES = read_stories(
    PB,
    KNOWN,
    """
# To plan: in time, late, ordered by telephone
ar_ok     OCAA AMBRONAY              2
ar_ok     OCBB CHATEAU              15
ar_ok     OCCC AMBRONAY_SOUTH        3 hand
# To lay: in time, put off, late
planned   OCAA SAINT_DENIS          40 | 4 plans 90
planned   OCCC SAINT_DENIS_STATION  80 | 3 plans 40, 30 plans 65
planned   OCBB DOUVRES             200 | 4 plans 150
# It will not be laid.
cr_ko     OCAA AMBRONAY_SOUTH       70 | 4 refused
cr_ko     OCBB CHATEAU             100 | 5 plans 60, 40 collapsed
cancelled OCCC SAINT_DENIS          60 | 10 cancels
cancelled OCBB SAINT_DENIS_STATION  30 | 3 plans 45, 9 called_off
# Laid: too late to cancel; with a batch of addresses, which is sent
laid      OCAA CHATEAU_EAST         45 | 5 plans 40, 45 lays, 47 read_by_one, 48 cancels
laid      OCBB SAINT_DENIS_STATION  60 | 4 plans 55, 60 lays, 62 read_by_all
# Refused: deployed already, unknown, behind another PM
ar_ko     OCAA DOUVRES              52
ar_ko     OCCC CHATEAU_EAST         27 unknown_place
ar_ko     OCBB SAINT_DENIS_STATION  12 elsewhere
""",
)


def plan_pb_orders(places, today):
    """Return the stories, each with its place.

    Where a PB was laid, the day of its order follows from that on which the file says
    that the address was cabled.
    """
    spots = defaultdict(list)
    for place in places:
        if _is_usable(place):
            spots[place.pm, place.state].append(place)
    made = [_place(story, spots, today) for story in _STORIES]
    return [*made, _ordered_twice(made)]


def _is_usable(place):
    """Return whether a PB may be ordered there: a deployed one is newly sold."""
    newly = place.is_house and not place.is_open
    return bool(place.identifier) and (not place.is_deployed or newly)


def _place(story, spots, today):
    # The last ones: scenarios count on the first.
    place = spots[story.pm, PLACES[story.goal]].pop()
    if story.goal == "laid":
        since = (today - place.cabled).days
        story = story._replace(days_ago=since + story.days_ago)
    return PbStory(story, place)


def _ordered_twice(made):
    """Return an order of a PB that another operator awaits."""
    first = next(one for one in made if one.story.goal == "planned")
    story = Story(PB, "ar_ko", "OCBB", first.story.pm, first.story.days_ago - 20)
    return PbStory(story, first.place)
