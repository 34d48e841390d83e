"""GraceTHD networks: NROs, PMs and their fibres up to the PTO, and their routes.

``Network`` tells the truth beside the rows: each drawer position of a PM with its
positions, its fibres and how it ends. ``gracethd_file`` writes the rows.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .gracethd_pm import Pm
from .gracethd_rows import (
    CITY,
    INSEE,
    OWNER,
    POSTAL,
    Block,
    Cable,
    Place,
    Point,
    Row,
    shifted,
)
from .gracethd_truth import Link, Route

PMS_PER_NRO = 20
#: metres between two PMs
CELL = 3000
ORIGIN = (870_000.0, 6_560_000.0)


class Traits(NamedTuple):
    """What the network has of unusual: shares between 0 and 1.

    ``written_back``: positions whose fibres are given in the other order; ``no_tray``:
    positions of boxes without tray; ``no_kind``: cables without kind. ``spares``:
    empty positions of each tray that the delivery describes.
    """

    splitters: float = 0.5
    gaps: float = 0.0
    loops: float = 0.0
    written_back: float = 0.0
    no_tray: float = 0.0
    no_kind: float = 0.0
    spares: int = 0
    dwellings: tuple[int, int] = (16, 60)


PLAIN = Traits()
ROUGH = Traits(gaps=0.04, loops=0.02, written_back=0.1, no_tray=0.3)


@dataclass
class Network:
    """All tables of a network of ``pms`` PMs, the same for a seed."""

    pms: int
    seed: int = 1
    traits: Traits = PLAIN
    tables: dict[str, list[Row]] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        for block, routes, links in blocks(self.pms, self.seed, self.traits):
            for table, rows in block.tables.items():
                self.tables.setdefault(table, []).extend(rows)
            self.routes += routes
            self.links += links

    def rows(self, table: str) -> list[Row]:
        return self.tables.setdefault(table, [])


def blocks(
    pms: int, seed: int = 1, traits: Traits = PLAIN
) -> Iterator[tuple[Block, list[Route], list[Link]]]:
    """Yield the rows, the routes and the links of each NRO with its PMs."""
    rng = random.Random(f"gracethd {seed}")
    number = 1
    for rank, first in enumerate(range(0, pms, PMS_PER_NRO)):
        block = Block(number, rank)
        if not rank:
            _add_organisation(block)
        nro = _Nro(block, rng, rank, traits)
        nro.build(min(PMS_PER_NRO, pms - first))
        yield block, nro.routes, nro.links
        number = block.number


def _add_organisation(block: Block) -> None:
    block.tables["t_organisme"] = [
        {
            "or_code": OWNER,
            "or_nom": "Réseau fictif de l'Ain",
            "or_siren": "000000000",
            "or_type": "OPERATEUR",
            "or_commune": CITY,
            "or_insee": INSEE,
            "or_postal": POSTAL,
        }
    ]


class _Nro:
    """A NRO: its drawer, a transport cable to each PM, and these PMs."""

    def __init__(self, block: Block, rng: random.Random, rank: int, traits: Traits):
        self.block = block
        self.rng = rng
        self.rank = rank
        self.traits = traits
        self.routes: list[Route] = []
        self.links: list[Link] = []
        #: trays of the drawer, one for each PM
        self.modules: list[str] = []
        #: splice box → its tray
        self.trays: dict[str, str] = {}

    def build(self, pms: int) -> None:
        name = f"NRO{INSEE}{self.rank:03d}"
        corner = shifted(ORIGIN, 0, self.rank * CELL)
        self.place = self.block.site(
            shifted(corner, -CELL / 2, CELL / 2), "BAT", "NRO", name
        )
        area = self.block.add(
            "t_znro",
            zn_nd_code=self.place.node,
            zn_nroref=name,
            zn_nrotype=("PON", "PTP", "PON-PTP")[self.rank % 3],
            zn_etat="DP",
            zn_lt_code=self.place.local,
            geom=_rectangle(shifted(corner, -CELL, 0), (pms + 1) * CELL, CELL),
        )
        self.drawer = self.block.drawer(self.place.local, "TIR-NRO", 12 * pms)
        for rank in range(pms):
            self.modules.append(
                self.block.add("t_cassette", cs_num=rank + 1, cs_type="C")
            )
            self._add_pm(area, rank, shifted(corner, rank * CELL, 0))

    def _add_pm(self, area: str, rank: int, corner: Point) -> None:
        number = self.rank * PMS_PER_NRO + rank
        pm = Pm(self.block, self.rng, self.traits, number, corner, CELL)
        pm.install(area)
        links = [
            self._link(rank, line, fibres)
            for line, fibres in enumerate(self._transport(pm.place))
        ]
        pm.connect(links)
        self.links += links
        self.routes += pm.routes

    def _transport(self, pm: Place) -> list[list[tuple[str, str]]]:
        """Lay the transport cables to the PM; return the legs of each fibre.

        A leg is the box before it, if any, and the fibre.
        """
        places = [self.place, *self._chambers(pm), pm]
        cables: list[Cable] = []
        for first, last in zip(places, places[1:], strict=False):
            ends = (first.box, last.box)
            cables.append(self.block.cable("TR", 12, first, last, ends))
            if self.rng.random() < self.traits.no_kind:
                del self.block.tables["t_cable"][-1]["cb_typelog"]
            self.block.path(first, last, "7")
        return [
            [
                (place.box, cable.fibres[line])
                for place, cable in zip(places, cables, strict=False)
            ]
            for line in range(12)
        ]

    def _chambers(self, pm: Place) -> list[Place]:
        """Put splice boxes on the way to the PM."""
        places = []
        for rank in range(self.rng.randint(0, 2)):
            point = shifted(pm.point, -400 + 150 * rank, -900)
            place = self.block.point(point, "C")
            self.block.box(place, "BPE", f"BPE-TR-{place.node}")
            places.append(place)
        return places

    def _link(self, pm: int, line: int, legs: list[tuple[str, str]]) -> Link:
        """Join the fibres of a transport line, from the drawer of the NRO."""
        block = self.block
        start = block.position(
            line + 1,
            "",
            legs[0][1],
            "CO",
            ps_ti_code=self.drawer,
            ps_cs_code=self.modules[pm],
        )
        positions = [start]
        for (_box, before), (box, after) in zip(legs, legs[1:], strict=False):
            if box not in self.trays:
                self.trays[box] = block.tray(box, 1)
            kind = "PA" if line < 6 else "EP"
            code = block.position(
                line + 1, before, after, kind, ps_cs_code=self.trays[box]
            )
            positions.append(code)
        return Link(positions, [fibre for _box, fibre in legs])


def _rectangle(corner: Point, width: float, height: float) -> list[Point]:
    x, y = corner
    return [(x, y), (x, y + height), (x + width, y + height), (x + width, y), (x, y)]
