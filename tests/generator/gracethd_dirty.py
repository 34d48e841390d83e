"""Deliveries as builders make them: a network with faults, whose truth is known.

A ``Case`` says which network, and which faults, each with a number that chooses its
row: the same case makes the same delivery.
"""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from . import gracethd_truth as truth
from .gracethd import PLAIN, Network
from .gracethd_catalogue import TABLES
from .gracethd_file import Form, zipped
from .gracethd_rows import Row

Tables = dict[str, list[Row]]
#: tables of the other generation, that this one has not
_STRANGE = {"2": ("t_local", "t_site"), "3": ("t_ltech", "t_suf")}
FAULTS: dict[str, Callable[["Delivery", int], None]] = {}


class Case(NamedTuple):
    """Contents of a delivery: ``faults`` are names with a number each."""

    pms: int = 1
    seed: int = 1
    version: str = "2.0.2"
    traits: tuple[tuple[str, float], ...] = ()
    faults: tuple[tuple[str, int], ...] = ()


class Splice(NamedTuple):
    """Fibres that a position joins, and the box that its tray tells."""

    upstream: str
    downstream: str
    box: str


class End(NamedTuple):
    """End of a route: its PTO, its PBO, its last fibre that the network lists."""

    pto: str
    pbo: str
    fibre: str


@dataclass
class Truth:
    """Records that the network must have of a delivery, by the codes of its rows."""

    records: dict[str, set[str]]
    splices: dict[str, Splice]
    routes: dict[str, End]
    #: routes that break off, of which the end says nothing, and their positions
    broken: set[str]
    broken_positions: set[str]


@dataclass
class Delivery:
    """The rows of a case, and what its faults are.

    ``cells`` are those that cannot be read, ``rows`` those that go with theirs:
    (table, code, column) and (table, code).
    """

    case: Case
    tables: Tables
    truth: Truth
    #: table → codes of its rows, in order, before any fault
    codes: dict[str, list[str]]
    cells: set[tuple[str, str, str]] = field(default_factory=set)
    rows: set[tuple[str, str]] = field(default_factory=set)
    #: rows that come twice, which other faults leave alone: (table, code)
    doubled: set[tuple[str, str]] = field(default_factory=set)
    #: tables with cells that stand for nothing
    nulls: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)

    def pick(self, table: str, number: int, **values: str) -> tuple[str, Row]:
        """Return a row that has no fault yet, and its code.

        :raises LookupError: each of them has one
        """
        touched = {place[:2] for place in (*self.cells, *self.rows, *self.doubled)}
        found = [
            (code, row)
            for code, row in zip(self.codes[table], self.tables[table], strict=False)
            if (table, code) not in touched
            and all(row.get(name) == value for name, value in values.items())
        ]
        if not found:
            raise LookupError(table)
        return found[number % len(found)]

    def content(self) -> bytes:
        """Return the delivery as a zip."""
        form = Form(self.case.version, texts=True)
        target = io.BytesIO(zipped(self.tables, form))
        with zipfile.ZipFile(target, "a") as archive:
            for name, content in self.files.items():
                archive.writestr(name, content)
        return target.getvalue()


def make(case: Case) -> Delivery:
    """Return the delivery of a case."""
    traits = PLAIN._replace(dwellings=(2, 7), **dict(case.traits))
    network = Network(case.pms, case.seed, traits)
    codes = {
        table: [str(row.get(TABLES[table].key[0], "")) for row in rows]
        for table, rows in network.tables.items()
    }
    delivery = Delivery(case, network.tables, _truth(network), codes)
    for name, number in case.faults:
        with suppress(LookupError):
            FAULTS[name](delivery, number)
    return delivery


# -- truth -----------------------------------------------------------------------------


def _truth(network: Network) -> Truth:
    cables = {row["cb_code"]: row for row in network.rows("t_cable")}
    listed = {
        str(row["fo_code"])
        for row in network.rows("t_fibre")
        if cables[row["fo_cb_code"]].get("cb_typelog") not in ("RA", "NC")
    }
    broken = [r for r in network.routes if r.end not in (truth.PTO, truth.FREE)]
    records = {
        "pbo.fibre": listed,
        "pbo.cable": {
            str(code) for code, row in cables.items() if row["cb_typephy"] != "J"
        },
        "nro": _codes(network, "t_znro"),
        "pm": _codes(network, "t_zsro"),
        "building": _codes(network, "t_adresse"),
        "pbo": _codes(network, "t_ebp", bp_typelog="PBO"),
        "splice.box": _codes(network, "t_ebp", bp_typelog="BPE"),
        "pto": _codes(network, "t_ebp", bp_typelog="PTO"),
    }
    return Truth(
        records,
        _splices(network, listed),
        {
            route.positions[0]: End(
                route.pto,
                route.pbo,
                [code for code in route.fibres if code in listed][-1],
            )
            for route in network.routes
        },
        {route.positions[0] for route in broken},
        {code for route in broken for code in route.positions},
    )


def _codes(network: Network, table: str, **values: str) -> set[str]:
    return {
        str(row[TABLES[table].key[0]])
        for row in network.rows(table)
        if all(row.get(name) == value for name, value in values.items())
    }


def _splices(network: Network, listed: set[str]) -> dict[str, Splice]:
    trays = {
        row["cs_code"]: row.get("cs_bp_code") for row in network.rows("t_cassette")
    }
    boxes = {
        row["ps_code"]: trays.get(row.get("ps_cs_code"))
        for row in network.rows("t_position")
    }
    found = {}
    for way in (*network.routes, *network.links):
        pairs = zip(way.fibres, way.fibres[1:], strict=False)
        for code, (first, last) in zip(way.positions[1:], pairs, strict=False):
            if first in listed and last in listed:
                found[code] = Splice(first, last, str(boxes[code] or ""))
    return found


# -- faults ----------------------------------------------------------------------------


def _fault(function: Callable[[Delivery, int], None]):
    FAULTS[function.__name__] = function
    return function


#: cells without which the record is made
_CELLS = (
    ("t_zsro", "zs_dateins", "30/02/2026"),
    ("t_zsro", "zs_capamax", "beaucoup"),
    ("t_cable", "cb_capafo", "douze"),
    ("t_cable", "cb_lgreel", "long"),
    ("t_fibre", "fo_color", "99"),
    ("t_fibre", "fo_nincab", "ABC"),
    ("t_ebp", "bp_typephy", "B999"),
    ("t_ebp", "bp_abddate", "jamais"),
    ("t_adresse", "ad_nblpro", "peu"),
    ("t_adresse", "ad_ietat", "XX"),
    ("t_position", "ps_numero", "dix"),
    ("t_position", "ps_type", "X"),
    ("t_ptech", "pt_typephy", "K"),
    ("t_znro", "zn_etat", "XX"),
)


@_fault
def cell_unreadable(delivery: Delivery, number: int) -> None:
    table, column, value = _CELLS[number % len(_CELLS)]
    code, row = delivery.pick(table, number // len(_CELLS))
    row[column] = value
    delivery.cells.add((table, code, column))


#: columns of numbers that the rows leave void, and what stands there for nothing
_VOID = (
    ("t_zsro", "zs_nbcolmt", ("***********", "-99999", "1e-38", "-1e+38")),
    ("t_cable", "cb_fo_util", ("NULL", "-99999", "****", "2.5e-300")),
    ("t_cable", "cb_fo_disp", ("null", "NaN", "-99999.0", "(null)")),
    ("t_adresse", "ad_nblpro", ("***********", "-99999", "1E-038", "-1e+38")),
)


@_fault
def null_as_tools_write_it(delivery: Delivery, number: int) -> None:
    table, column, values = _VOID[number % len(_VOID)]
    _code, row = delivery.pick(table, number // len(_VOID))
    row[column] = values[number // 7 % len(values)]
    delivery.nulls.add(table)


#: when PMs are installed, and forms of that day
DAY = "2026-03-02"
DAYS = (
    *("20260302", "20260302000000", "2026-03-02 12-00-00", "02/03/2026"),
    *("2026-03-02T10:00:00+01:00", "2026/03/02", "02/03/2026 08:30"),
)


@_fault
def day_in_another_form(delivery: Delivery, number: int) -> None:
    for row in delivery.tables["t_zsro"]:
        if row["zs_dateins"] == DAY:
            row["zs_dateins"] = DAYS[number % len(DAYS)]


@_fault
def long_whole_number(delivery: Delivery, number: int) -> None:
    delivery.tables["t_organisme"][0]["or_numero"] = 1_180_030_072 + number


@_fault
def box_without_kind(delivery: Delivery, number: int) -> None:
    code, row = delivery.pick("t_ebp", number)
    row["bp_typelog"] = "PBX"
    delivery.rows.add(("t_ebp", code))


@_fault
def fibre_without_cable(delivery: Delivery, number: int) -> None:
    code, row = delivery.pick("t_fibre", number)
    row["fo_cb_code"] = "CB000000000000" if number % 2 else ""
    delivery.rows.add(("t_fibre", code))


_KEYED = ("t_fibre", "t_ebp", "t_position", "t_cable", "t_zsro", "t_tiroir")


@_fault
def key_void(delivery: Delivery, number: int) -> None:
    table = _KEYED[number % len(_KEYED)]
    code, row = delivery.pick(table, number // len(_KEYED))
    row[TABLES[table].key[0]] = ""
    delivery.rows.add((table, code))
    if table == "t_cable":
        # No record is made of a fibre whose cable is not there
        fibres = zip(
            delivery.codes["t_fibre"], delivery.tables["t_fibre"], strict=False
        )
        delivery.rows |= {
            ("t_fibre", name) for name, row in fibres if row["fo_cb_code"] == code
        }


@_fault
def key_doubled(delivery: Delivery, number: int) -> None:
    """A row comes a second time: the first stays."""
    table = _KEYED[number % len(_KEYED)]
    code, row = delivery.pick(table, number // len(_KEYED))
    delivery.tables[table].append(dict(row))
    delivery.doubled.add((table, code))


@_fault
def waiting_fibre_shared(delivery: Delivery, number: int) -> None:
    """A fibre waits on a second position: the first stays."""
    code, row = delivery.pick("t_position", number, ps_fonct="AT")
    delivery.tables["t_position"].append(row | {"ps_code": f"PS99{number:010}"})
    delivery.doubled.add(("t_position", code))


@_fault
def table_of_another_version(delivery: Delivery, number: int) -> None:
    names = _STRANGE[delivery.case.version[0]]
    name = names[number % len(names)]
    delivery.files[f"{name}.csv"] = f"{TABLES[name].key[0]}\n".encode()


@_fault
def table_that_is_unknown(delivery: Delivery, number: int) -> None:
    delivery.files[f"t_perso{number % 3}.csv"] = b"code;note\n"


@_fault
def rows_in_another_order(delivery: Delivery, number: int) -> None:
    """Rows of positions by turns: neither from the NRO nor from the customer."""
    turn = number % 5 + 2
    for found in (delivery.tables["t_position"], delivery.codes["t_position"]):
        found[:] = [item for first in range(turn) for item in found[first::turn]]


@_fault
def cable_without_nodes(delivery: Delivery, number: int) -> None:
    """The boxes at its ends are given: the nodes add nothing."""
    found = [
        row
        for row in delivery.tables["t_cable"]
        if row.get("cb_bp1") and row.get("cb_bp2")
    ]
    row = found[number % len(found)]
    row["cb_nd1"] = row["cb_nd2"] = ""


@_fault
def nro_without_zone(delivery: Delivery, number: int) -> None:
    """Only its site says what it is: no NRO is made, and all else stays."""
    delivery.tables["t_znro"] = []
    delivery.truth.records["nro"] = set()
    for row in delivery.tables["t_zsro"]:
        row["zs_zn_code"] = ""
