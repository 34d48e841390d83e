"""A dirty delivery while its faults are made: its rows, and what is known of them."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from .gracethd import Network
from .gracethd_catalogue import TABLES
from .gracethd_dirty_truth import Tables, Truth
from .gracethd_file import Form, zipped
from .gracethd_rows import PREFIXES, Row

FAULTS: dict[str, Callable[["Delivery", int], None]] = {}


def fault(function: Callable[["Delivery", int], None]):
    """Declare a fault, by the name of its function."""
    FAULTS[function.__name__] = function
    return function


class Case(NamedTuple):
    """Contents of a delivery: ``faults`` are names with a number each."""

    pms: int = 1
    seed: int = 1
    version: str = "2.0.2"
    traits: tuple[tuple[str, float], ...] = ()
    faults: tuple[tuple[str, int], ...] = ()


@dataclass
class Delivery:
    """The rows of a case, and what its faults are."""

    case: Case
    network: Network
    truth: Truth
    #: all rows before any fault: one that is taken away has an identity still
    rows: list[Row]
    #: identity of a row → its code before any fault; a repeated row has none
    codes: dict[int, str]
    #: cells that cannot be read: (table, code, column)
    cells: set[tuple[str, str, str]] = field(default_factory=set)
    #: identities of the rows of which no record can be made
    gone: set[int] = field(default_factory=set)
    #: rows that say the same: the first in its table stays
    repeated: list[list[Row]] = field(default_factory=list)
    #: identities of the rows that have a fault
    touched: set[int] = field(default_factory=set)
    #: tables with cells that stand for nothing
    nulls: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    #: faults that found their row
    fault_count: int = 0

    @property
    def tables(self) -> Tables:
        return self.network.tables

    def pick(self, table: str, number: int, **values: str) -> Row:
        """Return a row that has no fault yet; it has one now.

        :raises LookupError: each of them has one
        """
        found = [
            row
            for row in self.tables[table]
            if id(row) not in self.touched
            and all(row.get(name) == value for name, value in values.items())
        ]
        row = chosen(found, number)
        self.touched.add(id(row))
        return row

    def add(self, table: str, row: Row) -> str:
        """Add a row that has a fault; return the code that it is given."""
        key = TABLES[table].key[0]
        code = f"{PREFIXES[table]}98{len(self.codes):010}"
        row = row | {key: code}
        self.tables[table].append(row)
        self.codes[id(row)] = code
        self.touched.add(id(row))
        return code

    def repeat(self, table: str, row: Row) -> None:
        """Add a row a second time: the first stays."""
        copy = dict(row)
        self.tables[table].append(copy)
        self.touched.add(id(copy))
        self.repeated.append([row, copy])

    def remove(self, table: str, row: Row) -> None:
        rows = self.tables[table]
        rows[:] = [other for other in rows if other is not row]

    def row(self, table: str, code: str) -> Row:
        """Return the row that has a code before any fault.

        :raises LookupError: it was taken away
        """
        for row in self.tables[table]:
            if self.codes.get(id(row)) == code:
                return row
        raise LookupError(code)

    def box_of(self, position: Row) -> str:
        """Return the box of the tray of a position."""
        for row in self.tables["t_cassette"]:
            if row["cs_code"] == position.get("ps_cs_code"):
                return str(row.get("cs_bp_code") or "")
        return ""

    def name_transport(self) -> None:
        """Say of each transport cable what it is, where its NRO may not say so."""
        fibres = {code for link in self.network.links for code in link.fibres}
        cables = {
            row["fo_cb_code"]
            for row in self.tables["t_fibre"]
            if self.codes.get(id(row)) in fibres
        }
        for row in self.tables["t_cable"]:
            if row["cb_code"] in cables:
                row["cb_typelog"] = "TR"

    def forget_nro(self) -> None:
        """Take the zones of NROs away: without them, PMs have no links."""
        self.tables["t_znro"] = []
        self.cells = {cell for cell in self.cells if cell[0] != "t_znro"}
        for row in self.tables["t_zsro"]:
            row["zs_zn_code"] = ""
        self.truth.records["nro"] = set()
        self.truth.links.clear()

    def left_out(self) -> set[tuple[str, int]]:
        """Return the rows that go, by their table and their rank."""
        gone = set(self.gone)
        ranks = {
            id(row): (table, rank)
            for table, rows in self.tables.items()
            for rank, row in enumerate(rows)
        }
        for rows in self.repeated:
            gone |= set(sorted(map(id, rows), key=ranks.__getitem__)[1:])
        return {ranks[row] for row in gone}

    def content(self) -> bytes:
        """Return the delivery as a zip."""
        form = Form(self.case.version, texts=True)
        target = io.BytesIO(zipped(self.tables, form))
        with zipfile.ZipFile(target, "a") as archive:
            for name, content in self.files.items():
                archive.writestr(name, content)
        return target.getvalue()


def chosen(found: list, number: int):
    """Return one of those found.

    :raises LookupError: there is none
    """
    if not found:
        raise LookupError
    return found[number % len(found)]
