from types import MappingProxyType

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ...decisions import FAILED, PASSED, WAIVED
from ..timeline_mixin import BAD, GOOD, WAITING

HEAD = Markup('<h6 class="mt-3 mb-1">%s</h6>')
LINE = Markup('<li class="%s">%s</li>')
LINES = Markup('<ol class="list-unstyled mb-2">%s</ol>')
NOTE = Markup('<p class="mb-1">%s</p>')
# What was given, what we have, where to look
PART = Markup(' — <span class="o_oic_%s">%s</span>')
STYLES = {PASSED: "text-muted", FAILED: "text-danger fw-bold", WAIVED: "text-warning"}
OUTCOME_STYLES = {"accepted": GOOD, "rejected": BAD}
# In place of what the reader may not read
HIDDEN = "•••"


class DecisionMixin(models.AbstractModel):
    """Explains the decisions on a record in sentences.

    A model declares its controls (:class:`..decisions.Control`) and the words for what
    they compare (``_story_words``); its decisions are part of its timeline.
    """

    _name = "oiconnect.decision.mixin"
    _description = "Decisions on a record"
    _inherit = "oiconnect.timeline.mixin"

    # {name: Control}
    _controls = MappingProxyType({})
    # Codes of what was not given
    _missing_codes = ()
    # Kind of the decisions whose failed control a person may set aside
    _deciding_kind = None

    decision_ids = fields.One2many(
        "oiconnect.decision",
        "res_id",
        "Decisions",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
        bypass_search_access=True,
    )
    decision_story = fields.Html("Why?", compute="_compute_decision_story")
    waived_controls = fields.Json(
        readonly=True,
        copy=False,
        help="Controls that a person has set aside for this record",
    )

    @api.depends("decision_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_decision_story(self):
        for record in self:
            known = {}
            parts = [
                record._story_of(decision, known)
                for decision in record.decision_ids.sorted("id")
            ]
            record.decision_story = record._story_introduction() + Markup().join(parts)

    def _note_decision(self, kind, outcome, note=None, controls=None):
        """Keep a decision that a person took about the records."""
        self.env["oiconnect.decision"]._append(
            self,
            kind,
            [{"outcome": outcome, "note": note, "controls": controls} for _r in self],
        )

    def _failed_step(self):
        """Return the step on which the last decision failed, empty when none did."""
        decided = self.decision_ids.filtered(lambda d: d.kind == self._deciding_kind)
        steps = decided.sorted("id")[-1:].controls or []
        return steps[-1] if steps and steps[-1]["result"] == FAILED else {}

    def _waive_control(self, step, choice, reason):
        """Set a control aside for the record, and keep why.

        :param step: the step that the story tells; None when nothing is set aside
        :param choice: what a person chose in place of what the control looks for
        """
        if step:
            waived = {**(self.waived_controls or {}), step["control"]: choice}
            self.waived_controls = waived
        self._note_decision("override", "waived", reason, step and [step])

    @api.model
    def _timeline_kinds(self):
        decision = ("fa-gavel", self.env._("Decision"))
        return {"decision": decision} | super()._timeline_kinds()

    def _timeline_entries(self):
        entries = super()._timeline_entries()
        return [*entries, *map(self._decision_entry, self.decision_ids)]

    def _decision_entry(self, decision):
        return self._entry(
            "decision",
            decision,
            decision.date,
            self._word(decision, "kind"),
            self._word(decision, "outcome"),
            decision._reason_label(),
            self._may_tell(decision, "note"),
            style=OUTCOME_STYLES.get(decision.outcome, WAITING),
            who=self._entry_author(decision),
        )

    # ------------------------------------------------------------------
    # One decision, in sentences
    # ------------------------------------------------------------------

    def _story_introduction(self):
        """Hook: return as HTML what comes before the decisions."""
        return Markup()

    def _story_of(self, decision, known):
        """Return a decision as HTML.

        :param known: where other controls of the record lead, filled here
        """
        steps = decision.sudo().controls or []
        note = self._may_tell(decision, "note")
        lines = Markup().join(
            LINE % (STYLES[step["result"]], self._story_of_step(step, known))
            for step in steps
        )
        return (
            HEAD % self._story_head(decision)
            + (NOTE % note if note else Markup())
            + (LINES % lines if lines else Markup())
        )

    def _story_head(self, decision):
        if decision.channel in ("job", "file"):
            head = self.env._("%(date)s: %(kind)s by the system, %(outcome)s")
        else:
            head = self.env._("%(date)s: %(kind)s by %(who)s, %(outcome)s")
        reason = decision._reason_label()
        if reason:
            head += self.env._(" (%(reason)s)")
        return head % {
            "date": format_datetime(self.env, decision.date),
            "kind": self._word(decision, "kind"),
            "outcome": self._word(decision, "outcome"),
            "reason": reason,
            "who": decision.sudo().user_id.display_name,
        }

    def _story_of_step(self, step, known):
        words = self._story_words()
        head = self.env._(
            "%(number)s. %(control)s: %(result)s",
            number=step["number"],
            control=words.get(step["control"], step["control"]),
            result=words[step["result"]],
        )
        parts = {
            "given": self._given_of_step(step),
            "known": self._known_of_step(step),
            "where": self._where_of_step(step, known),
        }
        heads = self._story_heads(step)
        return Markup("%s%s") % (
            " ".join(filter(None, (head, step.get("code")))),
            Markup().join(
                PART % (name, Markup.escape(heads[name]) % text)
                for name, text in parts.items()
                if text
            ),
        )

    @api.model
    def _story_heads(self, step):
        """Return what introduces what was given, what is known and where to look."""
        return {
            "given": self.env._("given: %s"),
            "known": self.env._("known: %s"),
            "where": self.env._("see: %s"),
        }

    @api.model
    def _story_words(self):
        """Return what controls, results and compared data are called.

        For each model with controls to extend.
        """
        return {
            "passed": self.env._("passed"),
            "failed": self.env._("failed"),
            "waived": self.env._("set aside"),
        }

    def _where_of_step(self, step, known):
        """Hook: return as HTML where to look to check what a control compared."""
        return Markup()

    def _given_of_step(self, step):
        """Return the requested values: as stored, else those of the record."""
        requested = step.get("asked") or {}
        texts = self._displayed_values(requested, self._requested_label)
        if step["result"] == PASSED:
            return texts
        control = self._controls.get(step["control"])
        at_fault = step.get("field") or (step.get("found") or {}).get("column")
        names = [at_fault] if at_fault else control and control.requested
        missing = step.get("code") in self._missing_codes
        lacking = [
            self._text_of_field(name, missing)
            for name in names or ()
            if name not in requested
        ]
        return ", ".join(filter(None, (texts, *lacking))) or self.env._(
            "the whole line"
        )

    @api.model
    def _field_of_column(self, name):
        """Return the field that holds a column that a control names."""
        return self._fields[name]

    def _text_of_field(self, name, missing):
        """Return a field of the record with its value, hidden from who may not read."""
        field = self._field_of_column(name)
        label = field._description_string(self.env)
        if missing:
            return self.env._("%s: nothing", label)
        if not self._has_field_access(field, "read"):
            return f"{label} « {HIDDEN} »"
        value = self[field.name]
        if not value and field.type != "boolean":
            return self.env._("%s: nothing", label)
        return f"{label} « {self._requested_label(field.name, value)[1]} »"

    def _known_of_step(self, step):
        """Return what we have: the words of the screens, "nothing" where it lacks."""
        control = self._controls.get(step["control"])
        labels = control.labels if control else {}
        texts = self._displayed_values(
            step.get("found") or {},
            lambda key, value: self._found_label(key, value, labels.get(key)),
        )
        if texts or step["result"] == PASSED:
            return texts
        return self.env._("nothing")

    def _displayed_values(self, values, label):
        labelled = (
            label(*item) for item in values.items() if self._may_show_value(item[0])
        )
        # A number that is nothing tells most.
        return ", ".join(
            f"{name} « {text} »" for name, text in labelled if text or type(text) is int
        )

    def _may_show_value(self, key):
        """Hook: tell whether the user may see the compared value of that name."""
        return True

    def _requested_label(self, name, value):
        field = self._fields.get(name)
        if not field:
            return name, value
        if field.type == "selection":
            value = self._word(self, name, value)
        elif isinstance(value, bool):
            value = self.env._("yes") if value else self.env._("no")
        elif field.type == "datetime" and not isinstance(value, str):
            value = format_datetime(self.env, value)
        return field._description_string(self.env), value

    def _found_label(self, key, value, field=None):
        """Return ``(name, text)`` of what was found.

        :param field: ``(model, field)`` whose labels are those of the value
        """
        names = self._story_words()
        if field:
            value = self._word(self.env[field[0]], field[1], value)
        elif key == "column":
            value = self._column_label(value)
        elif key.endswith("_date"):
            value = format_date(self.env, value)
        elif key.endswith("_at"):
            value = format_datetime(self.env, value)
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        elif value is True:
            value = self.env._("yes")
        return names.get(key, key), names.get(value, value)

    @api.model
    def _column_label(self, name):
        """Return what the screens call a column, with its key."""
        field = self._fields.get(name)
        return f"{field._description_string(self.env)} ({name})" if field else name
