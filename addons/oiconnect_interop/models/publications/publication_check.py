from odoo import models
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.rules import BLOCKING, BUILDING, PM, RECORD, WARNING
from odoo.addons.oiconnect_infra.rules.queries import Subject

from ...bulk.publish.check import FORMULA, MISSING, NO_WORD, TOO_LONG, find

_EXAMPLES = 5
# Up to so many lines that moved, rules check these alone
_FEW = 20_000
_KEYS = {
    BUILDING: SQL("COALESCE(t.identifier, t.address_code)"),
    PM: SQL("t.reference"),
}


class Stopped(Exception):
    """Blocking rules are broken: what was found, and the sentence that says so."""

    def __init__(self, issues, message):
        super().__init__(message)
        self.issues = issues
        self.message = message


class Publication(models.Model):
    """Rules of the network and of the format, checked before anything leaves."""

    _inherit = "oiconnect.publication"

    def _check_rules(self, source, state):
        """Keep what is wrong with the lines.

        :raises Stopped: something of it stops the files
        """
        issues = [
            *self._format_issues(source, state),
            *self._keyless_issues(source),
            *self._rule_issues(source, state),
        ]
        blocking = [issue for issue in issues if issue["severity"] == BLOCKING]
        if blocking:
            raise Stopped(issues, self._stopped_text(blocking))
        self._keep_issues(issues)

    def _keep_issues(self, issues):
        self.issue_ids.unlink()
        self.env["oiconnect.publication.issue"].create(
            [{"publication_id": item.id, **issue} for item in self for issue in issues]
        )
        self.warning_count = sum(issue["severity"] == WARNING for issue in issues)

    def _stopped_text(self, blocking):
        return self.env._(
            "Nothing is published. Blocking rules that are broken: %(number)s, first "
            "“%(title)s”. Fix what the report lists, then publish again.",
            number=len(blocking),
            title=blocking[0]["title"],
        )

    # ------------------------------------------------------------------
    # Format
    # ------------------------------------------------------------------

    def _format_issues(self, source, state):
        """Return the issues of the format: missing values, texts too long."""
        return [
            {
                "severity": BLOCKING if finding.problem == MISSING else WARNING,
                "title": self._finding_title(finding),
                "count": finding.count,
                "examples": "\n".join(finding.examples),
            }
            for finding in find(source, state.moved_ids())
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
        if finding.problem == NO_WORD:
            return self.env._("%s has values that the format has no word for", name)
        if finding.problem == FORMULA:
            return self.env._(
                "%s begins like a spreadsheet formula: operators may refuse the line",
                name,
            )
        return self.env._("%s has not the form that the format says", name)

    def _keyless_issues(self, source):
        """Return the issues of records without a key, which are not published."""
        query = source.keyless()
        if not query:
            return []
        [(count, examples)] = self.env.execute_query(
            SQL(
                "SELECT count(*), (array_agg(address ORDER BY id))[:%s] FROM (%s) AS q",
                _EXAMPLES,
                query,
            )
        )
        issue = {
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

    def _rule_issues(self, source, state):
        """Return the issues of the network's rules."""
        if self.plan_id.family != "ipe":
            return []
        return [
            self._rule_issue(
                rule, count, self._rule_examples(subject, rule, count, buildings)
            )
            for subject, rule, count, buildings in self._broken_rules(source, state)
        ]

    def _broken_rules(self, source, state):
        """Yield the (subject, rule, count, buildings) of the rules that are broken.

        What stops the files is counted again among the lines to publish.
        """
        for target in (BUILDING, PM):
            subject = Subject(self.env, target)
            for buildings, rules in self._rules_to_check(target, state):
                for rule, count in self._counted(subject, rules, buildings):
                    if count and rule.severity == BLOCKING and buildings is None:
                        [(_rule, count)] = self._counted(subject, [rule], source.ids())
                    if count:
                        yield subject, rule, count, buildings

    def _rules_to_check(self, target, state):
        """Yield the (query of the buildings, rules to check on them), None for all.

        A full file is checked by all rules that stop it. Warnings that look beyond a
        building check what moved when it is little: the report on the quality of the
        data checks all, each night.
        """
        rules = self.env["oiconnect.rule"]._active_rules(
            self.network_id.id, RECORD, target
        )
        little = self._moved_little(state)
        if little and not self._has_full():
            yield state.moved_ids(), rules
            return
        far = [rule for rule in rules if rule.linked and rule.severity != BLOCKING]
        yield None, [rule for rule in rules if rule not in far]
        if little:
            yield state.moved_ids(), far

    def _moved_little(self, state):
        few = SQL("SELECT count(*) FROM (%s LIMIT %s) q", state.moved_ids(), _FEW + 1)
        [[count]] = self.env.execute_query(few)
        return count <= _FEW

    def _counted(self, subject, rules, buildings):
        """Return the (rule, number of objects that break it) of each."""
        among = self._among(subject, buildings)
        return subject.numbers(rules, self.network_id.id, among).items()

    def _among(self, subject, buildings):
        """Return the query of the objects of ``buildings``, None for all."""
        if buildings is None or subject.target != PM:
            return buildings
        return SQL("SELECT pm_id FROM oiconnect_building WHERE id IN (%s)", buildings)

    def _rule_examples(self, subject, rule, count, buildings):
        """Return what some of the objects are called.

        A limit would make PostgreSQL look for the few among a million one by one.
        """
        limit = SQL("LIMIT %s", _EXAMPLES) if count > _FEW else SQL("")
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE %s AND (%s) %s",
                _KEYS[subject.target],
                subject.source,
                subject.of(self.network_id.id, self._among(subject, buildings)),
                subject.broken(rule),
                limit,
            )
        )
        return [key or "" for (key,) in rows[:_EXAMPLES]]

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
