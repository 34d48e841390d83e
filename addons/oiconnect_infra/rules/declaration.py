"""What a rule of the catalogue is: plain data, the same for every road."""

import re
from typing import NamedTuple

BUILDING, PM = "building", "pm"
BLOCKING, WARNING = "blocking", "warning"
#: where a rule is looked at: on the records of the network, on the lines of a file
RECORD, FILE = "record", "file"

_READ = re.compile(r"%\((\w+)\)s")


def _lt(template):
    """Mark ``template`` for the export of terms to translate."""
    return template


class Rule(NamedTuple):
    """What must not be true of an object of the network.

    :param code: stable id: that of the protocol, or ours (K keys, P and G and N and L
        the file, S paths of states, Q what staff expects, Z zones)
    :param target: the object judged, ``BUILDING`` or ``PM``
    :param fields: those to blame, each for itself: "pm.state"
    :param condition: SQL, true when the rule is broken. ``%(building_state)s`` is a
        column of the building, ``%(pm_state)s`` of its PM, ``%(blamed)s`` the field
        to blame, ``%(day)s`` the date of the file or today (``Subject`` has a few
        more). Without condition the road that the rule holds on has its own way.
    :param title: what is wrong, in a few words
    :param message: what to do about it
    :param key: sentence of the same rule where the columns of a file are named
    :param roads: where it holds
    :param fixed: neither its severity nor its being active may be changed
    :param optional: columns that the condition reads when they are there
    :param linked: the condition looks at other records than the PM, and not at it; it
        is never NULL
    :param same: columns that objects with the same value of the blamed one share
    """

    code: str
    target: str
    severity: str
    fields: tuple[str, ...]
    title: str
    message: str = ""
    condition: str = ""
    key: str = ""
    roads: tuple[str, ...] = (RECORD, FILE)
    fixed: bool = False
    optional: tuple[str, ...] = ()
    linked: bool = False
    same: tuple[str, ...] = ()

    @property
    def id(self):
        """Tell the rule from all others: a code may hold of both objects."""
        return self.code, self.target

    @property
    def reads(self):
        """The names that the condition reads, save the blamed one."""
        names = dict.fromkeys(_READ.findall(self.condition))
        names.pop("blamed", None)
        return tuple(names)


def of(target, *names):
    """Return the fields ``names`` of an object, as rules name them."""
    return tuple(f"{target}.{name}" for name in names)
