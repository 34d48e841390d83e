"""Shapefiles: the records of a dbf, with the geometries of the shp beside.

Both are read as streams, side by side, in flat memory.
"""

import io
import re
import struct
from itertools import chain

from .geometry import GeometryError, from_shape
from .problems import DeliveryError

_HEADER = struct.Struct("<4xIHH20x")
_FIELD = struct.Struct("<11sc4xBB14x")
_BLOCK = 500
_BUFFER = 1 << 18
# Bytes with which the texts of a block need care one by one
_CONTROLS = bytes(range(32)) + b"\x7f"
#: the most bytes of a record, of a table and of a shape
_MAX_RECORD = 1 << 16
_MAX_SHAPE = 1 << 26
_CODECS = {
    "UTF8": "utf-8",
    "65001": "utf-8",
    "1252": "cp1252",
    "ANSI1252": "cp1252",
    "CP1252": "cp1252",
    "WINDOWS1252": "cp1252",
    "88591": "latin-1",
    "ISO88591": "latin-1",
    "885915": "iso8859-15",
    "ISO885915": "iso8859-15",
}


def codec_of(text):
    """Return the codec that a .cpg names, none when it is not known."""
    return _CODECS.get(re.sub(r"[^A-Z0-9]", "", text.upper()))


class Dbf:
    """Rows of a dbf file.

    :param codec: what its texts are written in; without, each cell is read in UTF-8,
        or else in Windows-1252
    :raises DeliveryError: it is not one
    """

    def __init__(self, stream, codec=None):
        self._stream = stream
        self._codec = codec
        self.encoding = codec or "utf-8"
        head = stream.read(_HEADER.size)
        if len(head) < _HEADER.size:
            raise DeliveryError("dbf_broken")
        self.count, size, self._width = _HEADER.unpack(head)
        raw = stream.read(max(size - _HEADER.size, 0))
        #: name as received, kind, width and decimals of each column
        self.declared = []
        self._fields = self._read_fields(raw)
        self.header = [name for name, _kind, _length in self._fields]
        self._readers = [self._reader(kind) for _name, kind, _length in self._fields]
        self._special = [
            (rank, read)
            for rank, read in enumerate(self._readers)
            if read != self._text
        ]
        needed = 1 + sum(length for _name, _kind, length in self._fields)
        if not self._fields or not needed <= self._width <= _MAX_RECORD:
            raise DeliveryError("dbf_broken")
        for name in self.header:
            if self.header.count(name) > 1:
                raise DeliveryError("doubled_column", column=name)

    def _read_fields(self, raw):
        fields = []
        for start in range(0, len(raw) - 31, 32):
            if raw[start] == 0x0D:
                break
            name, kind, length, decimals = _FIELD.unpack_from(raw, start)
            name = name.split(b"\0")[0].decode("ascii", "replace").strip()
            kind = kind.decode("ascii", "replace")
            self.declared.append(
                {"name": name, "kind": kind, "width": length, "decimals": decimals}
            )
            fields.append((name.lower(), kind, length))
        return fields

    def rows(self):
        """Yield (rank, cells) of the records; those that are deleted are left out.

        :raises DeliveryError: the file ends before its last record
        """
        packed = struct.Struct(
            "".join(["c", *(f"{field[2]}s" for field in self._fields)])
            + f"{self._width - 1 - sum(field[2] for field in self._fields)}x"
        )
        rank = 0
        while rank < self.count:
            wanted = min(_BLOCK, self.count - rank)
            block = self._stream.read(self._width * wanted)
            whole = len(block) // self._width
            # A pattern finds them too, six times slower.
            is_plain = len(block.translate(None, _CONTROLS)) == len(block)
            read = self._read_plain if is_plain else self._read_odd
            for mark, *cells in packed.iter_unpack(block[: whole * self._width]):
                rank += 1
                yield rank, None if mark == b"*" else read(cells)
            if whole < wanted:
                raise DeliveryError("dbf_cut", count=self.count, read=rank)

    def _read_odd(self, cells):
        """Return the texts of a record, each read by what its field is."""
        return [read(cell) for read, cell in zip(self._readers, cells, strict=True)]

    def _read_plain(self, cells):
        """Return the same, sooner, of a record without control characters."""
        whole = b"\n".join(map(bytes.strip, cells))
        try:
            text = whole.decode(self._codec or "utf-8")
        except UnicodeDecodeError:
            return self._read_odd(cells)
        texts = text.split("\n")
        if not text.isascii():
            texts = list(map(str.strip, texts))
        for rank, read in self._special:
            texts[rank] = read(cells[rank])
        return texts

    def _reader(self, kind):
        return {
            "L": _logical,
            "I": _integer,
            "+": _integer,
            "B": _double,
            "O": _double,
            "D": _date,
        }.get(kind, self._text)

    def _text(self, raw):
        raw = raw.rstrip(b" \0")
        if self._codec:
            return raw.decode(self._codec, "replace").strip()
        try:
            return raw.decode().strip()
        except UnicodeDecodeError:
            self.encoding = "cp1252"
            return raw.decode("cp1252", "replace").strip()


def _logical(raw):
    if raw in b"TtYy1":
        return "1"
    return "0" if raw in b"FfNn0" else ""


def _integer(raw):
    return str(struct.unpack("<i", raw)[0]) if len(raw) == 4 else ""


def _double(raw):
    return f"{struct.unpack('<d', raw)[0]:.15g}" if len(raw) == 8 else ""


def _date(raw):
    text = raw.decode("latin-1").strip(" \0")
    return "" if not text.strip("0") else text


class Shp:
    """Geometries of a shp file, in the order of the records.

    :raises DeliveryError: it is not one
    """

    def __init__(self, stream):
        # Records are read by some bytes at a time.
        self._stream = io.BufferedReader(stream, _BUFFER)
        head = self._stream.read(100)
        if len(head) < 100 or struct.unpack_from(">i", head)[0] != 9994:
            raise DeliveryError("shp_broken")
        kind = struct.unpack_from("<i", head, 32)[0] % 10
        #: "" for a file that tells none of these
        self.form = {1: "point", 3: "line", 5: "area", 8: "points"}.get(kind, "")

    def shapes(self):
        """Yield (WKB or ``None``, whether it was read).

        :raises DeliveryError: a record is longer than a shape may be
        """
        while len(head := self._stream.read(8)) == 8:
            size = 2 * struct.unpack(">ii", head)[1]
            if not 4 <= size <= _MAX_SHAPE:
                raise DeliveryError("shp_broken")
            content = self._stream.read(size)
            if len(content) < size:
                raise DeliveryError("shp_broken")
            try:
                yield from_shape(content), True
            except GeometryError:
                yield None, False


def joined(dbf, shp):
    """Yield (rank, cells, WKB or ``None``, whether it was read) of two files."""
    missing = (None, shp is None)
    shapes = chain(shp.shapes() if shp else (), iter(lambda: missing, None))
    for (rank, cells), (wkb, read) in zip(dbf.rows(), shapes, strict=False):
        if cells is not None:
            yield rank, cells, wkb, read
