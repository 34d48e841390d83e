"""An IPE file with one fault in some of its lines, and what the import must say."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from . import ipe, tables
from .faults import ERROR, KEPT, Kind, Place, Report, cell_kinds, line_kinds
from .rule_faults import rule_kinds


def all_kinds(version: str) -> tuple[Kind, ...]:
    """Return every kind of fault of a first file, those that fit few lines first."""
    return (*rule_kinds(version), *line_kinds(version), *cell_kinds(version))


class IpeFile:
    """A file of ``count`` lines, of which the share ``errors`` has one fault each.

    Once it is written, ``reports`` says what the import tells, ``bad_lines`` which
    lines are left out, and ``kinds`` how often each kind of fault was put in.
    """

    def __init__(
        self,
        count: int,
        seed: int = 1,
        version: str = tables.VERSION,
        errors: float = 0.02,
        lines_per_pm: int = ipe.LINES_PER_PM,
    ):
        self.count = count
        self.version = version
        self.errors = errors
        self.reports: list[Report] = []
        self.kinds: Counter[tuple[str, str, str]] = Counter()
        self._clusters = ipe.clusters(count, seed, version, lines_per_pm)
        self._names = ipe.header(version)
        self._injector = _Injector(random.Random(f"faults {seed}"), version)
        self._written = 0

    @property
    def name(self) -> str:
        token = self.version.replace(".", "")
        day = tables.wire(tables.PUBLISHED)
        return f"TEST_01_{tables.OI_CODE}_PM_IPEZMD_{token}_{day}_00.csv"

    @property
    def bad_lines(self) -> set[int]:
        return {report.line for report in self.reports if report.severity == ERROR}

    def write(self, path: Path) -> "IpeFile":
        with path.open("wb") as target:
            self.write_to(target)
        return self

    def write_to(self, target: BinaryIO) -> None:
        target.write(f"{';'.join(self._names)}\r\n".encode())
        for cluster in self._clusters:
            target.writelines(self._rows(cluster))
        self.reports.sort()

    def _rows(self, cluster: ipe.Cluster) -> Iterator[bytes]:
        lines = cluster.lines()
        # The header is line 1.
        first = self._written + 2
        self._written += len(lines)
        raw, encodings = {}, {}
        for place, kind, said in self._faults(lines, first == 2):
            raw |= place.raw
            encodings |= place.encodings
            self.kinds[kind.name] += 1
            self.reports += [item._replace(line=first + item.line) for item in said]
        for rank, line in enumerate(lines):
            cells = raw.get(rank) or [line.get(name, "") for name in self._names]
            yield f"{';'.join(cells)}\r\n".encode(encodings.get(rank, "utf-8"))

    def _faults(self, lines, is_first):
        due = int(self.errors * self._written) - self.kinds.total()
        return self._injector.put_in(lines, due, is_first)


class _Injector:
    """Puts faults in lines, each kind once before any comes again."""

    def __init__(self, rng: random.Random, version: str):
        self.rng = rng
        self.version = version
        self.kinds = all_kinds(version)
        self.waiting = list(self.kinds)
        self.once: set[str] = set()

    def put_in(self, lines, due: int, is_first: bool):
        """Yield (place, kind, what is told) of ``due`` faults in ``lines``."""
        touched: set[int] = set()
        ranks = list(range(KEPT, len(lines)))
        self.rng.shuffle(ranks)
        for rank in ranks:
            if due <= 0:
                return
            if rank in touched:
                continue
            place = Place(lines, rank, self.version, touched, self.once, is_first)
            touched.add(rank)
            kind = self._next(place)
            due -= 1
            yield place, kind, kind.apply(place)

    def _next(self, place: Place) -> Kind:
        if not self.waiting:
            self.waiting = list(self.kinds)
        for rank, kind in enumerate(self.waiting):
            if kind.fits(place):
                return self.waiting.pop(rank)
        return self.rng.choice([kind for kind in self.kinds if kind.fits(place)])
