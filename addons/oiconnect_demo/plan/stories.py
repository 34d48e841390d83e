"""Stories of orders of the network: of a PM, a PB or a link. Plain Python.

A step is ``(days since the order, action, given)``. Actions, and what they are given:

- ``says``: ``(flow, values)``, a file of the operator; what it does not say is usual
- ``decides``: ``(event, values)``, somebody of ours on the screen; ``reason`` is a code
- ``runs``: an event that a scheduled action fires
- ``plans``: in how many days a PB is to be laid
- ``lays``: nothing; a PB is laid on the day on which its address was cabled
- ``read``: operators that acknowledge the report which they had on the PM
"""

from typing import NamedTuple

# PMs by what they serve
AT = {
    "AMBRONAY": "OICN-01007-0001",
    "AMBRONAY_SOUTH": "OICN-01007-0002",
    "AMBRONAY_NEW": "OICN-01007-0003",
    # It stands inside a building.
    "AMBUTRIX": "OICN-01008-0001",
    "CHATEAU": "OICN-01089-0001",
    "CHATEAU_EAST": "OICN-01089-0002",
    "DOUVRES": "OICN-01149-0001",
    "DOUVRES_NEW": "OICN-01149-0002",
    "SAINT_DENIS": "OICN-01345-0001",
    "SAINT_DENIS_STATION": "OICN-01345-0002",
    "GIVEN_UP": "OICN-01345-0003",
    "NOWHERE": "OICN-01999-0001",
}
PM, PB, LINK = "oiconnect.pm.order", "oiconnect.pb.order", "oiconnect.link.order"
# How an order begins: by the operator's file, on our screen, or with an engagement or
# a report, which take it up without a request
FILE, HAND, FOUND = "file", "hand", "found"


class Story(NamedTuple):
    """An order of ``operator`` at ``pm``, made ``days_ago``, and what becomes of it.

    :param goal: the state in which it stays
    :param line: what its file says besides what is usual
    """

    model: str
    goal: str
    operator: str
    pm: str
    days_ago: float
    steps: tuple = ()
    line: dict = {}
    begins: str = FILE


class Engagement(NamedTuple):
    """An operator co-finances ``pms`` since ``days_ago``; negative: it will."""

    reference: str
    operator: str
    zone: str
    pms: tuple
    days_ago: int
    share: float
    level: int = 1


class SentBatch(NamedTuple):
    """The last batch of addresses of ``pm``, sent to its operators."""

    pm: str
    days_ago: float


def says(flow, **values):
    return "says", (flow, values)


def decides(event, **values):
    return "decides", (event, values)


def read_stories(model, known, table):
    """Return the stories of ``table``, one a line.

    ``goal operator pm days_ago [hand|found] [said] | days step, days step``

    :param known: by name, what a line says, and ``(action, given)`` of a step; a step
        that is not there is an action that is given a number
    """
    lines = (line for line in table.splitlines() if line and not line.startswith("#"))
    return tuple(_read(model, known, *line.split("|")) for line in lines)


def _read(model, known, order, steps=""):
    goal, operator, pm, days_ago, *words = order.split()
    begins = words.pop(0) if words and words[0] in (HAND, FOUND) else FILE
    said = known[words[0]] if words else {}
    taken = tuple(_step(known, *step.split()) for step in steps.split(",") if step)
    return Story(model, goal, operator, AT[pm], int(days_ago), taken, said, begins)


def _step(known, days, name, number=None):
    return int(days), *(known.get(name) or (name, int(number)))
