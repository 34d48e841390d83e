"""Errors of the lines of an import, written many at once."""

from odoo.tools import SQL
from odoo.tools.json import scriptsafe as json

_FLUSH_AT = 5000
_VALUE_LIMIT = 250
_ROW = SQL("AS r(line, name, value, code, severity, key, params)")


class Cancelled(Exception):
    """The user requested a stop: nothing is applied."""


class ErrorLog:
    """The table ``oiconnect_import_error`` as one import writes it."""

    table = SQL("oiconnect_import_error")

    def __init__(self, record, columns=()):
        self.cr = record.env.cr
        self.import_id = record.id
        self.company_id = record.company_id.id
        self.columns = list(columns)
        #: whether queries look through few lines
        self.is_short = False
        self._waiting = []

    def add(self, error, severity="error"):
        """Store a ``LineError`` of the protocol: all but its field."""
        *values, _field = error
        self._waiting.append((*values, severity))
        if len(self._waiting) >= _FLUSH_AT:
            self.flush()

    def flush(self):
        if not self._waiting:
            return
        lines, columns, values, codes, keys, params, severities = zip(
            *self._waiting, strict=True
        )
        rows = SQL(
            "SELECT * FROM unnest(%s::int[], %s::varchar[], %s::varchar[], "
            "%s::varchar[], %s::varchar[], %s::varchar[], %s::text[]::jsonb[])",
            list(lines),
            list(columns),
            list(values),
            list(codes),
            list(severities),
            list(keys),
            [json.dumps(item) for item in params],
        )
        self._waiting.clear()
        self._keep(rows)

    def insert(self, rows):
        """Store ``rows``, a query: line, column, value, code, severity, key, params.

        With many lines the query runs by itself: PostgreSQL gives several processes to
        a query, but not to an insertion.

        :return: how many there are
        """
        if self.is_short:
            return self._keep(rows)
        table = SQL.identifier(f"oiconnect_found_{self.import_id}")
        self.cr.execute(
            SQL("CREATE UNLOGGED TABLE %s AS SELECT * FROM (%s) %s", table, rows, _ROW)
        )
        count = self._keep(SQL("SELECT * FROM %s", table))
        self.cr.execute(SQL("DROP TABLE %s", table))
        return count

    def _keep(self, rows):
        self.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (import_id, company_id, line, "column", value,
                                       code, severity, message_key, params)
                SELECT %(import_id)s, %(company_id)s, r.line, NULLIF(r.name, ''),
                       NULLIF(left(r.value, %(limit)s), ''),
                       r.code, r.severity, r.key, r.params
                  FROM (%(rows)s) %(row)s
                 ORDER BY r.line, array_position(%(columns)s::text[], r.name), r.code
                """,
                table=self.table,
                columns=self.columns,
                import_id=self.import_id,
                company_id=self.company_id,
                limit=_VALUE_LIMIT,
                rows=rows,
                row=_ROW,
            )
        )
        return self.cr.rowcount

    def has_error_on(self, line, columns):
        """Return the condition: ``line`` has an error on one of ``columns``."""
        return SQL(
            "EXISTS (SELECT FROM %s e WHERE e.import_id = %s AND e.line = %s "
            """AND e.severity = 'error' AND e."column" = ANY(%s))""",
            self.table,
            self.import_id,
            line,
            columns,
        )

    def bad_lines(self):
        """Return the query of the lines in error."""
        return SQL(
            "SELECT DISTINCT line FROM %s WHERE import_id = %s AND severity = 'error'",
            self.table,
            self.import_id,
        )
