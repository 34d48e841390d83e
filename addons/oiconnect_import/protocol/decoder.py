"""Bytes of a file to physical lines of text, each in the encoding it fits."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from .errors import FileError, LineError, line_problem

#: bytes read at once
BLOCK = 1 << 20
_SAMPLE = 1 << 12
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


class Place(NamedTuple):
    """Where a physical line begins, and what to know to read on from there.

    ``offset`` is in bytes, ``number`` counts the physical lines before, ``end`` is
    what ends a line, ``header`` has the cells of the header.
    """

    offset: int
    number: int
    end: str
    header: list[str]


class Decoder:
    """Physical lines of a byte stream as text, each in the encoding it fits.

    A file is read in UTF-8; a line that is not UTF-8 is read in Windows-1252, and one
    that uses none of its signs in ISO-8859-1 (its control characters are then refused
    by the values).
    """

    def __init__(self, encoding: str | None, limit: int, place: Place | None = None):
        self._forced = known_codec(encoding) if encoding else None
        self._limit = limit
        self._place = place
        #: what ends a line
        self.end = place.end.encode() if place else b"\n"
        self._count = place.number if place else 0
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
            line_problem(line, "mixed_encodings", encoding=encoding)
            for encoding, line in others
        ]

    def blocks(self, stream: BinaryIO) -> Iterator[list[str]]:
        """Yield the physical lines, many at once, without their final LF.

        (CR in a file of CR only.)
        """
        if self._place:
            stream.seek(self._place.offset)
            block = stream.read(BLOCK)
        else:
            block = self._open(_first_block(stream))
            if b"\r" in block[:-1] and b"\n" not in block:
                self.end = b"\r"
        carry, end = b"", self.end
        while block:
            self._refuse_nul(block, end)
            whole, newline, carry = (carry + block).rpartition(end)
            if newline:
                yield self._decode(whole, end)
            self._check_length(carry, self._count + 1)
            block = stream.read(BLOCK)
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
            raws = enumerate(whole.split(end), 1)
            lines = [self._decode_line(raw, rank) for rank, raw in raws]
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
    while len(block) < _SAMPLE and (more := stream.read(BLOCK)):
        block += more
    return block


def size_of_lines(stream: BinaryIO, count: int, end: bytes) -> int:
    """Return how many bytes the next ``count`` physical lines of ``stream`` take."""
    size = 0
    while count and (block := stream.read(_SAMPLE)):
        *lines, rest = block.split(end, count)
        count -= len(lines)
        size += len(block) if count else len(block) - len(rest)
    return size


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
