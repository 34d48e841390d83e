"""Deliveries made by hand: zips of csv and shapefiles, GeoPackages, SpatiaLite."""

import io
import sqlite3
import struct
import tempfile
import zipfile
from pathlib import Path

from odoo.addons.oiconnect_gracethd.catalogue import TABLES

PRJ = 'PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993"]]]'


def csv_bytes(rows, columns=None, encoding="utf-8", end="\n"):
    """Return the csv file of ``rows``, dictionaries."""
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    lines = [";".join(columns)]
    lines += [";".join(str(row.get(name, "")) for name in columns) for row in rows]
    return "".join(f"{line}{end}" for line in lines).encode(encoding)


def dbf_bytes(rows, columns, width=40):
    fields = b"".join(
        struct.pack("<11sc4xBB14x", name.encode(), b"C", width, 0) for name in columns
    )
    size = 32 + len(fields) + 1
    record = 1 + len(columns) * width
    head = struct.pack("<4BIHH20x", 3, 26, 11, 29, len(rows), size, record)
    body = b"".join(
        b" "
        + b"".join(
            str(row.get(name, "")).encode()[:width].ljust(width) for name in columns
        )
        for row in rows
    )
    return head + fields + b"\r" + body + b"\x1a"


def shape_content(geometry):
    """Return the content of a record: a point (x, y), a line, or [rings] of an area."""
    if geometry is None:
        return struct.pack("<i", 0)
    if isinstance(geometry[0], int | float):
        return struct.pack("<idd", 1, *geometry)
    parts = geometry if isinstance(geometry[0][0], list | tuple) else [geometry]
    kind = 5 if parts is geometry else 3
    points = [point for part in parts for point in part]
    xs, ys = zip(*points, strict=True)
    box = min(xs), min(ys), max(xs), max(ys)
    firsts, count = [], 0
    for part in parts:
        firsts.append(count)
        count += len(part)
    return (
        struct.pack("<i4dii", kind, *box, len(parts), count)
        + struct.pack(f"<{len(firsts)}i", *firsts)
        + b"".join(struct.pack("<dd", *point) for point in points)
    )


def shp_bytes(geometries):
    records = b""
    for rank, geometry in enumerate(geometries, 1):
        content = shape_content(geometry)
        records += struct.pack(">ii", rank, len(content) // 2) + content
    head = struct.pack(">i20xi", 9994, (100 + len(records)) // 2)
    head += struct.pack("<ii8d", 1000, 1, *(0.0,) * 8)
    return head + records


def files_of(tables, folder=""):
    """Return {path: bytes} of ``{table: [row]}``; a row's geometry is its "geom"."""
    files = {}
    for name, rows in tables.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        columns = columns or list(TABLES[name].key)
        if not TABLES[name].form:
            files[f"{folder}{name}.csv"] = csv_bytes(rows, columns)
            continue
        columns = [column for column in columns if column != "geom"]
        files[f"{folder}{name}.dbf"] = dbf_bytes(rows, columns)
        files[f"{folder}{name}.shp"] = shp_bytes([row.get("geom") for row in rows])
        files[f"{folder}{name}.prj"] = PRJ.encode()
        files[f"{folder}{name}.cpg"] = b"UTF-8"
    return files


def zip_bytes(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def delivery_zip(tables, folder=""):
    return zip_bytes(files_of(tables, folder))


def wkb_point(x, y):
    return struct.pack("<BIdd", 1, 1, x, y)


def geopackage_bytes(tables, blob, epsg=2154, spatialite=False):
    """Return a database of ``tables``; ``blob`` makes its geometries of WKB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.gpkg"
        connection = sqlite3.connect(path)
        names = "f_table_name, f_geometry_column, srid"
        table = "geometry_columns"
        if not spatialite:
            names, table = "table_name, column_name, srs_id", "gpkg_geometry_columns"
        connection.execute(f"CREATE TABLE {table} ({names})")
        for name, rows in tables.items():
            columns = list(dict.fromkeys(key for row in rows for key in row))
            connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            if "geom" in columns:
                connection.execute(
                    f"INSERT INTO {table} VALUES (?, 'geom', ?)", (name, epsg)
                )
            for row in rows:
                values = [
                    blob(*row[column]) if column == "geom" else row.get(column)
                    for column in columns
                ]
                marks = ", ".join("?" * len(columns))
                connection.execute(f"INSERT INTO {name} VALUES ({marks})", values)
        connection.commit()
        connection.close()
        return path.read_bytes()
