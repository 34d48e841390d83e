"""A delivery of version 2: csv files and shapefiles in a zip."""

import io
import shutil
import tempfile
import zipfile
from contextlib import ExitStack

from pyproj import CRS

from ..catalogue import TABLES
from .cells import columns_to_write, ordered, text
from .shapefile import ENCODING, Dbf, Shp

# Parts of a shapefile stay in memory up to this size
_IN_MEMORY = 1 << 20
_GENERATION = "2"
_CODE_PAGE = ENCODING.removeprefix("cp")


class FolderWriter:
    """Writer of a zip to a binary stream."""

    generation = _GENERATION

    def __init__(self, target, epsg):
        self._archive = zipfile.ZipFile(
            target, "w", zipfile.ZIP_DEFLATED, compresslevel=6
        )
        self._prj = CRS.from_epsg(epsg).to_wkt("WKT1_ESRI")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._archive.close()

    def put(self, table, names, rows, unknown=()):
        """Write the files of a table; return the number of its rows."""
        columns = columns_to_write(table, _GENERATION, unknown)
        arrange = ordered(columns, names)
        found = ((arrange(row), geometry) for row, geometry in rows)
        if TABLES[table].form:
            return self._write_shapes(table, columns, found)
        return self._write_csv(table, columns, found)

    def _write_csv(self, table, columns, rows):
        count = 0
        with (
            self._archive.open(f"{table}.csv", "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, encoding="utf-8", newline="") as target,
        ):
            target.write(";".join(column.name for column in columns) + "\n")
            for row, _geometry in rows:
                cells = map(text, columns, row)
                target.write(";".join(cells) + "\n")
                count += 1
        return count

    def _write_shapes(self, table, columns, rows):
        with ExitStack() as stack:
            files = {
                end: stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
                for end in ("shp", "shx", "dbf")
            }
            dbf = Dbf(files["dbf"], columns)
            shp = Shp(files["shp"], files["shx"], TABLES[table].form)
            for row, geometry in rows:
                dbf.add(row)
                shp.add(geometry)
            dbf.close()
            shp.close()
            for end, file in files.items():
                with self._archive.open(f"{table}.{end}", "w", force_zip64=True) as to:
                    shutil.copyfileobj(file, to)
        self._archive.writestr(f"{table}.prj", self._prj)
        self._archive.writestr(f"{table}.cpg", _CODE_PAGE)
        return dbf.count
