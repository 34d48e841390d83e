"""Rows received in the other generation of the standard than that of the export.

What the network says of them is written as its own, with their codes and the columns
that have the same name. Rows of tables that the network says nothing of are given where
the export has the table. What has no place there is counted.
"""

from odoo.tools import SQL

from ..catalogue import DWELLINGS, GENERATIONS, TABLES, columns_of
from .closure import ROUNDS
from .subjects import made_tables, written

#: generation of the rows → their table → its name in the other generation
_SUCCEEDED = {
    "2": {"t_sitetech": "t_site", "t_ltech": "t_local"},
    "3": {"t_site": "t_sitetech", "t_local": "t_ltech"},
}
#: tables of which made rows name rows that were given
_NAMED = ("t_organisme", "t_reference")
#: codes of the dwellings, which the network tells itself
_HOMES = SQL(
    """f.table_name = 't_suf' OR o.cells->>'st_typelog' = 'CLIENT'
       OR o.cells->>'lc_typelog' = ANY(%s)""",
    list(DWELLINGS),
)


def part(received):
    """Take the rows of the other generation from ``gx_row`` to ``gx_foreign``."""
    own = [t.name for t in TABLES.values() if received.generation in t.versions]
    is_own = SQL(
        "k.generation = %s AND k.table_name = ANY(%s)",
        received.generation,
        own + list(received.others),
    )
    is_foreign = SQL("(%s) IS NOT TRUE", is_own)
    if received.generations in ([], [received.generation]):
        is_foreign = SQL("FALSE")
    received.work.make(
        "gx_foreign", SQL("SELECT k.* FROM gx_row k WHERE %s", is_foreign), "code"
    )
    received.cr.execute(SQL("DELETE FROM gx_row k WHERE %s", is_foreign))
    received.has_foreign = bool(received.cr.rowcount)
    received.cr.execute("ANALYZE gx_row")
    received.work.make(
        "gx_hint",
        SQL(
            """SELECT id, table_name, code, subject FROM gx_foreign
                WHERE res_id IS NOT NULL AND table_name = ANY(%s)""",
            own,
        ),
    )


def derive(received):
    """Give what the network makes the codes that the other generation had."""
    [other] = set(GENERATIONS) - {received.generation}
    place = "ba_lt_code" if other == "2" else "ba_lc_code"
    local = "t_ltech" if other == "2" else "t_local"
    for query in received.derived("gx_foreign", other):
        received.add_known(query)
    names = {
        "local": local,
        "place": SQL.identifier(place),
        "bay": received.cells("t_baie", place, source="gx_foreign"),
        "drawer": received.cells(
            "t_tiroir", "ti_ba_code", "ti_codeext", "ti_etiquet", source="gx_foreign"
        ),
    }
    for query in (_NRO_BAYS, _LINK_DRAWERS):
        received.add_known(SQL(query, **names))
    for table, name in _SUCCEEDED[other].items():
        received.add_known(
            SQL(
                "SELECT %s AS tab, subject, code FROM gx_known WHERE table_name = %s",
                name,
                table,
            )
        )


def give(received):
    """Add to ``gx_row`` the rows of tables that the network says nothing of.

    Those that refer to what is not in the export stay out. Nodes come with what refers
    to them.
    """
    tables = [
        table.name
        for table in TABLES.values()
        if table.versions == set(GENERATIONS)
        and not table.patch_of
        and table.name not in made_tables(received.generation)
    ]
    received.work.make(
        "gx_given",
        SQL(
            "SELECT * FROM gx_foreign WHERE res_id IS NULL AND table_name = ANY(%s)",
            tables,
        ),
        "code",
    )
    _add_nodes(received, tables)
    for _round in range(ROUNDS):
        if not sum(_leave_orphans(received, table) for table in [*tables, "t_noeud"]):
            break
    received.cr.execute("INSERT INTO gx_row SELECT * FROM gx_given; ANALYZE gx_row")


def given_codes(received):
    """Return {table: codes} of the given rows that those of the network may name."""
    found = {table: set() for table in _NAMED}
    if received.has_foreign:
        received.cr.execute(
            "SELECT table_name, code FROM gx_row WHERE table_name = ANY(%s)",
            [list(_NAMED)],
        )
        for table, code in received.cr.fetchall():
            found[table].add(code)
    return found


def _references(received, table):
    """Yield (column, table that it refers to)."""
    for column in columns_of(table, received.generation):
        if column.references:
            yield column.name, column.references


def _add_nodes(received, tables):
    for table in tables:
        for name, to in _references(received, table):
            if to == "t_noeud":
                received.cr.execute(SQL(_NODES, table, name))
    received.cr.execute("ANALYZE gx_given")


def _leave_orphans(received, table):
    """Leave out the rows that refer to what is not there; return how many."""
    count = 0
    for name, to in _references(received, table):
        received.cr.execute(
            SQL(
                _ORPHANS,
                table=table,
                to=to,
                value=SQL("o.cells->>%s", name),
            )
        )
        count += received.cr.rowcount
    return count


def left_out(received):
    """Return [(table, rows)] of what has no place in the export."""
    if not received.has_foreign:
        return []
    received.work.make(
        "gx_written", SQL(" UNION ALL ").join(written(received.generation)), "code"
    )
    [other] = set(GENERATIONS) - {received.generation}
    received.cr.execute(
        SQL(
            _LEFT_OUT,
            patches=[table.name for table in TABLES.values() if table.patch_of],
            homes=_HOMES,
            names=list(_SUCCEEDED[other]),
            others=list(_SUCCEEDED[other].values()),
        )
    )
    return received.cr.fetchall()


# The bays of NROs, and the drawers where the fibres of links end, by their names
_NRO_BAYS = """
    SELECT 't_baie' AS tab, t.subject, b.code
      FROM gx_known t JOIN %(bay)s b ON b.%(place)s = t.code
     WHERE t.table_name = %(local)s AND starts_with(t.subject, 'oiconnect.nro,')
"""
_LINK_DRAWERS = """
    SELECT 't_tiroir' AS tab, d.subject, i.code
      FROM gx_link_drawer d
      JOIN gx_known t ON t.table_name = %(local)s AND t.subject = d.bay
      JOIN %(bay)s b ON b.%(place)s = t.code
      JOIN %(drawer)s i ON i.ti_ba_code = b.code AND i.subject IS NULL
           AND d.name IN (i.ti_codeext, i.ti_etiquet)
"""
_NODES = """
    INSERT INTO gx_given
    SELECT DISTINCT n.* FROM gx_given g
      JOIN oiconnect_gracethd_object o ON o.id = g.id
      JOIN gx_foreign n ON n.table_name = 't_noeud'
     WHERE g.table_name = %s AND n.code = o.cells->>%s
       AND NOT EXISTS (SELECT FROM gx_known t
                        WHERE t.table_name = 't_noeud' AND t.code = n.code)
       AND NOT EXISTS (SELECT FROM gx_given d WHERE d.id = n.id)
"""
_ORPHANS = """
    DELETE FROM gx_given g USING oiconnect_gracethd_object o
     WHERE o.id = g.id AND g.table_name = %(table)s AND %(value)s IS NOT NULL
       AND NOT EXISTS (SELECT FROM gx_known t
                        WHERE t.table_name = %(to)s AND t.code = %(value)s)
       AND NOT EXISTS (SELECT FROM gx_given d
                        WHERE d.table_name = %(to)s AND d.code = %(value)s)
       AND NOT EXISTS (SELECT FROM gx_row k
                        WHERE k.table_name = %(to)s AND k.code = %(value)s)
"""
# Optical routes are made again; a position is there when its fibre has one
_LEFT_OUT = """
    WITH placed AS (
        SELECT f1.code AS code1, f2.code AS code2 FROM gx_place p
          LEFT JOIN gx_code_t_fibre f1 ON f1.subject = p.fibre1
          LEFT JOIN gx_code_t_fibre f2 ON f2.subject = p.fibre2
    )
    SELECT f.table_name, count(*) FROM gx_foreign f
      JOIN oiconnect_gracethd_object o ON o.id = f.id
      LEFT JOIN unnest(%(names)s::text[], %(others)s::text[]) AS s(name, other)
        ON s.name = f.table_name
     WHERE f.table_name <> 't_ropt' AND f.table_name <> ALL(%(patches)s)
       AND (%(homes)s) IS NOT TRUE
       AND NOT EXISTS (SELECT FROM gx_row k
                        WHERE k.table_name = f.table_name AND k.code = f.code)
       AND NOT EXISTS (SELECT FROM gx_written w
                        WHERE w.table_name = COALESCE(s.other, f.table_name)
                          AND w.code = f.code)
       AND NOT (f.table_name = 't_position' AND (
           o.cells->>'ps_1' IN (SELECT code1 FROM placed)
           OR o.cells->>'ps_2' IN (SELECT code2 FROM placed)))
     GROUP BY 1 ORDER BY 1
"""
