"""Oddities of real deliveries: each changes the tables of 2.0.2 in place."""

from collections.abc import Callable

from .gracethd_rows import Row

Tables = dict[str, list[Row]]
#: one row in so many is touched
_EACH = 7


def _some(tables: Tables, table: str) -> list[Row]:
    return tables.get(table, [])[::_EACH]


def trays_without_box(tables: Tables) -> None:
    for row in _some(tables, "t_cassette"):
        row["cs_bp_code"] = ""


def lines_drawn_back(tables: Tables) -> None:
    for row in _some(tables, "t_cableline"):
        row["geom"] = list(reversed(row["geom"]))  # type: ignore[call-overload]


def lines_without_node(tables: Tables) -> None:
    for row in _some(tables, "t_cableline"):
        row["geom"] = [(x + 3, y + 3) for x, y in row["geom"]]  # type: ignore[attr-defined]


def box_kinds_unknown(tables: Tables) -> None:
    for row in _some(tables, "t_ebp"):
        row["bp_typephy"] = "B432X"


def addresses_with_wrong_counts(tables: Tables) -> None:
    for row in _some(tables, "t_adresse"):
        row["ad_nblhab"], row["ad_nbprhab"] = 99, 0


def no_pbo_areas(tables: Tables) -> None:
    tables["t_zpbo"] = []
    for row in tables.get("t_suf", ()):
        row["sf_zp_code"] = ""


def rotations_absurd(tables: Tables) -> None:
    for row in _some(tables, "t_ptech"):
        row["pt_rotatio"] = 999


def codes_doubled(tables: Tables) -> None:
    tables["t_ltech"].append(dict(tables["t_ltech"][0]))
    tables["t_ebp"][1]["bp_codeext"] = tables["t_ebp"][0]["bp_codeext"]


def fibres_of_another_day(tables: Tables) -> None:
    """Positions on fibres that the file of fibres does not have."""
    del tables["t_fibre"][:: _EACH * 3]


def cables_left_out(tables: Tables) -> None:
    for row in _some(tables, "t_cable"):
        row["cb_typelog"] = row["cb_nd1"] = row["cb_nd2"] = ""


def dates_run_together(tables: Tables) -> None:
    for row in tables.get("t_zsro", ()):
        row["zs_dateins"] = "20260302"


DEFECTS: tuple[Callable[[Tables], None], ...] = (
    trays_without_box,
    lines_drawn_back,
    lines_without_node,
    box_kinds_unknown,
    addresses_with_wrong_counts,
    no_pbo_areas,
    rotations_absurd,
    codes_doubled,
    fibres_of_another_day,
    cables_left_out,
    dates_run_together,
)
