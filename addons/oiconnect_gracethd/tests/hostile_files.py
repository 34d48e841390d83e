"""Hostile files: each with the problem that is reported, and the file it names."""

import io
import sqlite3
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from odoo.addons.oiconnect_gracethd.reading import Limits

from .delivery_files import (
    delivery_zip,
    files_of,
    geopackage_bytes,
    wkb_point,
    zip_bytes,
)

NODES = [{"nd_code": f"ND{rank}", "geom": (652000.5, 6862000.25)} for rank in (1, 2)]
FIBRES = [{"fo_code": "FO1", "fo_cb_code": "CB1", "fo_nincab": "1"}]
BASE = files_of({"t_noeud": NODES, "t_fibre": FIBRES})
GOOD = zip_bytes(BASE)


class Hostile(NamedTuple):
    """One file, the key of the problem, and the name that the sentence must have."""

    content: bytes
    key: str
    named: str = ""
    limits: Any = None


def blob(x, y, epsg=2154):
    return b"GP\0\1" + struct.pack("<i", epsg) + wkb_point(x, y)


def database(script):
    """Return the bytes of a database that ``script`` makes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.gpkg"
        connection = sqlite3.connect(path)
        connection.executescript(script)
        connection.close()
        return path.read_bytes()


def _marked(content, signs, value=1):
    """Set bits of entries: ``signs`` has each header's sign and the place within."""
    found = bytearray(content)
    for sign, place in signs:
        found[found.index(sign) + place] |= value
    return bytes(found)


def _link():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("t_fibre.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def _damaged(name, method=zipfile.ZIP_DEFLATED):
    """A zip of which the bytes of one entry are damaged."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for file, content in BASE.items():
            archive.writestr(file, content)
        offset = archive.getinfo(name).header_offset
    found = bytearray(target.getvalue())
    start = offset + 30 + len(name)
    found[start : start + 12] = bytes(byte ^ 0xFF for byte in found[start : start + 12])
    return bytes(found)


_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_NO_TABLE = database(
    "CREATE TABLE parcelles (id int); INSERT INTO parcelles VALUES (1)"
)

_TABLE = "CREATE TABLE t_noeud (nd_code, geom); INSERT INTO t_noeud VALUES ('N', 1)"
_RECURSION = """WITH RECURSIVE r(table_name, column_name, srs_id) AS
    (SELECT 't_noeud', 'geom', 2154 UNION ALL SELECT * FROM r) SELECT * FROM r"""
#: 12 kB, for which a server worked without end
ENDLESS = database(f"{_TABLE}; CREATE VIEW gpkg_geometry_columns AS {_RECURSION}")

#: nothing of it can be read
REFUSED = {
    "nothing": Hostile(b"", "empty_delivery"),
    "a PDF": Hostile(b"%PDF-1.4", "not_delivery"),
    "a RAR": Hostile(b"Rar!\x1a\x07\0", "not_delivery"),
    "a csv alone": Hostile(b"fo_code;fo_cb_code\nFO1;CB1\n", "not_delivery"),
    "a zip cut short": Hostile(GOOD[:60], "bad_delivery_zip"),
    "a zip cut in the middle": Hostile(GOOD[: len(GOOD) // 2], "bad_delivery_zip"),
    "a zip of nothing": Hostile(zip_bytes({}), "no_table"),
    "a zip of other files": Hostile(zip_bytes({"lisez-moi.txt": b"x"}), "no_table"),
    "a name that is no text": Hostile(
        _marked(zip_bytes({"t_fibre\x80.csv": b"a"}), [(_CENTRAL, 9)], 8).replace(
            b"\xc2\x80", b"\xff\xff"
        ),
        "bad_delivery_zip",
    ),
    "an archive in a zip": Hostile(
        zip_bytes({"livraison.zip": GOOD}), "member_nested", "livraison.zip"
    ),
    "a bomb": Hostile(
        zip_bytes({"t_fibre.csv": b"0" * 3_000_000}), "member_ratio", "t_fibre.csv"
    ),
    "too much": Hostile(GOOD, "delivery_too_big", limits=Limits(size=20)),
    "too many files": Hostile(
        zip_bytes({f"{rank}.pdf": b"" for rank in range(10_000)}), "too_many_members"
    ),
    "a path upwards": Hostile(
        zip_bytes({"../t_fibre.csv": b"x"}), "member_path", "../t_fibre.csv"
    ),
    "a path of Windows": Hostile(
        zip_bytes({"..\\t_fibre.csv": b"x"}), "member_path", "..\\t_fibre.csv"
    ),
    "a path of a disk": Hostile(
        zip_bytes({"C:/t_fibre.csv": b"x"}), "member_path", "C:/t_fibre.csv"
    ),
    "a path from the root": Hostile(
        zip_bytes({"/t_fibre.csv": b"x"}), "member_path", "/t_fibre.csv"
    ),
    "a link": Hostile(_link(), "member_link", "t_fibre.csv"),
    "a workbook that grows to 30 MB": Hostile(
        zip_bytes({"[Content_Types].xml": b"<", "xl/sheet1.xml": b"0" * 30_000_000}),
        "member_ratio",
        "xl/sheet1.xml",
    ),
    "a password": Hostile(
        _marked(GOOD, [(_CENTRAL, 8), (_LOCAL, 6)]), "member_encrypted", "t_noeud.dbf"
    ),
    "a damaged database": Hostile(
        b"SQLite format 3\0" + b"\xff" * 4000, "database_broken"
    ),
    "a database cut short": Hostile(
        geopackage_bytes({"t_fibre": FIBRES * 900}, blob)[:900], "database_broken"
    ),
    "a database without layers": Hostile(database("VACUUM"), "no_table"),
    "a database of other layers": Hostile(_NO_TABLE, "no_table"),
    "a database of other layers in a zip": Hostile(
        zip_bytes({"x.gpkg": _NO_TABLE}), "no_table"
    ),
    "layers listed by a view without end": Hostile(
        ENDLESS, "database_view", "gpkg_geometry_columns"
    ),
    "layers of SpatiaLite listed by a view": Hostile(
        database(f"{_TABLE}; CREATE VIEW geometry_columns AS {_RECURSION}"),
        "database_view",
        "geometry_columns",
    ),
    "layers listed by a view that says it is a table": Hostile(
        database(
            f"{_TABLE}; CREATE VIEW gpkg_geometry_columns AS {_RECURSION};"
            "PRAGMA writable_schema = ON;"
            "UPDATE sqlite_master SET type = 'table' WHERE type = 'view'"
        ),
        "database_broken",
    ),
    "layers listed by a virtual table": Hostile(
        database(f"{_TABLE}; CREATE VIRTUAL TABLE gpkg_geometry_columns USING fts5(a)"),
        "database_view",
        "gpkg_geometry_columns",
    ),
    "a view for a table": Hostile(
        database(
            "CREATE TABLE a (b); CREATE VIEW t_fibre AS WITH RECURSIVE r(x) AS "
            "(SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r"
        ),
        "no_table",
    ),
}

_DBF = BASE["t_noeud.dbf"]
_SHP = BASE["t_noeud.shp"]
_PRJ = b'GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]]'


def _beside(*files, without=(), **more):
    """Return the good delivery with other files."""
    files_left = {
        name: content for name, content in BASE.items() if name not in without
    }
    return zip_bytes(files_left | dict(files) | more)


def _dbf(start, value):
    return _DBF[:start] + value + _DBF[start + len(value) :]


def _shp(start, value):
    return _SHP[:start] + value + _SHP[start + len(value) :]


def _table(name, content, key, named=None):
    return Hostile(_beside((name, content)), key, name if named is None else named)


#: the other tables are read
PROBLEMS = {
    "an archive beside": _table("plans.7z", b"7z", "member_nested"),
    "a damaged database": _table("x.gpkg", b"\xd0\xcf", "member_database_broken"),
    "a name that is no table": _table("t_fibres.csv", b"a\n", "unknown_table"),
    "a name that no table has": _table("t_périmètre.csv", b"a\n", "other_name"),
    "a name of SQL": _table('t_"; drop table x.csv', b"a\n", "other_name"),
    "a name of 64 letters": _table(f"t_{'x' * 62}.csv", b"a\n", "other_name"),
    "a name of SQL that a table may have": _table(
        "t_select.csv", b"from;where\n1;2\n", "unknown_table"
    ),
    "an unknown table twice, at two depths": Hostile(
        zip_bytes(BASE | {"l_x.csv": b"a\n1\n", "b/c/L_X.csv": b"a\n2\n"}),
        "doubled_table",
        ".csv",
    ),
    "more unknown tables than are stored": Hostile(
        zip_bytes(BASE | {f"l_{rank}.csv": b"a\n1\n" for rank in range(201)}),
        "too_many_others",
        "l_99.csv",
    ),
    "columns that differ by their case": _table(
        "t_cable.csv", b"cb_code;CB_CODE\n1;2\n", "doubled_column"
    ),
    "an unknown shapefile without dbf": _table("t_x.shp", _SHP, "no_dbf"),
    "a table twice": _table("b/t_fibre.csv", b"fo_code\nFO2\n", "doubled_table"),
    "a table in a database too": Hostile(
        _beside(("x.gpkg", geopackage_bytes({"t_fibre": FIBRES}, blob))),
        "doubled_table",
        "t_fibre.csv",
    ),
    "an empty csv": _table("t_cable.csv", b"", "empty_file"),
    "a csv of commas": _table("t_cable.csv", b"a,b,c\n1,2,3\n", "wrong_separator"),
    "a csv of tabs": _table("t_cable.csv", b"a\tb\tc\n1\t2\t3\n", "wrong_separator"),
    "a csv in UTF-16": _table(
        "t_cable.csv", "cb_code;cb_nd1\nC;N\n".encode("utf-16"), "utf16"
    ),
    "a column twice": _table("t_cable.csv", b"a;a\n1;2\n", "doubled_column"),
    "a column without name": _table("t_cable.csv", b"a;;b\n1;2;3\n", "unnamed_column"),
    "a header that is not closed": _table("t_cable.csv", b'"a;b\n1;2\n', "bad_header"),
    "NUL characters": _table("t_cable.csv", b"cb_code;cb_nd1\n\0;\n", "nul_bytes"),
    "five million columns": Hostile(
        zip_bytes(
            BASE | {"t_cable.csv": b"c;" * 5_000_000 + b"\n"}, zipfile.ZIP_STORED
        ),
        "line_too_long",
    ),
    "six hundred columns": _table(
        "t_cable.csv",
        ";".join(f"c{rank}" for rank in range(600)).encode(),
        "too_many_columns",
    ),
    "a line without end": _table(
        "t_cable.csv", b"cb_code;cb_nd1\n" + b"x" * 200_000, "line_too_long"
    ),
    "an Excel file for a csv": _table("t_cable.csv", b"\xd0\xcf\x11\xe0", "not_csv"),
    "too few cells": _table(
        "t_cable.csv", b"cb_code;cb_nd1\nC1\nC2;N2\n", "too_few_cells"
    ),
    "too many cells": _table(
        "t_cable.csv", b"cb_code;cb_nd1\nC1;N;x\n", "too_many_cells"
    ),
    "a shapefile without dbf": _table("t_znro.shp", _SHP, "no_dbf"),
    "a dbf without shp": Hostile(
        _beside(without=("t_noeud.shp",)), "no_shp", "t_noeud.dbf"
    ),
    "a csv for a shapefile": _table("t_znro.csv", b"zn_code;zn_nd_code\n", "no_shp"),
    "a dbf of one byte": _table("t_znro.dbf", b"x", "dbf_broken"),
    "a dbf without columns": _table("t_znro.dbf", _dbf(8, b"\x21\0"), "dbf_broken"),
    "a dbf whose lines are too short": _table(
        "t_noeud.dbf", _dbf(10, b"\x02\0"), "dbf_broken"
    ),
    "a dbf of four billion lines": _table(
        "t_noeud.dbf", _dbf(4, b"\xff\xff\xff\xff"), "dbf_cut"
    ),
    "a dbf cut short": _table("t_noeud.dbf", _DBF[:-60], "dbf_cut"),
    "a shp of another kind": _table(
        "t_noeud.shp", _shp(0, b"\1"), "shp_broken", "t_noeud"
    ),
    "a shp cut short": _table("t_noeud.shp", _SHP[:-4], "shp_broken", "t_noeud"),
    "a shp of a huge record": _table(
        "t_noeud.shp", _shp(104, b"\x7f\xff\xff\xff"), "shp_broken", "t_noeud"
    ),
    "a shape of no kind": _table(
        "t_noeud.shp", _shp(108, struct.pack("<i", 99)), "bad_geometry", ""
    ),
    "fewer shapes than lines": _table(
        "t_noeud.shp",
        files_of({"t_noeud": NODES[:1]})["t_noeud.shp"],
        "bad_geometry",
        "",
    ),
    "bytes that are damaged": Hostile(
        _damaged("t_fibre.csv"), "member_broken", "t_fibre.csv"
    ),
    "bytes that are damaged, in LZMA": Hostile(
        _damaged("t_fibre.csv", zipfile.ZIP_LZMA), "member_broken", "t_fibre.csv"
    ),
    "bytes that are damaged, in bzip2": Hostile(
        _damaged("t_fibre.csv", zipfile.ZIP_BZIP2), "member_broken", "t_fibre.csv"
    ),
    "no projection": Hostile(
        _beside(without=("t_noeud.prj",)), "no_projection_file", ""
    ),
    "a projection that says nothing": _table(
        "t_noeud.prj", b"Lambert ?", "unknown_projection", "t_noeud.dbf"
    ),
    "a projection that is not allowed": _table(
        "t_noeud.prj", _PRJ, "bad_projection", "4326"
    ),
    "a projection that does not exist": _table(
        "t_noeud.prj", _PRJ.replace(b"4326", b"99999"), "bad_projection", "99999"
    ),
    "two projections": Hostile(
        zip_bytes(
            files_of({"t_noeud": NODES, "t_adresse": [{"ad_code": "AD1"}]})
            | {"t_noeud.prj": b'PROJCS["RGF93 / CC46",GEOGCS["x"]]'}
        ),
        "other_projection",
        "",
    ),
    "a database of no projection": Hostile(
        geopackage_bytes({"t_noeud": NODES}, blob, epsg=-1), "no_projection_file", ""
    ),
    "a database of a projection that does not exist": Hostile(
        geopackage_bytes({"t_noeud": NODES}, blob, epsg="abc"), "bad_projection", "abc"
    ),
    "a geometry that is none": Hostile(
        geopackage_bytes({"t_noeud": NODES}, lambda x, y: b"GP\0\1\0"),
        "bad_geometry",
        "",
    ),
    "tables of two versions": Hostile(
        delivery_zip(
            {
                "t_site": [{"st_code": "ST1"}],
                "t_local": [{"lc_code": "LC1"}],
                "t_suf": [{"sf_code": "SF1"}],
            }
        ),
        "other_version",
        "t_suf",
    ),
    "a column that SQLite computes": Hostile(
        database(
            "CREATE TABLE t_fibre (fo_code, x AS (hex(zeroblob(9))), fo_cb_code);"
            "INSERT INTO t_fibre VALUES ('FO1', 'CB1')"
        ),
        "",
    ),
    "an index that SQLite computes": Hostile(
        database(
            "CREATE TABLE t_fibre (fo_code, fo_cb_code);"
            "CREATE INDEX i ON t_fibre (length(hex(fo_code)));"
            "CREATE TRIGGER g BEFORE INSERT ON t_fibre BEGIN SELECT 1; END;"
            "INSERT INTO t_fibre VALUES ('FO1', 'CB1')"
        ),
        "",
    ),
    "a view of the database in a zip": Hostile(
        _beside(("x.gpkg", ENDLESS)), "member_database_view", "x.gpkg"
    ),
    "a cell of 80 MB": Hostile(
        database(
            "CREATE TABLE t_fibre (fo_code, fo_cb_code);"
            "INSERT INTO t_fibre VALUES ('FO1', zeroblob(80000000))"
        ),
        "database_broken",
    ),
    "one column": _table("t_cable.csv", b"cb_code\nC1\n", ""),
    "no shx": Hostile(zip_bytes(BASE), ""),
}
