"""Rows of 2.0.2 as 3.0 has them: sites, locals and dwellings in two tables."""

from .gracethd_catalogue import columns_of
from .gracethd_rows import Row

Tables = dict[str, list[Row]]

_LOCAL = {
    "lt_code": "lc_code",
    "lt_st_code": "lc_st_code",
    "lt_etiquet": "lc_etiquet",
    "lt_codeext": "lc_codeext",
    "lt_dateins": "lc_dateins",
}
_RENAMED = {
    "t_baie": {"ba_lt_code": "ba_lc_code"},
    "t_ebp": {"bp_lt_code": "bp_lc_code", "bp_sf_code": "bp_lc_code"},
    "t_znro": {"zn_lt_code": "zn_lc_code"},
    "t_zsro": {"zs_lt_code": "zs_lc_code"},
}


def to_v3(tables: Tables) -> Tables:
    """Return the tables of 3.0; what it has no column for is left out."""
    found = {
        name: [_renamed(row, _RENAMED.get(name, {})) for row in rows]
        for name, rows in tables.items()
        if name not in ("t_sitetech", "t_ltech", "t_suf")
    }
    found["t_site"], found["t_local"] = _sites(tables), _locals(tables)
    _add_dwellings(tables, found)
    _tell_drawers(found)
    return {name: _known(name, rows) for name, rows in found.items()}


def _tell_drawers(found: Tables) -> None:
    """Give trays their drawer, which half of their positions tell no more."""
    drawers = {}
    for rank, row in enumerate(found.get("t_position", ())):
        if row.get("ps_ti_code"):
            drawers[row["ps_cs_code"]] = row["ps_ti_code"]
            if rank % 2:
                del row["ps_ti_code"]
    for row in found.get("t_cassette", ()):
        if row["cs_code"] in drawers:
            row["cs_ti_code"] = drawers[row["cs_code"]]


def _renamed(row: Row, names: dict[str, str]) -> Row:
    return {names.get(name, name): value for name, value in row.items()}


def _known(table: str, rows: list[Row]) -> list[Row]:
    known = {column.name for column in columns_of(table, "3")}
    return [{n: v for n, v in row.items() if n in known} for row in rows]


def _sites(tables: Tables) -> list[Row]:
    return [
        row | {"st_typelog": "CLIENT" if row["st_typelog"] == "FTTH" else "RESEAU"}
        for row in tables.get("t_sitetech", ())
    ]


def _locals(tables: Tables) -> list[Row]:
    kinds = {row["st_code"]: row["st_typelog"] for row in tables.get("t_sitetech", ())}
    rows = []
    for row in tables.get("t_ltech", ()):
        kind = kinds.get(row["lt_st_code"], "")
        local = _renamed(row, _LOCAL)
        local["lc_typelog"] = kind if kind in ("NRO", "SRO") else "TEC"
        local["lc_etiquet"] = str(row["lt_etiquet"])[:20]
        rows.append(local)
    return rows


def _add_dwellings(tables: Tables, found: Tables) -> None:
    """Give each dwelling its site and its local, and the PBO that is to serve it."""
    boxes = {row["zp_code"]: row["zp_bp_code"] for row in tables.get("t_zpbo", ())}
    for row in tables.get("t_suf", ()):
        site = f"ST{str(row['sf_code'])[2:]}"
        found["t_site"].append(
            {
                "st_code": site,
                "st_nd_code": row["sf_nd_code"],
                "st_ad_code": row["sf_ad_code"],
                "st_typephy": "ADR",
                "st_typelog": "CLIENT",
            }
        )
        found["t_local"].append(
            {
                "lc_code": row["sf_code"],
                "lc_st_code": site,
                "lc_typelog": "RES",
                "lc_escal": row["sf_escal"],
                "lc_etage": row["sf_etage"],
                "lc_bp_codf": boxes.get(row["sf_zp_code"], ""),
            }
        )
    homes: dict[object, int] = {}
    for row in tables.get("t_suf", ()):
        homes[row["sf_ad_code"]] = homes.get(row["sf_ad_code"], 0) + 1
    for row in found.get("t_adresse", ()):
        row["ad_nblres"] = homes.get(row["ad_code"], 0)
