"""A delivery of version 3: one GeoPackage, a layer for each table."""

import shutil
import sqlite3
import struct
import tempfile
from itertools import chain, count, islice
from pathlib import Path

import shapely
from pyproj import CRS

from ..catalogue import TABLES
from ..reading.others import OWN_KEYS
from .cells import clean, columns_to_write, day, ordered
from .unknown_tables import as_shape, layer_kind, layer_shape, layer_value

_GENERATION = "3"
_BATCH = 1000
_HEAD = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
PRAGMA synchronous = OFF;
PRAGMA journal_mode = OFF;
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
    description TEXT
);
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
    identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER
);
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
    m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name)
);
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL);
"""
_KINDS = {
    "int": "INTEGER",
    "decimal": "DOUBLE",
    "date": "DATE",
    "datetime": "DATETIME",
    "bool": "BOOLEAN",
}
_GEOMETRIES = {"point": "POINT", "line": "LINESTRING", "area": "MULTIPOLYGON"}


class GeopackageWriter:
    """Writer of a GeoPackage to a binary stream."""

    generation = _GENERATION

    def __init__(self, target, epsg):
        self._target = target
        self._epsg = epsg
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "delivery.gpkg"
        self._database = sqlite3.connect(self._path)
        self._database.executescript(_HEAD)
        self._add_projection(epsg)

    def _add_projection(self, epsg):
        reference = CRS.from_epsg(epsg)
        self._database.execute(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys "
            "VALUES (?, ?, 'EPSG', ?, ?, NULL)",
            (reference.name, epsg, epsg, reference.to_wkt("WKT1_GDAL")),
        )

    def __enter__(self):
        return self

    def __exit__(self, kind, *_error):
        if kind is None:
            self.save(self._target)
        else:
            self._close()

    def save(self, target):
        """Copy the database to a binary stream; it is written no more."""
        self._database.commit()
        self._database.close()
        with open(self._path, "rb") as source:
            shutil.copyfileobj(source, target)
        self._folder.cleanup()

    def _close(self):
        self._database.close()
        self._folder.cleanup()

    def put(self, table, names, rows, unknown=()):
        """Write the layer of a table; return the number of its rows."""
        form = TABLES[table].form
        columns = columns_to_write(table, _GENERATION, unknown)
        self._create(table, columns, form)
        bounds = _Bounds()
        arrange = ordered(columns, names)
        marks = ", ".join("?" * (len(columns) + bool(form)))
        listed = [column.name for column in columns] + ["geom"] * bool(form)
        places = ", ".join(map(_quoted, listed))
        query = f"INSERT INTO {table} ({places}) VALUES ({marks})"
        written = 0
        rows = iter(rows)
        while some := list(islice(rows, _BATCH)):
            values = [
                [
                    _value(column, value)
                    for column, value in zip(columns, arrange(row), strict=True)
                ]
                + ([self._blob(form, geometry, bounds)] if form else [])
                for row, geometry in some
            ]
            self._database.executemany(query, values)
            written += len(values)
        self._register(table, bounds, form and ("geom", _GEOMETRIES[form], self._epsg))
        return written

    def put_other(self, table, layout, rows):
        """Write the layer of a table that the standard does not know; return its rows.

        :param rows: (texts in the order of the columns of ``layout``, geometry)
        """
        kinds = [layer_kind(column, layout) for column in layout["columns"]]
        names = [column["name"] for column in layout["columns"]]
        declared = list(zip(names, kinds, strict=True))
        geometry = ()
        if layout.get("shape"):
            name = _free_name((layout["geometry"], "geom", "geometry"), names)
            geometry = (name, layer_shape(layout), layout["epsg"])
            self._add_projection(layout["epsg"])
            declared.append(geometry[:2])
        self._create_other(table, declared)
        marks = ", ".join("?" * len(declared))
        query = f"INSERT INTO {_quoted(table)} ({{}}) VALUES ({marks})"
        query = query.format(", ".join(_quoted(name) for name, _kind in declared))
        bounds, written = _Bounds(), 0
        rows = iter(rows)
        while some := list(islice(rows, _BATCH)):
            values = [
                list(map(layer_value, kinds, cells))
                + ([self._layer_blob(shape, geometry, bounds)] if geometry else [])
                for cells, shape in some
            ]
            self._database.executemany(query, values)
            written += len(values)
        self._register(table, bounds, geometry)
        return written

    def _create_other(self, table, declared):
        key = _free_name(OWN_KEYS, [name for name, _kind in declared])
        columns = [f"{key} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
        columns += [f"{_quoted(name)} {kind}" for name, kind in declared]
        self._database.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(columns)})")

    def _layer_blob(self, shape, geometry, bounds):
        if shape is None or shape.is_empty:
            return None
        _name, kind, epsg = geometry
        bounds.grow(shape.bounds)
        return _header(epsg) + _wkb(as_shape(shape, kind))

    def _create(self, table, columns, form):
        kinds = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
        kinds += [f"{_quoted(column.name)} {_kind(column)}" for column in columns]
        if form:
            kinds.append(f"geom {_GEOMETRIES[form]}")
        self._database.execute(f"CREATE TABLE {table} ({', '.join(kinds)})")

    def _register(self, table, bounds, geometry):
        """List a layer; ``geometry``: its column, what it holds, its projection."""
        self._database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, "
            "min_y, max_x, max_y, srs_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                table,
                "features" if geometry else "attributes",
                table,
                *(bounds.edges or (None,) * 4),
                geometry[2] if geometry else None,
            ),
        )
        if geometry:
            self._database.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
                (table, *geometry),
            )

    def _blob(self, form, geometry, bounds):
        if geometry is None or geometry.is_empty:
            return None
        if form == "area" and geometry.geom_type == "Polygon":
            geometry = shapely.MultiPolygon([geometry])
        bounds.grow(geometry.bounds)
        return _header(self._epsg) + _wkb(geometry)


class _Bounds:
    """Edges of all geometries of a layer."""

    edges = None

    def grow(self, bounds):
        if self.edges is None:
            self.edges = bounds
            return
        west, south, east, north = self.edges
        self.edges = (
            min(west, bounds[0]),
            min(south, bounds[1]),
            max(east, bounds[2]),
            max(north, bounds[3]),
        )


def _header(epsg):
    return struct.pack("<2sBBi", b"GP", 0, 1, epsg)


def _wkb(geometry):
    return shapely.to_wkb(geometry, byte_order=1, output_dimension=2)


def _free_name(names, taken):
    """Return the first name that no column has."""
    taken = {name.lower() for name in taken}
    others = (f"{names[0]}_{rank}" for rank in count(1))
    return next(name for name in chain(names, others) if name.lower() not in taken)


def _quoted(name):
    """Return a name that a delivery may have given."""
    return '"' + name.replace('"', '""') + '"'


def _kind(column):
    return _KINDS.get(column.type) or f"TEXT({column.length or 254})"


def _value(column, value):
    """Return what the column of a GeoPackage holds."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return clean(value, column.length) or None
    if column.type == "datetime":
        return day(value).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if column.type == "date":
        return value.strftime("%Y-%m-%d")
    if column.type in ("int", "bool"):
        return int(value)
    if column.type == "decimal":
        return float(value)
    return clean(str(value), column.length) or None
