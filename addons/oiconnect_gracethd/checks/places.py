"""Where the rows in error are: by their own shape, or by what they stand on."""

from odoo.tools import SQL

from ..bulk.staging import STAGED
from ..catalogue import TABLES

#: in order: tables placed by what these columns lead to, the first that leads somewhere
_PLACED = (
    ("t_ptech", "pt_nd_code"),
    ("t_sitetech", "st_nd_code"),
    ("t_site", "st_nd_code"),
    ("t_suf", "sf_nd_code", "sf_ad_code"),
    ("t_ltech", "lt_st_code"),
    ("t_local", "lc_st_code"),
    ("t_ebp", "bp_pt_code", "bp_lt_code", "bp_lc_code", "bp_sf_code"),
    ("t_baie", "ba_lt_code", "ba_lc_code"),
    ("t_tiroir", "ti_ba_code"),
    ("t_cassette", "cs_bp_code", "cs_ti_code"),
    ("t_cable", "cb_nd1", "cb_nd2", "cb_bp1", "cb_bp2"),
)
#: tables too big to be placed whole: only their rows in error are
_LEAVES = (
    ("t_fibre", "fo_cb_code"),
    ("t_position", "ps_cs_code", "ps_ti_code"),
    ("t_cableline", "cl_cb_code"),
    ("t_znro", "zn_nd_code", "zn_lc_code"),
    ("t_zsro", "zs_nd_code", "zs_lc_code", "zs_lt_code"),
    ("t_zpbo", "zp_nd_code", "zp_bp_code"),
    ("t_love", "lv_nd_code"),
    ("t_cheminement", "cm_ndcode1", "cm_ndcode2"),
)


def place_tables(run):
    """Return the side table of the places of codes, made the first time."""
    if places := run.known("places"):
        return places
    places = run.side(
        "places",
        """SELECT NULL::text AS tab, NULL::text AS code, NULL::float8 AS x,
                  NULL::float8 AS y WHERE FALSE""",
        "tab, code",
    )
    for table in ("t_noeud", "t_adresse"):
        run.cr.execute(
            run.rows(
                """INSERT INTO %(places)s SELECT DISTINCT ON (2) %(name)s, s.%(key)s,
                          s.x1, s.y1
                     FROM %(table)s s WHERE s.x1 IS NOT NULL AND s.%(key)s IS NOT NULL
                    ORDER BY 2, s.line""",
                places=places,
                name=table,
                key=SQL.identifier(run.key(table)),
                table=run.table(table),
            )
        )
    run.cr.execute(SQL("ANALYZE %s", places))
    for table, *columns in _PLACED:
        if table in run.stage:
            run.cr.execute(
                run.rows(
                    """INSERT INTO %(places)s SELECT DISTINCT ON (2) %(name)s,
                              s.%(key)s, %(x)s, %(y)s
                         FROM %(table)s s %(joins)s
                        WHERE s.%(key)s IS NOT NULL AND %(x)s IS NOT NULL
                        ORDER BY 2, s.line""",
                    places=places,
                    name=table,
                    key=SQL.identifier(run.key(table)),
                    table=run.table(table),
                    **_led(places, table, columns),
                )
            )
    run.cr.execute(SQL("ANALYZE %s", places))
    return places


def locate(run):
    """Give the errors of rows their place, in the projection of the delivery."""
    errors = run.side(
        "errors",
        """SELECT id, table_name, line FROM oiconnect_import_error
            WHERE import_id = %(id)s AND line IS NOT NULL AND longitude IS NULL""",
        id=run.log.import_id,
    )
    tables = run.fetch("SELECT DISTINCT table_name FROM %(e)s", e=errors)
    if not tables:
        return
    places = place_tables(run)
    for (table,) in tables:
        _place_errors(run, table, places, errors)


def _led(places, table, columns):
    """Return the joins to where ``columns`` lead, and the first place found."""
    joins, names = [], []
    for rank, column in enumerate(columns):
        name = SQL.identifier(f"p{rank}")
        joins.append(
            SQL(
                "LEFT JOIN %s %s ON %s.tab = %s AND %s.code = s.%s",
                places,
                name,
                name,
                STAGED[table][column].references,
                name,
                SQL.identifier(column),
            )
        )
        names.append(name)
    return {
        "joins": SQL(" ").join(joins),
        "x": SQL("COALESCE(%s)", SQL(", ").join(SQL("%s.x", name) for name in names)),
        "y": SQL("COALESCE(%s)", SQL(", ").join(SQL("%s.y", name) for name in names)),
    }


def leads(run, table, places):
    """Return the SQL of joins, x and y of rows ``s`` of a table; None: no place."""
    columns = {name: columns for name, *columns in (*_PLACED, *_LEAVES)}
    if TABLES[table].form in ("point", "line"):
        return {"joins": SQL(), "x": SQL("s.x1"), "y": SQL("s.y1")}
    return _led(places, table, columns[table]) if table in columns else None


def _place_errors(run, table, places, errors):
    found = leads(run, table, places)
    if not found:
        return
    run.cr.execute(
        run.rows(
            """UPDATE oiconnect_import_error e SET longitude = f.x, latitude = f.y
                 FROM (SELECT DISTINCT ON (r.id) r.id, %(x)s AS x, %(y)s AS y
                         FROM %(errors)s r JOIN %(table)s s ON s.line = r.line %(joins)s
                        WHERE r.table_name = %(name)s AND %(x)s IS NOT NULL) f
                WHERE e.id = f.id""",
            errors=errors,
            name=table,
            table=run.table(table),
            **found,
        )
    )
