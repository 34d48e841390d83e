from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.translate import LazyTranslate

from ...rules import (
    BLOCKING,
    BUILDING,
    BY_ID,
    CATALOGUE,
    PBO,
    PM,
    PTO,
    RECORD,
    WARNING,
    Compared,
)
from ...rules.queries import MODELS

_lt = LazyTranslate(__name__)

SEVERITIES = [(BLOCKING, "Blocking"), (WARNING, "Warning")]
TARGETS = [(BUILDING, "Building"), (PM, "PM"), (PBO, "PBO"), (PTO, "PTO")]


class OiconnectRule(models.Model):
    """Settings of a catalogue rule on a network, with its last counts.

    The logic is code (``rules/``); severity and activity belong to the network.
    """

    _name = "oiconnect.rule"
    _description = "Quality rule"
    _created_text = _lt("Quality rule created")
    _inherit = ["oiconnect.network.mixin", "oiconnect.chatter"]
    _order = "network_id, sequence, id"
    _rec_names_search = ["code"]
    _free_fields = ("severity", "active")

    network_id = fields.Many2one(ondelete="cascade", readonly=True, index=False)
    sequence = fields.Integer(readonly=True)
    code = fields.Char("Rule", required=True, readonly=True)
    target = fields.Selection(TARGETS, "Object", required=True, readonly=True)
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        help="Blocking: the import leaves the line out, and nobody may write what "
        "breaks a rule of form (F). Warning: it is applied, and said.",
    )
    active = fields.Boolean(
        default=True, help="Whether the rule is looked at, in the import too"
    )
    title = fields.Char("What is wrong", compute="_compute_texts")
    message = fields.Char("What to do", compute="_compute_texts")
    field_labels = fields.Char("Fields", compute="_compute_texts")
    on_records = fields.Boolean(
        "On the network", compute="_compute_scopes", search="_search_on_records"
    )
    fixed = fields.Boolean(
        "Cannot be changed",
        compute="_compute_scopes",
        help="The database or the import itself needs this rule",
    )
    broken_count = fields.Integer("Records", readonly=True)
    previous_count = fields.Integer("Before", readonly=True, aggregator=None)
    checked_count = fields.Integer("Records checked", readonly=True, aggregator=None)
    share = fields.Float(compute="_compute_share", aggregator=None)
    trend = fields.Integer(compute="_compute_trend", aggregator=None)
    run_id = fields.Many2one("oiconnect.rule.run", "Last check", readonly=True)
    run_date = fields.Datetime(related="run_id.end_date", string="Checked on")
    run_user_id = fields.Many2one(related="run_id.user_id", string="Checked by")
    count_ids = fields.One2many("oiconnect.rule.count", "rule_id", "Counts")

    # Settings of a network, those of its import: network_id = x
    _rule_uniq = models.UniqueIndex(
        "(network_id, code, target)", "A network has each rule once."
    )

    @api.depends("code", "target")
    @api.depends_context("lang")
    def _compute_texts(self):
        for rule in self:
            declared = rule._declared()
            rule.title = self.env._(declared.title) if declared else False
            rule.message = rule._message_text()
            rule.field_labels = rule._labels(declared.fields) if declared else False

    def _compute_scopes(self):
        for rule in self:
            declared = rule._declared()
            rule.on_records = bool(declared and RECORD in declared.scopes)
            rule.fixed = bool(declared and declared.fixed)

    def _search_on_records(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = [
            rule.id
            for rule in self.with_context(active_test=False).sudo().search([])
            if rule.on_records in value
        ]
        return [("id", "in", found)]

    @api.depends("broken_count", "checked_count")
    def _compute_share(self):
        for rule in self:
            rule.share = rule.broken_count / (rule.checked_count or 1)

    @api.depends("broken_count", "previous_count")
    def _compute_trend(self):
        for rule in self:
            rule.trend = rule.broken_count - rule.previous_count

    @api.depends("code", "title")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.code} · {rule.title or ''}".strip(" ·")

    @api.constrains("severity", "active")
    def _check_fixed(self):
        for rule in self:
            declared = rule._declared()
            if declared.fixed and not (
                rule.active and rule.severity == declared.severity
            ):
                raise UserError(
                    self.env._(
                        "Rule %s cannot be changed: without it wrong data would enter "
                        "the database.",
                        rule.code,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"severity", "active"}):
            self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------------
    # Declarations
    # ------------------------------------------------------------------

    def _declared(self):
        return BY_ID.get((self.code, self.target))

    def _message_text(self):
        declared = self._declared()
        if not declared:
            return False
        if declared.message:
            return self.env._(declared.message)
        return self.env._("The import says what to fix, line by line.")

    def _labels(self, names):
        """Return the labels of the fields ``names``, as the screens have them."""
        return ", ".join(
            self._field_label(*name.split(".", 1)) for name in names[:8]
        ) + ("…" if len(names) > 8 else "")

    @api.model
    def _field_label(self, target, name):
        model = self.env[MODELS[target]]
        field = model._fields.get(name)
        return field._description_string(self.env) if field else name

    @api.model
    @api.private
    def _seed(self, networks=None):
        """Give ``networks`` the rules of the catalogue that they have not.

        Their settings of those that they have are preserved.
        """
        # No user made them: their discussion begins with the first change.
        rules = self.sudo().with_context(active_test=False, tracking_disable=True)
        networks = networks or self.env["oiconnect.network"].sudo().search(
            [("active", "in", (True, False))]
        )
        known = rules.search([("network_id", "in", networks.ids)])
        known.filtered(lambda rule: not rule._declared()).unlink()
        existing = {
            (rule.network_id.id, rule.code, rule.target) for rule in known.exists()
        }
        rules.create(
            [
                {
                    "network_id": network.id,
                    "sequence": rank,
                    "code": rule.code,
                    "target": rule.target,
                    "severity": rule.severity,
                }
                for network in networks
                for rank, rule in enumerate(CATALOGUE)
                if (network.id, *rule.id) not in existing
            ]
        )
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache("network_id")
    def _settings(self, network_id):
        """Return ``{(code, target): (id, severity)}`` of the active rules."""
        rules = self.sudo().search([("network_id", "=", network_id)])
        return {
            (rule.code, rule.target): (rule.id, rule.severity)
            for rule in rules
            if rule._declared()
        }

    @api.model
    @api.private
    def _active_rules(self, network_id, scope, target=None):
        """Return the rules of a network on a path, as it wants them."""
        settings = self._settings(network_id)
        return [
            rule._replace(severity=settings[rule.id][1])
            for rule in CATALOGUE
            if rule.id in settings
            and scope in rule.scopes
            and target in (None, rule.target)
        ]

    # ------------------------------------------------------------------
    # What was compared
    # ------------------------------------------------------------------

    @api.model
    def _compared_texts(self, subject, rule, ids, blamed=()):
        """Return ``{id: text}`` of what ``rule`` compared, the fields blamed first."""
        query = SQL(
            "SELECT t.id, %s FROM %s WHERE t.id = ANY(%s)",
            subject.compared(rule, blamed),
            subject.source,
            list(ids),
        )
        items = [*blamed, *rule.shown_values]
        return {
            id_: self._compared_text(rule, items, values)
            for id_, values in self.env.execute_query(query)
        }

    @api.model
    def _compared_text(self, rule, items, values):
        """Return "label: value · label: value" of what ``rule`` compared.

        :param items: fields ("pm.state") or ``Compared``
        :param values: texts of the database, in the order of ``items``
        """
        return " · ".join(
            self.env._(
                "%(label)s: %(value)s",
                label=self._compared_label(rule, item),
                value=self._compared_value(item, value),
            )
            for item, value in dict(zip(items, values, strict=True)).items()
        )

    @api.model
    def _compared_label(self, rule, item):
        if isinstance(item, Compared):
            return self.env._(item.label)
        target, name = item.split(".", 1)
        label = self._field_label(target, name)
        return label if target == rule.target else self.env._("%s of the PM", label)

    @api.model
    def _compared_value(self, item, value):
        if value in (None, ""):
            return self.env._("empty")
        if isinstance(item, Compared):
            return format_date(self.env, value) if item.type == "date" else value
        target, name = item.split(".", 1)
        return self._value_text(self.env[MODELS[target]]._fields[name], value)

    @api.model
    def _value_text(self, field, value):
        """Return a value of a column in the words of the screens."""
        if value is None:
            return ""
        if field.type == "selection":
            choices = dict(field._description_selection(self.env))
            return choices.get(value, value)
        if field.type == "boolean":
            return self.env._("Yes") if value == "true" else self.env._("No")
        return format_date(self.env, value) if field.type == "date" else value

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_records(self):
        """Open the records that break the rule now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"oiconnect_infra.{self.target}_action"
        )
        return action | {
            "name": self.display_name,
            "display_name": self.display_name,
            "domain": [("broken_rule_ids", "in", self.ids)],
            "context": {"oiconnect_rule": self.id},
        }

    def action_run(self):
        """Count what breaks the rules, at once when it is quick."""
        return self.env["oiconnect.rule.run"]._start()

    def action_export(self):
        """Download what is wrong, rule by rule: of the chosen ones, or of all."""
        extension = self.env.context.get("extension", "xlsx")
        chosen = f"?rules={','.join(map(str, self.ids))}" if self else ""
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/quality/findings.{extension}{chosen}",
            "target": "self",
        }
