"""Streaming reader of protocol files: physical bytes to rows of cells.

Tolerant to what partners send (encodings, byte order marks, blank lines, short lines),
firm about what would lose or mix data. One bad line never hides the next ones.
Interop'Fibre access protocol, "File conventions"; PM protocol, "Common format rules".
"""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from .decoder import Decoder, Place, size_of_lines
from .errors import FileError, LineError, line_problem

_SEPARATORS = ";,\t|"

Row = tuple[int, list[str], LineError | None]


class Limits(NamedTuple):
    """Limits of a file: columns, bytes of one record, records."""

    columns: int = 512
    line_length: int = 65_536
    lines: int = 10_000_000


class CsvReader:
    """Rows of a CSV file given as bytes or as a binary stream.

    ``header`` is read at once; iterating yields, once, (line number, cells, problem)
    for each record that is not blank. The line number is that of the first physical
    line of the record (the header is line 1). Cells are as many as header names: a
    short line is completed by empty cells, cells in excess are a problem unless empty.
    With a problem the cells are the best reading of that line. Who reads by a format
    sets ``least``: a line with fewer cells was cut short, which is its problem.

    A quote that does not close, or closes before other text, is the problem of the
    line where the record begins; reading goes on at the next physical line.

    ``encoding`` and ``warnings`` are complete after the last row. With ``encoding``
    given no other is tried. With ``place``, which an earlier reader of the same stream
    gave, reading goes on from there. Raises ``FileError`` at construction or on the
    way.
    """

    def __init__(
        self,
        source: bytes | BinaryIO,
        separator: str = ";",
        encoding: str | None = None,
        limits: Limits | None = None,
        allow_empty: bool = False,
        place: Place | None = None,
    ):
        is_bytes = isinstance(source, bytes | bytearray | memoryview)
        self._stream = io.BytesIO(source) if is_bytes else source
        self.separator = separator
        self._limits = limits = limits or Limits()
        self._allow_empty = allow_empty or bool(place)
        self._decoder = Decoder(encoding, limits.line_length, place)
        self._blocks = self._decoder.blocks(self._stream)
        #: physical lines read and not cut yet
        self._waiting: deque[str] = deque()
        self._count = 0
        #: cells without which a line was cut short
        self.least = 0
        self._record = _Record(self._draw, limits.line_length)
        self._csv = csv.reader(self._record, delimiter=separator, strict=True)
        self._start = place or Place(0, 0, "", [])
        self._number = self._start.number
        self._header_cells = self._start.header
        self.header = _names(place.header) if place else self._read_header()

    @property
    def encoding(self) -> str:
        """Encoding met so far: "utf-8", "utf-8-sig", "cp1252", "latin-1" or "mixed"."""
        return self._decoder.encoding

    @property
    def warnings(self) -> list[LineError]:
        """What was read but deserves a word to the partner: mixed encodings."""
        return self._decoder.warnings

    def place(self, number: int | None = None) -> Place:
        """Return where the physical line ``number`` begins, by default the next one.

        The stream has to be one that can be sought.
        """
        lines = self._number if number is None else number - 1
        start, here = self._start, self._stream.tell()
        self._stream.seek(start.offset)
        size = size_of_lines(self._stream, lines - start.number, self._decoder.end)
        self._stream.seek(here)
        end = self._decoder.end.decode()
        return Place(start.offset + size, lines, end, self._header_cells)

    def __iter__(self) -> Iterator[Row]:
        separator, header = self.separator, self._header_cells
        width = len(header)
        while (line := self._draw()) is not None:
            self._number = number = self._number + 1
            problem = None
            if '"' in line:
                cells, problem = self._cut_quoted(line)
            else:
                cells = line.rstrip("\r").split(separator)
            if not any(cells) or (len(cells) == 1 and not cells[0].strip()):
                continue
            if len(cells) != width:
                excess = self._fit(cells, number)
                problem = problem or excess
            if cells == header:
                problem = line_problem(number, "repeated_header")
            self._add(1)
            yield number, cells, problem
        if not self._count and not self._allow_empty:
            raise FileError("header_only")

    def take_plain(self, most: int) -> tuple[int, list[str]]:
        """Take the next lines, ``most`` at most, whose cells need no care to be cut.

        Return the number of the first and the lines without their end: a record each,
        with a separator between two cells and no other. There are none at the end of
        the file, or when one of the next lines must be read by iterating.
        """
        if not self._waiting:
            self._fill()
        waiting = self._waiting
        taken = [waiting.popleft() for _ in range(min(most, len(waiting)))]
        lines = [line.rstrip("\r") for line in taken]
        if not lines or not self._are_plain(lines):
            waiting.extendleft(reversed(taken))
            return 0, []
        first = self._number + 1
        self._number += len(lines)
        self._add(len(lines))
        return first, lines

    def _are_plain(self, lines: list[str]) -> bool:
        separator, between = self.separator, len(self.header) - 1
        text = "\n".join(lines)
        return (
            between > 0
            and '"' not in text
            and all(line.count(separator) == between for line in lines)
            and all(line.strip(separator) for line in lines)
            and separator.join(self._header_cells) not in text
        )

    def _add(self, records: int) -> None:
        self._count += records
        if self._count > self._limits.lines:
            raise FileError("too_many_lines", limit=self._limits.lines)

    # -- header ---------------------------------------------------------------------

    def _read_header(self) -> list[str]:
        line = self._draw()
        if line is None:
            raise FileError("empty_file")
        self._number = 1
        cells, problem = self._cut_quoted(line)
        if problem:
            raise FileError("bad_header", line=1)
        names = _names(cells)
        self._check_header(line, names)
        self._header_cells = cells[: len(names)]
        return names

    def _check_header(self, line: str, names: list[str]) -> None:
        if not names:
            raise FileError("no_header", line=1)
        if len(names) > self._limits.columns:
            raise FileError(
                "too_many_columns", count=len(names), limit=self._limits.columns
            )
        if len(names) == 1:
            self._check_separator(line)
        seen: set[str] = set()
        for rank, name in enumerate(names, 1):
            if not name:
                raise FileError("unnamed_column", rank=rank)
            if name in seen:
                raise FileError("doubled_column", column=name)
            seen.add(name)

    def _check_separator(self, line: str) -> None:
        others = [sign for sign in _SEPARATORS if sign != self.separator]
        found = max(others, key=line.count)
        if found in line:
            shown = "TAB" if found == "\t" else found
            raise FileError("wrong_separator", found=shown, expected=self.separator)

    # -- rows -----------------------------------------------------------------------

    def _draw(self) -> str | None:
        """Take the next physical line."""
        if not self._waiting:
            self._fill()
        return self._waiting.popleft() if self._waiting else None

    def _fill(self) -> None:
        self._waiting.extend(next(self._blocks, ()))

    def _cut_quoted(self, line: str) -> tuple[list[str], LineError | None]:
        """Cut a record that has quotes, drawing the lines it spans."""
        self._record.begin(line)
        try:
            cells = next(self._csv)
        except csv.Error:
            self._waiting.extendleft(reversed(self._record.taken[1:]))
            cells = line.rstrip("\r").split(self.separator)
            return cells, line_problem(self._number, "bad_quotes", line)
        self._number += len(self._record.taken) - 1
        return cells, None

    def _fit(self, cells: list[str], number: int) -> LineError | None:
        """Bring ``cells`` to the width of the header, in place."""
        width, count = len(self.header), len(cells)
        if count < width:
            cells.extend([""] * (width - count))
            if count >= self.least:
                return None
            return line_problem(number, "too_few_cells", count=count, limit=width)
        excess = any(map(str.strip, cells[width:]))
        del cells[width:]
        if not excess:
            return None
        return line_problem(number, "too_many_cells", count=count, limit=width)


def _names(cells: list[str]) -> list[str]:
    """Return the names of a header, without the blank cells at its end."""
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


class _Record:
    """Physical lines of one record, given to ``csv`` as it asks for them."""

    def __init__(self, draw: Callable[[], str | None], limit: int):
        self._draw = draw
        self._limit = limit
        self.begin("")

    def begin(self, line: str) -> None:
        """Start a record that opens with ``line``."""
        self.taken: list[str] = []
        self._first: str | None = line
        self._size = 0

    def __iter__(self) -> "_Record":
        return self

    def __next__(self) -> str:
        line, self._first = self._first, None
        if line is None:
            line = self._draw() if self._size <= self._limit else None
        if line is None:
            raise StopIteration
        self.taken.append(line)
        self._size += len(line) + 1
        return f"{line}\n"
