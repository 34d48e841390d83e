"""Checks 1 to 5: files, columns, keys, references and what is due."""

from odoo.tools import SQL

from ..bulk import values
from ..bulk.staging import STAGED
from ..catalogue import CODES, TABLES
from ..reading.problems import Problem
from .check import check
from .words import _lt


@check(1, _lt("A table is absent, or its file cannot be read"), "1")
def tables_absent(run):
    for table, column, level in run.due:
        if not column and table not in run.stage:
            file = f"{table}.{'shp' if TABLES[table].form else 'csv'}"
            rows = SQL(
                "SELECT 0, '', '', 'table_absent', "
                "jsonb_build_object('table', %s::text, 'file', %s::text), "
                "NULL::float8, NULL::float8",
                table,
                file,
            )
            run.log.insert(1, table, rows, level)


@check(2, _lt("A column is absent, or a value too long or of another type"), "2")
def columns_wrong(run):
    for table in run.stage.files:
        known = TABLES[table].columns
        header = set(run.stage.headers[table])
        wanted = {
            *TABLES[table].key,
            *(column for name, column, _level in run.due if name == table and column),
        }
        for column in sorted(wanted - header):
            if column in known and known[column].type != "geometry":
                _tell_column(run, table, column, "column_absent")
        for name in run.stage.headers[table]:
            if name in known and run.generation in known[name].orders:
                _check_type(run, table, known[name])


def _tell_column(run, table, column, key):
    file = run.stage.files[table]
    params = {"table": table, "column": column, "file": file}
    run.log.problem(Problem(table, file, key, params, column=column, check=2))


def _check_type(run, table, column):
    cell = SQL.identifier("s", column.name)
    bad = values.is_bad(column, cell)
    if bad is None:
        return
    run.report(
        2,
        table,
        """SELECT s.line, %(column)s, %(cell)s, %(key)s,
                  jsonb_strip_nulls(jsonb_build_object('column', %(column)s::text,
                      'value', left(%(cell)s, 60), 'limit', %(limit)s::int,
                      'count', length(%(cell)s))), NULL::float8, NULL::float8
             FROM %(table)s s WHERE %(bad)s""",
        table=run.table(table),
        column=column.name,
        cell=cell,
        key=f"bad_{column.type}",
        limit=column.length,
        bad=bad,
    )


@check(3, _lt("A key is void or is on several rows"), "1")
def keys(run):
    for table in run.stage.files:
        names = TABLES[table].key
        if not run.has(table, *names):
            continue
        cells = [SQL.identifier("s", name) for name in names]
        columns = ", ".join(names)
        run.report(
            3,
            table,
            """SELECT s.line, %(column)s, NULL, 'key_void',
                      jsonb_build_object('column', %(column)s::text),
                      NULL::float8, NULL::float8
                 FROM %(table)s s WHERE %(void)s""",
            table=run.table(table),
            column=columns,
            void=SQL(" OR ").join(SQL("%s IS NULL", cell) for cell in cells),
        )
        run.report(
            3,
            table,
            """SELECT s.line, %(column)s, s.value, 'key_doubled',
                      jsonb_build_object('column', %(column)s::text, 'value', s.value,
                                         'first', s.first),
                      NULL::float8, NULL::float8
                 FROM (SELECT s.line, concat_ws(', ', %(cells)s) AS value,
                              min(s.line) OVER same AS first,
                              count(*) OVER same AS times
                         FROM %(table)s s WHERE (%(cells)s) IS NOT NULL
                       WINDOW same AS (PARTITION BY %(cells)s)) s
                WHERE s.times > 1""",
            table=run.table(table),
            column=columns,
            cells=SQL(", ").join(cells),
        )


@check(4, _lt("A reference leads to nothing, or a code is not in its list"), "2")
def references(run):
    for table in run.stage.files:
        for name in run.stage.headers[table]:
            column = STAGED[table].get(name)
            if not column or run.generation not in column.orders:
                continue
            if column.references:
                _check_reference(run, table, column)
            codes = CODES.get(column.codes, {}).get(run.generation)
            if codes:
                _check_codes(run, table, column, codes)


def _check_reference(run, table, column):
    target = column.references
    run.report(
        4,
        table,
        """SELECT s.line, %(column)s, %(cell)s, 'orphan',
                  jsonb_build_object('column', %(column)s::text, 'value', %(cell)s,
                                     'target', %(target)s::text),
                  NULL::float8, NULL::float8
             FROM %(table)s s
            WHERE %(cell)s IS NOT NULL
              AND NOT EXISTS (SELECT FROM %(other)s t WHERE t.%(key)s = %(cell)s)""",
        table=run.table(table),
        column=column.name,
        cell=SQL.identifier("s", column.name),
        target=target,
        other=run.table(target),
        key=SQL.identifier(run.key(target)),
    )


def _check_codes(run, table, column, codes):
    run.report(
        4,
        table,
        """SELECT s.line, %(column)s, %(cell)s, 'unknown_value',
                  jsonb_build_object('column', %(column)s::text, 'value', %(cell)s,
                                     'list', %(list)s::text),
                  NULL::float8, NULL::float8
             FROM %(table)s s WHERE %(cell)s <> ALL (%(codes)s)""",
        table=run.table(table),
        column=column.name,
        cell=SQL.identifier("s", column.name),
        list=column.codes,
        codes=sorted(codes),
    )


@check(5, _lt("A column that the grid wants is void"), "2")
def due_columns(run):
    for table, name, level in run.due:
        if not name or name in TABLES[table].key or table not in run.stage:
            continue
        is_shape = TABLES[table].columns[name].type == "geometry"
        if not (is_shape or run.has(table, name)):
            continue
        rows = run.rows(
            """SELECT s.line, %(column)s, NULL, %(key)s,
                      jsonb_build_object('column', %(column)s::text),
                      NULL::float8, NULL::float8
                 FROM %(table)s s WHERE %(cell)s IS NULL""",
            table=run.table(table),
            column=name,
            key="no_geometry" if is_shape else "due_void",
            cell=SQL.identifier("s", name),
        )
        run.log.insert(5, table, rows, level)
