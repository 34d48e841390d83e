"""The files of tables: csv, shapefiles and layers, to rows of cells."""

from odoo.addons.oiconnect_import.protocol import CsvReader
from odoo.addons.oiconnect_import.protocol import Limits as CsvLimits

from ..catalogue import TABLES
from .others import refuse_doubled
from .problems import Problem
from .projection import is_known
from .shapefile import joined

#: bytes of a csv file that are read when it is opened
_HEAD = 1 << 14
_ROWS = CsvLimits(lines=50_000_000)


class TableFile:
    """The file of one table.

    ``header`` has the names as received, ``columns`` the same in lower case, without
    that of a geometry. ``rows()`` yields, once, (line, cells, problem).
    """

    has_geometry = False
    #: cells come without blanks around them
    is_stripped = False
    encoding = "utf-8"
    epsg = None

    def __init__(self, name, file):
        self.name = name
        self.file = file

    @property
    def columns(self):
        return [name.lower() for name in self.header]

    @property
    def unknown_columns(self):
        """The columns as received that the catalogue does not know."""
        known = TABLES[self.name].columns
        return [name for name in self.header if name.lower() not in known]

    def layout(self):
        """Return how the rows are written, so that they are given back alike.

        ``form`` is csv, dbf or layer, ``columns`` are those of ``header`` with what
        the form says of each. ``geometry`` is the name of a column, ``shape`` what it
        holds; a dbf has its ``encoding``, known after the last row.
        """
        raise NotImplementedError

    def problem(self, key, line=0, column="", value="", check=1, **params):
        params = {"file": self.file, **params}
        return Problem(self.name, self.file, key, params, line, column, value, check)

    def failure(self, error, line=0, check=1):
        """Return the problem that ``error``, of a file or of a line, is."""
        params = {"file": self.file, **error.params}
        key = getattr(error, "reason", None) or error.message_key
        return Problem(
            self.name,
            self.file,
            key,
            params,
            line or params.get("line", 0),
            check=check,
        )


class _HeadFirst:
    """A stream whose first read is short: many files wait with what it gave."""

    def __init__(self, stream):
        self._stream = stream
        self._is_first = True

    # pylint: disable-next=method-required-super
    def read(self, size):
        if self._is_first:
            self._is_first = False
            size = min(size, _HEAD)
        return self._stream.read(size)


class CsvTable(TableFile):
    """Rows of a csv file, which ``reader`` reads."""

    def __init__(self, name, file, stream):
        super().__init__(name, file)
        stream = _HeadFirst(stream)
        self.reader = CsvReader(stream, limits=_ROWS, allow_empty=True)
        self.header = self.reader.header
        refuse_doubled(self.header)
        self.reader.least = len(self.header)

    @property
    def encoding(self):
        return self.reader.encoding

    def layout(self):
        return {"form": "csv", "columns": [{"name": name} for name in self.header]}

    def rows(self):
        for line, cells, problem in self.reader:
            if problem:
                problem = self.failure(problem, line, check=2)
            yield line, cells, problem


class ShapeTable(TableFile):
    """Records of a dbf, with the geometries of the shp beside if there is one."""

    is_stripped = True

    def __init__(self, name, file, dbf, shp, epsg):
        super().__init__(name, file)
        self.dbf, self.shp, self.epsg = dbf, shp, epsg
        self.header = dbf.header
        self.has_geometry = bool(shp)

    @property
    def encoding(self):
        return self.dbf.encoding

    def layout(self):
        found = {
            "form": "dbf",
            "encoding": self.encoding,
            "columns": self.dbf.declared,
        }
        if self.has_geometry:
            found |= {"geometry": "geom", "shape": self.shp.form}
        return found

    def rows(self):
        yield from _with_geometry(self, joined(self.dbf, self.shp))


class DatabaseTable(TableFile):
    """Rows of a table of a GeoPackage or of SpatiaLite."""

    def __init__(self, name, file, database):
        super().__init__(name, file)
        self.database = database
        names, geometry, srid = database.columns(name)
        self.header = [column for column in names if column != geometry]
        self.has_geometry = bool(geometry)
        # 0 and -1: the database says that it does not know
        undefined = srid in (None, 0, -1)
        self.epsg = None if undefined else int(srid) if is_known(srid) else srid

    def layout(self):
        return self.database.layout(self.name)

    def rows(self):
        yield from _with_geometry(self, self.database.rows(self.name))


def _with_geometry(table, rows):
    for line, cells, wkb, read in rows:
        problem = None
        if "\0" in "".join(cells):
            cells = [cell.replace("\0", "").strip() for cell in cells]
            problem = table.problem("nul_cell", line, check=2)
        if not read:
            problem = table.problem("bad_geometry", line, "geom", check=2)
        if table.has_geometry:
            cells.append(wkb)
        yield line, cells, problem
