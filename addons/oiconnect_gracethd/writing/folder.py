"""A delivery as csv files and shapefiles in a zip."""

import io
import shutil
import tempfile
import zipfile
from contextlib import ExitStack

from pyproj import CRS

from ..catalogue import TABLES
from .cells import columns_to_write, ordered, text
from .geopackage import GeopackageWriter
from .shapefile import ENCODING, Dbf, Shp, TextDbf
from .unknown_tables import csv_line, held

# Parts of a shapefile stay in memory up to this size
_IN_MEMORY = 1 << 20
_CODE_PAGE = ENCODING.removeprefix("cp")
#: database of the tables that came in one and that the standard does not know
_LAYERS = "autres_tables.gpkg"


class FolderWriter:
    """Writer of a zip to a binary stream, in the versions of a generation."""

    def __init__(self, target, epsg, generation="2"):
        self.generation = generation
        self._archive = zipfile.ZipFile(
            target, "w", zipfile.ZIP_DEFLATED, compresslevel=6
        )
        self._epsg = epsg
        self._prj = CRS.from_epsg(epsg).to_wkt("WKT1_ESRI")
        self._layers = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_error):
        if self._layers and kind is None:
            with self._archive.open(_LAYERS, "w", force_zip64=True) as target:
                self._layers.save(target)
        self._archive.close()

    def put(self, table, names, rows, unknown=()):
        """Write the files of a table; return the number of its rows."""
        columns = columns_to_write(table, self.generation, unknown)
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

    def put_other(self, table, layout, rows):
        """Write a table that the standard does not know; return its rows.

        :param rows: (texts in the order of the columns of ``layout``, geometry)
        """
        if layout["form"] == "layer":
            self._layers = self._layers or GeopackageWriter(None, self._epsg)
            return self._layers.put_other(table, layout, rows)
        if layout["form"] == "dbf":
            return self._write_other_shapes(table, layout, rows)
        count = 0
        with (
            self._archive.open(f"{table}.csv", "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, encoding="utf-8", newline="") as target,
        ):
            target.write(csv_line([column["name"] for column in layout["columns"]]))
            for cells, _geometry in rows:
                target.write(csv_line(cells))
                count += 1
        return count

    def _write_other_shapes(self, table, layout, rows):
        form = layout.get("shape")
        with ExitStack() as stack:
            files = {
                end: stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
                for end in (("shp", "shx", "dbf") if form else ("dbf",))
            }
            dbf = TextDbf(files["dbf"], layout)
            shp = Shp(files["shp"], files["shx"], form) if form else None
            for cells, geometry in rows:
                dbf.add(cells)
                if shp:
                    shp.add(held(geometry, form))
            dbf.close()
            if shp:
                shp.close()
            self._copy_files(table, files)
        if form:
            prj = CRS.from_epsg(layout["epsg"]).to_wkt("WKT1_ESRI")
            self._archive.writestr(f"{table}.prj", prj)
        code_page = layout.get("encoding") or ENCODING
        self._archive.writestr(f"{table}.cpg", code_page.removeprefix("cp"))
        return dbf.count

    def _copy_files(self, table, files):
        for end, file in files.items():
            with self._archive.open(f"{table}.{end}", "w", force_zip64=True) as to:
                shutil.copyfileobj(file, to)

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
            self._copy_files(table, files)
        self._archive.writestr(f"{table}.prj", self._prj)
        self._archive.writestr(f"{table}.cpg", _CODE_PAGE)
        return dbf.count
