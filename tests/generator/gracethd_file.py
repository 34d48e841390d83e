"""GraceTHD deliveries of generated networks: csv, shapefiles, zips and GeoPackages."""

import io
import sqlite3
import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .gracethd_catalogue import TABLES, Column, columns_of
from .gracethd_rows import CREATED, Row
from .gracethd_v3 import to_v3

Tables = dict[str, list[Row]]

LAMBERT_93 = 2154
PRJ = (
    'PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",'
    'SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],'
    'PARAMETER["False_Easting",700000.0],PARAMETER["False_Northing",6600000.0],'
    'PARAMETER["Central_Meridian",3.0],PARAMETER["Standard_Parallel_1",49.0],'
    'PARAMETER["Standard_Parallel_2",44.0],PARAMETER["Latitude_Of_Origin",46.5],'
    'UNIT["Meter",1.0]]'
)
#: the versions that have the tables of a patch
_PATCHES = {
    "2.0": (),
    "2.0.1": ("_patch201",),
    "2.0.2": ("_patch201", "_patch202"),
}
_SHAPES = {"point": 1, "line": 3, "area": 5}
#: kind and width of the columns of a dbf, by type
_DBF = {
    "int": (b"N", 11, 0),
    "decimal": (b"N", 32, 10),
    "date": (b"D", 8, 0),
    "datetime": (b"C", 29, 0),
    "bool": (b"L", 1, 0),
}
_BY_SUFFIX = {"_statut": "REC", "_avct": "E", "_creadat": f"{CREATED} 08:00:00"}


class Form(NamedTuple):
    """How a delivery is written.

    :param version: 2.0, 2.0.1, 2.0.2 or 3.0
    :param encoding: of csv files; shapefiles say theirs beside
    :param date: format of dates in csv files
    :param clock: what stands between hours, minutes and seconds
    :param shuffled: columns in another order
    :param sparse: without the columns that have no value
    :param upper: names of files in capitals
    :param texts: dates and booleans of shapefiles are texts
    :param quoted: numbers of csv files are between quotes
    """

    version: str = "2.0.2"
    folder: str = ""
    encoding: str = "utf-8"
    shape_encoding: str = "cp1252"
    bom: bool = False
    end: str = "\n"
    date: str = "{0}-{1}-{2}"
    clock: str = ":"
    shuffled: bool = False
    sparse: bool = False
    upper: bool = False
    texts: bool = False
    quoted: bool = False

    @property
    def generation(self) -> str:
        return self.version[0]


STANDARD = Form()
#: deliveries as they are met
REAL = Form(
    folder="GRACE_APD_DTR/",
    bom=True,
    end="\r\n",
    shape_encoding="utf-8",
    date="{2}/{1}/{0}",
    clock="-",
    shuffled=True,
    sparse=True,
    upper=True,
    texts=True,
    quoted=True,
)


def tables_of(tables: Tables, version: str) -> Tables:
    """Return the tables as ``version`` has them, all their rows complete."""
    generation = version[0]
    if generation == "3":
        tables = to_v3(tables)
    written: Tables = {}
    for name, rows in tables.items():
        written[name] = [_completed(name, generation, row) for row in rows]
    if generation == "2":
        written |= _patches(tables, version)
    return written


def _completed(table: str, generation: str, row: Row) -> Row:
    names = [column.name for column in columns_of(table, generation)]
    return {name: value for name in names if (value := _default(name))} | row


def _default(column: str) -> str:
    return next((v for end, v in _BY_SUFFIX.items() if column.endswith(end)), "")


def _patches(tables: Tables, version: str) -> Tables:
    """Return the tables of the patches of ``version`` of 2.0: the columns added."""
    found: Tables = {}
    for name, table in TABLES.items():
        if not (table.patch_of and name.endswith(_PATCHES[version])):
            continue
        columns = [column.name for column in columns_of(name, "2")]
        rows = [
            {column: row[column] for column in columns if column in row}
            for row in tables.get(table.patch_of, ())
        ]
        found[name] = [row for row in rows if len(row) > 1]
    return {name: rows for name, rows in found.items() if rows}


# -- files -----------------------------------------------------------------------------


def files(tables: Tables, form: Form = STANDARD) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file of the delivery."""
    for table, rows in tables_of(tables, form.version).items():
        if TABLES[table].form:
            yield from shape_files(table, rows, form)
            continue
        columns = _columns(table, rows, form)
        content = csv_head(columns, form) + csv_rows(columns, rows, form)
        yield f"{_path(table, form)}.csv", content


def shape_files(table: str, rows: list[Row], form: Form) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a table that has places."""
    dbf = _dbf(_columns(table, rows, form), rows, form)
    shapes = [row.get("geom") for row in rows]
    kind = _SHAPES[TABLES[table].form]
    yield from _shapefile(_path(table, form), kind, shapes, dbf, form)


def other_shapes(
    name: str, columns: Iterable[str], rows: list[Row], form: Form = STANDARD
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of lines of a table that the standard does not know."""
    found = [
        Column(name, column, "text", 40, {}, frozenset(), "", "") for column in columns
    ]
    shapes = [row.get("geom") for row in rows]
    yield from _shapefile(name, _SHAPES["line"], shapes, _dbf(found, rows, form), form)


def _path(table: str, form: Form) -> str:
    return f"{form.folder}{table.upper() if form.upper else table}"


def zipped(tables: Tables, form: Form = STANDARD) -> bytes:
    """Return the delivery as a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files(tables, form):
            # A date of its own would make each zip another.
            archive.writestr(zipfile.ZipInfo(name, (2026, 8, 20, 8, 0, 0)), content)
    return target.getvalue()


def write_folder(path: Path, tables: Tables, form: Form = STANDARD) -> None:
    """Write the files of the delivery in the folder ``path``."""
    for name, content in files(tables, form):
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _columns(table: str, rows: list[Row], form: Form):
    columns = [
        column
        for column in columns_of(table, form.generation)
        if column.type != "geometry"
    ]
    if form.sparse:
        filled = {name for row in rows for name, value in row.items() if value != ""}
        key = TABLES[table].key
        columns = [c for c in columns if c.name in filled or c.name in key]
    return columns[::-1] if form.shuffled else columns


def csv_head(columns, form: Form) -> bytes:
    """Return the first line of a csv file."""
    names = ";".join(column.name for column in columns)
    mark = "\ufeff" if form.bom else ""
    return f"{mark}{names}{form.end}".encode()


def csv_rows(columns, rows: list[Row], form: Form) -> bytes:
    """Return lines of a csv file."""
    lines = (
        ";".join(_text(column, row.get(column.name, ""), form) for column in columns)
        for row in rows
    )
    return "".join(f"{line}{form.end}" for line in lines).encode(form.encoding)


def _text(column, value: object, form: Form) -> str:
    text = str(value)
    if not text:
        return ""
    if column.type == "date" and "-" in text:
        return form.date.format(*text.split("-"))
    if column.type == "datetime":
        return text.replace(":", form.clock)
    if form.quoted and column.type in ("int", "decimal"):
        return f'"{text}"'
    return text


def _dbf(columns, rows: list[Row], form: Form) -> bytes:
    shapes = [_dbf_shape(column, form) for column in columns]
    head = b"".join(
        struct.pack("<11sc4xBB14x", column.name.encode(), kind, width, decimals)
        for column, (kind, width, decimals) in zip(columns, shapes, strict=True)
    )
    size = 32 + len(head) + 1
    row_size = 1 + sum(width for _kind, width, _decimals in shapes)
    content = [
        struct.pack("<4BIHH20x", 3, 126, 8, 20, len(rows), size, row_size),
        head,
        b"\r",
    ]
    for row in rows:
        content.append(b" ")
        for column, (kind, width, decimals) in zip(columns, shapes, strict=True):
            cell = _dbf_cell(kind, decimals, row.get(column.name, ""))
            content.append(cell.encode(form.shape_encoding)[:width].ljust(width))
    return b"".join(content) + b"\x1a"


def _dbf_shape(column, form: Form) -> tuple[bytes, int, int]:
    if form.texts and column.type in ("date", "bool"):
        return (b"C", 30 if column.type == "date" else 1, 0)
    return _DBF.get(column.type) or (b"C", min(column.length or 254, 254), 0)


def _dbf_cell(kind: bytes, decimals: int, value: object) -> str:
    text = str(value)
    if not text:
        return ""
    if kind == b"D":
        return text.replace("-", "")
    if kind == b"L":
        return "T" if text == "1" else "F"
    return f"{float(text):.{decimals}f}" if decimals else text


def _shapefile(path, kind, shapes, dbf, form) -> Iterator[tuple[str, bytes]]:
    records, index, place = [], [], 50
    for rank, points in enumerate(shapes, 1):
        content = _shape(kind, points)
        records.append(struct.pack(">ii", rank, len(content) // 2) + content)
        index.append(struct.pack(">ii", place, len(content) // 2))
        place += 4 + len(content) // 2
    bounds = _bounds(point for points in shapes for point in points or ())
    for extension, parts in (("shp", records), ("shx", index)):
        size = 50 + sum(map(len, parts)) // 2
        head = struct.pack(">i20xi", 9994, size)
        head += struct.pack("<ii8d", 1000, kind, *bounds, 0, 0, 0, 0)
        yield f"{path}.{extension}", head + b"".join(parts)
    yield f"{path}.dbf", dbf
    yield f"{path}.prj", PRJ.encode()
    code = {"cp1252": "1252", "utf-8": "UTF-8"}[form.shape_encoding]
    yield f"{path}.cpg", code.encode()


def _shape(kind: int, points) -> bytes:
    if not points:
        return struct.pack("<i", 0)
    if kind == _SHAPES["point"]:
        return struct.pack("<idd", kind, *points[0])
    head = struct.pack("<i4diii", kind, *_bounds(points), 1, len(points), 0)
    return head + b"".join(struct.pack("<dd", *point) for point in points)


def _bounds(points: Iterable) -> tuple[float, ...]:
    found = list(points)
    if not found:
        return (0.0, 0.0, 0.0, 0.0)
    xs, ys = zip(*found, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


# -- GeoPackage ------------------------------------------------------------------------

_GEOPACKAGE = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
    description TEXT
);
CREATE TABLE gpkg_contents (
    table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL,
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER
);
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name)
);
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL);
"""
_SQLITE = {"int": "INTEGER", "decimal": "REAL", "date": "DATE", "bool": "BOOLEAN"}
_GEOMETRIES = {"point": "POINT", "line": "LINESTRING", "area": "POLYGON"}


def write_geopackage(path: Path, tables: Tables, version: str = "3.0") -> None:
    """Write the delivery as one GeoPackage, a layer for each table."""
    connection = sqlite3.connect(path)
    connection.executescript(_GEOPACKAGE)
    connection.execute(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, NULL)",
        ("RGF93 / Lambert-93", LAMBERT_93, LAMBERT_93, PRJ),
    )
    for table, rows in tables_of(tables, version).items():
        _write_layer(connection, table, rows, version[0])
    connection.commit()
    connection.close()


def _write_layer(connection, table: str, rows: list[Row], generation: str) -> None:
    form = TABLES[table].form
    columns = [c for c in columns_of(table, generation) if c.type != "geometry"]
    kinds = [f"{column.name} {_SQLITE.get(column.type, 'TEXT')}" for column in columns]
    if form:
        kinds.append(f"geom {_GEOMETRIES[form]}")
    kinds.insert(0, "fid INTEGER PRIMARY KEY")
    connection.execute(f"CREATE TABLE {table} ({', '.join(kinds)})")
    marks = ", ".join("?" * (len(kinds) - 1))
    names = [column.name for column in columns] + ["geom"] * bool(form)
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
        (
            [
                blob(form, row.get(name)) if name == "geom" else row.get(name) or None
                for name in names
            ]
            for row in rows
        ),
    )
    bounds = _bounds(point for row in rows for point in row.get("geom") or ())
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
        (
            table,
            "features" if form else "attributes",
            table,
            f"{CREATED}T08:00:00.000Z",
            *(bounds if form else (None,) * 4),
            LAMBERT_93 if form else None,
        ),
    )
    if form:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
            (table, _GEOMETRIES[form], LAMBERT_93),
        )


def blob(form: str, points) -> bytes | None:
    """Return the geometry of a row as a GeoPackage has it."""
    if not points:
        return None
    head = struct.pack("<2sBBi", b"GP", 0, 1, LAMBERT_93)
    flat = b"".join(struct.pack("<dd", *point) for point in points)
    if form == "point":
        return head + struct.pack("<BI", 1, 1) + flat
    if form == "line":
        return head + struct.pack("<BII", 1, 2, len(points)) + flat
    return head + struct.pack("<BIII", 1, 3, 1, len(points)) + flat
