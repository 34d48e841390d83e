"""Hop of a drawing: a box, or a stroke between two boxes."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Colour(NamedTuple):
    """Colour of a tube, a fibre or a connector: as written, and on the screen.

    :param text: what is written beside the stroke: "tube BLEU"
    """

    label: str
    hex: str | None
    text: str = ""


@dataclass
class Flaw:
    """A gap, in the words of the reader, and where it is fixed."""

    code: str
    short: str
    text: str
    model: str = ""
    id: int = 0
    is_mild: bool = False
    fix: dict = field(default_factory=dict)


@dataclass
class Hop:
    """One part of a path, from the PRDM to the PTO.

    :param role: prdm, transport, transport_splice, link_fibre, position, fibre, splice,
        pbo, connector, pto; or gap where something is missing
    """

    role: str
    label: str
    title: str
    lines: tuple = ()
    model: str = ""
    id: int = 0
    tube: Colour | None = None
    fibre: Colour | None = None
    length: float = 0
    operator: str = ""
    is_here: bool = False
    flaw: Flaw | None = None


@dataclass
class Line:
    """A whole path as it is shown: its heading, its hops, what is missing."""

    title: str
    detail: str
    hops: list
    flaws: list
    model: str = ""
    id: int = 0

    @property
    def length(self):
        return sum(hop.length for hop in self.hops)
