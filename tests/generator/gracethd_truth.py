"""What a rebuilt route must say."""

from dataclasses import dataclass, field
from typing import NamedTuple

PTO, FREE, GAP, LOOP = "pto", "free", "gap", "loop"
# Why a route ends in a gap
NOTHING, OPEN, ABSENT, BRANCH = "nothing", "open", "absent", "branch"


class Link(NamedTuple):
    """A transport line: from the drawer of the NRO to the fibre that reaches the PM."""

    positions: list[str]
    fibres: list[str]

    @property
    def fibre(self) -> str:
        return self.fibres[-1]


@dataclass
class Route:
    """A drawer position of a PM, and the way from there.

    ``positions`` begins with that of the drawer; ``fibres`` with the one behind it.
    """

    positions: list[str] = field(default_factory=list)
    fibres: list[str] = field(default_factory=list)
    end: str = ""
    reason: str = ""
    pto: str = ""
    pbo: str = ""
    link: str = ""

    def finish(self, end: str, reason: str = "") -> None:
        self.end, self.reason = end, reason

    @property
    def fibre(self) -> str:
        return self.fibres[-1]
