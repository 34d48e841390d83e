"""Rules between the columns of a line, and between lines: declared once, run as SQL."""

import re
from typing import NamedTuple

from odoo.tools import SQL, groupby

from . import conditions

_READ = re.compile(r"%\((\w+)\)s")


class LineRule(NamedTuple):
    """Rule of a line: an SQL condition that no line may fulfil.

    ``condition`` is SQL over the typed values of the line, named by their fields
    ("building.state" is ``%(building_state)s``); a line for which it is true breaks
    the rule. ``field`` is the column to blame. A rule holds when the file has that
    column and all those that it reads, save the ``optional`` ones. With a ``subject``,
    a column, its message is reported once for each value of that column.
    """

    code: str
    severity: str
    field: str
    condition: str
    key: str
    optional: tuple[str, ...] = ()
    subject: str = ""

    @property
    def reads(self):
        return tuple(dict.fromkeys(_READ.findall(self.condition)))


class RuleCheck:
    """The rules of a kind of file, over one staging table.

    :param values: what conditions may use besides the columns of the file;
        ``expected_building_state`` is also shown in the errors of that column
    """

    def __init__(self, stage, log, values=None):
        self.stage = stage
        self.log = log
        self.values = values or {}
        self.fields = {field.replace(".", "_"): field for field in stage.columns}

    def run(self, rules):
        """Report the lines that break ``rules``."""
        held = [rule for rule in rules if self._holds(rule)]
        if not held:
            return
        broken = SQL(" OR ").join(SQL("(%s)", self._condition(rule)) for rule in held)
        table = self.stage.side(
            "broken",
            SQL("SELECT line FROM %s s WHERE %s", self.stage.table, broken),
        )
        # Errors are looked at by what follows, warnings are not.
        once = [rule for rule in held if rule.subject in self.stage]
        if once:
            self.log.insert(self._reported_once(table, once))
        each = [rule for rule in held if rule not in once]
        if each:
            self.log.insert(self._reported(table, each))

    def _holds(self, rule):
        needed = set(rule.reads) - set(rule.optional) - self.values.keys()
        return rule.field in self.stage and needed <= self.fields.keys()

    def _condition(self, rule):
        values = {name: self._value(name) for name in rule.reads}
        return SQL(rule.condition, **values)

    def _value(self, name):
        if name in self.values:
            return self.values[name]
        field = self.fields.get(name)
        if not field:
            return SQL("NULL")
        return conditions.typed(self.stage.columns[field], self.stage.cell(field))

    def _reported(self, table, rules):
        """One row for each rule that a line breaks.

        A rule says nothing of a line whose columns it reads are in error already.
        """
        return SQL(
            """SELECT s.line, v.name, v.value, v.code, v.severity, v.key, v.params
                 FROM %s JOIN %s s USING (line)
                CROSS JOIN LATERAL (VALUES %s)
                      AS v(name, value, code, severity, key, params, reads, broken)
                WHERE v.broken AND NOT %s""",
            table,
            self.stage.table,
            SQL(", ").join(map(self._verdict, rules)),
            self.log.has_error_on(SQL("s.line"), SQL("v.reads")),
        )

    def _reported_once(self, table, rules):
        """One row for each rule and subject, by the first line that breaks it."""
        return SQL(" UNION ALL ").join(
            first_of_each(self._reported(table, found), self.stage, subject)
            for subject, found in groupby(rules, key=lambda rule: rule.subject)
        )

    def _verdict(self, rule):
        column = self.stage.columns[rule.field]
        names = [
            self.stage.columns[self.fields[name]].name
            for name in rule.reads
            if name in self.fields
        ]
        return SQL(
            "(%s, %s, %s, %s, %s, %s, %s::text[], (%s))",
            column.name,
            self.stage.cell(rule.field),
            rule.code,
            rule.severity,
            rule.key,
            self._params(rule, column),
            names,
            self._condition(rule),
        )

    def _params(self, rule, column):
        expected = self.values.get(f"expected_{rule.field.replace('.', '_')}")
        return SQL(
            "jsonb_strip_nulls(jsonb_build_object('column', %s::text, "
            "'expected', %s::text))",
            column.name,
            expected,
        )


class SameColumns(NamedTuple):
    """Columns that lines with the same value of ``group`` share.

    The first line of the file is right; the others are reported where they differ.
    """

    code: str
    severity: str
    group: str
    fields: tuple[str, ...]
    key: str


def first_of_each(rows, stage, subject):
    """Return the query of the first of ``rows`` for each subject, with their number.

    :param rows: query of the line, column, value, code, severity, key and params
    :param subject: column that says what they are about
    """
    return SQL(
        """SELECT min(r.line), r.name, (array_agg(r.value ORDER BY r.line))[1], r.code,
                  r.severity, r.key, (array_agg(r.params ORDER BY r.line))[1]
                  || jsonb_build_object('subject', %(subject)s, 'lines', count(*))
             FROM (%(rows)s) r(line, name, value, code, severity, key, params)
             JOIN %(table)s s USING (line)
            GROUP BY %(subject)s, CASE WHEN %(subject)s IS NULL THEN r.line END,
                  r.name, r.code, r.severity, r.key""",
        rows=rows,
        subject=stage.cell(subject),
        table=stage.table,
    )


def doubled(stage, field, verdict):
    """Return the query of the lines that share a cell of ``field``.

    :param verdict: SQL of the code, severity and key of the rule
    """
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, %(verdict)s,
                  jsonb_build_object('column', %(name)s::text, 'first', d.first)
             FROM (SELECT %(key)s AS key, min(s.line) AS first FROM %(table)s s
                    WHERE %(key)s IS NOT NULL GROUP BY 1 HAVING count(*) > 1) d
             JOIN %(table)s s ON %(key)s = d.key""",
        name=stage.columns[field].name,
        key=stage.cell(field),
        verdict=verdict,
        table=stage.table,
    )


def check_same_columns(stage, log, rule):
    """Report the columns that differ from the first line of their group.

    Once for the group, unless each line that differs is left out.
    """
    fields = [field for field in rule.fields if field in stage]
    if rule.group not in stage or not fields:
        return
    verdicts = [
        SQL(
            "(%s, %s, %s)",
            stage.columns[field].name,
            stage.cell(field),
            _differs(stage, field),
        )
        for field in fields
    ]
    rows = SQL(
        """SELECT s.line, v.name, v.value, %(code)s, %(severity)s, %(key)s,
                      jsonb_build_object('column', v.name, 'first', d.first)
                 FROM (SELECT %(group)s AS value, min(s.line) AS first
                         FROM %(table)s s WHERE %(group)s IS NOT NULL
                        GROUP BY 1 HAVING count(*) > 1) d
                 JOIN %(table)s f ON f.line = d.first
                 JOIN %(table)s s ON %(group)s = d.value AND s.line <> d.first
                CROSS JOIN LATERAL (VALUES %(verdicts)s) AS v(name, value, differs)
                WHERE (%(row)s) IS DISTINCT FROM (%(first_row)s) AND v.differs""",
        code=rule.code,
        severity=rule.severity,
        key=rule.key,
        group=stage.cell(rule.group),
        table=stage.table,
        verdicts=SQL(", ").join(verdicts),
        row=SQL(", ").join(stage.cell(field) for field in fields),
        first_row=SQL(", ").join(stage.cell(field, "f") for field in fields),
    )
    if rule.severity == "warning":
        rows = first_of_each(rows, stage, rule.group)
    log.insert(rows)


def _differs(stage, field):
    column = stage.columns[field]
    return SQL(
        "%s IS DISTINCT FROM %s",
        conditions.typed(column, stage.cell(field)),
        conditions.typed(column, stage.cell(field, "f")),
    )
