"""GeoPackage and SpatiaLite files: tables of SQLite, opened to read only."""

import sqlite3
from contextlib import suppress

from ..catalogue import TABLES
from .geometry import GeometryError, from_blob
from .others import OWN_KEYS
from .problems import DeliveryError

SIGNATURE = b"SQLite format 3\0"
_ROWS = 500
#: bytes of one cell or row: SQLite makes no longer one, whatever its schema asks for
_MOST_CELL = 1 << 26
#: ``UnicodeDecodeError``: SQLite's own sentence quotes names of a damaged schema
_BROKEN = (sqlite3.Error, UnicodeDecodeError, OverflowError)


class Database:
    """Tables of a file on the disk.

    :raises DeliveryError: it is not a database
    """

    def __init__(self, path):
        self._connection = sqlite3.connect(
            f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_CELL)
        try:
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self.names = {
                name.lower(): name
                for (name,) in self._connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' "
                    "AND sql NOT LIKE 'CREATE VIRTUAL%'"
                )
            }
        except _BROKEN as error:
            self.close()
            raise DeliveryError("database_broken") from error
        self._shapes = self._geometry_columns()

    def close(self):
        self._connection.close()

    def _geometry_columns(self):
        """Return {table: (column, projection)} as either form lists them."""
        found = {}
        for query in (
            "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns",
            "SELECT f_table_name, f_geometry_column, srid FROM geometry_columns",
        ):
            with suppress(*_BROKEN):
                for table, column, srid in self._connection.execute(query):
                    found[str(table).lower()] = (str(column).lower(), srid)
        return found

    def columns(self, table):
        """Return (names of the columns, that of the geometry, projection).

        :raises DeliveryError: the file is damaged
        """
        geometry, srid = self._shapes.get(table, ("geom", None))
        try:
            names = [name.lower() for name in self._names(table)]
        except _BROKEN as error:
            raise DeliveryError("database_broken") from error
        return names, geometry if geometry in names else "", srid

    def _names(self, table):
        """Return the columns of a table but for the number that SQLite gives rows."""
        return [name for name, _kind in self._declared(table)]

    def _declared(self, table):
        """Return (name, kind) of the columns of a table, as it declares them."""
        query = f"PRAGMA table_info({_quoted(self.names[table])})"
        return [
            (name, kind)
            for _rank, name, kind, _filled, _default, key in self._connection.execute(
                query
            )
            if not (key and kind.upper() == "INTEGER" and _is_own(table, name))
        ]

    def layout(self, table):
        """Return how a table is made, as ``TableFile.layout()``."""
        _names, geometry, _srid = self.columns(table)
        declared = self._declared(table)
        found = {
            "form": "layer",
            "columns": [
                {"name": name, "kind": kind}
                for name, kind in declared
                if name.lower() != geometry
            ],
        }
        if geometry:
            [found["geometry"]] = [
                name for name, _kind in declared if name.lower() == geometry
            ]
            found["shape"] = self._shape(table)
        return found

    def _shape(self, table):
        query = """SELECT geometry_type_name FROM gpkg_geometry_columns
                    WHERE lower(table_name) = ?"""
        with suppress(*_BROKEN):
            for (name,) in self._connection.execute(query, [table]):
                return str(name).upper()
        return "GEOMETRY"

    def rows(self, table):
        """Yield (rank, cells, WKB or ``None``, whether it was read).

        :raises DeliveryError: the file is damaged
        """
        names, geometry, _srid = self.columns(table)
        place = names.index(geometry) if geometry else None
        text = _text if table in TABLES else _exact
        try:
            # Columns that SQLite computes are left out: they are no delivered values.
            columns = ", ".join(map(_quoted, names))
            cursor = self._connection.execute(
                f"SELECT {columns} FROM {_quoted(self.names[table])}"
            )
            rank = 0
            while rows := cursor.fetchmany(_ROWS):
                for row in rows:
                    rank += 1
                    wkb, read = _geometry(row[place]) if geometry else (None, True)
                    cells = [text(value) for at, value in enumerate(row) if at != place]
                    yield rank, cells, wkb, read
        except _BROKEN as error:
            raise DeliveryError("database_broken") from error


def _is_own(table, name):
    """Tell whether a column of numbers is the file's own, and none of the standard."""
    if table not in TABLES:
        return name.lower() in OWN_KEYS
    return name.lower() not in TABLES[table].columns


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def _geometry(value):
    if value is None:
        return None, True
    if not isinstance(value, bytes):
        return None, False
    try:
        return from_blob(value)[0], True
    except GeometryError:
        return None, False


def _text(value):
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _exact(value):
    """Return a text that a column of the same kind takes back as the same value."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return "" if value is None else str(value)
