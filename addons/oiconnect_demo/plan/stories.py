"""What a story of an order of the network is: of a PM, a PB or a link. Plain Python.

A step is ``(days since the order, action, given)``. Actions, and what they are given:

- ``says``: ``(flow, values)``, a file of the operator; what it does not say is usual
- ``decides``: ``(event, values)``, somebody of ours on the screen; ``reason`` is a code
- ``runs``: an event that a scheduled action fires
- ``plans``: in how many days a PB is to be laid
- ``lays``: nothing; a PB is laid on the day on which its address was cabled
- ``read``: operators that acknowledge the report which they had on the PM
"""

from typing import NamedTuple

PM, PB, LINK = "oiconnect.pm.order", "oiconnect.pb.order", "oiconnect.link.order"
# How an order begins: by the operator's file, on our screen, or with an engagement or
# a report, which take it up without being asked
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


class Told(NamedTuple):
    """The operators of ``pm`` are told of its last batch of addresses."""

    pm: str
    days_ago: float
