"""What the network must have of a delivery: its records, splices, routes and links."""

from dataclasses import dataclass
from typing import NamedTuple

from . import gracethd_truth as truth
from .gracethd import Network
from .gracethd_catalogue import TABLES
from .gracethd_rows import Row

Tables = dict[str, list[Row]]
#: kinds of cables whose fibres the network does not list
UNLISTED = ("RA", "NC")


class Splice(NamedTuple):
    """Fibres that a position joins, and its box."""

    upstream: str
    downstream: str
    box: str


class End(NamedTuple):
    """End of a route: its PTO, the box before it or where it waits, its last fibre."""

    pto: str
    box: str
    fibre: str


@dataclass
class Truth:
    """Records that the network must have of a delivery, by the codes of its rows.

    ``routes`` are those of the drawer positions, without an end where they break off;
    ``links`` are the transport fibres that reach a PM from its NRO.
    """

    records: dict[str, set[str]]
    splices: dict[str, Splice]
    routes: dict[str, End | None]
    links: set[str]


def truth_of(network: Network) -> Truth:
    cables = {str(row["cb_code"]): row for row in network.rows("t_cable")}
    listed = {
        str(row["fo_code"])
        for row in network.rows("t_fibre")
        if cables[str(row["fo_cb_code"])].get("cb_typelog") not in UNLISTED
    }
    records = {
        "pbo.fibre": listed,
        "pbo.cable": {code for code, row in cables.items() if row["cb_typephy"] != "J"},
        "nro": _codes(network, "t_znro"),
        "pm": _codes(network, "t_zsro"),
        "building": _codes(network, "t_adresse"),
        "pbo": _codes(network, "t_ebp", bp_typelog="PBO"),
        "splice.box": _codes(network, "t_ebp", bp_typelog="BPE"),
        "pto": _codes(network, "t_ebp", bp_typelog="PTO"),
    }
    far_boxes = far_ends(network)
    return Truth(
        records,
        _splices(network, listed, far_boxes),
        {
            route.positions[0]: _end(route, listed, far_boxes)
            for route in network.routes
        },
        {link.fibre for link in network.links},
    )


def far_ends(network: Network) -> dict[str, str]:
    """Return {fibre: box where its cable ends}."""
    ends = {row["cb_code"]: str(row["cb_bp2"]) for row in network.rows("t_cable")}
    return {
        str(row["fo_code"]): ends[row["fo_cb_code"]] for row in network.rows("t_fibre")
    }


def _end(route: truth.Route, listed: set[str], far_boxes: dict) -> End | None:
    if route.end not in (truth.PTO, truth.FREE):
        return None
    box = route.pbo if route.end == truth.PTO else far_boxes[route.fibre]
    last = [code for code in route.fibres if code in listed][-1]
    return End(route.pto, box, last)


def _codes(network: Network, table: str, **values: str) -> set[str]:
    return {
        str(row[TABLES[table].key[0]])
        for row in network.rows(table)
        if all(row.get(name) == value for name, value in values.items())
    }


def _splices(
    network: Network, listed: set[str], far_boxes: dict[str, str]
) -> dict[str, Splice]:
    """Return the splices by position; without tray, one is where its cables meet.

    That of a loop is none that can be made.
    """
    boxes = _boxes(network.tables)
    found = {}
    for way in (*network.routes, *network.links):
        pairs = zip(way.fibres, way.fibres[1:], strict=False)
        for code, (first, last) in zip(way.positions[1:], pairs, strict=False):
            if first in listed and last in listed:
                found[code] = Splice(first, last, boxes[code] or far_boxes[first])
    for route in network.routes:
        if route.end == truth.LOOP:
            found[route.positions[-1]] = Splice(route.fibre, route.fibres[0], "")
    return found


def _boxes(tables: Tables) -> dict[object, str]:
    """Return {position: box of its tray}."""
    trays = {row["cs_code"]: row.get("cs_bp_code") for row in tables["t_cassette"]}
    return {
        row["ps_code"]: str(trays.get(row.get("ps_cs_code")) or "")
        for row in tables["t_position"]
    }
