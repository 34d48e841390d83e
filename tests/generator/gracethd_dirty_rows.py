"""Faults of the cells, rows and files of a dirty delivery."""

from .gracethd_catalogue import TABLES
from .gracethd_dirty_delivery import Delivery, chosen, fault

#: tables of the other generation, that this one has not
_STRANGE = {"2": ("t_local", "t_site"), "3": ("t_ltech", "t_suf")}
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
#: columns of numbers that the rows leave void, and what stands there for nothing
_VOID = (
    ("t_zsro", "zs_nbcolmt", ("***********", "-99999", "1e-38", "-1e+38")),
    ("t_cable", "cb_fo_util", ("NULL", "-99999", "****", "2.5e-300")),
    ("t_cable", "cb_fo_disp", ("null", "NaN", "-99999.0", "(null)")),
    ("t_adresse", "ad_nblpro", ("***********", "-99999", "1E-038", "-1e+38")),
)
#: when PMs are installed, and forms of that day
DAY = "2026-03-02"
DAYS = (
    *("20260302", "20260302000000", "2026-03-02 12-00-00", "02/03/2026"),
    *("2026-03-02T10:00:00+01:00", "2026/03/02", "02/03/2026 08:30"),
)
_KEYED = ("t_fibre", "t_ebp", "t_position", "t_cable", "t_zsro", "t_tiroir")


@fault
def cell_unreadable(delivery: Delivery, number: int) -> None:
    table, column, value = _CELLS[number % len(_CELLS)]
    row = delivery.pick(table, number // len(_CELLS))
    row[column] = value
    delivery.cells.add((table, delivery.codes[id(row)], column))


@fault
def null_as_tools_write_it(delivery: Delivery, number: int) -> None:
    table, column, values = _VOID[number % len(_VOID)]
    row = delivery.pick(table, number // len(_VOID))
    row[column] = values[number // 7 % len(values)]
    delivery.nulls.add(table)


@fault
def day_in_another_form(delivery: Delivery, number: int) -> None:
    for row in delivery.tables["t_zsro"]:
        if row["zs_dateins"] == DAY:
            row["zs_dateins"] = DAYS[number % len(DAYS)]


@fault
def long_whole_number(delivery: Delivery, number: int) -> None:
    delivery.tables["t_organisme"][0]["or_numero"] = 1_180_030_072 + number


@fault
def box_without_kind(delivery: Delivery, number: int) -> None:
    row = delivery.pick("t_ebp", number)
    row["bp_typelog"] = "PBX"
    delivery.gone.add(id(row))


@fault
def fibre_without_cable(delivery: Delivery, number: int) -> None:
    row = delivery.pick("t_fibre", number)
    row["fo_cb_code"] = "CB000000000000" if number % 2 else ""
    delivery.gone.add(id(row))


@fault
def key_void(delivery: Delivery, number: int) -> None:
    table = _KEYED[number % len(_KEYED)]
    row = delivery.pick(table, number // len(_KEYED))
    row[TABLES[table].key[0]] = ""
    delivery.gone.add(id(row))
    if table == "t_cable":
        # No record is made of a fibre whose cable is not there
        code = delivery.codes[id(row)]
        delivery.gone |= {
            id(row) for row in delivery.tables["t_fibre"] if row["fo_cb_code"] == code
        }
    if table == "t_tiroir":
        delivery.name_transport()


@fault
def key_doubled(delivery: Delivery, number: int) -> None:
    table = _KEYED[number % len(_KEYED)]
    delivery.repeat(table, delivery.pick(table, number // len(_KEYED)))


@fault
def waiting_fibre_shared(delivery: Delivery, number: int) -> None:
    """A fibre waits on a second position."""
    row = delivery.pick("t_position", number, ps_fonct="AT")
    code = delivery.add("t_position", row)
    delivery.repeated.append([row, delivery.row("t_position", code)])


@fault
def table_of_another_version(delivery: Delivery, number: int) -> None:
    names = _STRANGE[delivery.case.version[0]]
    name = names[number % len(names)]
    delivery.files[f"{name}.csv"] = f"{TABLES[name].key[0]}\n".encode()


@fault
def table_that_is_unknown(delivery: Delivery, number: int) -> None:
    delivery.files[f"t_perso{number % 3}.csv"] = b"code;note\n"


@fault
def rows_in_another_order(delivery: Delivery, number: int) -> None:
    """Rows of positions by turns: neither from the NRO nor from the customer."""
    turn = number % 5 + 2
    rows = delivery.tables["t_position"]
    rows[:] = [row for first in range(turn) for row in rows[first::turn]]


@fault
def cable_without_nodes(delivery: Delivery, number: int) -> None:
    """The boxes at its ends are given: the nodes add nothing."""
    found = [
        row
        for row in delivery.tables["t_cable"]
        if row.get("cb_bp1") and row.get("cb_bp2")
    ]
    row = chosen(found, number)
    row["cb_nd1"] = row["cb_nd2"] = ""


@fault
def nro_without_zone(delivery: Delivery, number: int) -> None:
    """Only its site says what it is: no NRO is made, and all else stays."""
    delivery.forget_nro()
