"""Tables that the standard does not know, as they came: nothing is cut or replaced.

``layout`` says how a table is made, as the reading found it: ``TableFile.layout()``.
"""

import re

import shapely

_QUOTED = re.compile(r'[;"\r\n]')
#: what stands for columns of a dbf that are not of texts
_BINARY = {"I": (b"N", 11, 0), "+": (b"N", 11, 0), "B": (b"N", 32, 15)}
_BINARY["O"] = _BINARY["B"]
_KIND = re.compile(r"[A-Za-z ]{1,40}(\(\d{1,9}( ?, ?\d{1,9})?\))?")
#: form of a shapefile → geometries that it holds
_HELD = {
    "point": ("Point",),
    "points": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "area": ("Polygon", "MultiPolygon"),
}
_SEVERAL = {
    "MULTIPOINT": ("Point", shapely.MultiPoint),
    "MULTILINESTRING": ("LineString", shapely.MultiLineString),
    "MULTIPOLYGON": ("Polygon", shapely.MultiPolygon),
}
_SHAPES = {*_SEVERAL, "POINT", "LINESTRING", "POLYGON"}
_OF_FORMS = {"point": "POINT", "points": "MULTIPOINT"}


def csv_line(cells):
    """Return a line of a csv file; cells that would break it are quoted."""
    return ";".join(map(_csv_cell, cells)) + "\n"


def _csv_cell(text):
    if not _QUOTED.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def dbf_shape(column):
    """Return (kind, width, decimals) of a column."""
    kind = column.get("kind", "C")
    if kind in _BINARY:
        return _BINARY[kind]
    width = column.get("width") or 254
    if kind not in ("C", "N", "F", "D", "L"):
        return b"C", width, 0
    return kind.encode(), width, column.get("decimals") or 0


def dbf_cell(kind, width, encoding, text):
    """Return a cell of a dbf."""
    if kind == b"L":
        return {"1": b"T", "0": b"F"}.get(text, b"?")
    raw = text.encode(encoding, "replace")[:width]
    return raw.rjust(width) if kind in (b"N", b"F") else raw.ljust(width)


def layer_kind(column, layout):
    """Return the kind of a column of a layer; what came as texts stays texts."""
    kind = column.get("kind", "TEXT") if layout["form"] == "layer" else "TEXT"
    return kind if _KIND.fullmatch(kind) else "TEXT"


def layer_value(kind, text):
    """Return the value that a column of a layer takes."""
    if text.startswith("\\x") and kind.upper() == "BLOB":
        return bytes.fromhex(text[2:])
    return text or None


def layer_shape(layout):
    """Return what the geometries of a layer are."""
    shape = _OF_FORMS.get(layout["shape"], layout["shape"])
    return shape if shape in _SHAPES else "GEOMETRY"


def as_shape(geometry, shape):
    """Return a geometry as the layer says that all are."""
    single, several = _SEVERAL.get(shape, ("", None))
    return several([geometry]) if geometry.geom_type == single else geometry


def held(geometry, form):
    """Return a geometry that a shapefile of that form holds, ``None`` for others."""
    return geometry if geometry and geometry.geom_type in _HELD[form] else None
