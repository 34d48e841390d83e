"""What is kept of each received row: its code, its record, and all that it said."""

from odoo.tools import SQL

from ..catalogue import TABLES

_BASE_COLUMNS = ("line", "note", "x1", "y1", "x2", "y2")


def keep(base, run, tables, records):
    """Keep the rows of ``tables``; those that did not change write nothing.

    A row is kept under its code: that of several columns, where the key is.

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
    run.journal.upserted(
        "oiconnect_gracethd_object",
        "o",
        SQL(
            _KEPT,
            network=run.head["network_id"],
            company=run.head["company_id"],
            generation=run.generation,
            epsg=run.epsg if TABLES[table].form else None,
            date=run.head["date"],
            name=table,
            key=key,
            found=found,
            own=list(_BASE_COLUMNS),
            table=base.table(table),
            joins=joins,
            **{"import": run.import_id},
        ),
        SQL(
            """SELECT FROM oiconnect_gracethd_object
                WHERE network_id = %s AND table_name = %s""",
            run.head["network_id"],
            table,
        ),
    )


_KEPT = """
    INSERT INTO oiconnect_gracethd_object AS o
           (network_id, company_id, table_name, code, res_model, res_id, cells, line,
            generation, epsg, received_date, import_id)
    SELECT %(network)s, %(company)s, %(name)s, q.code, q.res_model, q.res_id,
           q.cells, q.line, %(generation)s, %(epsg)s, %(date)s, %(import)s
      FROM (
          SELECT DISTINCT ON (concat_ws('|', %(key)s))
                 concat_ws('|', %(key)s) AS code, s.line, %(found)s,
                 jsonb_strip_nulls(to_jsonb(s) - %(own)s::text[]) AS cells
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
