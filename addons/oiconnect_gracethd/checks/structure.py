"""Checks 1 to 5: files, columns, keys, references and what is due."""

from odoo.tools import SQL

from ..catalogue import TABLES
from ..reading import projection
from ..reading.problems import Problem
from .check import check
from .look import any_of, codes_of, columns_of, types_of
from .shapes import drawn_pages_of, outside
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


@check(2, _lt("A column is absent, or a value too long or of another type"), "3", "2")
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
        if run.look(table).is_mistyped:
            _tell_types(run, table)
        if TABLES[table].form:
            _check_places(run, table)


def _check_places(run, table):
    """Geometries are where their projection is made for."""
    epsg = run.stage.epsg
    if not epsg:
        return
    is_area = TABLES[table].form == "area"
    find = _lost_areas if is_area else _lost_places
    all_lost, lost = find(run, table, projection.bounds(epsg))
    if all_lost:
        file = run.stage.files[table]
        params = {"file": file, "epsg": epsg}
        run.log.problem(Problem(table, file, "all_places_absurd", params, check=2))
    elif lost:
        lines, xs, ys = zip(*lost, strict=True)
        run.report(
            2,
            table,
            """SELECT p.line, 'geom', NULL, 'place_absurd',
                      jsonb_build_object('x', p.x, 'y', p.y, 'epsg', %(epsg)s::int),
                      NULL::float8, NULL::float8
                 FROM unnest(%(lines)s::int[], %(xs)s::text[], %(ys)s::text[])
                   AS p(line, x, y)""",
            epsg=epsg,
            lines=list(lines),
            xs=[f"{x:g}" for x in xs],
            ys=[f"{y:g}" for y in ys],
        )


def _lost_places(run, table, bounds):
    """Return whether all points or lines end outside, else [(line, x, y)] that do."""
    west, south, east, north = bounds
    absurd = SQL(
        """(s.x1 NOT BETWEEN %(west)s AND %(east)s
            OR s.y1 NOT BETWEEN %(south)s AND %(north)s
            OR s.x2 NOT BETWEEN %(west)s AND %(east)s
            OR s.y2 NOT BETWEEN %(south)s AND %(north)s)""",
        west=west,
        south=south,
        east=east,
        north=north,
    )
    [(placed, lost)] = run.fetch(
        """SELECT count(s.x1), count(*) FILTER (WHERE %(absurd)s)
             FROM %(table)s s""",
        table=run.table(table),
        absurd=absurd,
    )
    if not lost or placed == lost > 1:
        return bool(lost), []
    return False, run.fetch(
        "SELECT s.line, s.x1, s.y1 FROM %(table)s s WHERE %(absurd)s",
        table=run.table(table),
        absurd=absurd,
    )


def _lost_areas(run, table, bounds):
    """Return whether all areas leave ``bounds``, else [(line, x, y)] that do."""
    count, lost = 0, []
    for rows, areas in drawn_pages_of(run, table, SQL("NULL")):
        count += len(rows)
        found = outside(areas, *bounds)
        lost += [(rows[rank][0], x, y) for rank, (x, y) in found.items()]
    return (True, []) if count == len(lost) > 1 else (False, lost)


def _tell_column(run, table, column, key):
    file = run.stage.files[table]
    params = {"table": table, "column": column, "file": file}
    run.log.problem(Problem(table, file, key, params, column=column, check=2))


def _tell_types(run, table):
    verdicts = [
        (
            bad,
            (
                column.name,
                SQL.identifier("s", column.name),
                f"bad_{column.type}",
                column.length,
            ),
        )
        for bad, column in types_of(run, table)
    ]
    run.report(
        2,
        table,
        """SELECT s.line, v.name, v.value, v.key,
                  jsonb_build_object('column', v.name, 'value', left(v.value, 60),
                                     'limit', v.most, 'count', length(v.value)),
                  NULL::float8, NULL::float8
             FROM %(table)s s
            CROSS JOIN LATERAL (VALUES %(verdicts)s) AS v(name, value, key, most, bad)
            WHERE (%(any)s) AND v.bad""",
        table=run.table(table),
        verdicts=_values(verdicts),
        any=any_of(bad for bad, _verdict in verdicts),
    )


def _values(verdicts):
    return SQL(", ").join(
        SQL("(%s, %s, %s, %s, %s)", *verdict, bad) for bad, verdict in verdicts
    )


@check(3, _lt("A key is void or is on several rows"), "2", "1")
def keys(run):
    for table in run.stage.files:
        names = TABLES[table].key
        if not run.has(table, *names):
            continue
        if not run.look(table).void.isdisjoint(names):
            _tell_void_keys(run, table, names)
        if run.has_doubles(table, *names):
            _tell_doubled_keys(run, table, names)


def _tell_void_keys(run, table, names):
    run.report(
        3,
        table,
        """SELECT s.line, %(column)s, NULL, 'key_void',
                  jsonb_build_object('column', %(column)s::text),
                  NULL::float8, NULL::float8
             FROM %(table)s s WHERE %(void)s""",
        table=run.table(table),
        column=", ".join(names),
        void=SQL(" OR ").join(
            SQL("%s IS NULL", SQL.identifier("s", name)) for name in names
        ),
    )


def _tell_doubled_keys(run, table, names):
    run.report(
        3,
        table,
        """SELECT s.line, %(column)s, s.value, 'key_doubled',
                  jsonb_build_object('column', %(column)s::text, 'value', s.value,
                                     'first', s.first),
                  NULL::float8, NULL::float8
             FROM (SELECT s.line, concat_ws(', ', %(cells)s) AS value,
                          min(s.line) OVER same AS first
                     FROM %(table)s s WHERE (%(cells)s) IS NOT NULL
                   WINDOW same AS (PARTITION BY %(cells)s)) s
            WHERE s.line > s.first""",
        table=run.table(table),
        column=", ".join(names),
        cells=SQL(", ").join(SQL.identifier("s", name) for name in names),
    )


@check(4, _lt("A reference leads to nothing, or a code is not in its list"), "3", "2")
def references(run):
    for table in run.stage.files:
        for column in columns_of(run, table):
            if column.name in run.look(table).used and column.references:
                if not _is_followed(run, table, column):
                    _check_reference(run, table, column)
        if run.look(table).has_unknown_codes:
            _tell_codes(run, table)


def _is_followed(run, table, column):
    """Tell whether all references of a column were followed already."""
    if not (table == "t_position" and column.references == "t_fibre"):
        return False
    graph = run.graph()
    return bool(graph) and not graph.has_absent_fibres()


def _check_reference(run, table, column):
    target = column.references
    orphans = run.rows(
        """%(table)s s
            WHERE %(cell)s IS NOT NULL
              AND NOT EXISTS (SELECT FROM %(other)s t WHERE t.%(key)s = %(cell)s)""",
        table=run.table(table),
        cell=SQL.identifier("s", column.name),
        other=run.table(target),
        key=SQL.identifier(run.key(target)),
    )
    # Mostly none: several processes may count them, one alone inserts.
    [(count,)] = run.fetch("SELECT count(*) FROM %(orphans)s", orphans=orphans)
    if not count:
        return
    run.report(
        4,
        table,
        """SELECT s.line, %(column)s, %(cell)s, 'orphan',
                  jsonb_build_object('column', %(column)s::text, 'value', %(cell)s,
                                     'target', %(target)s::text),
                  NULL::float8, NULL::float8
             FROM %(orphans)s""",
        column=column.name,
        cell=SQL.identifier("s", column.name),
        target=target,
        orphans=orphans,
    )


def _tell_codes(run, table):
    verdicts = [
        (bad, (column.name, SQL.identifier("s", column.name), column.codes, 0))
        for bad, column in codes_of(run, table)
    ]
    run.report(
        4,
        table,
        """SELECT s.line, v.name, v.value, 'unknown_value',
                  jsonb_build_object('column', v.name, 'value', v.value,
                                     'list', v.list),
                  NULL::float8, NULL::float8
             FROM %(table)s s
            CROSS JOIN LATERAL (VALUES %(verdicts)s) AS v(name, value, list, most, bad)
            WHERE (%(any)s) AND v.bad""",
        table=run.table(table),
        verdicts=_values(verdicts),
        any=any_of(bad for bad, _verdict in verdicts),
    )


@check(5, _lt("A column that the grid wants is void"), "3", "2")
def due_columns(run):
    for table, name, level in run.due:
        if not name or name in TABLES[table].key or table not in run.stage:
            continue
        is_shape = TABLES[table].columns[name].type == "geometry"
        if not (is_shape or run.has(table, name)):
            continue
        if name not in run.look(table).void:
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
