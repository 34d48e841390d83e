"""The IPE of a day and that of the next one, with what the second changes."""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from . import ipe, tables
from .faults import GOOD_LINES, WARNING, Report
from .ipe import Cluster, Line

NEXT_DAY = tables.wire(tables.PUBLISHED + datetime.timedelta(1))
#: rules of what a file changes, and of what the network has: (rule, column)
MOVES = (
    ("S1", "EtatImmeuble"),
    ("S1", "EtatPM"),
    ("R5c", "DatePremiereMADPM"),
    ("R13c", "DateDerniereModification"),
    ("K2", "CodeAdresseImmeuble"),
)

#: states of a PM, and what they never go back to
_BACK = {
    "ABANDONNE": "EN COURS DE DEPLOIEMENT",
    "EN COURS DE DEPLOIEMENT": "PLANIFIE",
}


@dataclass
class Shares:
    """Parts of the lines that are changed, added, or that left the file."""

    changed: float = 0.01
    added: float = 0.002
    left: float = 0.002


@dataclass
class Changes:
    """Changes by the second file, as the import counts them."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    #: lines that are not there any more, save those of abandoned buildings
    left: int = 0
    pms: int = 0
    pms_changed: int = 0


class Days:
    """Two files of the same network, ``count`` lines the first day.

    :param faults: whether the second file also breaks the rules of ``MOVES``

    Once the second file is written, ``changes`` says what it does to the network and
    ``reports`` the expected reports on its lines.
    """

    def __init__(
        self,
        count: int,
        seed: int = 1,
        version: str = tables.VERSION,
        shares: Shares | None = None,
        faults: bool = False,
        lines_per_pm: int = ipe.LINES_PER_PM,
    ):
        self.count = count
        self.seed = seed
        self.version = version
        self.shares = shares or Shares()
        self.lines_per_pm = lines_per_pm
        self.changes = Changes()
        self.reports: list[Report] = []
        self._faults = faults
        self._rng = random.Random(f"next day {seed}")
        self._number = 1

    def name(self, day: int) -> str:
        date = tables.PUBLISHED + datetime.timedelta(day)
        return tables.file_name("IPEZMD", self.version, date)

    def write_to(self, day: int, target: BinaryIO) -> None:
        """Write the file of ``day``, 0 or 1."""
        names = ipe.header(self.version)
        target.write(f"{';'.join(names)}\r\n".encode())
        for cluster in self._clusters():
            lines = cluster.lines()
            if day:
                lines = list(self._next(cluster, lines))
            for line in lines:
                cells = [line.get(name, "") for name in names]
                target.write(f"{';'.join(cells)}\r\n".encode())

    def _clusters(self) -> Iterator[Cluster]:
        return ipe.clusters(self.count, self.seed, self.version, self.lines_per_pm)

    # -- the next day -----------------------------------------------------------------

    def _next(self, cluster: Cluster, lines: list[Line]) -> Iterator[Line]:
        """Yield the lines of a cluster as the second file has them."""
        self._change_pm(cluster, lines)
        for rank, line in enumerate(lines):
            chance = self._rng.random()
            if rank < GOOD_LINES:
                self.changes.unchanged += 1
            elif chance < self.shares.left:
                self.changes.left += line["EtatImmeuble"] != "ABANDONNE"
                continue
            elif chance < self.shares.left + self.shares.changed:
                self.changes.changed += 1
                self._change(line, self._number + 1)
            else:
                self.changes.unchanged += 1
            yield self._numbered(line)
        yield from self._added(cluster, lines)

    def _numbered(self, line: Line) -> Line:
        self._number += 1
        return line

    def _tell(self, line: int, column: str, code: str, key: str, severity=WARNING):
        self.reports.append(Report(line, column, code, severity, key))

    def _change(self, line: Line, number: int) -> None:
        """Change one thing of a building, and say when, if there is no fault."""
        line["DateDerniereModification"] = NEXT_DAY
        if self._faults and self._rng.random() < 0.1:
            line["DateDerniereModification"] = tables.CHANGED
            line["NombreLogementsAdresseIPE"] += "1"
            self._tell(number, "DateDerniereModification", "R13c", "change_not_dated")
        elif self._faults and line["EtatImmeuble"] == "DEPLOYE":
            # Back to the beginning: its manager's agreement or not.
            line["EtatImmeuble"] = "CIBLE"
            self._tell(number, "EtatImmeuble", "S1", "building_move")
        elif _may_begin(line):
            line["EtatImmeuble"] = "EN COURS DE DEPLOIEMENT"
        else:
            line["NombreLogementsAdresseIPE"] += "1"

    def _change_pm(self, cluster: Cluster, lines: list[Line]) -> None:
        """One PM in ten changes; with faults, against its path or its dates."""
        if not cluster.reference:
            return
        self.changes.pms += 1
        if self._rng.random() >= 0.1:
            return
        self.changes.pms_changed += 1
        changes = {"CommentairePM": "DÉPLACÉ DE 20 M"}
        if self._faults:
            changes = self._pm_fault(cluster)
        for line in lines:
            line.update(changes)

    def _pm_fault(self, cluster: Cluster) -> Line:
        """Reported on the first line of the PM, of which all lines say the same."""
        first = self._number + 1
        if cluster.state == "DEPLOYE":
            self._tell(first, "DatePremiereMADPM", "R5c", "first_delivery_changed")
            return {
                "DatePremiereMADPM": "20260110",
                "DateMiseEnServiceCommercialePM": "20260410",
            }
        back = _BACK.get(cluster.state)
        if not back or self.version in tables.BEFORE_PLANNED:
            return {"NombrePMTechniques": "2"}
        self._tell(first, "EtatPM", "S1", "pm_move")
        return {"EtatPM": back}

    def _added(self, cluster: Cluster, lines: list[Line]) -> Iterator[Line]:
        """Yield new lines; with faults, one that may be any of two twins."""
        for rank, line in enumerate(lines):
            if self._rng.random() < self.shares.added and rank >= GOOD_LINES:
                self.changes.created += 1
                new = line | {
                    "IdentifiantImmeuble": f"IMB/NEUF/{cluster.first + rank:08d}",
                    "CodeAdresseImmeuble": f"99{cluster.first + rank:08X}",
                    "DateDerniereModification": NEXT_DAY,
                }
                yield self._numbered(new)
        if self._faults and cluster.has_twins:
            new = lines[0] | {"IdentifiantImmeuble": ""}
            number = self._number + 1
            self._tell(number, "CodeAdresseImmeuble", "K2", "ambiguous_key", "error")
            yield self._numbered(new)


def _may_begin(line: Line) -> bool:
    return (
        line["EtatImmeuble"] == "CIBLE"
        and line["AccordGestionnaireImmeubleNecessaire"] == "N"
        and bool(line.get("ReferencePM"))
    )
