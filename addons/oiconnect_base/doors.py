"""Access to HTTP addresses: security/doors.csv, updated by `make doors`.

Odoo's addons bring hundreds of addresses, some for strangers. Those that need no log-in
by Odoo's own word (`none`, `public`) are closed unless the list opens them: to anybody,
to people with a log-in, or from inside only (the proxy, made from the same list, closes
them). An address for people may be closed too.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "security" / "doors.csv"
ANYBODY, PEOPLE, INSIDE, CLOSED = "anybody", "people", "inside", "nobody"
#: what Odoo lets strangers in by, unless the function asks who they are
WITHOUT_LOGIN = ("none", "public")


class Door(NamedTuple):
    """A line of the list.

    :param auth: Odoo's word for who is let in
    :param methods: of HTTP, by blanks; `any` where none is named
    :param open_to: who is let in by us
    :param rate: what the proxy counts it with, where passwords can be tried: `login` by
        people, `script` by their scripts
    :param why: where no log-in is needed, or where people are not let in
    """

    path: str
    auth: str
    type: str
    methods: str
    open_to: str
    rate: str
    why: str

    @property
    def is_shut(self):
        """Whether nobody is let in, from outside or inside."""
        return self.open_to == CLOSED

    @classmethod
    def of(cls, rule):
        """Return what a rule of Odoo's router says, open as one that is not listed."""
        routing = rule.endpoint.routing
        methods = " ".join(sorted(set(rule.methods or ()) - {"OPTIONS"}))
        auth = routing["auth"]
        return cls(
            path=rule.rule,
            auth=auth,
            type=routing["type"],
            methods=methods or "any",
            open_to=CLOSED if auth in WITHOUT_LOGIN else PEOPLE,
            rate="",
            why="",
        )


def read(file=FILE):
    """Return the list: ``{path: Door}``"""
    with file.open(encoding="utf-8", newline="") as lines:
        return {line["path"]: Door(**line) for line in csv.DictReader(lines)}


@cache
def listed():
    return read()


def door_of(rule):
    """Return the door of a rule of Odoo's router, closed if it is not listed."""
    return listed().get(rule.rule) or Door.of(rule)
