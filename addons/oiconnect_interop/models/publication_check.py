from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.rules import (
    BLOCKING,
    BUILDING,
    PM,
    RECORD,
    WARNING,
)
from odoo.addons.oiconnect_infra.rules.queries import Subject

from ..bulk.publish.check import BAD_FORM, MISSING, TOO_LONG, find

_EXAMPLES = 5
# Up to so many lines that moved, rules are asked about these alone
_FEW = 20_000
_KEYS = {
    BUILDING: SQL("COALESCE(t.identifier, t.address_code)"),
    PM: SQL("t.reference"),
}


class Publication(models.Model):
    """Rules of the network and of the format, asked before anything leaves."""

    _inherit = "oiconnect.publication"

    def _stopped_by_rules(self, series, state, day):
        """Keep what is wrong with the lines; return whether it stops their files."""
        issues = [
            *self._format_issues(series, state),
            *self._keyless_issues(series, day),
            *self._rule_issues(series, state, day),
        ]
        self.issue_ids.unlink()
        self.env["oiconnect.publication.issue"].create(
            [{"publication_id": item.id, **issue} for item in self for issue in issues]
        )
        blocking = [issue for issue in issues if issue["severity"] == BLOCKING]
        self.warning_count = len(issues) - len(blocking)
        if blocking:
            self._stop(blocking)
        return bool(blocking)

    def _stop(self, blocking):
        self.write(
            {
                "state": "blocked",
                "end_date": fields.Datetime.now(),
                "message": self.env._(
                    "Nothing is published: %(number)s blocking rules are broken, first "
                    "“%(title)s”. Mend what the report lists, then publish again.",
                    number=len(blocking),
                    title=blocking[0]["title"],
                ),
            }
        )

    # ------------------------------------------------------------------
    # Format
    # ------------------------------------------------------------------

    def _format_issues(self, series, state):
        """What the format refuses: a column that must be there, a text too long."""
        form = series.format_id._protocol_format()
        return [
            {
                "code": False,
                "rule_id": False,
                "severity": BLOCKING if finding.problem == MISSING else WARNING,
                "title": self._finding_title(finding),
                "count": finding.count,
                "examples": "\n".join(finding.examples),
            }
            for finding in find(self.env.cr, state, form)
        ]

    def _finding_title(self, finding):
        name = finding.column.name
        if finding.problem == MISSING:
            return self.env._("%s is mandatory and empty", name)
        if finding.problem == TOO_LONG:
            return self.env._(
                "%(column)s has more than %(length)s characters",
                column=name,
                length=finding.column.length,
            )
        if finding.problem == BAD_FORM:
            return self.env._("%s has not the form that the format says", name)
        raise ValueError(finding.problem)

    def _keyless_issues(self, series, day):
        """What is not told, for want of what operators would know it by."""
        query = series._source(day).keyless()
        if not query:
            return []
        self.env.cr.execute(
            SQL(
                "SELECT count(*), (array_agg(address ORDER BY id))[:%s] FROM (%s) AS q",
                _EXAMPLES,
                query,
            )
        )
        count, examples = self.env.cr.fetchone()
        issue = {
            "code": False,
            "rule_id": False,
            "severity": WARNING,
            "title": self.env._(
                "Buildings without identifier and address code are not published"
            ),
            "count": count,
            "examples": "\n".join(filter(None, examples or [])),
        }
        return [issue] if count else []

    # ------------------------------------------------------------------
    # Rules of the network
    # ------------------------------------------------------------------

    def _rule_issues(self, series, state, day):
        """What the rules of the network find: in what moved, or in all that is told."""
        if self.plan_id.family != "ipe":
            return []
        told = self._asked(series, state, day)
        broken = self._broken_rules(told)
        return [
            self._rule_issue(rule, count, examples) for rule, count, examples in broken
        ]

    def _asked(self, series, state, day):
        """Return the query of the buildings that the rules are asked about."""
        moved = SQL("SELECT record_id FROM %s WHERE after IS NOT NULL", state.table)
        few = not self._has_full()
        self.env.cr.execute(
            SQL("SELECT count(*) FROM (%s LIMIT %s) q", moved, _FEW + 1)
        )
        if few and self.env.cr.fetchone()[0] <= _FEW:
            return moved
        return series._source(day).ids()

    def _broken_rules(self, told):
        """Yield the (rule, count, examples) of the rules that ``told`` break."""
        network = self.network_id
        rules = self.env["oiconnect.rule"]._active_rules(network.id, RECORD)
        for target in (BUILDING, PM):
            subject = Subject(self.env, target)
            asked = [rule for rule in rules if rule.target == target]
            for rule, count in self._counted(subject, asked, told):
                if count:
                    yield rule, count, self._rule_examples(subject, rule, told)

    def _counted(self, subject, rules, told):
        """Yield the (rule, count): one pass for those of a row, one for each other."""
        by_rows = [rule for rule in rules if not rule.linked]
        for part in filter(None, [by_rows, *([rule] for rule in rules if rule.linked)]):
            self.env.cr.execute(
                SQL(
                    "SELECT %s FROM %s WHERE %s",
                    SQL(", ").join(
                        SQL("count(*) FILTER (WHERE %s)", subject.broken(rule))
                        for rule in part
                    ),
                    subject.source,
                    self._is_told(subject, told),
                )
            )
            yield from zip(part, self.env.cr.fetchone(), strict=True)

    def _is_told(self, subject, told):
        """Return the condition that an object is one that ``told`` is about."""
        buildings = told
        if subject.target == PM:
            buildings = SQL(
                "SELECT pm_id FROM oiconnect_building WHERE id IN (%s)", told
            )
        return SQL("t.network_id = %s AND t.id IN (%s)", self.network_id.id, buildings)

    def _rule_examples(self, subject, rule, told):
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM %s WHERE %s AND (%s) LIMIT %s",
                _KEYS[subject.target],
                subject.source,
                self._is_told(subject, told),
                subject.broken(rule),
                _EXAMPLES,
            )
        )
        return [key or "" for (key,) in self.env.cr.fetchall()]

    def _rule_issue(self, rule, count, examples):
        rules = self.env["oiconnect.rule"]
        own = rules.browse(rules._settings(self.network_id.id)[rule.id][0])
        return {
            "rule_id": own.id,
            "code": rule.code,
            "severity": rule.severity,
            "title": own.title,
            "count": count,
            "examples": "\n".join(examples),
        }
