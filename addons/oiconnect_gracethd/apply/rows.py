"""Storage of each received row: its code, its record, and all that it said."""

import json

from odoo.tools import SQL

from ..catalogue import TABLES

#: name under which the layouts of tables that the standard does not know are stored
LAYOUTS = "*"
_BASE_COLUMNS = ("line", "note", "x1", "y1", "x2", "y2")


def keep(base, run, tables, records):
    """Keep the rows of ``tables``; those that did not change write nothing.

    A row is stored under its code: that of several columns, where the key is.

    :param records: {table: [(model, table of merged rows)]}
    """
    for table in tables:
        _keep_table(base, run, table, records.get(table, ()))


def _keep_table(base, run, table, records):
    names = TABLES[table].key
    key = SQL(", ").join(SQL.identifier("s", name) for name in names)
    found = SQL("NULL::varchar AS res_model, NULL::int AS res_id")
    joins = SQL()
    if records:
        found = SQL(
            "CASE %s END AS res_model, COALESCE(%s) AS res_id",
            SQL(" ").join(
                SQL(
                    "WHEN %s IS NOT NULL THEN %s",
                    SQL.identifier(f"r{rank}", "res_id"),
                    model,
                )
                for rank, (model, _rows) in enumerate(records)
            ),
            SQL(", ").join(
                SQL.identifier(f"r{rank}", "res_id") for rank in range(len(records))
            ),
        )
        joins = SQL(" ").join(
            SQL(
                "LEFT JOIN %(rows)s %(r)s ON %(r)s.code = %(code)s",
                rows=rows,
                r=SQL.identifier(f"r{rank}"),
                code=SQL.identifier("s", names[0]),
            )
            for rank, (_model, rows) in enumerate(records)
        )
    cells = SQL("jsonb_strip_nulls(to_jsonb(s) - %s::text[])", list(_BASE_COLUMNS))
    if run.voided:
        cells = SQL("%s || COALESCE(v.cells, '{}')", cells)
        joins = SQL(
            "%s LEFT JOIN %s v ON v.tab = %s AND v.line = s.line",
            joins,
            run.voided,
            table,
        )
    _upsert(
        run,
        [table],
        _STORE_ROWS,
        epsg=run.epsg if TABLES[table].form else None,
        name=table,
        key=key,
        found=found,
        cells=cells,
        table=base.table(table),
        joins=joins,
    )


def keep_others(run, others):
    """Keep the rows of tables that the standard does not know, and how they are made.

    A row is stored under what its first column says, and its rank among those that say
    the same; without that, under its content.
    """
    if not others.layouts:
        return
    _upsert(
        run,
        [*others.layouts, LAYOUTS],
        _OTHERS,
        epsg=run.epsg,
        rows=other_rows(others),
        layouts=LAYOUTS,
        names=list(others.layouts),
        written=[json.dumps(layout) for layout in others.layouts.values()],
    )


def _upsert(run, tables, query, **values):
    """Write the rows that ``query`` finds in ``tables`` of the delivery."""
    head = {
        "network": run.head["network_id"],
        "company": run.head["company_id"],
        "generation": run.generation,
        "date": run.head["date"],
        "import": run.import_id,
    }
    run.journal.upserted(
        "oiconnect_gracethd_object",
        "o",
        SQL(query, **head, **values),
        SQL(
            """SELECT FROM oiconnect_gracethd_object
                WHERE network_id = %s AND table_name = ANY(%s)""",
            run.head["network_id"],
            tables,
        ),
    )


def other_rows(others):
    """Return the query of the rows of tables that the standard does not know."""
    return SQL(_OTHER_ROWS, table=others.table)


_OTHER_ROWS = """
    SELECT r.tab AS table_name,
           r.key || '|' || row_number() OVER (PARTITION BY r.tab, r.key ORDER BY r.line)
               AS code,
           jsonb_strip_nulls(jsonb_build_object('extra', r.extra, 'geom', r.geom))
               AS cells, r.line
      FROM (SELECT s.tab, s.line, s.extra, s.geom,
                   CASE WHEN octet_length(s.key) BETWEEN 1 AND 200 THEN s.key
                        ELSE md5(s.extra::text || COALESCE(s.geom::text, '')) END AS key
              FROM %(table)s s) r
"""
_OTHERS = """
    INSERT INTO oiconnect_gracethd_object AS o
           (network_id, company_id, table_name, code, cells, line, generation, epsg,
            received_date, import_id)
    SELECT %(network)s, %(company)s, q.table_name, q.code, q.cells, q.line,
           %(generation)s, q.epsg, %(date)s, %(import)s
      FROM (
          SELECT r.table_name, r.code, r.cells, r.line,
                 COALESCE((l.layout->>'epsg')::int, %(epsg)s) AS epsg
            FROM (%(rows)s) r
            JOIN unnest(%(names)s::text[], %(written)s::text[]::jsonb[])
                 AS l(name, layout) ON l.name = r.table_name
           UNION ALL
          SELECT %(layouts)s, l.name, l.layout, NULL, %(epsg)s
            FROM unnest(%(names)s::text[], %(written)s::text[]::jsonb[])
              AS l(name, layout)
      ) q
      LEFT JOIN oiconnect_gracethd_object e ON e.network_id = %(network)s
           AND e.table_name = q.table_name AND e.code = q.code
     WHERE e.cells IS DISTINCT FROM q.cells
        OR (e.generation, e.epsg) IS DISTINCT FROM (%(generation)s, q.epsg)
    ON CONFLICT (network_id, table_name, code) DO UPDATE
       SET cells = excluded.cells, line = excluded.line,
           generation = excluded.generation, epsg = excluded.epsg,
           received_date = excluded.received_date, import_id = excluded.import_id
"""
_STORE_ROWS = """
    INSERT INTO oiconnect_gracethd_object AS o
           (network_id, company_id, table_name, code, res_model, res_id, cells, line,
            generation, epsg, received_date, import_id)
    SELECT %(network)s, %(company)s, %(name)s, q.code, q.res_model, q.res_id,
           q.cells, q.line, %(generation)s, %(epsg)s, %(date)s, %(import)s
      FROM (
          SELECT DISTINCT ON (concat_ws('|', %(key)s))
                 concat_ws('|', %(key)s) AS code, s.line, %(found)s,
                 %(cells)s AS cells
            FROM %(table)s s %(joins)s
           WHERE concat_ws('|', %(key)s) <> ''
           ORDER BY concat_ws('|', %(key)s), s.line
      ) q
      LEFT JOIN oiconnect_gracethd_object e ON e.network_id = %(network)s
           AND e.table_name = %(name)s AND e.code = q.code
     -- A conflict would lock, so write, each row that is the same
     WHERE e.cells IS DISTINCT FROM q.cells
        OR (e.generation, e.epsg) IS DISTINCT FROM (%(generation)s, %(epsg)s)
        OR (q.res_id IS NOT NULL AND
            (e.res_model, e.res_id) IS DISTINCT FROM (q.res_model, q.res_id))
    ON CONFLICT (network_id, table_name, code) DO UPDATE
       SET res_model = COALESCE(excluded.res_model, o.res_model),
           res_id = COALESCE(excluded.res_id, o.res_id),
           cells = excluded.cells, line = excluded.line,
           generation = excluded.generation, epsg = excluded.epsg,
           received_date = excluded.received_date, import_id = excluded.import_id
"""
