"""Errors of a delivery, written many at once: table, file and place besides the row."""

from odoo.tools import SQL
from odoo.tools.json import scriptsafe as json

from ..reading.projection import bounds, to_degrees
from .hanging import HANGING
from .refusals import CELL_CHECKS, costs_row

_FLUSH_AT = 5000
_VALUE_LIMIT = 250
_PAGE = 20_000
#: of degrees, those of the fields: what is stored is what a search compares
_DIGITS = 7
#: levels of the standard: 1 blocks, 2 is refused; 3 is to be fixed, 4 is a note
ERROR_LEVELS = ("1", "2")
_REFUSED = "2"
#: rule and level of what could not be brought to the network
LEFT_OUT, _TO_MEND = "GT90", "3"
#: messages of rows of which nothing was made
_NOT_MADE = (
    *("apply_no_reference", "apply_long_reference", "apply_doubled", "apply_taken"),
    *("apply_no_pm", "apply_no_address", "apply_mixed_splice", "apply_spliced_twice"),
    *("apply_splice_to_start", "apply_circle"),
)


class DeliveryLog:
    """The table ``oiconnect_import_error`` as the check of one delivery writes it.

    :param levels: {number of a check: level, "0" for one that is not reported}
    """

    def __init__(self, record, stage, levels):
        self.record = record
        self.cr = record.env.cr
        self.import_id = record.id
        self.company_id = record.company_id.id
        self.stage = stage
        self.levels = levels
        self._waiting = []

    def problem(self, problem):
        """Keep a ``Problem`` of the reading."""
        self._waiting.append(problem)
        if len(self._waiting) >= _FLUSH_AT:
            self.flush()

    def flush(self):
        """Write what waits."""
        by_check = {}
        for problem in self._waiting:
            level = problem.level or self.levels[problem.check]
            by_check.setdefault((problem.check, level), []).append(problem)
        self._waiting = []
        for (check, level), problems in by_check.items():
            rows = SQL(
                """SELECT line, name, value, key, params, NULL::float8, NULL::float8,
                          tab, file
                     FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[],
                                 %s::text[]::jsonb[], %s::text[], %s::text[])
                       AS r(line, name, value, key, params, tab, file)""",
                [problem.line for problem in problems],
                [problem.column for problem in problems],
                [problem.value for problem in problems],
                [problem.key for problem in problems],
                [json.dumps(problem.params) for problem in problems],
                [problem.table for problem in problems],
                [problem.file for problem in problems],
            )
            self._keep(check, rows, level)

    def insert(self, check, table, rows, level=None):
        """Keep ``rows``, a query: line, column, value, key, params, x, y.

        :param check: number of the check
        :return: how many there are
        """
        level = level or self.levels[check]
        if level == "0":
            return 0
        rows = SQL(
            "SELECT r.*, %s::text, %s::text FROM (%s) r",
            table,
            self.stage.files.get(table) or table,
            rows,
        )
        return self._keep(check, rows, level)

    def leave_out(self, table, key, query, params, is_placed=False):
        """Report what the network cannot take; ``query`` may change rows.

        :param query: gives line and value; with ``is_placed`` also params of its own,
            longitude and latitude
        :param key: of the message, void for what is done without a word
        """
        if not key:
            self.cr.execute(query)
            return
        self.record._insert_findings(
            SQL(
                """
                WITH r AS (%(query)s)
                INSERT INTO oiconnect_import_error
                       (import_id, company_id, line, value, code, severity, level,
                        is_left_out, message_key, params, longitude, latitude,
                        table_name, file)
                SELECT %(import_id)s, %(company_id)s, r.line,
                       NULLIF(left(r.value, %(limit)s), ''), %(code)s, 'warning',
                       %(level)s, %(is_left_out)s, %(key)s,
                       %(params)s::jsonb || jsonb_build_object('value', r.value)
                       || %(own)s, %(place)s, %(table)s, %(file)s
                  FROM r
                """,
                query=query,
                own=SQL("r.params" if is_placed else "'{}'::jsonb"),
                place=self._place_of_row(is_placed),
                import_id=self.import_id,
                company_id=self.company_id,
                limit=_VALUE_LIMIT,
                code=LEFT_OUT,
                level=_TO_MEND,
                is_left_out=key in HANGING or key in _NOT_MADE,
                key=key,
                params=json.dumps(params),
                table=table,
                file=self.stage.files.get(table) or table,
            )
        )

    def _place_of_row(self, is_placed):
        if not is_placed:
            return SQL("NULL::numeric, NULL::numeric")
        return SQL(
            "round(r.longitude::numeric, %(digits)s), "
            "round(r.latitude::numeric, %(digits)s)",
            digits=_DIGITS,
        )

    def _keep(self, check, rows, level):
        if level == "0":
            return 0
        self.cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_import_error
                       (import_id, company_id, line, "column", value, code, severity,
                        level, message_key, params, longitude, latitude, table_name,
                        file)
                SELECT %(import_id)s, %(company_id)s, NULLIF(r.line, 0),
                       NULLIF(r.name, ''), NULLIF(left(r.value, %(limit)s), ''),
                       %(code)s,
                       CASE WHEN r.level = ANY(%(errors)s) THEN 'error'
                            ELSE 'warning' END,
                       r.level, r.key, r.params, r.x, r.y, NULLIF(r.tab, ''), r.file
                  FROM (SELECT q.*, %(level)s AS level
                          FROM (%(rows)s)
                            AS q(line, name, value, key, params, x, y, tab, file)) r
                 ORDER BY r.tab, r.line, r.name
                """,
                import_id=self.import_id,
                company_id=self.company_id,
                limit=_VALUE_LIMIT,
                code=f"GT{check:02}",
                errors=list(ERROR_LEVELS),
                level=_level(check, level),
                rows=rows,
            )
        )
        return self.cr.rowcount

    def bad_row_count(self):
        """Return how many rows are in error."""
        self.cr.execute(
            SQL(
                """SELECT count(*) FROM (
                     SELECT DISTINCT table_name, line FROM oiconnect_import_error
                      WHERE import_id = %s AND severity = 'error'
                        AND line IS NOT NULL) r""",
                self.import_id,
            )
        )
        return self.cr.fetchone()[0]

    def locate(self, epsg):
        """Bring the places of errors from the delivery's projection to degrees.

        Out of its territory they are none: the map shows where the others are.
        """
        last = 0
        west, south, east, north = bounds(epsg)
        while rows := self._page(last):
            ids, xs, ys = zip(*rows, strict=True)
            longitudes, latitudes = to_degrees(epsg, xs, ys)
            inside = [
                west <= x <= east and south <= y <= north
                for x, y in zip(xs, ys, strict=True)
            ]
            self.cr.execute(
                SQL(
                    """UPDATE oiconnect_import_error e
                          SET longitude = CASE WHEN p.inside
                                               THEN round(p.x::numeric, %s) END,
                              latitude = CASE WHEN p.inside
                                              THEN round(p.y::numeric, %s) END
                         FROM unnest(%s::int[], %s::float8[], %s::float8[], %s::bool[])
                           AS p(id, x, y, inside)
                        WHERE e.id = p.id""",
                    _DIGITS,
                    _DIGITS,
                    list(ids),
                    longitudes,
                    latitudes,
                    inside,
                )
            )
            last = ids[-1]

    def _page(self, last):
        self.cr.execute(
            SQL(
                """SELECT id, longitude, latitude FROM oiconnect_import_error
                    WHERE import_id = %s AND id > %s AND longitude IS NOT NULL
                    ORDER BY id LIMIT %s""",
                self.import_id,
                last,
                _PAGE,
            )
        )
        return self.cr.fetchall()


def _level(check, level):
    """Return the SQL of the level of a finding ``q``.

    What is to be fixed is refused where no record can be made without it.
    """
    if check not in CELL_CHECKS or level != _TO_MEND:
        return SQL("%s", level)
    costs = costs_row(SQL("q.tab"), SQL("q.name"), SQL("q.key"))
    return SQL(
        "CASE WHEN q.line > 0 AND %s THEN %s ELSE %s END", costs, _REFUSED, level
    )
