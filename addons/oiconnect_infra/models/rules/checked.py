import functools
from collections.abc import Set

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import BLOCKING, CATALOGUE, RECORD
from ...rules.queries import MODELS, Subject, literal_row, names_read
from .rule_finding import STORED_TARGETS

# Records that a page shows by their ids; lists count no further
_FEW = 10_000
_GROUPS = "oiconnect_base.group_infra_read,oiconnect_base.group_link_read"


def _columns(model):
    """Return the fields of ``model`` that its rules depend on."""
    rules = [
        rule
        for rule in CATALOGUE
        if RECORD in rule.scopes and MODELS[rule.target] == model._name
    ]
    names = names_read(rules, model._name) if rules else []
    return [name for name in names if model._fields[name].column_type]


@functools.cache
def _refused_fields(target):
    """Return the fields that rules of form judge as they are written."""
    return frozenset(
        field
        for rule in CATALOGUE
        if rule.refused and rule.target == target
        for field in rule.fields
    )


class Checked(models.AbstractModel):
    """Object that the rules of the catalogue judge, always as it is now."""

    _name = "oiconnect.checked"
    _description = "Object judged by the quality rules"

    # Object of the rules: BUILDING or PM
    _rule_target = None

    broken_rule_ids = fields.Many2many(
        "oiconnect.rule",
        string="Broken rules",
        compute="_compute_broken_rule_ids",
        search="_search_broken_rule_ids",
        groups=_GROUPS,
    )
    rule_compared = fields.Char(
        "What was compared",
        compute="_compute_rule_compared",
        help="By the rule whose records are shown",
    )
    blocking_alert = fields.Html(compute="_compute_alerts", sanitize=False)
    warning_alert = fields.Html(compute="_compute_alerts", sanitize=False)

    # ------------------------------------------------------------------
    # What is wrong
    # ------------------------------------------------------------------

    def _findings(self):
        """Return ``{record: [(rule, name of the field)]}``, blocking rules first."""
        found = dict.fromkeys(self, ())
        for network, records in self.grouped("network_id").items():
            rules = self._rules_of(network)
            by_code = {rule.code: rule for rule in rules}
            for record, lines in records._verdicts(rules).items():
                found[record] = sorted(
                    [(by_code[code], name) for code, name in lines],
                    key=lambda line: line[0].severity != BLOCKING,
                )
        return found

    @api.model
    def _rules_of(self, network):
        """Return the rules of the records of ``network``, as it wants them."""
        rules = self.env["oiconnect.rule"]
        return rules._active_rules(network._origin.id, RECORD, self._rule_target)

    def _verdicts(self, rules):
        """Return ``{record: [(code, name of the field)]}``."""
        if not rules:
            return {}
        self.env.flush_all()
        if not self._is_saved():
            return {record: record._verdicts_of_form(rules) for record in self}
        subject = Subject(self.env, self._rule_target)
        found = {record: [] for record in self}
        query = SQL("%s AND t.id = ANY(%s)", subject.verdicts(rules), self.ids)
        for id_, code, name, _value in self.env.execute_query(query):
            found[self.browse(id_)].append((code, name))
        return found

    def _verdicts_of_form(self, rules):
        """Judge the values of a form that are not saved yet."""
        subject = Subject(self.env, self._rule_target, self._judged_row(rules))
        rows = self.env.execute_query(subject.verdicts(rules))
        return [row[1:3] for row in rows]

    def _is_saved(self):
        return all(record.id for record in self)

    def _judged_row(self, rules):
        """Return the SQL of the row of a form, None for the table of saved records."""
        return None if self._is_saved() else literal_row(self.sudo(), rules)

    # ------------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self.env.su:
            records._refuse_forms({name for vals in vals_list for name in vals})
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            self._refuse_forms(vals.keys())
        return result

    def _refuse_forms(self, names):
        """Refuse the values of the fields ``names`` that break a blocking rule of form.

        Files have their own way to leave a line out.
        """
        written = {f"{self._rule_target}.{name}" for name in names}
        if written.isdisjoint(_refused_fields(self._rule_target)):
            return
        for network, records in self.sudo().grouped("network_id").items():
            rules = [
                rule
                for rule in self._rules_of(network)
                if rule.refused
                and rule.severity == BLOCKING
                and not written.isdisjoint(rule.fields)
            ]
            for record, lines in records._verdicts(rules).items():
                for code, name in lines:
                    if name in names:
                        record._refuse_form(rules, code, name)

    def _refuse_form(self, rules, code, name):
        rule = next(rule for rule in rules if rule.code == code)
        raise ValidationError(
            self.env._(
                "%(field)s “%(value)s”: %(message)s (rule %(code)s)",
                field=self.env["oiconnect.rule"]._field_label(rule.target, name),
                value=self[name],
                message=self.env._(rule.message),
                code=code,
            )
        )

    # ------------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------------

    @api.depends(_columns)
    @api.depends_context("lang")
    def _compute_alerts(self):
        found = self._saved()._findings()
        for record in self:
            lines = found.get(record, ())
            record.blocking_alert = record._alert(
                [line for line in lines if line[0].severity == BLOCKING]
            )
            record.warning_alert = record._alert(
                [line for line in lines if line[0].severity != BLOCKING]
            )

    def _alert(self, lines):
        """Return the list of what is wrong: the fields, what to do, what is compared"""
        names = {}
        for rule, name in lines:
            names.setdefault(rule, []).append(name)
        if not names:
            return False
        label = self.env["oiconnect.rule"]._field_label
        items = [
            Markup("<li><b>%s</b> : %s <span class='text-muted'>%s · %s</span></li>")
            % (
                ", ".join(label(rule.target, name) for name in blamed),
                self.env._(rule.message),
                rule.code,
                self._compared(rule, blamed),
            )
            for rule, blamed in names.items()
        ]
        return Markup("<ul class='mb-0 ps-3'>%s</ul>") % Markup("").join(items)

    def _compared(self, rule, names):
        """Return what ``rule`` compared of a record or form, blaming ``names``."""
        blamed = self._blamed_columns(f"{self._rule_target}.{name}" for name in names)
        subject = Subject(self.env, self._rule_target, self._judged_row([rule]))
        query = SQL("SELECT %s FROM %s", subject.compared(rule, blamed), subject.source)
        if self._is_saved():
            query = SQL("%s WHERE t.id = %s", query, self.id)
        [[values]] = self.env.execute_query(query)
        items = [*blamed, *rule.shown_values]
        return self.env["oiconnect.rule"]._compared_text(rule, items, values)

    @api.depends_context("oiconnect_rule", "lang")
    def _compute_rule_compared(self):
        """Tell what the rule compared that the list was opened from."""
        self.rule_compared = False
        id_ = self.env.context.get("oiconnect_rule")
        rule = self.env["oiconnect.rule"].sudo().browse(id_).exists()
        declared = rule and rule._declared()
        if not declared or declared.target != self._rule_target:
            return
        self.env.flush_all()
        subject = Subject(self.env, self._rule_target)
        blamed = self._blamed_columns(declared.fields)
        texts = rule._compared_texts(subject, declared, self.ids, blamed)
        for record in self:
            record.rule_compared = texts.get(record.id)

    @api.model
    def _blamed_columns(self, fields_):
        """Return those of ``fields_`` ("pm.state") whose value says something."""
        kinds = ("many2one", "many2many", "one2many")
        return [
            field
            for field in fields_
            if self._fields[field.partition(".")[2]].type not in kinds
        ]

    def _saved(self):
        """Leave out the forms of objects that do not exist yet."""
        return self.filtered(lambda record: record._origin)

    @api.depends(_columns)
    def _compute_broken_rule_ids(self):
        rules = self.env["oiconnect.rule"]
        found = self._saved()._findings()
        for record in self:
            settings = rules._settings(record.network_id._origin.id)
            codes = {rule.id: True for rule, _name in found.get(record, ())}
            record.broken_rule_ids = [settings[key][0] for key in codes]

    # ------------------------------------------------------------------
    # Search and groups
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, *args, **kwargs):
        """Look once for what breaks a rule: the page and its count share the answer."""
        domain = Domain(domain).map_conditions(self._found)
        return super().web_search_read(domain, specification, *args, **kwargs)

    @api.model
    @api.readonly
    def web_read_group(self, domain, *args, **kwargs):
        """Look once for what breaks a rule: groups and their records share it."""
        domain = Domain(domain).map_conditions(self._found)
        return super().web_read_group(domain, *args, **kwargs)

    @api.model
    def _found(self, condition):
        """Return the ids of what breaks the rules of ``condition``, unless it is much.

        What much breaks fills a page, and reaches the limit of its count, soon. What
        is stored of the last check stays a query.
        """
        if condition.field_expr.partition(".")[0] != "broken_rule_ids":
            return condition
        value = condition.value
        values = value if isinstance(value, list | tuple | Set) else [value]
        if self._rule_target in STORED_TARGETS and False in values:
            return condition.optimize_full(self)
        ids = self._search(condition, limit=_FEW + 1).get_result_ids()
        return condition if len(ids) > _FEW else Domain("id", "in", ids)

    def _search_broken_rule_ids(self, operator, value):
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        rules, none = self._searched_rules(operator, value)
        self.env.flush_all()
        found = self._breaking(rules)
        return found | ~self._breaking(self._record_rules()) if none else found

    def _searched_rules(self, operator, value):
        """Return the rules looked for, and whether objects without any are too."""
        rules = self._record_rules()
        if operator == "in":
            return rules.filtered(lambda rule: rule.id in value), False in value
        found = (
            rules.search(value) if isinstance(value, Domain) else rules.browse(value)
        )
        return rules & found, False

    @api.model
    def _record_rules(self):
        return (
            self.env["oiconnect.rule"]
            .search([("target", "=", self._rule_target)])
            .filtered("on_records")
        )

    @api.model
    def _breaking(self, rules):
        """Return the domain of the objects that break one of ``rules``.

        A single rule is evaluated now, several are of the last check.
        """
        wanted = self._wanted_rules(rules)
        if not wanted:
            return Domain.FALSE
        if self._rule_target in STORED_TARGETS and len(rules) > 1:
            pairs = self.env["oiconnect.rule.finding"]._pairs(self._rule_target, rules)
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s IN (SELECT p.id FROM (%s) p)",
                    SQL.identifier(alias, "id"),
                    pairs,
                )
            )
        return Domain.custom(
            to_sql=lambda model, alias, query: self._breaking_sql(alias, wanted)
        )

    @api.model
    def _wanted_rules(self, rules):
        """Return ``[(id of a network, rules that it looks at)]``."""
        wanted = []
        for network, own in rules.grouped("network_id").items():
            codes = {(rule.code, rule.target) for rule in own}
            declared = [rule for rule in self._rules_of(network) if rule.id in codes]
            if declared:
                wanted.append((network.id, declared))
        return wanted

    @api.model
    def _breaking_sql(self, alias, wanted):
        network_id, rules = wanted[0]
        if len(wanted) == len(rules) == 1 and rules[0].linked:
            subject = Subject(self.env, self._rule_target, alias=alias)
            return subject.linked_condition(rules[0], network_id)
        subject = Subject(self.env, self._rule_target)
        parts = [subject.ids(rules, network_id) for network_id, rules in wanted]
        return SQL(
            "%s IN (%s)", SQL.identifier(alias, "id"), SQL(" UNION ").join(parts)
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "broken_rule_ids":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self.env.flush_all()
        joined = query.make_alias(alias, "broken_rule")
        query.add_join(
            "LEFT JOIN",
            joined,
            self._broken_pairs(),
            SQL("%s = %s", SQL.identifier(joined, "id"), SQL.identifier(alias, "id")),
        )
        return SQL.identifier(joined, "rule_id")

    @api.model
    def _broken_pairs(self):
        """Return the query of the pairs (object, rule that it breaks)."""
        rules = self._record_rules()
        if self._rule_target in STORED_TARGETS:
            pairs = self.env["oiconnect.rule.finding"]._pairs(self._rule_target, rules)
            return SQL("(%s)", pairs)
        parts = [SQL("SELECT NULL::int AS id, NULL::int AS rule_id WHERE FALSE")]
        subject = Subject(self.env, self._rule_target)
        for network, own in rules.grouped("network_id").items():
            parts += subject.pairs(self._declared_ids(network, own), network.id)
        return SQL("(%s)", SQL(" UNION ALL ").join(parts))

    @api.model
    def _declared_ids(self, network, rules):
        """Return ``{declared rule: id}`` of the active ``rules`` of ``network``."""
        ids = {(rule.code, rule.target): rule.id for rule in rules}
        return {
            rule: ids[rule.id] for rule in self._rules_of(network) if rule.id in ids
        }
