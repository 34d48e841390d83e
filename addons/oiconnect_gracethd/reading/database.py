"""GeoPackage and SpatiaLite files: tables of SQLite, opened to read only."""

import sqlite3
import time
from contextlib import suppress

from ..catalogue import TABLES
from .geometry import GeometryError, from_blob
from .others import OWN_KEYS
from .problems import DeliveryError

SIGNATURE = b"SQLite format 3\0"
_ROWS = 500
#: bytes of one cell or row: SQLite makes no longer one, whatever its schema asks for
_MAX_CELL = 1 << 26
#: ``UnicodeDecodeError``: SQLite's own sentence quotes names of a damaged schema
_BROKEN = (sqlite3.Error, UnicodeDecodeError, OverflowError)


#: seconds for the next rows of a table, and steps of SQLite between two looks at them
_SECONDS = 20
_STEPS = 100_000
#: rows of a table: as many as those of a csv file
_MAX_ROWS = 50_000_000
_MAX_LAYERS = 10_000
#: where the two forms list their layers
_LAYERS = (
    ("gpkg_geometry_columns", "table_name, column_name, srs_id"),
    ("geometry_columns", "f_table_name, f_geometry_column, srid"),
)
#: names of the table of tables
_SCHEMA = ("sqlite_master", "sqlite_schema")
_FUNCTIONS = ("lower",)
_PRAGMAS = ("table_info",)


class Database:
    """Tables of a file on the disk.

    A file decides what its own names mean: a table may be a view without end, a column
    a function. SQLite is let read the columns of real tables, and nothing else.

    :raises DeliveryError: it is not a database, or has a view where a table should be
    """

    def __init__(self, path):
        self._connection = sqlite3.connect(
            f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        self._end = 0
        #: {name in lower case: name} of real tables
        self.names = {}
        try:
            self._restrict()
            self.names = self._real_tables()
            self._shapes = self._geometry_columns()
        except _BROKEN as error:
            self.close()
            raise DeliveryError("database_broken") from error
        except DeliveryError:
            self.close()
            raise

    def close(self):
        self._connection.close()

    def _restrict(self):
        connection = self._connection
        for limit, value in (
            (sqlite3.SQLITE_LIMIT_LENGTH, _MAX_CELL),
            (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
            (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        ):
            connection.setlimit(limit, value)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        # Python 3.12 lets these be set.
        for name, value in (
            ("SQLITE_DBCONFIG_DEFENSIVE", True),
            ("SQLITE_DBCONFIG_ENABLE_TRIGGER", False),
            ("SQLITE_DBCONFIG_ENABLE_VIEW", False),
        ):
            if hasattr(connection, "setconfig"):
                connection.setconfig(getattr(sqlite3, name), value)
        connection.set_authorizer(self._authorize)
        connection.set_progress_handler(self._is_late, _STEPS)

    def _authorize(self, action, first, second, _database, inner):
        """Let SQLite read columns of tables: of none through a view or a trigger."""
        if inner is not None:
            return sqlite3.SQLITE_DENY
        is_allowed = (
            action == sqlite3.SQLITE_SELECT
            or (action == sqlite3.SQLITE_READ and self._is_table(first))
            or (action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS)
            or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS)
        )
        return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY

    def _is_table(self, name):
        return name in _SCHEMA or name.lower() in self.names

    def _is_late(self):
        return time.monotonic() > self._end

    def _execute(self, query, *values):
        self._end = time.monotonic() + _SECONDS
        return self._connection.execute(query, values)

    def _real_tables(self):
        """Return {name in lower case: name} of what was made as a table.

        The file itself says what is one: its own sentence has to begin so too.
        """
        return {
            name.lower(): name
            for kind, name, sentence in self._execute(
                "SELECT type, name, sql FROM sqlite_master"
            )
            if kind == "table" and str(sentence).upper().startswith("CREATE TABLE")
        }

    def _geometry_columns(self):
        """Return {table: (column, projection)} as either form lists them.

        :raises DeliveryError: the list is no table
        """
        found = {}
        for name, columns in _LAYERS:
            if name not in self.names:
                self._refuse_view(name)
                continue
            with suppress(*_BROKEN):
                for table, column, srid in self._execute(
                    f"SELECT {columns} FROM {name}"
                ):
                    found[str(table).lower()] = (str(column).lower(), srid)
                    if len(found) > _MAX_LAYERS:
                        break
        return found

    def _refuse_view(self, name):
        query = "SELECT type FROM sqlite_master WHERE lower(name) = ?"
        if self._execute(query, name).fetchone():
            raise DeliveryError("database_view", name=name)

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
            for _rank, name, kind, _filled, _default, key in self._execute(query)
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
            for (name,) in self._execute(query, table):
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
            cursor = self._execute(
                f"SELECT {columns} FROM {_quoted(self.names[table])}"
            )
            rank = 0
            while rows := cursor.fetchmany(_ROWS):
                self._end = time.monotonic() + _SECONDS
                for row in rows:
                    rank += 1
                    wkb, read = _geometry(row[place]) if geometry else (None, True)
                    cells = [text(value) for at, value in enumerate(row) if at != place]
                    yield rank, cells, wkb, read
                if rank > _MAX_ROWS:
                    raise DeliveryError("too_many_lines", limit=_MAX_ROWS)
        except _BROKEN as error:
            if self._is_late():
                raise DeliveryError("database_takes_time", limit=_SECONDS) from error
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
