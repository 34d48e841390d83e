"""Geometries of shapefiles, GeoPackages and SpatiaLite files to WKB.

2D, little endian; heights and measures are left out. Each function raises
``GeometryError`` (a ``ValueError``) when the bytes are not what they should be.
"""

import struct

POINT, LINE, POLYGON = 1, 2, 3
MULTI_POINT, MULTI_LINE, MULTI_POLYGON, COLLECTION = 4, 5, 6, 7
_MULTI = {MULTI_POINT: POINT, MULTI_LINE: LINE, MULTI_POLYGON: POLYGON}
_HEAD = struct.Struct("<BI")
_POINT = struct.Struct("<BIdd")
_COUNT = struct.Struct("<I")
#: metres: what is drawn farther is no place on Earth, nor a number to reckon with
FARTHEST = 1e8
#: bytes of the envelope of a GeoPackage geometry, by its code
_ENVELOPES = (0, 32, 48, 48, 64)


class GeometryError(ValueError):
    """Bytes that are no geometry."""


def point(x, y):
    return _POINT.pack(1, POINT, x, y)


def line(coordinates):
    """Return the WKB of a line, of its coordinates as packed pairs of doubles."""
    return _HEAD.pack(1, LINE) + _COUNT.pack(len(coordinates) // 16) + coordinates


def polygon(rings):
    body = b"".join(_COUNT.pack(len(ring) // 16) + ring for ring in rings)
    return _HEAD.pack(1, POLYGON) + _COUNT.pack(len(rings)) + body


def several(kind, parts):
    """Return the WKB of parts; one alone is itself, as shapefiles have it."""
    if len(parts) == 1:
        return parts[0]
    return _HEAD.pack(1, kind) + _COUNT.pack(len(parts)) + b"".join(parts)


def ends(wkb):
    """Return x1, y1, x2, y2: a point's own, a line's first and last, else ``None``."""
    kind = _COUNT.unpack_from(wkb, 1)[0]
    if kind == POINT:
        return (*struct.unpack_from("<dd", wkb, 5), None, None)
    if kind == LINE and len(wkb) >= 25:
        return (
            *struct.unpack_from("<dd", wkb, 9),
            *struct.unpack_from("<dd", wkb, len(wkb) - 16),
        )
    if kind == MULTI_LINE and len(wkb) > 34:
        return (
            *struct.unpack_from("<dd", wkb, 18),
            *struct.unpack_from("<dd", wkb, len(wkb) - 16),
        )
    return None, None, None, None


# -- shapefile ------------------------------------------------------------------------


def from_shape(content):
    """Return the WKB of the content of a shapefile's record, ``None`` when null."""
    try:
        kind = struct.unpack_from("<i", content)[0]
        base = kind % 10
        if kind == 0:
            return None
        if base == 1:
            return point(*struct.unpack_from("<dd", content, 4))
        if base in (3, 5):
            return _parts(content, base)
        if base == 8:
            count = struct.unpack_from("<i", content, 36)[0]
            points = [
                point(*struct.unpack_from("<dd", content, 40 + 16 * rank))
                for rank in range(count)
            ]
            return several(MULTI_POINT, points)
    except struct.error as error:
        raise GeometryError("cut short") from error
    raise GeometryError(f"kind {kind}")


def _parts(content, base):
    part_count, point_count = struct.unpack_from("<ii", content, 36)
    start = 44 + 4 * part_count
    if part_count < 1 or point_count < 1 or len(content) < start + 16 * point_count:
        raise GeometryError("cut short")
    firsts = [*struct.unpack_from(f"<{part_count}i", content, 44), point_count]
    if firsts[0] != 0 or any(a >= b for a, b in zip(firsts, firsts[1:], strict=False)):
        raise GeometryError("parts")
    parts = [
        content[start + 16 * first : start + 16 * last]
        for first, last in zip(firsts, firsts[1:], strict=False)
    ]
    if base == 3:
        lines = [line(part) for part in parts]
        return several(MULTI_LINE, lines)
    return _polygons(parts)


def _polygons(rings):
    """Return the WKB of rings: a clockwise one begins a polygon, others are holes."""
    polygons = []
    for ring in rings:
        if not polygons or _is_clockwise(ring):
            polygons.append([ring])
        else:
            polygons[-1].append(ring)
    made = [polygon(found) for found in polygons]
    return several(MULTI_POLYGON, made)


def _is_clockwise(ring):
    values = struct.unpack(f"<{len(ring) // 8}d", ring)
    xs, ys = values[::2], values[1::2]
    return (
        sum(
            (x2 - x1) * (y2 + y1)
            for x1, x2, y1, y2 in zip(xs, xs[1:], ys, ys[1:], strict=False)
        )
        >= 0
    )


# -- GeoPackage and SpatiaLite --------------------------------------------------------


def from_blob(blob):
    """Return (WKB or ``None``, projection) of a GeoPackage or SpatiaLite geometry."""
    try:
        if blob[:2] == b"GP":
            return _from_geopackage(blob)
        if blob[:1] == b"\0" and len(blob) > 43 and blob[38] == 0x7C:
            return _from_spatialite(blob)
        return _Wkb(blob).whole(), None
    except (struct.error, IndexError, KeyError, RecursionError) as error:
        raise GeometryError("cut short") from error


def _from_geopackage(blob):
    flags = blob[3]
    order = "<" if flags & 1 else ">"
    srid = struct.unpack_from(f"{order}i", blob, 4)[0]
    if flags & 0x10:
        return None, srid
    start = 8 + _ENVELOPES[flags >> 1 & 7]
    return _Wkb(blob, start).whole(), srid


def _from_spatialite(blob):
    order = "<" if blob[1] else ">"
    srid = struct.unpack_from(f"{order}i", blob, 2)[0]
    kind = struct.unpack_from(f"{order}I", blob, 39)[0]
    return _Wkb(blob, 43, order, marked=True).body(kind), srid


class _Wkb:
    """Reader of WKB of any dimension and byte order; writes 2D, little endian.

    :param marked: parts begin by SpatiaLite's mark, without a byte order of their own
    """

    def __init__(self, data, start=0, order="<", marked=False):
        self.data, self.at, self.order, self.marked = data, start, order, marked
        self.depth = 0

    def whole(self):
        """Return the WKB of a geometry that begins by its byte order."""
        self.order = "<" if self.data[self.at] else ">"
        self.at += 1
        return self.body(self._int())

    def body(self, kind):
        """Return the WKB of what follows the kind ``kind``."""
        dimensions = 2
        if kind & 0xE0000000:
            dimensions += bool(kind & 0x80000000) + bool(kind & 0x40000000)
            self.at += 4 if kind & 0x20000000 else 0
            kind &= 0x1FFFFFFF
        else:
            dimensions += (0, 1, 1, 2)[kind // 1000]
            kind %= 1000
        self.depth += 1
        if self.depth > 10:
            raise GeometryError("nested")
        try:
            if kind == POINT:
                return _HEAD.pack(1, POINT) + self._points(1, dimensions)
            if kind == LINE:
                return line(self._points(self._int(), dimensions))
            if kind == POLYGON:
                rings = self._repeat(lambda: self._points(self._int(), dimensions))
                return polygon(rings)
            if kind in _MULTI:
                return several(kind, self._repeat(self._part))
        finally:
            self.depth -= 1
        raise GeometryError(f"kind {kind}")

    def _repeat(self, read):
        count = self._int()
        if count > len(self.data):
            raise GeometryError("count")
        return [read() for _ in range(count)]

    def _part(self):
        if not self.marked:
            return self.whole()
        self.at += 1
        return self.body(self._int())

    def _int(self):
        value = struct.unpack_from(f"{self.order}I", self.data, self.at)[0]
        self.at += 4
        return value

    def _points(self, count, dimensions):
        size = 8 * dimensions * count
        raw = self.data[self.at : self.at + size]
        if len(raw) < size:
            raise GeometryError("cut short")
        self.at += size
        if dimensions == 2 and self.order == "<":
            return bytes(raw)
        values = struct.unpack(f"{self.order}{dimensions * count}d", raw)
        flat = [value for rank, value in enumerate(values) if rank % dimensions < 2]
        return struct.pack(f"<{len(flat)}d", *flat)
