"""A file with one fault in some of its lines, and what the import must say."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from . import tables
from .faults import ERROR, GOOD_LINES, Kind, Place, Report
from .ipe import Line


class FaultyFile:
    """The lines of ``clusters``, of which the share ``errors`` has one fault each.

    Once it is written, ``reports`` says what the import tells, ``bad_lines`` which
    lines are left out, and ``kinds`` how often each kind of fault was put in.

    :param clusters: lists of lines that have to do with each other
    :param kinds: faults, those that fit few lines first
    """

    flow = ""
    #: as names of files have the flow
    token = ""
    #: a column of which nothing follows
    free_text = ""

    def __init__(
        self,
        clusters: Iterable[list[Line]],
        kinds: Iterable[Kind],
        version: str,
        seed: int,
        errors: float,
    ):
        self.version = version
        self.errors = errors
        self.reports: list[Report] = []
        self.kinds: Counter[tuple[str, str, str]] = Counter()
        self._clusters = clusters
        self._names = tables.header(self.flow, version)
        self._injector = _Injector(random.Random(f"faults {seed}"), kinds, self)
        self._written = 0

    @property
    def name(self) -> str:
        return tables.file_name(self.token, self.version, tables.PUBLISHED)

    @property
    def bad_lines(self) -> set[int]:
        return {report.line for report in self.reports if report.severity == ERROR}

    def write_to(self, target: BinaryIO) -> None:
        target.write(f"{';'.join(self._names)}\r\n".encode())
        for lines in self._clusters:
            target.writelines(self._rows(lines))
        self.reports.sort()

    def _rows(self, lines: list[Line]) -> Iterator[bytes]:
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

    def _faults(self, lines: list[Line], is_first: bool):
        due = int(self.errors * self._written) - self.kinds.total()
        return self._injector.put_in(lines, due, is_first)


class _Injector:
    """Puts faults in lines, each kind once before any comes again."""

    def __init__(self, rng: random.Random, kinds: Iterable[Kind], file: FaultyFile):
        self.rng = rng
        self.file = file
        self.kinds = tuple(kinds)
        self.waiting = list(self.kinds)
        self.once: set[str] = set()

    def put_in(self, lines: list[Line], due: int, is_first: bool):
        """Yield (place, kind, reports) of ``due`` faults in ``lines``."""
        touched: set[int] = set()
        ranks = list(range(GOOD_LINES, len(lines)))
        self.rng.shuffle(ranks)
        for rank in ranks:
            if due <= 0:
                return
            if rank in touched:
                continue
            place = self._place(lines, rank, touched, is_first)
            touched.add(rank)
            kind = self._next(place)
            due -= 1
            yield place, kind, kind.apply(place)

    def _place(self, lines, rank, touched, is_first) -> Place:
        names = tables.header(self.file.flow, self.file.version)
        free_text = self.file.free_text
        return Place(lines, rank, names, free_text, touched, self.once, is_first)

    def _next(self, place: Place) -> Kind:
        if not self.waiting:
            self.waiting = list(self.kinds)
        for rank, kind in enumerate(self.waiting):
            if kind.fits(place):
                return self.waiting.pop(rank)
        return self.rng.choice([kind for kind in self.kinds if kind.fits(place)])
