"""A delivery of version 3: one GeoPackage, a layer for each table."""

import shutil
import sqlite3
import struct
import tempfile
from itertools import islice
from pathlib import Path

import shapely
from pyproj import CRS

from ..catalogue import TABLES
from .cells import clean, columns_to_write, day, ordered

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
        reference = CRS.from_epsg(epsg)
        self._database.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, NULL)",
            (reference.name, epsg, epsg, reference.to_wkt("WKT1_GDAL")),
        )

    def __enter__(self):
        return self

    def __exit__(self, kind, *_error):
        self._database.commit()
        self._database.close()
        if kind is None:
            with open(self._path, "rb") as source:
                shutil.copyfileobj(source, self._target)
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
        count = 0
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
            count += len(values)
        self._register(table, form, bounds)
        return count

    def _create(self, table, columns, form):
        kinds = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
        kinds += [f"{_quoted(column.name)} {_kind(column)}" for column in columns]
        if form:
            kinds.append(f"geom {_GEOMETRIES[form]}")
        self._database.execute(f"CREATE TABLE {table} ({', '.join(kinds)})")

    def _register(self, table, form, bounds):
        self._database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, "
            "min_y, max_x, max_y, srs_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                table,
                "features" if form else "attributes",
                table,
                *(bounds.edges or (None,) * 4),
                self._epsg if form else None,
            ),
        )
        if form:
            self._database.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
                (table, _GEOMETRIES[form], self._epsg),
            )

    def _blob(self, form, geometry, bounds):
        if geometry is None or geometry.is_empty:
            return None
        if form == "area" and geometry.geom_type == "Polygon":
            geometry = shapely.MultiPolygon([geometry])
        bounds.grow(geometry.bounds)
        head = struct.pack("<2sBBi", b"GP", 0, 1, self._epsg)
        return head + shapely.to_wkb(geometry, byte_order=1, output_dimension=2)


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
