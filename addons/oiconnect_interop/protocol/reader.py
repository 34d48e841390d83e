"""Streaming reader of protocol files: physical bytes to rows of cells.

Tolerant to what partners send (encodings, byte order marks, blank lines, short lines),
firm about what would lose or mix data. One bad line never hides the next ones.
Interop'Fibre access protocol, "File conventions"; PM protocol, "Common format rules".
"""

import codecs
import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from .errors import MALFORMED, FileError, LineError

_BLOCK = 1 << 20
_SAMPLE = 1 << 12
_SEPARATORS = ";,\t|"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "Excel",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"\x7fELF": "ELF",
    b"<": "XML",
}

Row = tuple[int, list[str], LineError | None]


class Limits(NamedTuple):
    """What a file may not exceed: columns, bytes of one record, records."""

    columns: int = 512
    line_length: int = 65_536
    lines: int = 10_000_000


class CsvReader:
    """Rows of a CSV file given as bytes or as a binary stream.

    ``header`` is read at once; iterating yields, once, (line number, cells, problem)
    for each record that is not blank. The line number is that of the first physical
    line of the record (the header is line 1). Cells are as many as header names: a
    short line is completed by empty cells, cells in excess are a problem unless empty.
    With a problem the cells are the best reading of that line.

    A quote that does not close, or closes before other text, is the problem of the
    line where the record begins; reading goes on at the next physical line.

    ``encoding`` and ``warnings`` are complete after the last row. With ``encoding``
    given no other is tried. Raises ``FileError`` at construction or on the way.
    """

    def __init__(
        self,
        source: bytes | BinaryIO,
        separator: str = ";",
        encoding: str | None = None,
        limits: Limits | None = None,
        allow_empty: bool = False,
    ):
        is_bytes = isinstance(source, bytes | bytearray | memoryview)
        self._stream = io.BytesIO(source) if is_bytes else source
        self.separator = separator
        self._limits = limits = limits or Limits()
        self._allow_empty = allow_empty
        self._decoder = _Decoder(encoding, limits.line_length)
        self._blocks = self._decoder.blocks(self._stream)
        #: physical lines read and not cut yet
        self._waiting: deque[str] = deque()
        self._count = 0
        self._record = _Record(self._draw, limits.line_length)
        self._csv = csv.reader(self._record, delimiter=separator, strict=True)
        self._number = 0
        self.header = self._read_header()

    @property
    def encoding(self) -> str:
        """Encoding met so far: "utf-8", "utf-8-sig", "cp1252", "latin-1" or "mixed"."""
        return self._decoder.encoding

    @property
    def warnings(self) -> list[LineError]:
        """What was read but deserves a word to the partner: mixed encodings."""
        return self._decoder.warnings

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
                problem = _line_problem(number, "repeated_header")
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
        names = [" ".join(cell.split()) for cell in cells]
        while names and not names[-1]:
            names.pop()
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
            return cells, _line_problem(self._number, "bad_quotes", line)
        self._number += len(self._record.taken) - 1
        return cells, None

    def _fit(self, cells: list[str], number: int) -> LineError | None:
        """Bring ``cells`` to the width of the header, in place."""
        width, count = len(self.header), len(cells)
        if count < width:
            cells.extend([""] * (width - count))
            return None
        excess = any(map(str.strip, cells[width:]))
        del cells[width:]
        if not excess:
            return None
        return _line_problem(number, "too_many_cells", count=count, limit=width)


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


class _Decoder:
    """Physical lines of a byte stream as text, each in the encoding it fits.

    A file is read in UTF-8; a line that is not UTF-8 is read in Windows-1252, and one
    that uses none of its signs in ISO-8859-1 (its control characters are then refused
    by the values).
    """

    def __init__(self, encoding: str | None, limit: int):
        self._forced = known_codec(encoding) if encoding else None
        self._limit = limit
        self._count = 0
        self._marked = False
        #: encoding → first physical line read in it
        self._first: dict[str, int] = {}

    @property
    def encoding(self) -> str:
        if self._forced:
            return self._forced
        if len(self._first) > 1:
            return "mixed"
        found = next(iter(self._first), "utf-8")
        return "utf-8-sig" if self._marked and found == "utf-8" else found

    @property
    def warnings(self) -> list[LineError]:
        others = sorted(self._first.items(), key=lambda item: item[1])[1:]
        return [
            _line_problem(line, "mixed_encodings", encoding=encoding)
            for encoding, line in others
        ]

    def blocks(self, stream: BinaryIO) -> Iterator[list[str]]:
        """Yield the physical lines, many at once, without their final LF.

        (CR in a file of CR only.)
        """
        block = self._open(_first_block(stream))
        end = b"\r" if b"\r" in block[:-1] and b"\n" not in block else b"\n"
        carry = b""
        while block:
            self._refuse_nul(block, end)
            whole, newline, carry = (carry + block).rpartition(end)
            if newline:
                yield self._decode(whole, end)
            self._check_length(carry, self._count + 1)
            block = stream.read(_BLOCK)
        if carry:
            yield self._decode(carry, end)

    def _open(self, block: bytes) -> bytes:
        """Check the first block and take its byte order mark away."""
        if block.startswith(_UTF16_MARKS):
            raise FileError("utf16")
        if block.startswith(codecs.BOM_UTF8):
            self._marked = True
            block = block[len(codecs.BOM_UTF8) :]
        for signature, found in _SIGNATURES.items():
            if block.lstrip()[:8].startswith(signature):
                raise FileError("not_csv", found=found)
        if _looks_utf16(block):
            raise FileError("utf16")
        return block

    def _refuse_nul(self, block: bytes, end: bytes) -> None:
        if b"\0" in block:
            before = block[: block.index(b"\0")]
            raise FileError("nul_bytes", line=self._count + before.count(end) + 1)

    def _check_length(self, raw: bytes | str, line: int) -> None:
        if len(raw) > self._limit:
            raise FileError("line_too_long", line=line, limit=self._limit)

    def _decode(self, whole: bytes, end: bytes) -> list[str]:
        """Decode complete lines, at once when they are all UTF-8."""
        try:
            text = whole.decode(self._forced or "utf-8")
        except UnicodeDecodeError:
            lines = self._decode_each(whole.split(end))
        else:
            lines = text.split(end.decode())
            if not self._forced and "utf-8" not in self._first and not text.isascii():
                rank = next(i for i, line in enumerate(lines, 1) if not line.isascii())
                self._first["utf-8"] = self._count + rank
        if max(map(len, lines)) > self._limit:
            for rank, line in enumerate(lines, 1):
                self._check_length(line, self._count + rank)
        self._count += len(lines)
        return lines

    def _decode_each(self, raws: list[bytes]) -> list[str]:
        return [self._decode_line(raw, rank) for rank, raw in enumerate(raws, 1)]

    def _decode_line(self, raw: bytes, rank: int) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        encodings = (self._forced,) if self._forced else ("utf-8", "cp1252", "latin-1")
        for encoding in encodings:
            try:
                line = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            self._first.setdefault(encoding, self._count + rank)
            return line
        raise FileError(
            "undecodable", line=self._count + rank, encoding=self._forced or "utf-8"
        )


def _first_block(stream: BinaryIO) -> bytes:
    """Read enough to know what the file is, however little each read gives."""
    block = b""
    while len(block) < _SAMPLE and (more := stream.read(_BLOCK)):
        block += more
    return block


def known_codec(encoding: str) -> str:
    """Return ``encoding`` when it keeps ASCII as it is; raise ``FileError`` else."""
    try:
        written = ";\r\n".encode(encoding)
    except (LookupError, ValueError):
        written = b""
    if not written.endswith(b";\r\n"):
        raise FileError("unknown_encoding", encoding=encoding)
    return encoding


def _looks_utf16(block: bytes) -> bool:
    """Whether every other byte of the beginning is NUL, as in UTF-16 without mark."""
    start = block[:64]
    half = len(start) // 2
    return half > 1 and max(start[::2].count(0), start[1::2].count(0)) >= half * 0.9


def _line_problem(line: int, key: str, value: str = "", **params) -> LineError:
    return LineError(line, "", value, MALFORMED, key, params)
