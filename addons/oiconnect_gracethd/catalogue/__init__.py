"""Tables, columns and codes of GraceTHD, from the csv files beside.

Plain Python without ORM. A *generation* is "2" (2.0 to 2.0.2) or "3" (3.0, 3.0.1):
tables and columns differ between generations, the versions of one only add to it.
"""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

GENERATIONS = ("2", "3")
#: columns, besides the keys, without which no record can be made of a row
NEEDED = {"t_ebp": ("bp_typelog",), "t_fibre": ("fo_cb_code",)}
#: kinds of locals (3.0): those that an address counts by kind, all those to serve, and
#: those that are rooms of the network
HOMES = ("RES", "PRO", "ENT", "PUB", "OPE", "OBJ")
DWELLINGS = (*HOMES, "FTTH")
TECHNICAL_ROOMS = ("TEC", "NRO", "SRO", "NRA", "NRAMED")
_FOLDER = Path(__file__).parent


class Column(NamedTuple):
    """A column: its type, where it stands in each generation, what it refers to."""

    table: str
    name: str
    #: text, int, decimal, date, datetime, bool or geometry
    type: str
    #: most characters of a text, 0 for other types
    length: int
    #: generation → rank in the table
    orders: dict[str, int]
    #: generations that want a value
    required: frozenset[str]
    #: table that it refers to, by that table's key
    references: str
    #: list of its codes
    codes: str


class Table(NamedTuple):
    """A table: a csv file, or a shapefile when it has a form."""

    name: str
    #: "", "point", "line" or "area"
    form: str
    versions: frozenset[str]
    key: tuple[str, ...]
    #: table whose columns it completes
    patch_of: str
    columns: dict[str, Column]


def _rows(name):
    with open(_FOLDER / name, encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _column(row):
    return Column(
        row["table"],
        row["column"],
        row["type"],
        int(row["length"] or 0),
        {
            version: int(row[f"v{version}"])
            for version in GENERATIONS
            if row[f"v{version}"]
        },
        frozenset(row["required"]),
        row["references"],
        row["list"],
    )


def _tables():
    columns = defaultdict(dict)
    for row in _rows("columns.csv"):
        columns[row["table"]][row["column"]] = _column(row)
    return {
        row["table"]: Table(
            row["table"],
            row["form"],
            frozenset(row["versions"].split()),
            tuple(row["key"].split()),
            row["patch_of"],
            columns[row["table"]],
        )
        for row in _rows("tables.csv")
    }


def _codes():
    codes = defaultdict(lambda: defaultdict(set))
    for row in _rows("codes.csv"):
        for version in row["versions"].split():
            codes[row["list"]][version].add(row["code"])
    return {
        name: {version: frozenset(found) for version, found in by_version.items()}
        for name, by_version in codes.items()
    }


#: name → table; list → generation → codes
TABLES = _tables()
CODES = _codes()


@cache
def columns_of(table, generation):
    """Return the columns of a table in the order of the standard."""
    columns = TABLES[table].columns.values()
    return sorted(
        (column for column in columns if generation in column.orders),
        key=lambda column: column.orders[generation],
    )
