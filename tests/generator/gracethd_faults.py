"""One delivery for each check: a plain network with exactly that fault.

``FAULTS`` gives by number of check the functions that break the tables of 2.0.2 (or of
3.0, for what only that has); each returns what the check must tell.
"""

from collections.abc import Callable
from typing import NamedTuple

from .gracethd_rows import Row, shifted

Tables = dict[str, list[Row]]


class Fault(NamedTuple):
    """What a check must tell: of which row (its rank from 0) and which column.

    ``rank`` is None when the fault is of the whole file.
    """

    check: int
    table: str
    rank: int | None = None
    column: str = ""


FAULTS: dict[int, list[Callable[[Tables], Fault]]] = {}


def _fault(check: int):
    def keep(function: Callable[[Tables], Fault]) -> Callable[[Tables], Fault]:
        FAULTS.setdefault(check, []).append(function)
        return function

    return keep


def _row(tables: Tables, table: str, **values: object) -> tuple[int, Row]:
    """Return the first row with these values, and its rank."""
    for rank, row in enumerate(tables[table]):
        if all(row.get(name) == value for name, value in values.items()):
            return rank, row
    raise LookupError((table, values))


# -- files, columns, keys --------------------------------------------------------------


@_fault(1)
def table_absent(tables: Tables) -> Fault:
    del tables["t_cableline"]
    return Fault(1, "t_cableline")


@_fault(2)
def value_too_long(tables: Tables) -> Fault:
    tables["t_ebp"][0]["bp_oc_code"] = "A" * 51
    return Fault(2, "t_ebp", 0, "bp_oc_code")


@_fault(2)
def number_is_text(tables: Tables) -> Fault:
    tables["t_fibre"][5]["fo_nincab"] = "ABC"
    return Fault(2, "t_fibre", 5, "fo_nincab")


@_fault(2)
def date_is_none(tables: Tables) -> Fault:
    tables["t_organisme"][0]["or_abddate"] = "2026-02-31"
    return Fault(2, "t_organisme", 0, "or_abddate")


@_fault(3)
def key_doubled(tables: Tables) -> Fault:
    rank = len(tables["t_organisme"])
    tables["t_organisme"].append(dict(tables["t_organisme"][0]))
    return Fault(3, "t_organisme", rank, "or_code")


@_fault(3)
def key_void(tables: Tables) -> Fault:
    rank = len(tables["t_organisme"])
    tables["t_organisme"].append({"or_code": "", "or_nom": "SANS CODE"})
    return Fault(3, "t_organisme", rank, "or_code")


@_fault(4)
def orphan(tables: Tables) -> Fault:
    tables["t_ebp"][0]["bp_rf_code"] = "RF000000000000"
    return Fault(4, "t_ebp", 0, "bp_rf_code")


@_fault(4)
def unknown_code(tables: Tables) -> Fault:
    rank, row = _row(tables, "t_ebp", bp_typelog="BPE")
    row["bp_typephy"] = "B999"
    return Fault(4, "t_ebp", rank, "bp_typephy")


@_fault(5)
def due_void(tables: Tables) -> Fault:
    tables["t_organisme"][0]["or_nom"] = ""
    return Fault(5, "t_organisme", 0, "or_nom")


# -- addresses -------------------------------------------------------------------------


@_fault(6)
def ban_twice(tables: Tables) -> Fault:
    first, second = tables["t_adresse"][:2]
    second["ad_ban_id"] = first["ad_ban_id"]
    return Fault(6, "t_adresse", 1, "ad_ban_id")


@_fault(7)
def hexacle_twice(tables: Tables) -> Fault:
    first, second = tables["t_adresse"][:2]
    second["ad_hexacle"] = first["ad_hexacle"]
    return Fault(7, "t_adresse", 1, "ad_hexacle")


@_fault(11)
def other_dwellings(tables: Tables) -> Fault:
    tables["t_adresse"][0]["ad_nblpro"] = 3
    return Fault(11, "t_adresse", 0)


@_fault(12)
def other_sockets(tables: Tables) -> Fault:
    tables["t_adresse"][0]["ad_nbprpro"] = 3
    return Fault(12, "t_adresse", 0)


@_fault(13)
def dwelling_far(tables: Tables) -> Fault:
    """The address moves: its dwelling stays where its drop cable ends."""
    rank, suf = 0, tables["t_suf"][0]
    _rank, address = _row(tables, "t_adresse", ad_code=suf["sf_ad_code"])
    _add_shift(address, 0, -25)
    return Fault(13, "t_suf", rank, "sf_nd_code")


@_fault(31)
def address_of_two_zones(tables: Tables) -> Fault:
    areas = {row["zp_code"]: row["zp_zs_code"] for row in tables["t_zpbo"]}
    suf = tables["t_suf"][0]
    other = next(
        code for code, area in areas.items() if area != areas[suf["sf_zp_code"]]
    )
    rank, address = _row(tables, "t_adresse", ad_code=suf["sf_ad_code"])
    tables["t_suf"].append(dict(suf, sf_code="SF999999999999", sf_zp_code=other))
    address["ad_nblhab"] = int(str(address["ad_nblhab"])) + 1
    return Fault(31, "t_adresse", rank, "ad_code")


# -- cables and fibres -----------------------------------------------------------------


def _cable(tables: Tables, kind: str = "DI") -> tuple[int, Row]:
    rank, cable = _row(tables, "t_cable", cb_typelog=kind)
    # Another capacity than that of its reference would be a fault more.
    cable["cb_rf_code"] = ""
    return rank, cable


@_fault(8)
def capacity_too_small(tables: Tables) -> Fault:
    rank, cable = _cable(tables)
    cable["cb_capafo"] = 1
    return Fault(8, "t_cable", rank, "cb_capafo")


@_fault(9)
def capacity_too_big(tables: Tables) -> Fault:
    rank, cable = _cable(tables)
    cable["cb_capafo"] = 781
    return Fault(9, "t_cable", rank, "cb_capafo")


@_fault(10)
def capacities_differ(tables: Tables) -> Fault:
    rank, cable = next(
        (rank, row)
        for rank, row in enumerate(tables["t_cable"])
        if row["cb_capafo"] == 12 and rank
    )
    cable["cb_capafo"] = 13
    return Fault(10, "t_cable", rank, "cb_capafo")


@_fault(26)
def fibre_twice_in_tube(tables: Tables) -> Fault:
    tables["t_fibre"][1]["fo_nintub"] = tables["t_fibre"][0]["fo_nintub"]
    return Fault(26, "t_fibre", 1)


@_fault(32)
def cable_of_three_boxes(tables: Tables) -> Fault:
    """A tray of a third box holds a fibre that waits at the end of a cable (3.0)."""
    cable_of = {row["fo_code"]: row["fo_cb_code"] for row in tables["t_fibre"]}
    ranks = {
        row["cb_code"]: rank
        for rank, row in enumerate(tables["t_cable"])
        if row["cb_bp1"] and row["cb_bp2"]
    }
    position = next(
        row
        for row in tables["t_position"]
        if row["ps_fonct"] == "AT" and cable_of[row["ps_1"]] in ranks
    )
    rank = ranks[cable_of[position["ps_1"]]]
    cable = tables["t_cable"][rank]
    ends = {cable["cb_bp1"], cable["cb_bp2"], ""}
    tray = next(
        row for row in tables["t_cassette"] if row.get("cs_bp_code", "") not in ends
    )
    position["ps_cs_code"] = tray["cs_code"]
    return Fault(32, "t_cable", rank, "cb_code")


@_fault(33)
def box_elsewhere(tables: Tables) -> Fault:
    rank, cable = _row(tables, "t_cable", cb_typelog="RA")
    other = next(
        row["cb_bp1"]
        for row in tables["t_cable"]
        if row["cb_typelog"] == "RA" and row["cb_bp1"] != cable["cb_bp1"]
    )
    cable["cb_bp1"] = other
    return Fault(33, "t_cable", rank, "cb_bp1")


# -- ends of lines ---------------------------------------------------------------------


def _add_shift(row: Row, x: float, y: float) -> None:
    points = row["geom"]
    assert isinstance(points, list)
    row["geom"] = [*points[:-1], shifted(points[-1], x, y)]


def _node(tables: Tables, template: Row, point: tuple[float, float]) -> str:
    code = "ND999999999999"
    tables["t_noeud"].append(dict(template, nd_code=code, geom=[point]))
    return code


@_fault(14)
def cable_end_alone(tables: Tables) -> Fault:
    _add_shift(tables["t_cableline"][0], 7.5, 3.5)
    return Fault(14, "t_cableline", 0, "geom")


@_fault(15)
def cable_end_without_box(tables: Tables) -> Fault:
    _add_shift(tables["t_cableline"][0], 7.5, 3.5)
    points = tables["t_cableline"][0]["geom"]
    assert isinstance(points, list)
    _node(tables, tables["t_noeud"][0], points[-1])
    return Fault(15, "t_cableline", 0, "geom")


@_fault(16)
def path_end_alone(tables: Tables) -> Fault:
    # Beyond its end: another path may leave from there.
    _add_shift(tables["t_cheminement"][0], 7.5, 3.5)
    return Fault(16, "t_cheminement", 0, "geom")


@_fault(17)
def path_end_without_point(tables: Tables) -> Fault:
    _add_shift(tables["t_cheminement"][0], 7.5, 3.5)
    points = tables["t_cheminement"][0]["geom"]
    assert isinstance(points, list)
    _node(tables, tables["t_noeud"][0], points[-1])
    return Fault(17, "t_cheminement", 0, "geom")


# -- areas -----------------------------------------------------------------------------


def _grown(row: Row, x: float, y: float) -> None:
    """Move the eastern corners of a square."""
    points = row["geom"]
    assert isinstance(points, list)
    east = max(point[0] for point in points)
    row["geom"] = [shifted(p, x, y) if p[0] == east else p for p in points]


@_fault(18)
def zsro_leaves_znro(tables: Tables) -> Fault:
    rank = len(tables["t_zsro"]) - 1
    _grown(tables["t_zsro"][rank], 20, 0)
    return Fault(18, "t_zsro", rank, "geom")


@_fault(19)
def zpbo_leaves_zsro(tables: Tables) -> Fault:
    """The first PBO of a PM is in its corner: its area goes beyond to the south."""
    area = tables["t_zpbo"][0]
    points = area["geom"]
    assert isinstance(points, list)
    south = min(point[1] for point in points)
    area["geom"] = [shifted(p, 0, -300) if p[1] == south else p for p in points]
    return Fault(19, "t_zpbo", 0, "geom")


@_fault(20)
def znros_overlap(tables: Tables) -> Fault:
    rank = len(tables["t_znro"])
    tables["t_znro"].append(dict(tables["t_znro"][0], zn_code="ZN999999999999"))
    return Fault(20, "t_znro", rank, "geom")


@_fault(21)
def zsros_overlap(tables: Tables) -> Fault:
    _grown(tables["t_zsro"][0], 20, 0)
    return Fault(21, "t_zsro", 1, "geom")


@_fault(22)
def zpbos_overlap(tables: Tables) -> Fault:
    boxes = {row["bp_code"]: row for row in tables["t_ebp"]}
    rank, area = next(
        (rank, row)
        for rank, row in enumerate(tables["t_zpbo"])
        if "bp_pt_code" in boxes[row["zp_bp_code"]]
    )
    tables["t_zpbo"].append(dict(area, zp_code="ZP999999999999"))
    return Fault(22, "t_zpbo", len(tables["t_zpbo"]) - 1, "geom")


@_fault(23)
def nro_far(tables: Tables) -> Fault:
    return _far(tables, 23, "t_znro", "zn_nd_code")


@_fault(24)
def sro_far(tables: Tables) -> Fault:
    return _far(tables, 24, "t_zsro", "zs_nd_code")


@_fault(25)
def pbo_far(tables: Tables) -> Fault:
    return _far(tables, 25, "t_zpbo", "zp_nd_code")


#: 50 km away from the network
FAR = (900_000.0, 6_600_000.0)


def _far(tables: Tables, check: int, table: str, column: str) -> Fault:
    tables[table][0][column] = _node(tables, tables["t_noeud"][0], FAR)
    return Fault(check, table, 0, column)


# -- positions, boxes, locals ----------------------------------------------------------


@_fault(27)
def upstream_twice(tables: Tables) -> Fault:
    rank, row = _row(tables, "t_position", ps_fonct="AT")
    tables["t_position"].append(dict(row, ps_code="PS999999999999"))
    return Fault(27, "t_position", len(tables["t_position"]) - 1, "ps_1")


@_fault(28)
def downstream_twice(tables: Tables) -> Fault:
    rank, row = _row(tables, "t_position", ps_fonct="EP")
    copy = dict(row, ps_code="PS999999999999", ps_1="")
    tables["t_position"].append(copy)
    return Fault(28, "t_position", len(tables["t_position"]) - 1, "ps_2")


@_fault(29)
def box_without_place(tables: Tables) -> Fault:
    """A box where no cable ends, or the ends of that cable would be alone too."""
    tables["t_ebp"].append(
        {"bp_code": "BP999999999999", "bp_codeext": "SANS-LIEU", "bp_typelog": "BPE"}
    )
    return Fault(29, "t_ebp", len(tables["t_ebp"]) - 1, "bp_pt_code")


@_fault(30)
def local_of_two_zones(tables: Tables) -> Fault:
    first, second = tables["t_zsro"][:2]
    second["zs_lt_code"] = first["zs_lt_code"]
    return Fault(30, "t_zsro", 1, "zs_lt_code")
