"""Shapefiles: dbf, shp and shx written side by side, in flat memory."""

import re
import struct
from datetime import date

import shapely

from .cells import clean, text
from .unknown_tables import dbf_cell, dbf_shape

ENCODING = "cp1252"
#: kind, width and decimals of a column, as the templates of the standard have them
_KINDS = {
    "int": (b"N", 11, 0),
    "decimal": (b"N", 32, 10),
    "date": (b"D", 8, 0),
    "datetime": (b"C", 29, 0),
    "bool": (b"L", 1, 0),
}
_SHAPES = {"point": 1, "line": 3, "area": 5, "points": 8}
# Language of the dbf: Windows ANSI
_LANGUAGE = 0x57
_TRUE = ("1", "t", "true", "vrai", "o", "oui", "y", "yes")
_NULL = struct.pack("<i", 0)


def shape_of_column(column):
    """Return (kind, width, decimals) of a column in a dbf."""
    return _KINDS.get(column.type) or (b"C", min(column.length or 254, 254), 0)


class Dbf:
    """Records of a table; the number of them is written at the end."""

    def __init__(self, stream, columns):
        self._stream = stream
        self._columns = [(column, *shape_of_column(column)) for column in columns]
        self.count = 0
        self._write_head()

    def _write_head(self):
        names = [(_name_of(column), *rest) for column, *rest in self._columns]
        fields = b"".join(
            struct.pack("<11sc4xBB14x", name.encode()[:10], kind, width, decimals)
            for (name, kind, width, decimals) in names
        )
        today = date(2000, 1, 1)  # the date would make equal deliveries differ
        width = 1 + sum(item[2] for item in self._columns)
        head = struct.pack(
            "<4BIHH17xB2x",
            3,
            today.year - 1900,
            today.month,
            today.day,
            self.count,
            32 + len(fields) + 1,
            width,
            _LANGUAGE,
        )
        self._stream.write(head + fields + b"\r")

    def add(self, row):
        self.count += 1
        cells = (
            self._cell(*item, value)
            for item, value in zip(self._columns, row, strict=True)
        )
        self._stream.write(b" " + b"".join(cells))

    def _cell(self, column, kind, width, decimals, value):
        if value is None or value == "":
            return b"?" if kind == b"L" else b" " * width
        if isinstance(value, str):
            return self._text_cell(column, kind, width, value)
        if kind == b"L":
            return b"T" if value else b"F"
        if kind == b"N":
            return f"{value:.{decimals}f}".encode().rjust(width)[:width]
        if kind == b"D":
            return value.strftime("%Y%m%d").encode()
        if column.type == "datetime":
            return text(column, value).encode().ljust(width)
        return self._text_cell(column, kind, width, str(value))

    def _text_cell(self, column, kind, width, value):
        """Return the cell of a text: also of a value that a delivery gave."""
        if kind == b"L":
            return b"T" if value.lower() in _TRUE else b"F"
        if kind == b"D":
            value = _compact_day(value)
        raw = clean(value, column.length).encode(ENCODING, "replace")[:width]
        return raw.rjust(width) if kind == b"N" else raw.ljust(width)

    def close(self):
        self._stream.write(b"\x1a")
        self._stream.seek(4)
        self._stream.write(struct.pack("<I", self.count))
        self._stream.seek(0)


def _name_of(column):
    return column["name"] if isinstance(column, dict) else column.name


class TextDbf(Dbf):
    """Records of a table that the standard does not know: texts, as they came.

    :param layout: how it is made
    """

    # pylint: disable-next=super-init-not-called
    def __init__(self, stream, layout):
        self._stream = stream
        self._encoding = layout.get("encoding") or ENCODING
        columns = layout["columns"]
        self._columns = [(column, *dbf_shape(column)) for column in columns]
        self.count = 0
        self._write_head()

    def _cell(self, column, kind, width, decimals, value):
        return dbf_cell(kind, width, self._encoding, value)


def _compact_day(text):
    """Return the eight digits of a date in one of the forms of deliveries."""
    parts = re.split("[-/]", text[:10])
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    return "".join(parts)[:8]


class Shp:
    """Geometries of a table, and where each begins (shx)."""

    def __init__(self, shp, shx, form):
        self._shp, self._shx = shp, shx
        self._kind = _SHAPES[form]
        self._bounds = None
        self._place = 50
        self._rank = 0
        for stream in (shp, shx):
            stream.write(bytes(100))

    def add(self, geometry):
        self._rank += 1
        content = self._content(geometry)
        size = len(content) // 2
        self._shp.write(struct.pack(">ii", self._rank, size) + content)
        self._shx.write(struct.pack(">ii", self._place, size))
        self._place += 4 + size

    def _content(self, geometry):
        if geometry is None or geometry.is_empty:
            return _NULL
        self._grow(geometry.bounds)
        if self._kind == _SHAPES["point"]:
            return struct.pack("<idd", self._kind, geometry.x, geometry.y)
        if self._kind == _SHAPES["points"]:
            points = shapely.get_coordinates(geometry)
            head = struct.pack("<i4di", self._kind, *geometry.bounds, len(points))
            return head + points.astype("<f8").tobytes()
        parts = [shapely.get_coordinates(part) for part in _parts(geometry)]
        firsts, count = [], 0
        for part in parts:
            firsts.append(count)
            count += len(part)
        head = struct.pack("<i4dii", self._kind, *geometry.bounds, len(parts), count)
        points = b"".join(part.astype("<f8").tobytes() for part in parts)
        return head + struct.pack(f"<{len(firsts)}i", *firsts) + points

    def _grow(self, bounds):
        if self._bounds is None:
            self._bounds = bounds
        else:
            pairs = list(zip(self._bounds, bounds, strict=True))
            low = [min(pair) for pair in pairs[:2]]
            high = [max(pair) for pair in pairs[2:]]
            self._bounds = (*low, *high)

    def close(self):
        bounds = self._bounds or (0.0,) * 4
        for stream in (self._shp, self._shx):
            size = stream.tell() // 2
            stream.seek(0)
            stream.write(struct.pack(">i20xi", 9994, size))
            stream.write(struct.pack("<ii8d", 1000, self._kind, *bounds, 0, 0, 0, 0))
            stream.seek(0)


def _parts(geometry):
    """Yield lines, or rings: outer ones clockwise, holes the other way."""
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "Polygon":
            turned = shapely.geometry.polygon.orient(part, -1.0)
            yield turned.exterior
            yield from turned.interiors
        else:
            yield part
