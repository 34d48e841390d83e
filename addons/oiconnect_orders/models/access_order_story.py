from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ..controls.story import BY_NAME, FAILED, PASSED, WAIVED
from ..personal import MASK, tells_customer

HEAD = Markup('<h6 class="mt-3 mb-1">%s</h6>')
LINE = Markup('<li class="%s">%s</li>')
LINES = Markup('<ol class="list-unstyled mb-2">%s</ol>')
NOTE = Markup('<p class="mb-1">%s</p>')
# What was given, what we have, where to look
PART = Markup(' — <span class="o_oic_%s">%s</span>')
# The code of what was not given
MISSING = "FIMP15"
# The operator's position is told in columns of bilateral information.
OF_INFO = "oc_position_told"
STYLES = {PASSED: "text-muted", FAILED: "text-danger fw-bold", WAIVED: "text-warning"}


class AccessOrder(models.Model):
    """Tells in sentences why the order was answered as it was."""

    _inherit = "oiconnect.access.order"

    decision_story = fields.Html("Why?", compute="_compute_decision_story")

    @api.depends("decision_ids", "receipt_date")
    @api.depends_context("lang", "tz", "uid")
    def _compute_decision_story(self):
        for order in self:
            known = {}
            parts = [
                order._story_of(decision, known) for decision in order._told_decisions()
            ]
            order.decision_story = order._story_of_receipt() + Markup().join(parts)

    def _told_decisions(self):
        return self.decision_ids.sorted("id")

    def _story_of_receipt(self):
        """What passed has no decision of its own: there is only one way to pass."""
        if not self.receipt_date or self.state == "ar_ko":
            return Markup()
        return HEAD % self.env._(
            "%s: receipt, all controls of form passed (1 to 3).",
            format_datetime(self.env, self.receipt_date),
        )

    def _story_of(self, decision, known):
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
        parts = {
            "date": format_datetime(self.env, decision.date),
            "kind": self._word(decision, "kind"),
            "outcome": self._word(decision, "outcome"),
            "reason": decision.reason_id.display_name,
            "who": decision.sudo().user_id.display_name,
        }
        if decision.road in ("job", "file"):
            head = self.env._("%(date)s: %(kind)s by the system, %(outcome)s")
        else:
            head = self.env._("%(date)s: %(kind)s by %(who)s, %(outcome)s")
        if decision.reason_id:
            head += self.env._(" (%(reason)s)")
        return head % parts

    # ------------------------------------------------------------------
    # One control
    # ------------------------------------------------------------------

    def _story_of_step(self, step, known):
        words = self._story_words()
        label = words.get(step["control"], step["control"])
        head = self.env._(
            "%(number)s. %(control)s: %(result)s",
            number=step["number"],
            control=label,
            result=words[step["result"]],
        )
        told = [head]
        if step.get("code"):
            told.append(step["code"])
        parts = {
            "given": self._given_of_step(step),
            "known": self._known_of_step(step),
            "where": self._where_of_step(step, known),
        }
        heads = {
            "given": self.env._("ordered: %s"),
            "known": (
                self.env._("expected: %s")
                if step["control"] == "form"
                else self.env._("in the network: %s")
            ),
            "where": self.env._("see: %s"),
        }
        return Markup("%s%s") % (
            " ".join(told),
            Markup().join(
                PART % (name, Markup.escape(heads[name]) % text)
                for name, text in parts.items()
                if text
            ),
        )

    def _given_of_step(self, step):
        """Return what was ordered: as it was kept, else as the order has it."""
        kept = step.get("asked") or {}
        texts = self._told_values(kept, self._asked_label)
        if step["result"] == PASSED:
            return texts
        control = BY_NAME.get(step["control"])
        at_fault = step.get("field") or (step.get("found") or {}).get("column")
        names = [at_fault] if at_fault else control and control.asked
        missing = step.get("code") == MISSING
        lacking = [
            self._text_of_field(name, missing)
            for name in names or ()
            if name not in kept
        ]
        return ", ".join(filter(None, (texts, *lacking))) or self.env._(
            "the whole line"
        )

    def _text_of_field(self, name, missing):
        """Return a field of the order with its value, hidden from who may not read."""
        # Other columns are those of bilateral information: a position at the PM.
        field = self._fields.get(name) or self._fields[OF_INFO]
        label = field._description_string(self.env)
        if missing:
            return self.env._("%s: nothing", label)
        if not self._has_field_access(field, "read"):
            return f"{label} « {MASK} »"
        value = self[field.name]
        if not value and field.type != "boolean":
            return self.env._("%s: nothing", label)
        return f"{label} « {self._asked_label(field.name, value)[1]} »"

    def _known_of_step(self, step):
        """Return what we have: the words of the screens, "nothing" where it lacks."""
        values = dict(step.get("found") or {})
        if values.get("wired") and "free" in values:
            # Of those at the socket: another number than that of the PBO
            values["free_wired"] = values.pop("free")
        control = BY_NAME.get(step["control"])
        labels = control.labels if control else {}
        texts = self._told_values(
            values, lambda key, value: self._found_label(key, value, labels.get(key))
        )
        if texts or step["result"] == PASSED:
            return texts
        return self.env._("nothing")

    def _told_values(self, values, label):
        hidden = not self._has_field_access(self._fields["comment"], "read")
        texts = []
        for key, value in (values or {}).items():
            if hidden and tells_customer(key):
                continue
            name, text = label(key, value)
            # A number that is nothing tells most.
            if text or type(text) is int:
                texts.append(f"{name} « {text} »")
        return ", ".join(texts)

    def _asked_label(self, name, value):
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
        names = self._story_words()
        if field:
            value = self._word(self.env[field[0]], field[1], value)
        elif key == "strategy":
            value = self._word(self.network_id, "route_choice", value)
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

    @api.model
    def _strategy_names(self):
        """Return what the ways to choose a route are called."""
        field = self.env["oiconnect.network"]._fields["route_choice"]
        return dict(field._description_selection(self.env))

    @api.model
    def _story_words(self):
        """Return what controls, results and compared data are called."""
        return {
            # Results
            "passed": self.env._("passed"),
            "failed": self.env._("failed"),
            "waived": self.env._("set aside"),
            # Controls
            "form": self.env._("Form of the order"),
            "address": self.env._("Address"),
            "building": self.env._("Building"),
            "level": self.env._("Staircase and floor"),
            "eligibility": self.env._("Building open to orders"),
            "pm": self.env._("PM of the address"),
            "pm_open": self.env._("PM open to orders"),
            "service": self.env._("Operator's service at the PM"),
            "service_type": self.env._("Type of order"),
            "socket": self.env._("Socket"),
            "socket_state": self.env._("State of the socket"),
            "holder": self.env._("Socket not held already"),
            "oc_position": self.env._("Operator's position at the PM"),
            "contact": self.env._("Customer's phone"),
            "appointment": self.env._("Appointment"),
            "reservation": self.env._("Free fibre"),
            # Data
            "buildings": self.env._("buildings"),
            "state": self.env._("state"),
            "order_report_date": self.env._("orders from"),
            "commercial_date": self.env._("marketing from"),
            "authorisation": self.env._("orders"),
            "kind": self.env._("type"),
            "pto": self.env._("PTO"),
            "pbo": self.env._("PBO"),
            "route": self.env._("route"),
            "free": self.env._("free routes at the PBO"),
            "needed": self.env._("fibres needed"),
            "wired": self.env._("already wired to the socket"),
            "strategy": self.env._("choice"),
            "reason": self.env._("why none"),
            "pbos": self.env._("PBOs"),
            "free_wired": self.env._("free routes at the socket"),
            "named": self.env._("buildings at this address"),
            "staircases": self.env._("known staircases"),
            "floors": self.env._("known floors"),
            "service_pm": self.env._("PM of the service"),
            "start_date": self.env._("since"),
            "end_date": self.env._("until"),
            "ptos": self.env._("PTOs at this address"),
            "at": self.env._("is at"),
            "order": self.env._("order that has it"),
            "positions": self.env._("positions known at this PM"),
            "start_at": self.env._("on"),
            "expiry_at": self.env._("expires on"),
            "work": self.env._("work"),
            "product": self.env._("product"),
            "known": self.env._("known values"),
            "column": self.env._("column"),
            "problem": self.env._("problem"),
            # Values
            **self._strategy_names(),
            "saturated": self.env._("saturated"),
            "no_connector": self.env._("no connector left"),
            "no_pbo": self.env._("no PBO"),
        }
